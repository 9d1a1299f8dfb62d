#include <algorithm>

#include "kiosk/screens/asking.h"

namespace hailong::kiosk {
namespace {

/// Up to this many officers get a large card each; a counter has three or four.
constexpr std::size_t kFew = 4;

GridRule rule_for(const Layout& layout, std::size_t count) {
    if (count <= kFew) {
        if (layout.portrait()) {
            return {.columns = 1, .cell_height_min = 180, .cell_height_max = 236, .gap = theme::kGap};
        }
        return {.columns = std::max<std::size_t>(count, 1),
                .cell_height_min = 380,
                .cell_height_max = 480,
                .gap = theme::kGap};
    }
    constexpr float kFourColumnsFrom = 1800;
    const std::size_t columns = layout.portrait() ? 2 : layout.width < kFourColumnsFrom ? 3 : 4;
    return {.columns = columns, .cell_height_min = 172, .cell_height_max = 200, .gap = 20};
}

}  // namespace

std::optional<OfficerIntent> draw_officer(const OfficerModel& model, DrawContext& draw) {
    Stage stage(draw);
    const bool portrait = draw.layout.portrait();
    // "None" is an answer: under the list where there is room for it, else in the footer.
    const FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item,
                                              portrait ? FooterPlace::unused : FooterPlace::middle);
    std::optional<OfficerIntent> intent = widen<OfficerIntent>(parts.intent);

    const float none_height = portrait ? 116 : 0;
    const float under = none_height > 0 ? none_height + theme::kGap : 0;
    const std::size_t count = model.officers.size();
    const GridRule rule = rule_for(draw.layout, count);
    const float list_least = count == 0 ? 0 : height_of(rule, count, rule.cell_height_min);
    const float list_wanted = count == 0 ? 0 : height_of(rule, count, rule.cell_height_max);
    const std::string& hint = model.item.hint.in(draw.language);
    const QuestionSplit split =
        split_question(draw, parts.content, model.item, hint, list_wanted + under, list_least + under);
    draw_question(stage.paint, split.question, model.item, hint);

    Rect area = split.answers;
    const Rect none = portrait ? area.cut_bottom(none_height, theme::kGap) : parts.footer_place;
    if (none_tile(stage.paint, "officer/none", draw.text.at("officer.none"), none)) {
        intent = OfficerChosen{model.item.id, {}};
    }
    if (count == 0) return intent;

    constexpr float kCardWidthMax = 540;
    if (count <= kFew && !portrait) {
        const auto cards = static_cast<float>(rule.columns);
        area = area.middle(std::min(area.width, cards * (kCardWidthMax + rule.gap) - rule.gap), area.height);
    }
    const PagedGrid paged = lay_out(area, count, {rule}, model.page);
    std::vector<std::string_view> names;
    std::vector<std::string_view> posts;
    for (const survey::Officer& officer : model.officers) {
        names.emplace_back(officer.name);
        posts.emplace_back(officer.post.in(draw.language));
    }
    const OfficerPlaces places = officer_card_words(paged.grid.cell(0));
    const TextStep name_step = common_step(draw, names, count <= kFew ? TextStep::title : TextStep::label,
                                           places.name.width, places.name.height);
    // A post is never written larger than the name above it.
    const TextStep post_step =
        common_step(draw, posts, std::max(TextStep::body, name_step), places.post.width, places.post.height);
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
