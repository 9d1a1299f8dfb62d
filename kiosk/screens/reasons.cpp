#include <algorithm>

#include "kiosk/screens/asking.h"

namespace hailong::kiosk {
namespace {

bool is_chosen(const ReasonsModel& model, const survey::Option& option) {
    return std::find(model.chosen.begin(), model.chosen.end(), option.value) != model.chosen.end();
}

bool has_limit(const survey::Item& item) {
    return item.choices_max > 0 && static_cast<std::size_t>(item.choices_max) < item.options.size();
}

std::string hint_of(const ReasonsModel& model, const DrawContext& draw) {
    if (has_limit(model.item)) {
        return draw.text.format("reasons.at_most", {{"count", std::to_string(model.item.choices_max)}});
    }
    const std::string& own = model.item.hint.in(draw.language);
    return own.empty() ? std::string(draw.text.at("reasons.several")) : own;
}

bool draw_continue(Painter& paint, Rect rect, bool ready) {
    const std::string_view text = paint.context().text.at("visit.continue");
    if (!ready) {
        const Rect face = draw_plate(paint, rect, paint.theme().resting, false);
        paint.text(text, TextStep::label, face.inset(24, 8), paint.theme().resting.ink);
        return false;
    }
    ButtonLook look;
    look.surface = &paint.theme().primary;
    look.after = Icon::forward;
    return button(paint, "continue", text, rect, look);
}

}  // namespace

std::optional<ReasonsIntent> draw_reasons(const ReasonsModel& model, DrawContext& draw) {
    Stage stage(draw);
    const FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item, FooterPlace::right);
    std::optional<ReasonsIntent> intent = widen<ReasonsIntent>(parts.intent);

    // Nothing ticked means "skip", which has its own button.
    if (draw_continue(stage.paint, parts.footer_place, !model.chosen.empty())) intent = ChoicesDone{model.item.id};

    const std::vector<survey::Option>& options = model.item.options;
    const std::size_t columns = draw.layout.portrait() ? 1 : 2;
    const auto rule_of = [&](std::size_t wanted, float most) {
        return for_panel(draw.layout, {.columns = wanted, .cell_height_min = 100, .cell_height_max = most, .gap = 16},
                         parts.content.width);
    };
    const GridRule roomy = rule_of(columns, 130);
    const GridRule dense = rule_of(columns + 1, 190);
    const std::string hint = hint_of(model, draw);
    const QuestionSplit split =
        split_question(draw, parts.content, model.item, hint, height_of(roomy, options.size(), roomy.cell_height_max),
                       height_of(roomy, options.size(), roomy.cell_height_min));
    draw_question(stage.paint, split.question, model.item, hint);

    std::vector<std::string_view> text;
    text.reserve(options.size());
    for (const survey::Option& option : options)
        text.emplace_back(option.label.in(draw.language));
    const auto [paged, step, large_enough, whole] =
        lay_out_labels(draw, split.answers, text, {roomy, dense}, model.page, TextStep::label,
                       [](Rect cell) { return tick_tile_text(cell); });
    const bool full = has_limit(model.item) && model.chosen.size() >= static_cast<std::size_t>(model.item.choices_max);
    const auto [first, last] = paged.shown(options.size());
    for (std::size_t i = first; i < last; ++i) {
        const bool ticked = is_chosen(model, options[i]);
        if (tick_tile(stage.paint, "option/" + options[i].value, text[i], step, ticked, full && !ticked,
                      paged.grid.cell(i - first))) {
            intent = OptionToggled{model.item.id, options[i].value};
        }
    }
    if (const auto page = draw_page_bar(stage.paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
