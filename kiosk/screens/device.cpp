// How the terminal is: calm rows, what needs a hand first.
#include <algorithm>

#include "kiosk/screens/staff_parts.h"

namespace hailong::kiosk {
namespace {

constexpr float kMark = 52;
constexpr float kMarkGap = 28;

struct HealthLook {
    Icon icon;
    Surface surface;
};
std::optional<HealthLook> look_of(const Theme& theme, Health health) {
    switch (health) {
        case Health::fact:
            return std::nullopt;
        case Health::good:
            return HealthLook{Icon::check, theme.good};
        case Health::attention:
            return HealthLook{Icon::clock, theme.caution};
        case Health::trouble:
            return HealthLook{Icon::warning, theme.trouble};
    }
    return std::nullopt;
}

/// Label beside value where both have room, above it otherwise.
struct RowShape {
    bool stacked = false;
    float label = 0;
    float height = 0;
    TextStep step = TextStep::body;  // of all values: what stands below each other is written in one size
};
RowShape row_shape(const DrawContext& draw, const DeviceModel& model, float width) {
    RowShape shape;
    const float line = line_height(draw, TextStep::caption);
    const float room = width - 2 * theme::kCardPad - kMark - kMarkGap;
    for (const DeviceRow& row : model.rows)
        shape.label = std::max(shape.label, text_width(draw, TextStep::body, row.label));
    shape.label = std::min(shape.label + 8, room * 0.42F);
    shape.stacked = room - shape.label - kMarkGap < 400 * factor(draw.layout.text);
    const float value = shape.stacked ? room : room - shape.label - kMarkGap;
    const auto lines_at = [&](TextStep step) {
        std::size_t lines = 1;
        for (const DeviceRow& row : model.rows)
            lines = std::max(lines, wrap(draw, step, row.value, value).size());
        return lines;
    };
    constexpr std::size_t kLinesMax = 2;  // more are written smaller
    if (lines_at(TextStep::body) > kLinesMax) shape.step = TextStep::caption;
    const float text = static_cast<float>(lines_at(shape.step)) * line_height(draw, shape.step);
    shape.height = text + (shape.stacked ? line : 0) + 40;
    return shape;
}

void draw_row(Painter& paint, Rect rect, const DeviceRow& row, const RowShape& shape) {
    DrawContext& draw = paint.context();
    const Surface& card = draw.theme.card;
    Rect inside = rect.inset(theme::kCardPad, 12);
    const Rect mark = inside.cut_left(kMark, kMarkGap);
    if (const auto look = look_of(draw.theme, row.health)) {
        paint.disc(mark.centre(), kMark / 2, look->surface.fill);
        paint.ring(mark.centre(), kMark / 2 - 1, look->surface.edge, 2);
        draw_icon(paint, look->icon, mark.centre(), 28, look->surface.ink);
    }
    draw.say(row.label + ": " + row.value);
    if (shape.stacked) {
        const TextBlock label = fit_text(draw, row.label, TextStep::caption, inside.width, inside.height / 2);
        const TextBlock value = fit_text(draw, row.value, shape.step, inside.width, inside.height - label.height);
        Rect group = inside.middle(inside.width, label.height + value.height);
        paint.text(label, group.cut_top(label.height), card.muted, Align::start);
        paint.text(value, group, card.ink, Align::start);
        return;
    }
    paint.text(row.label, shape.step, inside.cut_left(shape.label, kMarkGap), card.muted, Align::start);
    paint.text(row.value, shape.step, inside, card.ink, Align::start);
}

}  // namespace

std::optional<DeviceIntent> draw_device(const DeviceModel& model, DrawContext& draw) {
    Stage stage(draw);
    Painter& paint = stage.paint;
    const StaffFrame frame = draw_staff_frame(paint, stage.page, model.tabs);
    std::optional<DeviceIntent> intent = widen<DeviceIntent>(frame.intent);
    if (model.rows.empty()) return intent;
    RowShape shape = row_shape(draw, model, frame.content.width);
    const auto lay_out = [&] {
        return lay_out_rows(draw, frame.content, model.rows.size(), shape.height, std::max(shape.height, 128.F),
                            model.page);
    };
    PagedGrid paged = lay_out();
    if (paged.grid.area.width < frame.content.width) {  // pages are turned beside the rows
        shape = row_shape(draw, model, paged.grid.area.width);
        paged = lay_out();
    }
    const auto [first, last] = paged.shown(model.rows.size());
    Rect card = paged.grid.cell(0);
    card.height = paged.grid.cell(last - first - 1).bottom() - card.y;
    draw_card(paint, card, paint.theme().card);
    for (std::size_t i = first; i < last; ++i) {
        const Rect rect = paged.grid.cell(i - first);
        if (i > first)
            paint.fill({rect.x + theme::kCardPad, rect.y, rect.width - 2 * theme::kCardPad, 2}, draw.theme.card.edge);
        draw_row(paint, rect, model.rows[i], shape);
    }
    if (const auto page = turn_pages(paint, paged)) intent = PageTurned{*page};
    return intent;
}

}  // namespace hailong::kiosk
