#include "kiosk/screens/asking.h"

namespace hailong::kiosk {
namespace {

/// Up to this many officers get a large card each; a counter has three or four.
constexpr std::size_t kFew = 4;

GridRule rule_for(const Layout& layout, std::size_t count) {
    if (count <= kFew) {
        if (layout.portrait())
            return {.columns = 1, .cell_height_min = 180, .cell_height_max = 236, .gap = theme::kGap};
        return {.columns = std::max<std::size_t>(count, 1),
                .cell_height_min = 360,
                .cell_height_max = 440,
                .gap = theme::kGap};
    }
    const std::size_t columns = layout.portrait() ? 2 : 3;
    return {.columns = columns, .cell_height_min = 168, .cell_height_max = 190, .gap = 20};
}

}  // namespace

std::optional<OfficerIntent> draw_officer(const OfficerModel& model, DrawContext& draw) {
    Stage stage(draw);
    const FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item);
    std::optional<OfficerIntent> intent = widen<OfficerIntent>(parts.intent);

    constexpr float kNone = 116;
    const std::size_t count = model.officers.size();
    const GridRule rule = rule_for(draw.layout, count);
    const std::size_t rows = (count + rule.columns - 1) / rule.columns;
    const auto height = [&](float cell) { return static_cast<float>(rows) * (cell + rule.gap) + kNone; };
    const QuestionSplit split =
        split_question(draw, parts.content, model.item, height(rule.cell_height_max), height(rule.cell_height_min));
    draw_question(stage.paint, split.question, model.item, model.item.hint.in(draw.language));

    Rect area = split.answers;
    const Rect none = area.cut_bottom(kNone, theme::kGap);
    constexpr float kCardWidthMax = 520;
    if (count <= kFew && !draw.layout.portrait()) {
        const auto cards = static_cast<float>(rule.columns);
        area = area.middle(std::min(area.width, cards * (kCardWidthMax + rule.gap) - rule.gap), area.height);
    }
    const PagedGrid paged = lay_out(area, count, {rule}, model.page);
    const auto [first, last] = paged.shown(count);
    for (std::size_t i = first; i < last; ++i) {
        const survey::Officer& officer = model.officers[i];
        if (officer_card(stage.paint, "officer/" + officer.id.text, officer.portrait, officer.name,
                         officer.post.in(draw.language), paged.grid.cell(i - first))) {
            intent = OfficerChosen{model.item.id, officer.id};
        }
    }
    if (none_tile(stage.paint, "officer/none", draw.text.at("officer.none"), none))
        intent = OfficerChosen{model.item.id, {}};
    if (const auto page = draw_page_bar(stage.paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
