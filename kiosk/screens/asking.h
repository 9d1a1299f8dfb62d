// What every screen of a visit has around its question: header, progress or countdown, footer; and the paging of lists
// that do not fit. Used by the screens of this room only.
#pragma once

#include <functional>
#include <optional>
#include <span>
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
    float header = 116;
    float status = 84;  // progress or countdown: below the header, or in it when 0
    float footer = 122;
    float gap = 24;
    float footer_gap = 40;
};
[[nodiscard]] PageShape page_shape(const Layout& layout);

using FrameIntent = std::variant<Skipped, BackTapped, LanguageChosen, Ended>;

/// What a screen adds to the footer, between "back" and "skip".
enum class FooterPlace { unused, right, middle };

/// What the frame leaves to its screen, and what was tapped on it.
struct FrameParts {
    Rect content;
    Rect footer_place;  // as asked for
    std::optional<FrameIntent> intent;
};
[[nodiscard]] FrameParts draw_visit_frame(Painter& paint, Rect page, const VisitFrame& frame, const survey::Item& item,
                                          FooterPlace place = FooterPlace::unused);

template <class Intent>
[[nodiscard]] std::optional<Intent> widen(const std::optional<FrameIntent>& intent) {
    if (!intent) return std::nullopt;
    return std::visit([](const auto& one) { return Intent(one); }, *intent);
}

/// Emblem, center's name and language switch in one strip. The emblem is a target only where staff may enter by it.
/// `middle` is left free between name and switch, and given back in `middle_place`.
struct HeaderTaps {
    bool emblem = false;
    std::optional<survey::Language> language;
    Rect middle_place;
};
[[nodiscard]] HeaderTaps draw_header(Painter& paint, Rect strip, const std::string& center_name, bool emblem_target,
                                     float middle = 0);

/// Cuts the content into the question above and the answers below: the answers as high as wanted, but lower (down to
/// the least) where the question would otherwise have to be written small. What neither needs is left around both.
struct QuestionSplit {
    Rect question;
    Rect answers;
};
[[nodiscard]] QuestionSplit split_question(DrawContext& draw, Rect content, const survey::Item& item,
                                           std::string_view hint, float answers_wanted, float answers_least);

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

/// A grid of cards with words, and the one size that they are all written in.
struct WordGrid {
    PagedGrid paged;
    TextStep step = TextStep::caption;
};
/// Of `rules`, the one with the fewest pages; of those, the one with the largest type; of those, the first.
/// `words_of` gives the place for the words in a cell.
[[nodiscard]] WordGrid lay_out_words(const DrawContext& draw, Rect area, std::span<const std::string_view> words,
                                     std::initializer_list<GridRule> rules, int page, TextStep largest,
                                     const std::function<Rect(Rect)>& words_of);

/// Height of `count` cells of that height under `rule`, without paging.
[[nodiscard]] float height_of(const GridRule& rule, std::size_t count, float cell_height);

}  // namespace hailong::kiosk
