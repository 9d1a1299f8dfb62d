// What every screen of a visit has around its question: header, progress or countdown, footer; and the paging of lists
// that do not fit. Used by the screens of this room only.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "kiosk/screens/screens.h"
#include "kiosk/widgets/controls.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

/// Margins and the strips at the top and the bottom, by the shape of the panel. Design pixels.
struct PageShape {
    float margin_x = 64;
    float margin_y = 52;
    float header = 100;
    float status = 92;  // progress or countdown
    float footer = 122;
    float gap = 24;
};
[[nodiscard]] PageShape page_shape(const Layout& layout);

using FrameIntent = std::variant<Skipped, BackTapped, LanguageChosen, Ended>;

/// What the frame leaves to its screen, and what was tapped on it.
struct FrameParts {
    Rect content;
    Rect action;  // at the right end of the footer, when the screen asked for it
    std::optional<FrameIntent> intent;
};
[[nodiscard]] FrameParts draw_visit_frame(Painter& paint, Rect page, const VisitFrame& frame, const survey::Item& item,
                                          bool with_action = false);

template <class Intent>
[[nodiscard]] std::optional<Intent> widen(const std::optional<FrameIntent>& intent) {
    if (!intent) return std::nullopt;
    return std::visit([](const auto& one) { return Intent(one); }, *intent);
}

/// Emblem, center's name and language switch in one strip. The emblem is a target only where staff may enter by it.
struct HeaderTaps {
    bool emblem = false;
    std::optional<survey::Language> language;
};
[[nodiscard]] HeaderTaps draw_header(Painter& paint, Rect strip, const std::string& center_name, bool emblem_target);

/// Cuts the content into the question above and the answers below: the answers as high as wanted, but lower (down to
/// the least) where the question would otherwise have to be written small.
struct QuestionSplit {
    Rect question;
    Rect answers;
};
[[nodiscard]] QuestionSplit split_question(DrawContext& draw, Rect content, const survey::Item& item,
                                           float answers_wanted, float answers_least);

/// The question, and its hint below.
void draw_question(Painter& paint, Rect area, const survey::Item& item, std::string_view hint);

/// A grid, its page, and the bar to turn it where there are several.
struct PagedGrid {
    Grid grid;
    int page = 0;  // the one shown: the model's, held within what there is
    std::optional<Rect> bar;
    /// Index range [first, last) of what stands on the page.
    [[nodiscard]] std::pair<std::size_t, std::size_t> shown(std::size_t count) const;
};
[[nodiscard]] PagedGrid lay_out(Rect area, std::size_t count, std::initializer_list<GridRule> rules, int page);
[[nodiscard]] std::optional<int> draw_page_bar(Painter& paint, const PagedGrid& paged);
inline constexpr float kPageBarHeight = 108;

}  // namespace hailong::kiosk
