#include <algorithm>

#include "kiosk/screens/asking.h"
#include "kiosk/widgets/portraits.h"

namespace hailong::kiosk {
namespace {

bool has_faces(const survey::Item& item) {
    return std::any_of(item.options.begin(), item.options.end(),
                       [](const survey::Option& option) { return face_of(option.icon).has_value(); });
}

/// Faces side by side want a wide panel; there are at most this many before the words get too narrow.
constexpr std::size_t kColumnsMax = 6;

/// One way to lay the answers out.
struct AnswersRule {
    bool cards = false;  // the face above its words instead of beside them
    GridRule grid;
    float width_max = 0;  // wider than this the eye does not like to read
};

/// What suits this panel, best first.
std::vector<AnswersRule> answers_rules(const Layout& layout, const survey::Item& item, float width) {
    constexpr float kRowWidthMax = 1200;
    constexpr float kCardWidthMax = 380;
    const std::size_t count = item.options.size();
    const bool larger = layout.text != TextSize::normal;
    const auto on_panel = [&](std::size_t columns, float least, float most, float gap) {
        return for_panel(layout, {.columns = columns, .cell_height_min = least, .cell_height_max = most, .gap = gap},
                         width);
    };
    if (!has_faces(item)) {
        const std::size_t columns = layout.portrait() || count <= 4 ? 1 : 2;
        const float most = columns == 1 ? kRowWidthMax : width;
        std::vector<AnswersRule> rules{{false, on_panel(columns, 108, 148, theme::kGap), most},
                                       {false, on_panel(2, 100, 148, theme::kGapSmall), width}};
        if (larger || layout.tight()) rules.push_back({false, on_panel(3, 100, 148, theme::kGapSmall), width});
        return rules;
    }
    if (layout.portrait() || count > kColumnsMax) {
        return {{false, on_panel(1, 122, 192, theme::kGap), kRowWidthMax},
                {false, on_panel(2, 122, 192, theme::kGap), width}};
    }
    const GridRule side_by_side = on_panel(count, 312, 460, theme::kGap);
    const auto columns = static_cast<float>(side_by_side.columns);
    const float cards_width = columns * (kCardWidthMax + side_by_side.gap) - side_by_side.gap;
    std::vector<AnswersRule> rules{{true, side_by_side, larger ? width : cards_width}};
    if (larger) rules.push_back({false, on_panel(2, 122, 192, theme::kGap), width});
    return rules;
}

struct AnswerGrid {
    WordGrid text;
    bool cards = false;
};
AnswerGrid lay_out_answers(const DrawContext& draw, Rect area, const survey::Item& item,
                           std::span<const std::string_view> text, const std::vector<AnswersRule>& rules, int page) {
    const bool faces = has_faces(item);
    std::optional<AnswerGrid> best;
    for (const AnswersRule& rule : rules) {
        const auto words_of = [&](Rect cell) {
            return rule.cards ? answer_card_text(cell) : answer_row_text(cell, faces);
        };
        const TextStep largest = faces && !rule.cards ? TextStep::title : TextStep::label;
        const Rect narrowed = area.middle(std::min(area.width, rule.width_max), area.height);
        const AnswerGrid candidate{
            lay_out_labels(draw, narrowed, text, {rule.grid}, page, largest, words_of, Paging::avoided), rule.cards};
        if (!best || is_better(candidate.text, best->text, Paging::avoided)) best = candidate;
    }
    return best.value_or(AnswerGrid{});
}

/// Whom the question is about: portrait and name above it.
void draw_officer_line(Painter& paint, Rect strip, const ChoiceModel& model) {
    const float radius = strip.height / 2;
    constexpr float kGap = 28;
    constexpr float kNameWidth = 1040;  // a longer name stands in two lines, never louder than the question
    const float room = std::min(strip.width - 2 * radius - kGap, kNameWidth);
    const TextBlock text = fit_text(paint.context(), model.officer_name, TextStep::title, room, strip.height);
    Rect group = strip.middle(2 * radius + kGap + text.width, strip.height);
    draw_portrait(paint, model.officer_portrait, group.cut_left(2 * radius, kGap).centre(), radius);
    paint.text(text, group, paint.theme().page.ink, Align::start);
}

}  // namespace

std::optional<ChoiceIntent> draw_choice(const ChoiceModel& model, DrawContext& draw) {
    Stage stage(draw);
    FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item);
    std::optional<ChoiceIntent> intent = widen<ChoiceIntent>(parts.intent);

    if (!model.officer_name.empty()) {
        const float height = draw.layout.portrait() ? 148.F : draw.layout.tight() ? 104.F : 116.F;
        draw_officer_line(stage.paint, parts.content.cut_top(height, 8), model);
    }
    const std::vector<survey::Option>& options = model.item.options;
    const std::vector<AnswersRule> rules = answers_rules(draw.layout, model.item, parts.content.width);
    const GridRule& first_rule = rules.front().grid;
    const std::string& hint = model.item.hint.in(draw.language);
    const QuestionSplit split = split_question(draw, parts.content, model.item, hint,
                                               height_of(first_rule, options.size(), first_rule.cell_height_max),
                                               height_of(first_rule, options.size(), first_rule.cell_height_min));
    draw_question(stage.paint, split.question, model.item, hint);

    std::vector<std::string_view> text;
    text.reserve(options.size());
    for (const survey::Option& option : options)
        text.emplace_back(option.label.in(draw.language));
    const AnswerGrid answers = lay_out_answers(draw, split.answers, model.item, text, rules, model.page);
    const auto& [paged, step, large_enough, whole] = answers.text;
    const auto [first, last] = paged.shown(options.size());
    for (std::size_t i = first; i < last; ++i) {
        const survey::Option& option = options[i];
        const std::string name = "answer/" + option.value;
        const std::optional<Face> face = face_of(option.icon);
        const Rect cell = paged.grid.cell(i - first);
        const bool tapped = answers.cards ? answer_card(stage.paint, name, text[i], step, face, cell)
                                          : answer_row(stage.paint, name, text[i], step, face, cell);
        if (tapped) intent = AnswerChosen{model.item.id, option.value};
    }
    if (const auto page = draw_page_bar(stage.paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
