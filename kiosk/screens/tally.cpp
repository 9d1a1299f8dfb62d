#include <algorithm>
#include <cmath>

#include "kiosk/screens/asking.h"
#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

constexpr float kPad = 32;  // inside a card

void draw_card(Painter& paint, Rect rect) {
    paint.fill(rect, theme::kCard.fill, theme::kRadius);
    paint.outline(rect, theme::kCard.edge, 2, theme::kRadius);
}

std::string percent(const DrawContext& draw, std::int64_t tenths) {
    return draw.text.format("tally.percent", {{"share", survey::format_tenths(tenths, draw.language)}});
}

std::string count_words(const DrawContext& draw, std::string_view key, std::int64_t count) {
    return draw.text.format(key, {{"count", survey::format_count(count, draw.language)}});
}

struct VerdictLook {
    Icon icon = Icon::check;
    Surface surface;
    std::string_view words;
};
VerdictLook look_of(const DrawContext& draw, survey::Verdict verdict) {
    switch (verdict) {
        case survey::Verdict::met:
            return {Icon::check, theme::kGood, draw.text.at("verdict.met")};
        case survey::Verdict::met_unproven:
            return {Icon::hourglass, theme::kCaution, draw.text.at("verdict.met_unproven")};
        case survey::Verdict::not_met:
            return {Icon::warning, theme::kTrouble, draw.text.at("verdict.not_met")};
    }
    return {};
}

std::vector<BarPart> parts_of(const TallyModel& model, const TallyRow& row) {
    std::vector<BarPart> parts;
    const std::size_t shown = std::min(model.options.size(), row.counts.size());
    for (std::size_t i = 0; i < shown; ++i) {
        if (!model.options[i].excluded) parts.push_back({row.counts[i], option_colour(model.options, i)});
    }
    return parts;
}

std::optional<TallyIntent> draw_head(Painter& paint, Rect strip, const TallyModel& model) {
    const survey::Messages& text = paint.context().text;
    std::optional<TallyIntent> intent;
    if (button(paint, "close", text.at("staff.close"), strip.cut_right(250, theme::kGap),
               {.surface = theme::kSunken, .before = Icon::cross, .step = TextStep::body})) {
        intent = StaffClosed{};
    }
    const Rect emblem = strip.cut_left(strip.height, 22);
    draw_emblem(paint, emblem.centre(), emblem.height / 2);
    const TextBlock title =
        fit_text(paint.context(), text.at("tally.title"), TextStep::label, strip.width, strip.height * 0.55F);
    paint.text(title, strip.cut_top(strip.height * 0.54F), theme::kPage.ink, Align::start);
    paint.text(model.center_name, TextStep::caption, strip, theme::kPage.muted, Align::start);
    return intent;
}

std::optional<TallyIntent> draw_periods(Painter& paint, Rect strip, const TallyModel& model) {
    const survey::Messages& text = paint.context().text;
    std::optional<TallyIntent> intent;
    struct Choice {
        TallyPeriod period;
        const char* target;
        std::string_view words;
    };
    const Choice choices[] = {{TallyPeriod::today, "period/today", text.at("tally.today")},
                              {TallyPeriod::month, "period/month", text.at("tally.month")}};
    for (const Choice& choice : choices) {
        const bool current = choice.period == model.period;
        if (button(paint, choice.target, choice.words, strip.cut_left(270, 16),
                   {.surface = current ? theme::kPrimary : theme::kCard, .step = TextStep::body})) {
            intent = PeriodChosen{choice.period};
        }
    }
    strip.cut_left(12);
    paint.text(model.period_label, TextStep::label, strip, theme::kPage.ink, Align::end);
    return intent;
}

