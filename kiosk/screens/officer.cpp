#include <algorithm>

#include "kiosk/screens/asking.h"

namespace hailong::kiosk {
namespace {

/// Up to this many officers get a large card each; a counter has three or four.
constexpr std::size_t kFew = 4;

/// One way to lay a list out; narrower than the panel where cards would get too wide.
struct OfficerRule {
    GridRule grid;
    float width_max = 100'000;
};

/// Best first: a list takes the first in which the longest name and post can be read whole.
std::vector<OfficerRule> rules_for(const Layout& layout, std::size_t count, float width) {
    const auto on_panel = [&](std::size_t columns, float least, float most) {
        return for_panel(layout, {.columns = columns, .cell_height_min = least, .cell_height_max = most, .gap = 20},
                         width);
    };
    if (layout.portrait()) {
        const GridRule rows = on_panel(1, 180, 236);
        if (count <= kFew) return {{rows}};
        return {{on_panel(2, 226, 290)}, {rows}};
    }
    const GridRule wide = on_panel(2, 184, 250);
    if (count <= kFew) {
        constexpr float kCardWidthMax = 540;
        const GridRule cards = on_panel(count, 400, 500);
        const auto columns = static_cast<float>(cards.columns);
        return {{cards, columns * (kCardWidthMax + cards.gap) - cards.gap}, {wide, 1'400}, {on_panel(1, 184, 250)}};
    }
    return {{on_panel(3, 204, 250)}, {wide}, {on_panel(1, 204, 250)}};
}

/// A list of officers laid out: every name in one size, every post in one size.
struct OfficerGrid {
    PagedGrid paged;
    TextStep name_step = TextStep::caption;
    TextStep post_step = TextStep::caption;
    bool whole = false;  // no name and no post is cut or broken
};
OfficerGrid lay_out_officers(const DrawContext& draw, Rect area, std::span<const std::string_view> names,
                             std::span<const std::string_view> posts, const std::vector<OfficerRule>& rules, int page) {
    const auto readable = [&](std::span<const std::string_view> texts, Rect place, TextStep step) {
        return std::all_of(texts.begin(), texts.end(),
                           [&](std::string_view text) { return fits(draw, text, step, place.width, place.height); });
    };
    std::optional<OfficerGrid> best;
    for (const OfficerRule& rule : rules) {
        OfficerGrid result;
        const Rect narrowed = area.middle(std::min(area.width, rule.width_max), area.height);
        result.paged = lay_out(draw.layout, narrowed, names.size(), {rule.grid}, page);
        const OfficerPlaces places = officer_card_text(result.paged.grid.cell(0));
        const TextStep largest = names.size() <= kFew ? TextStep::title : TextStep::label;
        result.name_step = common_step(draw, names, largest, places.name.width, places.name.height);
        // A post is never written larger than the name above it.
        result.post_step =
            common_step(draw, posts, std::max(TextStep::body, result.name_step), places.post.width, places.post.height);
        // The first in which every word is whole, in type no smaller than caption if that can be.
        const bool large =
            readable(names, places.name, TextStep::caption) && readable(posts, places.post, TextStep::caption);
        result.whole = readable(names, places.name, result.name_step) && readable(posts, places.post, result.post_step);
        if (!best || (result.whole && !best->whole)) best = result;
        if (large) return result;
    }
    return best.value_or(OfficerGrid{});
}

}  // namespace

std::optional<OfficerIntent> draw_officer(const OfficerModel& model, DrawContext& draw) {
    Stage stage(draw);
    const bool portrait = draw.layout.portrait();
    // "None" is an answer: under the list where there is room for it, else in the footer.
    const FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item,
                                              portrait ? FooterPlace::unused : FooterPlace::middle);
    std::optional<OfficerIntent> intent = widen<OfficerIntent>(parts.intent);

    const float none_height = portrait ? std::max(116.F, draw.layout.target) : 0;
    const float gap = gap_between(draw.layout);
    const float under = none_height > 0 ? none_height + gap : 0;
    const std::size_t count = model.officers.size();
    const std::vector<OfficerRule> rules = rules_for(draw.layout, std::max<std::size_t>(count, 1), parts.content.width);
    const GridRule& rule = rules.front().grid;
    const float list_least = count == 0 ? 0 : height_of(rule, count, rule.cell_height_min);
    float list_wanted = count == 0 ? 0 : height_of(rule, count, rule.cell_height_max);
    // On a tight panel two rows, even where one of cards would do: names may be too long for cards.
    if (count > 1 && draw.layout.tight())
        list_wanted = std::max(list_wanted, 2 * draw.layout.target + draw.layout.apart);
    const std::string& hint = model.item.hint.in(draw.language);
    const QuestionSplit split =
        split_question(draw, parts.content, model.item, hint, list_wanted + under, list_least + under);
    draw_question(stage.paint, split.question, model.item, hint);

    Rect area = split.answers;
    const Rect none = portrait ? area.cut_bottom(none_height, gap) : parts.footer_place;
    if (none_tile(stage.paint, "officer/none", draw.text.at("officer.none"), none)) {
        intent = OfficerChosen{model.item.id, {}};
    }
    if (count == 0) return intent;

    std::vector<std::string_view> names;
    std::vector<std::string_view> posts;
    for (const survey::Officer& officer : model.officers) {
        names.emplace_back(officer.name);
        posts.emplace_back(officer.post.in(draw.language));
    }
    const auto [paged, name_step, post_step, whole] = lay_out_officers(draw, area, names, posts, rules, model.page);
    const auto [first, last] = paged.shown(count);
    for (std::size_t i = first; i < last; ++i) {
        const survey::Officer& officer = model.officers[i];
        if (officer_card(stage.paint, "officer/" + officer.id.text, officer.portrait, {names[i], posts[i]}, name_step,
                         post_step, paged.grid.cell(i - first))) {
            intent = OfficerChosen{model.item.id, officer.id};
        }
    }
    if (const auto page = draw_page_bar(stage.paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
