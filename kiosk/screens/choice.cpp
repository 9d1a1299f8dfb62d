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

/// How the answers are laid out on this panel, best first.
struct AnswersRule {
    bool faces = false;
    bool columns = false;  // cards side by side instead of rows
    GridRule one;
    GridRule dense;
};

AnswersRule answers_rule(const Layout& layout, const survey::Item& item) {
    const std::size_t count = item.options.size();
    AnswersRule rule;
    rule.faces = has_faces(item);
    rule.columns = rule.faces && !layout.portrait() && count <= kColumnsMax;
    if (rule.columns) {
        rule.one = {.columns = count, .cell_height_min = 312, .cell_height_max = 460, .gap = theme::kGap};
        rule.dense = rule.one;
    } else if (rule.faces) {
        rule.one = {.columns = 1, .cell_height_min = 122, .cell_height_max = 192, .gap = theme::kGap};
        rule.dense = {.columns = 2, .cell_height_min = 122, .cell_height_max = 192, .gap = theme::kGap};
    } else {
        const std::size_t columns = layout.portrait() || count <= 4 ? 1 : 2;
        rule.one = {.columns = columns, .cell_height_min = 108, .cell_height_max = 148, .gap = theme::kGap};
        rule.dense = {.columns = 2, .cell_height_min = 100, .cell_height_max = 148, .gap = theme::kGapSmall};
    }
    return rule;
}

/// Whom the question is about: portrait and name above it.
void draw_officer_line(Painter& paint, Rect strip, const ChoiceModel& model) {
    const float radius = strip.height / 2;
    constexpr float kGap = 28;
    const TextBlock words =
        fit_text(paint.context(), model.officer_name, TextStep::title, strip.width - 2 * radius - kGap, strip.height);
    Rect group = strip.middle(2 * radius + kGap + words.width, strip.height);
    draw_portrait(paint, model.officer_portrait, group.cut_left(2 * radius, kGap).centre(), radius);
    paint.text(words, group, paint.theme().page.ink, Align::start);
}

}  // namespace

std::optional<ChoiceIntent> draw_choice(const ChoiceModel& model, DrawContext& draw) {
    Stage stage(draw);
    FrameParts parts = draw_visit_frame(stage.paint, stage.page, model.frame, model.item);
    std::optional<ChoiceIntent> intent = widen<ChoiceIntent>(parts.intent);

    if (!model.officer_name.empty()) {
        const float height = draw.layout.portrait() ? 148.F : 116.F;
        draw_officer_line(stage.paint, parts.content.cut_top(height, 8), model);
    }
    const std::vector<survey::Option>& options = model.item.options;
    const AnswersRule rule = answers_rule(draw.layout, model.item);
    const std::string& hint = model.item.hint.in(draw.language);
    const QuestionSplit split = split_question(draw, parts.content, model.item, hint,
                                               height_of(rule.one, options.size(), rule.one.cell_height_max),
                                               height_of(rule.one, options.size(), rule.one.cell_height_min));
    draw_question(stage.paint, split.question, model.item, hint);

    // Few answers on a wide panel: not wider than the eye likes to read.
    Rect area = split.answers;
    constexpr float kRowWidthMax = 1200;
    constexpr float kCardWidthMax = 380;
    if (rule.columns) {
        const auto count = static_cast<float>(options.size());
        area = area.middle(std::min(area.width, count * (kCardWidthMax + theme::kGap) - theme::kGap), area.height);
    } else if (rule.one.columns == 1) {
        area = area.middle(std::min(area.width, kRowWidthMax), area.height);
    }
    std::vector<std::string_view> words;
    words.reserve(options.size());
    for (const survey::Option& option : options)
        words.emplace_back(option.label.in(draw.language));
    const auto words_of = [&](Rect cell) {
        return rule.columns ? answer_card_words(cell) : answer_row_words(cell, rule.faces);
    };
    const TextStep largest = rule.faces && !rule.columns ? TextStep::title : TextStep::label;
    const auto [paged, step] = lay_out_words(draw, area, words, {rule.one, rule.dense}, model.page, largest, words_of);
    const auto [first, last] = paged.shown(options.size());
    for (std::size_t i = first; i < last; ++i) {
        const survey::Option& option = options[i];
        const std::string name = "answer/" + option.value;
        const std::optional<Face> face = face_of(option.icon);
        const Rect cell = paged.grid.cell(i - first);
        const bool tapped = rule.columns ? answer_card(stage.paint, name, words[i], step, face, cell)
                                         : answer_row(stage.paint, name, words[i], step, face, cell);
        if (tapped) intent = AnswerChosen{model.item.id, option.value};
    }
    if (const auto page = draw_page_bar(stage.paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