/// The share and its verdict, what they rest on, the bar, and which answer is which colour.
void draw_total(Painter& paint, Rect card, const TallyModel& model) {
    DrawContext& draw = paint.context();
    draw_card(paint, card);
    Rect content = card.inset(kPad, 26);
    const TextBlock question =
        fit_text(draw, model.question, TextStep::body, content.width, 2 * line_height(draw, TextStep::body));
    paint.text(question, content.cut_top(question.height, 14), theme::kCard.muted, Align::start);

    Rect figures = content.cut_top(132, 18);
    const std::optional<survey::Satisfaction>& satisfaction = model.total.satisfaction;
    const std::string share =
        satisfaction ? percent(draw, satisfaction->share_tenths) : std::string(draw.text.at("tally.nothing"));
    Rect left = figures.cut_left(figures.width * 0.36F, theme::kGap);
    paint.text(share, satisfaction ? TextStep::hero : TextStep::title, left, theme::kCard.ink, Align::start);
    if (satisfaction) {
        const VerdictLook look = look_of(draw, satisfaction->verdict);
        Rect lines = figures;
        const Rect pill = lines.cut_top(62, 10);
        // As wide as its words, at the left edge of its column.
        const TextBlock words = fit_text(draw, look.words, TextStep::body, pill.width - 100, pill.height);
        draw_notice(paint, look.icon, look.words, look.surface,
                    {pill.x, pill.y, std::min(words.width + 118, pill.width), pill.height}, TextStep::body);
        const std::string basis = draw.text.format(
            "tally.basis", {{"satisfied", survey::format_count(satisfaction->satisfied, draw.language)},
                            {"total", survey::format_count(satisfaction->total, draw.language)},
                            {"low", percent(draw, std::lround(satisfaction->interval.low * 1000))},
                            {"high", percent(draw, std::lround(satisfaction->interval.high * 1000))},
                            {"objective", std::to_string(model.objective.more_than_percent)}});
        paint.text(basis, TextStep::caption, lines, theme::kCard.muted, Align::start, Align::start);
    }
    draw_stacked_bar(paint, parts_of(model, model.total), draw.language, content.cut_top(56, 20));

    const std::size_t options = std::min(model.options.size(), model.total.counts.size());
    const std::size_t columns = draw.layout.portrait() ? 3 : 5;
    const Grid legend =
        arrange(content, options, {.columns = columns, .cell_height_min = 44, .cell_height_max = 52, .gap = 6});
    for (std::size_t i = 0; i < std::min(options, legend.per_page()); ++i) {
        Rect cell = legend.cell(i);
        const Point mark = cell.cut_left(40, 12).centre();
        if (const auto face = face_of(model.options[i].icon)) {
            draw_face(paint, *face, mark, 19);
        } else {
            paint.disc(mark, 15, option_colour(model.options, i));
        }
        const std::string words =
            draw.text.format(model.options[i].excluded ? "tally.legend_excluded" : "tally.legend",
                             {{"label", model.options[i].label.in(draw.language)},
                              {"count", survey::format_count(model.total.counts[i], draw.language)}});
        paint.text(words, TextStep::caption, cell, theme::kCard.ink, Align::start);
    }
}

/// Counter, bar, n, share and verdict in columns that line up from row to row.
struct RowColumns {
    Rect label;
    Rect bar;
    Rect count;
    Rect share;
    Rect verdict;
};
RowColumns columns_of(Rect row, bool portrait) {
    Rect rest = row.inset(kPad, 0);
    RowColumns columns;
    columns.label = rest.cut_left(rest.width * (portrait ? 0.27F : 0.24F), 20);
    columns.verdict = rest.cut_right(portrait ? 190.F : 260.F, 12);
    columns.share = rest.cut_right(128, 12);
    columns.count = rest.cut_right(92, 20);
    columns.bar = rest;
    return columns;
}

void draw_table_head(Painter& paint, Rect strip, bool portrait) {
    const survey::Messages& text = paint.context().text;
    const RowColumns columns = columns_of(strip, portrait);
    const ImU32 ink = theme::kPage.muted;
    paint.text(text.at("tally.counter"), TextStep::caption, columns.label, ink, Align::start);
    paint.text(text.at("tally.answers"), TextStep::caption, columns.bar, ink, Align::start);
    paint.text(text.at("tally.count"), TextStep::caption, columns.count, ink, Align::end);
    paint.text(text.at("tally.share"), TextStep::caption, columns.share, ink, Align::end);
    paint.text(text.at("tally.verdict"), TextStep::caption, columns.verdict, ink, Align::start);
}

