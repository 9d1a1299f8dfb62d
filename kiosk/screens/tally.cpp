// The results of a period: the whole with its trend, or rows (tally_rows.h).
#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/screens/staff_parts.h"
#include "kiosk/screens/tally_rows.h"
#include "kiosk/screens/verdict.h"
#include "kiosk/widgets/indicators.h"
#include "survey/disclosure.h"

namespace hailong::kiosk {
namespace {

std::string_view by_text(const DrawContext& draw, TallyBy by) {
    switch (by) {
        case TallyBy::all:
            return draw.text.at("tally.by_all");
        case TallyBy::counters:
            return draw.text.at("tally.by_counters");
        case TallyBy::fields:
            return draw.text.at("tally.by_fields");
        case TallyBy::officers:
            return draw.text.at("tally.by_officers");
        case TallyBy::beginnings:
            return draw.text.at("tally.by_beginnings");
    }
    return {};
}

// ---- What is chosen ------------------------------------------------------------------------------------------------

/// One step through the periods; resting, and no target, where there is none.
bool step_button(Painter& paint, const char* target, std::string_view label, Icon icon, bool usable, Rect rect) {
    DrawContext& draw = paint.context();
    Rect face;
    bool tapped = false;
    if (usable) {
        const Plate result = plate(paint, target, label, rect, draw.theme.card);
        face = result.face;
        tapped = result.tapped;
    } else {
        face = draw_plate(paint, rect, draw.theme.resting, false);
    }
    draw_icon(paint, icon, face.centre(), 46,
              usable ? draw.theme.card.ink : mix(draw.theme.resting.ink, draw.theme.resting.fill, 0.4F));
    return tapped;
}

bool period_button(Painter& paint, const TallyModel& model, Rect rect) {
    DrawContext& draw = paint.context();
    const bool named = !model.period_name.empty();
    const std::string& head = named ? model.period_name : model.period_days;
    const bool one_day = head.find(model.period_days) != std::string::npos;
    const Plate result = plate(paint, "periods", head, rect, draw.theme.card);
    const Rect inner = result.face.inset(28, 8);
    TextBlock below;
    if (!one_day) below = fit_text(draw, model.period_days, TextStep::caption, inner.width, inner.height * 0.6F);
    const TextBlock name = fit_text(draw, head, TextStep::label, inner.width, inner.height - below.height);
    Rect group = inner.middle(inner.width, name.height + below.height);
    paint.text(name, group.cut_top(name.height), draw.theme.card.ink);
    if (!one_day) paint.text(below, group, draw.theme.card.muted);
    return result.tapped;
}

std::optional<TallyIntent> draw_choice_row(Painter& paint, Rect& content, const TallyModel& model) {
    DrawContext& draw = paint.context();
    const float gap = staff_gap(draw.layout);
    const float height = std::max(staff_button_height(draw), 3 * line_height(draw, TextStep::caption) + 30);
    const float step = std::max(draw.layout.target, 120.F);
    std::optional<TallyIntent> intent;
    Rect row = content.cut_top(height, gap);
    Rect by = row;
    if (draw.layout.portrait()) {
        by = content.cut_top(staff_button_height(draw), gap);
    } else {
        by = row.cut_right((row.width - 2 * step - 3 * gap) * 0.42F, gap);
    }
    content.cut_top(std::max(0.F, 28 - gap));
    const Rect back = row.cut_left(step, gap);
    const Rect on = row.cut_right(step, gap);
    if (step_button(paint, "period/previous", draw.text.at("tally.earlier"), Icon::back, model.can_go_back, back))
        intent = PeriodStepped{-1};
    if (period_button(paint, model, row)) intent = PeriodsWanted{};
    if (step_button(paint, "period/next", draw.text.at("tally.later"), Icon::forward, model.can_go_on, on))
        intent = PeriodStepped{1};
    if (button(paint, "by", by_text(draw, model.by), by, {.after = Icon::forward, .step = TextStep::label}))
        intent = GroupingsWanted{};
    return intent;
}

// ---- The whole -----------------------------------------------------------------------------------------------------

constexpr float kCardPad = 36;

/// Height of a legend in that many columns.
struct Legend {
    std::vector<std::string> labels;
    std::size_t columns = 1;
    float row = 0;
    float height = 0;
};
constexpr float kLegendMark = 56;
constexpr float kVerdictRoom = 320;  // beside the share; with less it stands below

Legend legend_of(const DrawContext& draw, const TallyModel& model, float width) {
    Legend legend;
    const std::size_t count = std::min(model.options.size(), model.total.counts.size());
    float widest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const survey::Option& option = model.options[i];
        legend.labels.push_back(
            draw.text.format(option.excluded ? "tally.legend_excluded" : "tally.legend",
                             {{"label", option.label.in(draw.language)},
                              {"count", survey::format_count(model.total.counts[i], draw.language)}}));
        widest = std::max(widest, text_width(draw, TextStep::caption, legend.labels.back()) + kLegendMark);
    }
    legend.columns = width >= 2 * widest + 24 ? 2 : 1;
    legend.row = std::max(line_height(draw, TextStep::caption) * 1.15F, 46.F);
    const std::size_t rows = (count + legend.columns - 1) / legend.columns;
    legend.height = static_cast<float>(rows) * legend.row;
    return legend;
}

void draw_legend(Painter& paint, Rect area, const TallyModel& model, const Legend& legend) {
    DrawContext& draw = paint.context();
    const GridRule rule{
        .columns = legend.columns, .cell_height_min = legend.row, .cell_height_max = legend.row, .gap = 0};
    const Grid grid = arrange(area, legend.labels.size(), rule);
    for (std::size_t i = 0; i < std::min(legend.labels.size(), grid.per_page()); ++i) {
        Rect cell = grid.cell(i);
        const Point mark = cell.cut_left(kLegendMark).centre();
        const Point at{mark.x - 8, mark.y};
        if (const auto face = face_of(model.options[i].icon)) {
            draw_face(paint, *face, at, 20);
        } else {
            paint.disc(at, 15, option_colour(draw.theme, model.options, i));
        }
        paint.text(cut_text(draw, legend.labels[i], TextStep::caption, cell.width), cell, draw.theme.card.ink,
                   Align::start);
    }
}

/// What stands in small words below the figures: what is counted apart, and what is not told. A line each; may be
/// empty.
std::string notes_of(const DrawContext& draw, const TallyModel& model) {
    std::string text;
    const auto add = [&](std::string_view key, std::int64_t count) {
        if (!text.empty()) text += '\n';
        text += draw.text.format(key, {{"count", survey::format_count(count, draw.language)}});
    };
    if (model.flagged > 0) add("tally.flagged", model.flagged);
    if (model.some_untold) add("tally.some_untold", survey::kCellMin);
    if (model.received_today && !model.not_before_today) add("tally.received_today", *model.received_today);
    return text;
}

/// What stands in the whole's place where no share is told: one thing, large, between what it is about and why.
struct Message {
    std::string about;
    std::string said;
    TextStep step = TextStep::title;
    std::string why;  // may be empty
};

Message message_of(const DrawContext& draw, const TallyModel& model) {
    const auto text = [&](std::string_view key) { return std::string(draw.text.at(key)); };
    if (model.not_before_today) {
        return {text("tally.today"), survey::format_count(model.received_today.value_or(0), draw.language),
                TextStep::hero, text("tally.today_rule")};
    }
    if (model.reading) return {model.question, text("tally.reading"), TextStep::title, {}};
    const std::string_view key = model.total.too_few ? "tally.too_few" : "tally.nothing";
    return {model.question, text(key), TextStep::title, notes_of(draw, model)};
}

void draw_message_card(Painter& paint, Rect card, const Message& message) {
    DrawContext& draw = paint.context();
    draw_card(paint, card, draw.theme.card);
    const Rect inside = card.inset(kCardPad, 26);
    constexpr float kGap = 20;
    const TextBlock about =
        fit_text(draw, message.about, TextStep::body, inside.width, 3 * line_height(draw, TextStep::body));
    const TextBlock said = fit_text(draw, message.said, message.step, inside.width, inside.height);
    const float left = inside.height - about.height - said.height - 2 * kGap;
    TextBlock why;
    if (!message.why.empty()) why = fit_text(draw, message.why, TextStep::caption, inside.width, left);
    Rect group = inside.middle(inside.width, about.height + said.height + why.height + 2 * kGap);
    paint.text(about, group.cut_top(about.height, kGap), draw.theme.card.muted);
    paint.text(said, group.cut_top(said.height, kGap), draw.theme.card.ink);
    if (!message.why.empty()) paint.text(why, group, draw.theme.card.muted);
    draw.say(message.about);
    draw.say(message.said);
    if (!message.why.empty()) draw.say(message.why);
}

/// The share with its verdict and what they rest on. Cuts its place off `content`. REQUIRES: a share.
void draw_figures(Painter& paint, Rect& content, const TallyModel& model) {
    DrawContext& draw = paint.context();
    const float line = line_height(draw, TextStep::caption);
    const TextBlock question = fit_text(draw, model.question, TextStep::body, content.width, 3 * line);
    paint.text(question, content.cut_top(question.height, 16), draw.theme.card.muted, Align::start);
    draw.say(model.question);
    const survey::Satisfaction figure = *model.total.satisfaction;
    const std::string share = tally_percent(draw, figure.share_tenths);
    const VerdictLook look = look_of(draw, figure.verdict, kTallyVerdict);
    draw.say(share);
    draw.say(look.text);
    // Beside the share where there is room for the words, below it otherwise.
    Rect row = content.cut_top(line_height(draw, TextStep::hero), 8);
    const TextBlock hero = fit_text(draw, share, TextStep::hero, row.width, row.height);
    paint.text(hero, row.cut_left(hero.width, 36), draw.theme.card.ink, Align::start);
    const float pill_height = std::max(2 * line + 12, 84.F);
    if (row.width < kVerdictRoom * factor(draw.layout.text)) row = content.cut_top(pill_height, 12);
    const Rect place = row.middle(row.width, std::min(pill_height, row.height));
    const TextBlock text = fit_text(draw, look.text, TextStep::body, place.width - 116, place.height - 8);
    draw_notice(paint, look.icon, look.text, look.surface,
                {place.x, place.y, std::min(text.width + 116, place.width), place.height}, TextStep::body);
    const std::string basis =
        draw.text.format("tally.basis", {{"satisfied", survey::format_count(figure.satisfied, draw.language)},
                                         {"total", survey::format_count(figure.total, draw.language)},
                                         {"low", tally_percent(draw, std::lround(figure.interval.low * 1000))},
                                         {"high", tally_percent(draw, std::lround(figure.interval.high * 1000))}});
    const TextBlock below =
        fit_text(draw, basis, TextStep::caption, content.width, std::clamp(content.height, line, 4 * line));
    paint.text(below, content.cut_top(below.height, 20), draw.theme.card.muted, Align::start);
}

/// What draw_figures and draw_spread need together, at that width. REQUIRES: a share.
float whole_height(const DrawContext& draw, const TallyModel& model, float width) {
    const float line = line_height(draw, TextStep::caption);
    const auto lines = [&](TextStep step, std::string_view text) {
        return static_cast<float>(wrap(draw, step, text, width).size());
    };
    float height = lines(TextStep::body, model.question) * line_height(draw, TextStep::body) + 16;
    const std::string figure = tally_percent(draw, model.total.satisfaction->share_tenths);
    const float share = text_width(draw, TextStep::hero, figure);
    const bool beside = width - share - 36 >= kVerdictRoom * factor(draw.layout.text);
    height += line_height(draw, TextStep::hero) + 8;
    if (!beside) height += std::max(2 * line + 12, 84.F) + 12;
    height += 2 * line + 20;                  // the basis
    height += std::max(56.F, line + 8) + 20;  // the bar
    height += legend_of(draw, model, width).height + 16;
    const std::string notes = notes_of(draw, model);
    if (!notes.empty()) height += lines(TextStep::caption, notes) * line;
    return std::ceil(height);
}

/// How the answers are spread, and the notes. Cuts its place off `content`.
void draw_spread(Painter& paint, Rect& content, const TallyModel& model) {
    DrawContext& draw = paint.context();
    const float line = line_height(draw, TextStep::caption);
    draw_stacked_bar(paint, tally_bar(draw.theme, model, model.total), draw.language,
                     content.cut_top(std::max(56.F, line + 8), 20));
    const Legend legend = legend_of(draw, model, content.width);
    draw_legend(paint, content.cut_top(std::min(legend.height, content.height), 16), model, legend);
    const std::string notes = notes_of(draw, model);
    if (notes.empty()) return;
    const TextBlock block = fit_text(draw, notes, TextStep::caption, content.width, std::max(content.height, line));
    paint.text(block, content.cut_top(block.height), draw.theme.card.muted, Align::start);
}

void draw_trend(Painter& paint, Rect card, const TallyModel& model) {
    DrawContext& draw = paint.context();
    draw_card(paint, card, paint.theme().card);
    Rect inside = card.inset(theme::kCardPad, 24);
    const std::string objective =
        draw.text.format("tally.objective", {{"percent", std::to_string(model.objective.more_than_percent)}});
    Rect head = inside.cut_top(line_height(draw, TextStep::body), 8);
    paint.text(draw.text.at("tally.share"), TextStep::body, head, draw.theme.card.ink, Align::start);
    paint.text(objective, TextStep::caption, head, draw.theme.card.muted, Align::end);
    draw_trend_chart(paint, model.trend, static_cast<int>(model.objective.more_than_percent),
                     {objective, draw.text.at("tally.trend_count")}, inside);
}

void draw_whole_card(Painter& paint, Rect card, const TallyModel& model) {
    draw_card(paint, card, paint.theme().card);
    Rect inside = card.inset(kCardPad, 26);
    draw_figures(paint, inside, model);
    draw_spread(paint, inside, model);
}

/// The whole and its trend on one panel where both have room, on a page each where they have not, and where not even
/// the whole has, that in two.
std::optional<TallyIntent> draw_whole(Painter& paint, Rect area, const TallyModel& model) {
    DrawContext& draw = paint.context();
    if (model.not_before_today || model.total.too_few || !model.total.satisfaction) {  // nor in its parts
        Rect card = area;
        if (draw.layout.portrait()) card.height = std::min(card.height, 720.F);
        draw_message_card(paint, card, message_of(draw, model));
        return std::nullopt;
    }
    const bool charted = model.trend.size() > 1;
    const float gap = std::max(staff_gap(draw.layout), 24.F);
    const bool portrait = draw.layout.portrait();
    const auto has_room = [&](Rect card) {
        return whole_height(draw, model, card.width - 2 * kCardPad) <= card.height - 2 * 26;
    };
    Rect trend = area;
    const Rect card = !charted   ? area
                      : portrait ? trend.cut_top(whole_height(draw, model, area.width - 2 * kCardPad) + 2 * 26, gap)
                                 : trend.cut_left((area.width - gap) * 0.48F, gap);
    constexpr float kTrendMin = 420;
    if (has_room(card) && (!charted || trend.height >= kTrendMin)) {
        draw_whole_card(paint,
                        {card.x, card.y, card.width, portrait && !charted ? std::min(card.height, 720.F) : card.height},
                        model);
        if (charted) draw_trend(paint, trend, model);
        return std::nullopt;
    }
    Rect page = area;
    PagedGrid paged = lay_out_pages(draw, page, charted ? 2 : 1, model.page);
    if (has_room(page)) {
        if (paged.page == 0) draw_whole_card(paint, page, model);
    } else {
        page = area;
        paged = lay_out_pages(draw, page, charted ? 3 : 2, model.page);
        const bool last_is_trend = charted && paged.page == 2;
        if (!last_is_trend) draw_card(paint, page, paint.theme().card);
        Rect inside = page.inset(theme::kCardPad, 18);
        if (paged.page == 0) draw_figures(paint, inside, model);
        if (paged.page == 1) draw_spread(paint, inside, model);
    }
    if (charted && paged.page + 1 == static_cast<int>(paged.grid.pages)) draw_trend(paint, page, model);
    if (const auto wanted = turn_pages(paint, paged)) return PageTurned{*wanted};
    return std::nullopt;
}

}  // namespace

std::optional<TallyIntent> draw_tally(const TallyModel& model, DrawContext& draw) {
    Stage stage(draw);
    Painter& paint = stage.paint;
    StaffFrame frame = draw_staff_frame(paint, stage.page, model.tabs);
    std::optional<TallyIntent> intent = widen<TallyIntent>(frame.intent);
    draw.say(model.period_name.empty() ? model.period_days : model.period_name);
    if (const auto tapped = draw_choice_row(paint, frame.content, model)) intent = tapped;
    if (!model.trouble.empty()) {  // then there is nothing else to show
        const float height = std::min(std::max(140.F, 4 * line_height(draw, TextStep::caption)), frame.content.height);
        draw.say(model.trouble);
        draw_notice(paint, Icon::warning, model.trouble, draw.theme.trouble, frame.content.cut_top(height),
                    TextStep::body);
        return intent;
    }
    if (model.by != TallyBy::all) draw.say(by_text(draw, model.by));
    const auto tapped = model.by == TallyBy::all ? draw_whole(paint, frame.content, model)
                                                 : draw_tally_rows(paint, frame.content, model);
    if (tapped) intent = tapped;
    return intent;
}

}  // namespace hailong::kiosk
