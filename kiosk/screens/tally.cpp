// The results of a period: the whole with its trend, or a row for each counter, field, officer or way to begin.
#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/screens/staff_parts.h"
#include "kiosk/screens/verdict.h"
#include "kiosk/widgets/indicators.h"
#include "survey/disclosure.h"

namespace hailong::kiosk {
namespace {

std::string percent(const DrawContext& draw, std::int64_t tenths) {
    return draw.text.format("tally.percent", {{"share", survey::format_tenths(tenths, draw.language)}});
}

constexpr VerdictKeys kVerdict{"verdict.met", "verdict.met_unproven", "verdict.not_met"};

std::vector<BarPart> parts_of(const Theme& theme, const TallyModel& model, const TallyRow& row) {
    std::vector<BarPart> parts;
    const std::size_t shown = std::min(model.options.size(), row.counts.size());
    for (std::size_t i = 0; i < shown; ++i) {
        if (!model.options[i].excluded) parts.push_back({row.counts[i], option_colour(theme, model.options, i)});
    }
    return parts;
}

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
    const std::string share = percent(draw, figure.share_tenths);
    const VerdictLook look = look_of(draw, figure.verdict, kVerdict);
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
                                         {"low", percent(draw, std::lround(figure.interval.low * 1000))},
                                         {"high", percent(draw, std::lround(figure.interval.high * 1000))}});
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
    const std::string figure = percent(draw, model.total.satisfaction->share_tenths);
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
    draw_stacked_bar(paint, parts_of(draw.theme, model, model.total), draw.language,
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

// ---- Rows ----------------------------------------------------------------------------------------------------------

/// What stands where in a row: in one line, or the words above the figures where that would leave them no room.
struct RowShape {
    bool stacked = false;
    float count = 0;
    float share = 0;
    float verdict = 0;
    float figures = 0;  // height of their line or lines
    float height = 0;
};
constexpr float kVerdictMark = 46;
constexpr float kColumnGap = 24;
constexpr float kLabelLinesMax = 2;
constexpr float kBarHeight = 16;

float lines_of(const DrawContext& draw, const std::string& text, float width) {
    return static_cast<float>(wrap(draw, TextStep::caption, text, width).size());
}

RowShape row_shape(const DrawContext& draw, const TallyModel& model, float width) {
    RowShape shape;
    const auto wide = [&](std::string_view text) { return text_width(draw, TextStep::caption, text); };
    std::int64_t most = 0;
    for (const TallyRow& row : model.rows)
        most = std::max(most, row.responses);
    shape.count = std::max(wide(survey::format_count(most, draw.language)), wide(draw.text.at("tally.count")));
    shape.share = std::max(wide(percent(draw, 1000)), wide(draw.text.at("tally.share")));
    // The longest verdict takes two lines.
    const float longest = wide(draw.text.at("verdict.met_unproven"));
    shape.verdict = kVerdictMark + std::max(longest * 0.62F, wide(draw.text.at("verdict.not_met")));
    const float line = line_height(draw, TextStep::caption);
    const float figures = shape.count + shape.share + 2 * kColumnGap;
    const float left = width - 2 * theme::kCardPad - figures - shape.verdict - kColumnGap;
    shape.stacked = left < 330 * factor(draw.layout.text);
    const float label = shape.stacked ? width - 2 * theme::kCardPad : left;
    float label_lines = 1;
    for (const TallyRow& row : model.rows)
        label_lines = std::max(label_lines, std::min(lines_of(draw, row.label, label), kLabelLinesMax));
    const float text = label_lines * line + 8 + kBarHeight;
    const bool one_line = shape.stacked && width - 2 * theme::kCardPad - figures - kVerdictMark >= longest;
    shape.figures = one_line ? line : 2 * line;
    shape.height = (shape.stacked ? text + 4 + shape.figures : std::max(text, shape.figures)) + 36;
    return shape;
}

struct RowPlaces {
    Rect label;
    Rect bar;
    Rect count;
    Rect share;
    Rect verdict;
};
RowPlaces row_places(Rect row, const RowShape& shape) {
    RowPlaces places;
    Rect rest = row.inset(theme::kCardPad, 16);
    if (shape.stacked) {
        Rect figures = rest.cut_bottom(shape.figures, 4);
        places.count = figures.cut_left(shape.count, kColumnGap);
        places.share = figures.cut_left(shape.share, kColumnGap);
        places.verdict = figures;
    } else {
        places.verdict = rest.cut_right(shape.verdict, kColumnGap);
        places.share = rest.cut_right(shape.share, kColumnGap);
        places.count = rest.cut_right(shape.count, kColumnGap);
    }
    places.bar = rest.cut_bottom(kBarHeight, 8);
    places.label = rest;
    return places;
}

/// At most two lines; a name longer than that is cut, for a table's rows are alike.
void draw_label(Painter& paint, const std::string& text, Rect place) {
    DrawContext& draw = paint.context();
    if (fits(draw, text, TextStep::caption, place.width, place.height)) {
        paint.text(fit_text(draw, text, TextStep::body, place.width, place.height), place, draw.theme.card.ink,
                   Align::start);
        return;
    }
    const std::string first = wrap(draw, TextStep::caption, text, place.width).front();
    const std::string rest = text.substr(std::min(first.size() + 1, text.size()));
    const TextBlock head = cut_text(draw, first, TextStep::caption, place.width);
    Rect group = place.middle(place.width, 2 * head.height);
    paint.text(head, group.cut_top(head.height), draw.theme.card.ink, Align::start);
    paint.text(cut_text(draw, rest, TextStep::caption, place.width), group, draw.theme.card.ink, Align::start);
}

void draw_row(Painter& paint, Rect rect, const TallyModel& model, const TallyRow& row, const RowShape& shape) {
    DrawContext& draw = paint.context();
    RowPlaces places = row_places(rect, shape);
    const Surface& card = draw.theme.card;
    draw_label(paint, row.label, places.label);
    if (row.too_few || !row.satisfaction) {
        const std::string_view text = draw.text.at(row.too_few ? "tally.too_few" : "tally.nothing");
        const Rect place{places.count.x, places.count.y, places.verdict.right() - places.count.x, places.count.height};
        paint.text(text, TextStep::caption, place, card.muted, shape.stacked ? Align::start : Align::end);
        return;
    }
    const Align figures = shape.stacked ? Align::start : Align::end;
    draw_stacked_bar(paint, parts_of(draw.theme, model, row), draw.language, places.bar);
    paint.text(survey::format_count(row.responses, draw.language), TextStep::caption, places.count, card.ink, figures);
    paint.text(percent(draw, row.satisfaction->share_tenths), TextStep::caption, places.share, card.ink, figures);
    const VerdictLook look = look_of(draw, row.satisfaction->verdict, kVerdict);
    draw_icon(paint, look.icon, places.verdict.cut_left(30, kVerdictMark - 30).centre(), 30,
              draw.theme.kind == ThemeKind::light ? look.surface.ink : look.surface.edge);
    paint.text(look.text, TextStep::caption, places.verdict, card.ink, Align::start);
}

void draw_table_head(Painter& paint, Rect strip, const TallyModel& model, const RowShape& shape) {
    DrawContext& draw = paint.context();
    const ImU32 ink = draw.theme.page.muted;
    const std::string objective =
        draw.text.format("tally.objective", {{"percent", std::to_string(model.objective.more_than_percent)}});
    Rect rest = strip.inset(theme::kCardPad, 0);
    if (shape.stacked) {
        const std::string text = std::string(draw.text.at("tally.count")) + " \u00b7 " +
                                 std::string(draw.text.at("tally.share")) + " \u00b7 " + objective;
        paint.text(cut_text(draw, text, TextStep::caption, rest.width), rest, ink, Align::start);
        return;
    }
    Rect verdict = rest.cut_right(shape.verdict, kColumnGap);
    verdict.cut_left(kVerdictMark);
    paint.text(cut_text(draw, objective, TextStep::caption, verdict.width), verdict, ink, Align::start);
    paint.text(draw.text.at("tally.share"), TextStep::caption, rest.cut_right(shape.share, kColumnGap), ink,
               Align::end);
    paint.text(draw.text.at("tally.count"), TextStep::caption, rest.cut_right(shape.count, kColumnGap), ink,
               Align::end);
}

/// The rule that the rows follow. Cuts its place off the bottom of `area`.
void draw_rule(Painter& paint, Rect& area, const TallyModel& model) {
    DrawContext& draw = paint.context();
    if (model.note.empty()) return;
    const TextBlock block = fit_text(draw, model.note, TextStep::caption, area.width - 2 * theme::kCardPad,
                                     3 * line_height(draw, TextStep::caption));
    paint.text(block, area.cut_bottom(block.height, 14).inset(theme::kCardPad, 0), draw.theme.page.muted, Align::start);
}

std::optional<TallyIntent> draw_rows(Painter& paint, Rect area, const TallyModel& model) {
    DrawContext& draw = paint.context();
    draw.say(by_text(draw, model.by));
    draw_rule(paint, area, model);
    if (model.rows.empty()) {
        paint.text(draw.text.at("tally.no_rows"), TextStep::title, area, draw.theme.page.ink);
        return std::nullopt;
    }
    // The shape follows the width that is left when pages are turned beside the rows.
    RowShape shape = row_shape(draw, model, area.width);
    const float head = line_height(draw, TextStep::caption);
    Rect below = area;
    below.cut_top(head, 6);
    PagedGrid paged = lay_out_rows(draw, below, model.rows.size(), shape.height, shape.height + 24, model.page);
    const RowShape narrower = row_shape(draw, model, paged.grid.area.width);
    if (narrower.height > shape.height || narrower.stacked != shape.stacked) {
        shape = narrower;
        paged = lay_out_rows(draw, below, model.rows.size(), shape.height, shape.height + 24, model.page);
    }
    Rect strip = area.cut_top(head, 6);
    strip.width = paged.grid.area.width;
    draw_table_head(paint, strip, model, shape);
    const auto [first, last] = paged.shown(model.rows.size());
    Rect card = paged.grid.cell(0);
    card.height = paged.grid.cell(last - first - 1).bottom() - card.y;
    draw_card(paint, card, paint.theme().card);
    for (std::size_t i = first; i < last; ++i) {
        const Rect rect = paged.grid.cell(i - first);
        if (i > first)
            paint.fill({rect.x + theme::kCardPad, rect.y, rect.width - 2 * theme::kCardPad, 2}, draw.theme.card.edge);
        draw_row(paint, rect, model, model.rows[i], shape);
    }
    if (const auto page = turn_pages(paint, paged)) return PageTurned{*page};
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
    const auto tapped =
        model.by == TallyBy::all ? draw_whole(paint, frame.content, model) : draw_rows(paint, frame.content, model);
    if (tapped) intent = tapped;
    return intent;
}

}  // namespace hailong::kiosk