void draw_row(Painter& paint, Rect rect, const TallyModel& model, const TallyRow& row) {
    DrawContext& draw = paint.context();
    const RowColumns columns = columns_of(rect, draw.layout.portrait());
    paint.text(row.label, TextStep::caption, columns.label, theme::kCard.ink, Align::start);
    draw_stacked_bar(paint, parts_of(model, row), draw.language, columns.bar.middle(columns.bar.width, 44));
    paint.text(survey::format_count(row.responses, draw.language), TextStep::caption, columns.count, theme::kCard.ink,
               Align::end);
    if (!row.satisfaction) {
        paint.text(draw.text.at("tally.none_yet"), TextStep::caption, columns.verdict, theme::kCard.muted,
                   Align::start);
        return;
    }
    paint.text(percent(draw, row.satisfaction->share_tenths), TextStep::caption, columns.share, theme::kCard.ink,
               Align::end);
    const VerdictLook look = look_of(draw, row.satisfaction->verdict);
    Rect verdict = columns.verdict;
    draw_icon(paint, look.icon, verdict.cut_left(32, 12).centre(), 30, look.surface.ink);
    paint.text(look.words, TextStep::caption, verdict, theme::kCard.ink, Align::start);
}

std::optional<TallyIntent> draw_counters(Painter& paint, Rect area, const TallyModel& model) {
    const bool portrait = paint.context().layout.portrait();
    draw_table_head(paint, area.cut_top(52, 4), portrait);
    const GridRule rule{.columns = 1, .cell_height_min = 84, .cell_height_max = 100, .gap = 0};
    const PagedGrid paged = lay_out(area, model.counters.size(), {rule}, model.page);
    const auto [first, last] = paged.shown(model.counters.size());
    if (last > first) {
        Rect card = paged.grid.cell(0);
        card.height = paged.grid.cell(last - first - 1).bottom() - card.y;
        draw_card(paint, card);
    }
    for (std::size_t i = first; i < last; ++i) {
        const Rect rect = paged.grid.cell(i - first);
        if (i > first) paint.fill({rect.x + kPad, rect.y, rect.width - 2 * kPad, 2}, theme::kCard.edge);
        draw_row(paint, rect, model, model.counters[i]);
    }
    if (const auto page = draw_page_bar(paint, paged)) return PageTurned{*page};
    return std::nullopt;
}

/// What was collected, what the backend confirmed, what waits; when it was last in touch; what needs a hand.
void draw_delivery(Painter& paint, Rect area, const TallyModel& model) {
    DrawContext& draw = paint.context();
    if (!model.trouble.empty()) {
        draw_notice(paint, Icon::warning, model.trouble, theme::kTrouble, area.cut_bottom(96, 14), TextStep::body);
    }
    draw_card(paint, area);
    Rect content = area.inset(kPad, 14);
    draw_icon(paint, Icon::sync, content.cut_left(44, 22).centre(), 44, theme::kCard.muted);
    std::string counts = count_words(draw, "tally.collected", model.collected) + "  \u00b7  " +
                         count_words(draw, "tally.delivered", model.delivered);
    if (model.unsaved > 0) counts += "  \u00b7  " + count_words(draw, "tally.unsaved", model.unsaved);
    paint.text(counts, TextStep::caption, content.cut_top(content.height / 2), theme::kCard.ink, Align::start);
    paint.text(model.last_sync, TextStep::caption, content, theme::kCard.muted, Align::start);
}

}  // namespace

std::optional<TallyIntent> draw_tally(const TallyModel& model, DrawContext& draw) {
    Stage stage(draw);
    const PageShape shape = page_shape(draw.layout);
    const bool portrait = draw.layout.portrait();
    Rect content = stage.page.inset(shape.margin_x, shape.margin_y);
    std::optional<TallyIntent> intent = draw_head(stage.paint, content.cut_top(shape.header, 20), model);
    const float delivery = 128 + (model.trouble.empty() ? 0.F : 110.F);
    draw_delivery(stage.paint, content.cut_bottom(delivery, 20), model);
    if (portrait) {
        if (const auto tapped = draw_periods(stage.paint, content.cut_top(104, 20), model)) intent = tapped;
        draw_total(stage.paint, content.cut_top(476, 20), model);
        if (const auto tapped = draw_counters(stage.paint, content, model)) intent = tapped;
        return intent;
    }
    // Wide: the whole on the left, the counters on the right.
    Rect left = content.cut_left(content.width * 0.4F, 28);
    if (const auto tapped = draw_periods(stage.paint, left.cut_top(104, 20), model)) intent = tapped;
    draw_total(stage.paint, left, model);
    if (const auto tapped = draw_counters(stage.paint, content, model)) intent = tapped;
    return intent;
}

}  // namespace hailong::kiosk
