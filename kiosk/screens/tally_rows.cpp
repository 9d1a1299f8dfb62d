#include "kiosk/screens/tally_rows.h"

#include <algorithm>

#include "kiosk/screens/staff_parts.h"

namespace hailong::kiosk {
namespace {

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
    shape.share = std::max(wide(tally_percent(draw, 1000)), wide(draw.text.at("tally.share")));
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
    draw_stacked_bar(paint, tally_bar(draw.theme, model, row), draw.language, places.bar);
    paint.text(survey::format_count(row.responses, draw.language), TextStep::caption, places.count, card.ink, figures);
    paint.text(tally_percent(draw, row.satisfaction->share_tenths), TextStep::caption, places.share, card.ink, figures);
    const VerdictLook look = look_of(draw, row.satisfaction->verdict, kTallyVerdict);
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

}  // namespace

std::string tally_percent(const DrawContext& draw, std::int64_t tenths) {
    return draw.text.format("tally.percent", {{"share", survey::format_tenths(tenths, draw.language)}});
}

std::vector<BarPart> tally_bar(const Theme& theme, const TallyModel& model, const TallyRow& row) {
    std::vector<BarPart> parts;
    const std::size_t shown = std::min(model.options.size(), row.counts.size());
    for (std::size_t i = 0; i < shown; ++i) {
        if (!model.options[i].excluded) parts.push_back({row.counts[i], option_colour(theme, model.options, i)});
    }
    return parts;
}

std::optional<TallyIntent> draw_tally_rows(Painter& paint, Rect area, const TallyModel& model) {
    DrawContext& draw = paint.context();
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

}  // namespace hailong::kiosk
