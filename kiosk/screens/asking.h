// What every screen of a visit has around its question: header, progress or countdown, footer; and the paging of lists
// that do not fit. Used by the screens of this room only.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "kiosk/screens/header.h"
#include "kiosk/screens/screens.h"
#include "kiosk/widgets/controls.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

using FrameIntent =
    std::variant<Skipped, BackTapped, LanguageChosen, Ended, MoreTimeWanted, AccessibilityWanted, SpeakWanted>;

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

/// Cuts the content into the question above and the answers below: the answers as high as wanted, but lower (down to
/// the least) where the question would otherwise have to be written small. What neither needs is left around both.
/// Answers lie within the reach of somebody seated, the question where there is room for it.
struct QuestionSplit {
    Rect question;
    Rect answers;
};
[[nodiscard]] QuestionSplit split_question(DrawContext& draw, Rect content, const survey::Item& item,
                                           std::string_view hint, float answers_wanted, float answers_least);

/// The question, and its hint below.
void draw_question(Painter& paint, Rect area, const survey::Item& item, std::string_view hint);

/// A grid, its page, and the bar to turn it where there are several: below the list, or on a panel too low for that a
/// column beside it.
struct PagedGrid {
    Grid grid;
    int page = 0;  // the one shown: the model's, held within what there is
    std::optional<Rect> bar;
    bool bar_beside = false;
    /// Index range [first, last) of what stands on the page.
    [[nodiscard]] std::pair<std::size_t, std::size_t> shown(std::size_t count) const;
};
[[nodiscard]] PagedGrid lay_out(const Layout& layout, Rect area, std::size_t count,
                                std::initializer_list<GridRule> rules, int page);
/// The same on a panel that is high enough, with a bar of kPageBarHeight.
[[nodiscard]] PagedGrid lay_out(Rect area, std::size_t count, std::initializer_list<GridRule> rules, int page);
[[nodiscard]] std::optional<int> draw_page_bar(Painter& paint, const PagedGrid& paged);
inline constexpr float kPageBarHeight = 108;

/// A grid of cards with words, and the one size that they are all written in.
struct WordGrid {
    PagedGrid paged;
    TextStep step = TextStep::caption;
    bool large_enough = true;  // cells are no smaller than targets
    bool whole = true;         // every word fits without being broken
};
enum class Paging {
    avoided,  // answers to be compared stand on one page, if smaller
    accepted  // a list: rather more pages than smaller type
};
/// Lays the same words out by each rule and takes the best: cells for fingers, then whole words, then type no smaller
/// than caption (where paging is accepted), then the fewest pages, then the largest type, then the first rule.
/// `words_of` gives the place for the words in a cell.
[[nodiscard]] WordGrid lay_out_labels(const DrawContext& draw, Rect area, std::span<const std::string_view> text,
                                      std::initializer_list<GridRule> rules, int page, TextStep largest,
                                      const std::function<Rect(Rect)>& words_of, Paging paging = Paging::accepted);
/// Whether `a` is to be preferred to `b`.
[[nodiscard]] bool is_better(const WordGrid& a, const WordGrid& b, Paging paging);

/// Height of `count` cells of that height under `rule`, without paging.
[[nodiscard]] float height_of(const GridRule& rule, std::size_t count, float cell_height);

/// The rule as this panel can have it: cells no smaller than targets, targets far enough apart, higher cells for larger
/// words, no more columns than fit into `width`.
[[nodiscard]] GridRule for_panel(const Layout& layout, GridRule rule, float width);

}  // namespace hailong::kiosk
