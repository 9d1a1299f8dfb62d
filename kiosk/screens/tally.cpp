#include <algorithm>
#include <cmath>

#include "kiosk/screens/asking.h"
#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

constexpr float kPad = 32;    // inside a card
constexpr float kHead = 132;  // title and the center's name, which may need two lines

void draw_card(Painter& paint, Rect rect) {
    paint.fill(rect, paint.theme().card.fill, theme::kRadius);
    paint.outline(rect, paint.theme().card.edge, 2, theme::kRadius);
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
            return {Icon::check, draw.theme.good, draw.text.at("verdict.met")};
        case survey::Verdict::met_unproven:
            return {Icon::hourglass, draw.theme.caution, draw.text.at("verdict.met_unproven")};
        case survey::Verdict::not_met:
            return {Icon::warning, draw.theme.trouble, draw.text.at("verdict.not_met")};
    }
    return {};
}

std::vector<BarPart> parts_of(const Theme& theme, const TallyModel& model, const TallyRow& row) {
    std::vector<BarPart> parts;
    const std::size_t shown = std::min(model.options.size(), row.counts.size());
    for (std::size_t i = 0; i < shown; ++i) {
        if (!model.options[i].excluded) parts.push_back({row.counts[i], option_colour(theme, model.options, i)});
    }
    return parts;
}

std::optional<TallyIntent> draw_head(Painter& paint, Rect strip, const TallyModel& model) {
    const survey::Messages& text = paint.context().text;
    std::optional<TallyIntent> intent;
    if (button(paint, "close", text.at("staff.close"), strip.cut_right(250, theme::kGap).middle(250, 112),
               {.surface = &paint.theme().sunken, .before = Icon::cross, .step = TextStep::body})) {
        intent = StaffClosed{};
    }
    if (!paint.context().layout.portrait()) {
        paint.text(model.period_label, TextStep::label, strip.cut_right(strip.width * 0.4F, theme::kGap),
                   paint.theme().page.ink, Align::end);
    }
    const Rect emblem = strip.cut_left(112, 22);
    draw_emblem(paint, emblem.centre(), emblem.width / 2);
    DrawContext& draw = paint.context();
    const TextBlock title =
        fit_text(draw, text.at("tally.title"), TextStep::label, strip.width, line_height(draw, TextStep::label));
    const TextBlock center =
        fit_text(draw, model.center_name, TextStep::caption, strip.width, strip.height - title.height);
    Rect group = strip.middle(strip.width, title.height + center.height);
    paint.text(title, group.cut_top(title.height), paint.theme().page.ink, Align::start);
    paint.text(center, group, paint.theme().page.muted, Align::start);
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
    const bool portrait = paint.context().layout.portrait();
    const Choice choices[] = {{TallyPeriod::today, "period/today", text.at("tally.today")},
                              {TallyPeriod::month, "period/month", text.at("tally.month")}};
    const float width = portrait ? 270 : (strip.width - 16) / 2;
    for (const Choice& choice : choices) {
        const bool current = choice.period == model.period;
        if (button(paint, choice.target, choice.words, strip.cut_left(width, 16),
                   {.surface = current ? &paint.theme().primary : &paint.theme().card, .step = TextStep::body})) {
            intent = PeriodChosen{choice.period};
        }
    }
    if (portrait) {
        strip.cut_left(12);
        paint.text(model.period_label, TextStep::label, strip, paint.theme().page.ink, Align::end);
    }
    return intent;
}

void draw_legend(Painter& paint, Rect area, const TallyModel& model) {
    DrawContext& draw = paint.context();
    const std::size_t count = std::min(model.options.size(), model.total.counts.size());
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < count; ++i) {
        const survey::Option& option = model.options[i];
        labels.push_back(draw.text.format(option.excluded ? "tally.legend_excluded" : "tally.legend",
                                          {{"label", option.label.in(draw.language)},
                                           {"count", survey::format_count(model.total.counts[i], draw.language)}}));
    }
    const auto words_of = [](Rect cell) {
        cell.cut_left(52);
        return cell;
    };
    // As many columns as the words allow on one line; where none does, words are cut but no answer is left out.
    Grid grid = arrange(area, count, {.columns = 3, .cell_height_min = 34, .cell_height_max = 50, .gap = 2});
    for (const std::size_t columns : {std::size_t{3}, std::size_t{2}, std::size_t{1}}) {
        const Grid candidate =
            arrange(area, count, {.columns = columns, .cell_height_min = 34, .cell_height_max = 50, .gap = 2});
        if (candidate.pages > 1) break;
        grid = candidate;
        const Rect place = words_of(grid.cell(0));
        if (std::all_of(labels.begin(), labels.end(), [&](const std::string& label) {
                return text_width(draw, TextStep::caption, label) <= place.width;
            })) {
            break;
        }
    }
    for (std::size_t i = 0; i < std::min(count, grid.per_page()); ++i) {
        Rect cell = grid.cell(i);
        const Rect words = words_of(cell);
        const Point mark = cell.cut_left(40).centre();
        if (const auto face = face_of(model.options[i].icon)) {
            draw_face(paint, *face, mark, 19);
        } else {
            paint.disc(mark, 15, option_colour(draw.theme, model.options, i));
        }
        paint.text(cut_text(draw, labels[i], TextStep::caption, words.width), words, paint.theme().card.ink,
                   Align::start);
    }
}

