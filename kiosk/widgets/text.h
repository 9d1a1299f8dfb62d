// Text that fits: broken into lines at spaces, stepped down through the type scale until it fits its box, centred when
// wanted. Dear ImGui can neither centre wrapped text nor fit it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/rect.h"

namespace hailong::kiosk {

/// The type scale from the largest to the smallest.
enum class TextStep { hero, display, title, label, body, caption };

[[nodiscard]] ImFont& font_of(const Fonts& fonts, TextStep step);

/// Width of one line in design pixels.
[[nodiscard]] float text_width(const DrawContext& draw, TextStep step, std::string_view text);
/// Distance from one line to the next in design pixels.
[[nodiscard]] float line_height(const DrawContext& draw, TextStep step);

/// `text` in lines, none wider than `width` design pixels. Breaks at spaces and line feeds, never at a no-break space;
/// a single word that is too wide is broken inside. O(length).
[[nodiscard]] std::vector<std::string> wrap(const DrawContext& draw, TextStep step, std::string_view text, float width);

/// Lines ready to be drawn.
struct TextBlock {
    TextStep step = TextStep::caption;
    std::vector<std::string> lines;
    float width = 0;  // of the widest line
    float height = 0;
};

/// `text` at the largest step from `largest` to `smallest` at which it fits into width x height. Where none fits, the
/// smallest, cut with an ellipsis, and noted in DrawContext::misfits. With `balanced`, lines are of similar length.
[[nodiscard]] TextBlock fit_text(DrawContext& draw, std::string_view text, TextStep largest, float width, float height,
                                 bool balanced = false, TextStep smallest = TextStep::caption);

/// True when `text` fits at `step` without a word broken inside.
[[nodiscard]] bool fits(const DrawContext& draw, std::string_view text, TextStep step, float width, float height);

}  // namespace hailong::kiosk
