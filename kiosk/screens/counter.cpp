#include <algorithm>

#include "kiosk/screens/asking.h"

namespace hailong::kiosk {
namespace {

/// As many columns as let every name be read whole.
GridRule rule_for(const DrawContext& draw, float width, const std::vector<std::string_view>& text) {
    constexpr std::size_t kFew = 4;
    const bool portrait = draw.layout.portrait();
    GridRule rule = for_panel(
        draw.layout,
        {.columns = portrait ? 2U : 4U, .cell_height_min = 144, .cell_height_max = 200, .gap = theme::kGap}, width);
    if (text.size() <= kFew) rule.columns = std::max<std::size_t>(rule.columns / 2, 1);
    for (; rule.columns > 1; --rule.columns) {
        const Grid grid = arrange({0, 0, width, rule.cell_height_max}, rule.columns, rule);
        const Rect place = counter_card_text(grid.cell(0));
        const bool readable = std::all_of(text.begin(), text.end(), [&](std::string_view one) {
            return fits(draw, one, TextStep::caption, place.width, place.height);
        });
        if (readable) break;
    }
    return rule;
}

}  // namespace

std::optional<CounterIntent> draw_counter(const CounterModel& model, DrawContext& draw) {
    Stage stage(draw);
    const bool portrait = draw.layout.portrait();
    // "None" is an answer: under the list where there is room for it, else in the footer.
    const FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item,
                                              portrait ? FooterPlace::unused : FooterPlace::middle);
    std::optional<CounterIntent> intent = widen<CounterIntent>(parts.intent);

    std::vector<std::string_view> text;
    for (const survey::Counter& counter : model.counters) {
        const survey::LocalizedText& name = counter.short_name.empty() ? counter.name : counter.short_name;
        text.emplace_back(name.in(draw.language));
    }
    const float none_height = portrait ? std::max(116.F, draw.layout.target) : 0;
    const float gap = gap_between(draw.layout);
    const float under = none_height > 0 ? none_height + gap : 0;
    const GridRule rule = rule_for(draw, parts.content.width, text);
    GridRule dense = rule;
    dense.cell_height_min = std::max(116.F, draw.layout.target);
    dense.gap = gap_between(draw.layout, theme::kGapSmall);
    // Where a page turner takes part of the width, fewer columns may read better.
    GridRule fewer = dense;
    if (fewer.columns > 1) --fewer.columns;
    const std::string& hint = model.item.hint.in(draw.language);
    const QuestionSplit split = split_question(draw, parts.content, model.item, hint,
                                               height_of(rule, text.size(), rule.cell_height_max) + under,
                                               height_of(rule, text.size(), rule.cell_height_min) + under);
    draw_question(stage.paint, split.question, model.item, hint);

    Rect area = split.answers;
    const Rect none = portrait ? area.cut_bottom(none_height, gap) : parts.footer_place;
    const auto [paged, step, large_enough, whole] =
        lay_out_labels(draw, area, text, {rule, dense, fewer}, model.page, TextStep::label, counter_card_text);
    const auto [first, last] = paged.shown(text.size());
    for (std::size_t i = first; i < last; ++i) {
        const survey::Counter& counter = model.counters[i];
        if (counter_card(stage.paint, "counter/" + counter.id.text, counter.number, text[i], step,
                         paged.grid.cell(i - first))) {
            intent = CounterChosen{model.item.id, counter.id};
        }
    }
    if (none_tile(stage.paint, "counter/none", draw.text.at("counter.none"), none)) {
        intent = CounterChosen{model.item.id, {}};
    }
    if (const auto page = draw_page_bar(stage.paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
