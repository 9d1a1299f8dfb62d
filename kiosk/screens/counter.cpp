#include "kiosk/screens/asking.h"

namespace hailong::kiosk {

std::optional<CounterIntent> draw_counter(const CounterModel& model, DrawContext& draw) {
    Stage stage(draw);
    const FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item);
    std::optional<CounterIntent> intent = widen<CounterIntent>(parts.intent);

    constexpr float kNone = 120;
    const std::size_t count = model.counters.size();
    const std::size_t columns = draw.layout.portrait() ? 2 : 4;
    const GridRule wide{.columns = count <= 4 ? std::size_t{1} : columns,
                        .cell_height_min = 150,
                        .cell_height_max = 190,
                        .gap = theme::kGap};
    const GridRule dense{.columns = columns, .cell_height_min = 128, .cell_height_max = 190, .gap = theme::kGapSmall};
    const std::size_t rows = (count + wide.columns - 1) / wide.columns;
    const auto height = [&](float cell) { return static_cast<float>(rows) * (cell + wide.gap) + kNone; };
    const QuestionSplit split =
        split_question(draw, parts.content, model.item, height(wide.cell_height_max), height(wide.cell_height_min));
    draw_question(stage.paint, split.question, model.item, model.item.hint.in(draw.language));

    Rect area = split.answers;
    const Rect none = area.cut_bottom(kNone, theme::kGap);
    const PagedGrid paged = lay_out(area, count, {wide, dense}, model.page);
    const auto [first, last] = paged.shown(count);
    for (std::size_t i = first; i < last; ++i) {
        const survey::Counter& counter = model.counters[i];
        const survey::LocalizedText& words = counter.short_name.empty() ? counter.name : counter.short_name;
        if (counter_card(stage.paint, "counter/" + counter.id.text, counter.number, words.in(draw.language),
                         paged.grid.cell(i - first))) {
            intent = CounterChosen{model.item.id, counter.id};
        }
    }
    if (none_tile(stage.paint, "counter/none", draw.text.at("counter.none"), none))
        intent = CounterChosen{model.item.id, {}};
    if (const auto page = draw_page_bar(stage.paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
