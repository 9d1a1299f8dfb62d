// Text that fits: broken into lines at spaces, stepped down through the type scale until it fits its box, centred when
// wanted. Dear ImGui can neither centre wrapped text nor fit it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/rect.h"

namespace hailong::kiosk {

/// The type scale from the largest to the smallest. Where words are written larger than usual (Layout::text), three
/// more steps lead from caption down to the caption of ordinary size: what has no room stays whole, if smaller. Where
/// they are not, caption is the last.
enum class TextStep { hero, display, title, label, body, caption, fine, finer, finest };

/// The font that a step is drawn with; those below caption share its font, drawn smaller.
[[nodiscard]] ImFont& font_of(const Fonts& fonts, TextStep step);
/// The height of a step's font on this panel, in pixels.
[[nodiscard]] float font_size_px(const DrawContext& draw, TextStep step);
/// The last step of this panel: caption, or finest where words are written larger than usual.
[[nodiscard]] TextStep smallest_step(const DrawContext& draw);

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

/// The next step down; the smallest stays.
[[nodiscard]] TextStep smaller(TextStep step);

/// The largest step, from `largest` down, at which each of `texts` fits into width x height; the smallest where none does.
/// What stands side by side is written in one size.
[[nodiscard]] TextStep common_step(const DrawContext& draw, std::span<const std::string_view> texts, TextStep largest,
                                   float width, float height);

/// `text` at the largest step, from `largest` down, at which it fits into width x height, in lines of similar length.
/// Where none fits: the smallest, cut with an ellipsis, and noted in DrawContext::misfits.
[[nodiscard]] TextBlock fit_text(DrawContext& draw, std::string_view text, TextStep largest, float width, float height);

/// One line, cut with an ellipsis where it is too wide, for tables whose rows can't grow.
[[nodiscard]] TextBlock cut_text(const DrawContext& draw, std::string_view text, TextStep step, float width);

/// True when `text` fits at `step` without a word broken inside.
[[nodiscard]] bool fits(const DrawContext& draw, std::string_view text, TextStep step, float width, float height);

}  // namespace hailong::kiosk