/// The share and its verdict, what they rest on, the bar, and which answer is which colour.
void draw_total(Painter& paint, Rect card, const TallyModel& model) {
    DrawContext& draw = paint.context();
    draw_card(paint, card);
    Rect content = card.inset(kPad, 22);
    const TextBlock question =
        fit_text(draw, model.question, TextStep::body, content.width, 2 * line_height(draw, TextStep::caption));
    paint.text(question, content.cut_top(question.height, 14), paint.theme().card.muted, Align::start);

    Rect figures = content.cut_top(90, 4);
    const Rect basis_strip = content.cut_top(2 * line_height(draw, TextStep::caption), 16);
    const std::optional<survey::Satisfaction>& satisfaction = model.total.satisfaction;
    if (satisfaction) {
        const TextBlock share = fit_text(draw, percent(draw, satisfaction->share_tenths), TextStep::hero,
                                         figures.width * 0.5F, figures.height);
        paint.text(share, figures.cut_left(share.width, 36), paint.theme().card.ink, Align::start);
        const VerdictLook look = look_of(draw, satisfaction->verdict);
        const Rect pill = figures.middle(figures.width, 88);
        const TextBlock words = fit_text(draw, look.words, TextStep::body, pill.width - 112, pill.height - 8);
        draw_notice(paint, look.icon, look.words, look.surface,
                    {pill.x, pill.y, std::min(words.width + 114, pill.width), pill.height}, TextStep::body);
        const std::string basis = draw.text.format(
            "tally.basis", {{"satisfied", survey::format_count(satisfaction->satisfied, draw.language)},
                            {"total", survey::format_count(satisfaction->total, draw.language)},
                            {"low", percent(draw, std::lround(satisfaction->interval.low * 1000))},
                            {"high", percent(draw, std::lround(satisfaction->interval.high * 1000))}});
        paint.text(basis, TextStep::caption, basis_strip, paint.theme().card.muted, Align::start);
    } else {
        paint.text(draw.text.at("tally.nothing"), TextStep::title, figures, paint.theme().card.ink, Align::start);
    }
    draw_stacked_bar(paint, parts_of(paint.theme(), model, model.total), draw.language, content.cut_top(52, 14));
    draw_legend(paint, content, model);
}

/// Counter with its bar, n, share and verdict in columns that line up from row to row.
struct RowColumns {
    Rect label;
    Rect count;
    Rect share;
    Rect verdict;
};
RowColumns columns_of(Rect row) {
    constexpr float kWideFrom = 930;
    const bool wide = row.width >= kWideFrom;
    Rect rest = row.inset(kPad, 0);
    RowColumns columns;
    columns.verdict = rest.cut_right(wide ? 236 : 222, wide ? 20 : 14);
    columns.share = rest.cut_right(wide ? 132 : 128, wide ? 16 : 8);
    columns.count = rest.cut_right(wide ? 112 : 98, wide ? 24 : 16);
    columns.label = rest;
    return columns;
}

void draw_table_head(Painter& paint, Rect strip, const TallyModel& model) {
    const survey::Messages& text = paint.context().text;
    const RowColumns columns = columns_of(strip);
    const ImU32 ink = paint.theme().page.muted;
    const std::string objective =
        text.format("tally.objective", {{"percent", std::to_string(model.objective.more_than_percent)}});
    paint.text(text.at("tally.counter"), TextStep::caption, columns.label, ink, Align::start);
    paint.text(text.at("tally.count"), TextStep::caption, columns.count, ink, Align::end);
    paint.text(text.at("tally.share"), TextStep::caption, columns.share, ink, Align::end);
    paint.text(objective, TextStep::caption, columns.verdict, ink, Align::start);
}

void draw_row(Painter& paint, Rect rect, const TallyModel& model, const TallyRow& row) {
    DrawContext& draw = paint.context();
    const RowColumns columns = columns_of(rect);
    const float line = line_height(draw, TextStep::caption);
    constexpr float kBar = 20;
    constexpr float kBarGap = 8;
    Rect left = columns.label.middle(columns.label.width, line + kBarGap + kBar);
    const Rect label = left.cut_top(line, kBarGap);
    paint.text(cut_text(draw, row.label, TextStep::caption, label.width), label, paint.theme().card.ink, Align::start);
    draw_stacked_bar(paint, parts_of(paint.theme(), model, row), draw.language, left);
    paint.text(survey::format_count(row.responses, draw.language), TextStep::caption, columns.count,
               paint.theme().card.ink, Align::end);
    if (!row.satisfaction) {
        paint.text(draw.text.at("tally.none_yet"), TextStep::caption, columns.verdict, paint.theme().card.muted,
                   Align::start);
        return;
    }
    paint.text(percent(draw, row.satisfaction->share_tenths), TextStep::caption, columns.share, paint.theme().card.ink,
               Align::end);
    const VerdictLook look = look_of(draw, row.satisfaction->verdict);
    Rect verdict = columns.verdict;
    draw_icon(paint, look.icon, verdict.cut_left(30, 12).centre(), 30, look.surface.ink);
    paint.text(look.words, TextStep::caption, verdict, paint.theme().card.ink, Align::start);
}

