#include "kiosk/screens/asking.h"

namespace hailong::kiosk {

std::optional<CounterIntent> draw_counter(const CounterModel& model, DrawContext& draw) {
    Stage stage(draw);
    const bool portrait = draw.layout.portrait();
    // "None" is an answer: under the list where there is room for it, else in the footer.
    const FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item,
                                              portrait ? FooterPlace::unused : FooterPlace::middle);
    std::optional<CounterIntent> intent = widen<CounterIntent>(parts.intent);

    const float none_height = portrait ? 116 : 0;
    const std::size_t count = model.counters.size();
    const std::size_t columns = count <= 4 ? (portrait ? 1 : 2) : (portrait ? 2 : 4);
    const GridRule neat{.columns = columns, .cell_height_min = 144, .cell_height_max = 200, .gap = theme::kGap};
    const GridRule wider{.columns = columns - (columns > 2 ? 1 : 0),
                         .cell_height_min = 130,
                         .cell_height_max = 190,
                         .gap = theme::kGapSmall};
    const GridRule dense{.columns = columns, .cell_height_min = 116, .cell_height_max = 190, .gap = theme::kGapSmall};
    const float under = none_height > 0 ? none_height + theme::kGap : 0;
    const std::string& hint = model.item.hint.in(draw.language);
    const QuestionSplit split =
        split_question(draw, parts.content, model.item, hint, height_of(neat, count, neat.cell_height_max) + under,
                       height_of(neat, count, neat.cell_height_min) + under);
    draw_question(stage.paint, split.question, model.item, hint);

    Rect area = split.answers;
    const Rect none = portrait ? area.cut_bottom(none_height, theme::kGap) : parts.footer_place;
    std::vector<std::string_view> words;
    for (const survey::Counter& counter : model.counters) {
        const survey::LocalizedText& name = counter.short_name.empty() ? counter.name : counter.short_name;
        words.emplace_back(name.in(draw.language));
    }
    const auto [paged, step] = lay_out_words(draw, area, words, {neat, wider, dense}, model.page, TextStep::label,
                                             [](Rect cell) { return counter_card_words(cell); });
    const auto [first, last] = paged.shown(count);
    for (std::size_t i = first; i < last; ++i) {
        const survey::Counter& counter = model.counters[i];
        if (counter_card(stage.paint, "counter/" + counter.id.text, counter.number, words[i], step,
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