std::optional<TallyIntent> draw_counters(Painter& paint, Rect area, const TallyModel& model) {
    draw_table_head(paint, area.cut_top(52, 4), model);
    const GridRule rule{.columns = 1, .cell_height_min = 82, .cell_height_max = 112, .gap = 0};
    const PagedGrid paged = lay_out(area, model.counters.size(), {rule}, model.page);
    const auto [first, last] = paged.shown(model.counters.size());
    if (last > first) {
        Rect card = paged.grid.cell(0);
        card.height = paged.grid.cell(last - first - 1).bottom() - card.y;
        draw_card(paint, card);
    }
    for (std::size_t i = first; i < last; ++i) {
        const Rect rect = paged.grid.cell(i - first);
        if (i > first) paint.fill({rect.x + kPad, rect.y, rect.width - 2 * kPad, 2}, paint.theme().card.edge);
        draw_row(paint, rect, model, model.counters[i]);
    }
    if (const auto page = draw_page_bar(paint, paged)) return PageTurned{*page};
    return std::nullopt;
}

/// What was collected, what the backend confirmed, what waits; when it was last in touch; what needs a hand. Cuts its
/// place off the bottom of `content`.
void draw_delivery(Painter& paint, Rect& content, const TallyModel& model) {
    DrawContext& draw = paint.context();
    constexpr float kIcon = 44;
    constexpr float kIconGap = 22;
    constexpr float kPadY = 18;
    const float line = line_height(draw, TextStep::caption);
    if (!model.trouble.empty()) {
        // Two lines fit as they are; each further one brings its own room.
        const auto lines = 1 + std::count(model.trouble.begin(), model.trouble.end(), '\n');
        const float height = 96 + 56 * static_cast<float>(std::max<std::ptrdiff_t>(0, lines - 2));
        draw_notice(paint, Icon::warning, model.trouble, paint.theme().trouble, content.cut_bottom(height, 16),
                    TextStep::body);
    }
    std::string counts = count_words(draw, "tally.collected", model.collected) + "  \u00b7  " +
                         count_words(draw, "tally.delivered", model.delivered);
    if (model.unsaved > 0) counts += "  \u00b7  " + count_words(draw, "tally.unsaved", model.unsaved);
    const float room = content.width - 2 * kPad - kIcon - kIconGap;
    const TextBlock sync = fit_text(draw, model.last_sync, TextStep::caption, room, 3 * line);
    const Rect card = content.cut_bottom(line + sync.height + 2 * kPadY, 20);
    draw_card(paint, card);
    Rect inside = card.inset(kPad, kPadY);
    draw_icon(paint, Icon::sync, inside.cut_left(kIcon, kIconGap).centre(), kIcon, paint.theme().card.muted);
    paint.text(counts, TextStep::caption, inside.cut_top(line), paint.theme().card.ink, Align::start);
    paint.text(sync, inside, paint.theme().card.muted, Align::start);
}

}  // namespace

std::optional<TallyIntent> draw_tally(const TallyModel& model, DrawContext& draw) {
    Stage stage(draw);
    const PageShape shape = page_shape(draw.layout);
    const bool portrait = draw.layout.portrait();
    Rect content = stage.page.inset(shape.margin_x, shape.margin_y);
    std::optional<TallyIntent> intent = draw_head(stage.paint, content.cut_top(kHead, 20), model);
    draw_delivery(stage.paint, content, model);
    if (portrait) {
        if (const auto tapped = draw_periods(stage.paint, content.cut_top(104, 20), model)) intent = tapped;
        draw_total(stage.paint, content.cut_top(548, 20), model);
        if (const auto tapped = draw_counters(stage.paint, content, model)) intent = tapped;
        return intent;
    }
    // Wide: the whole on the left, the counters on the right.
    Rect left = content.cut_left(content.width * (content.width < 1700 ? 0.4F : 0.43F), 28);
    if (const auto tapped = draw_periods(stage.paint, left.cut_top(104, 20), model)) intent = tapped;
    draw_total(stage.paint, left, model);
    if (const auto tapped = draw_counters(stage.paint, content, model)) intent = tapped;
    return intent;
}

}  // namespace hailong::kiosk
