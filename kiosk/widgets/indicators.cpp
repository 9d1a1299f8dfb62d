#include "kiosk/widgets/indicators.h"

#include <algorithm>
#include <string>

namespace hailong::kiosk {

void draw_progress(Painter& paint, int step, int steps, std::string_view text, Rect rect) {
    constexpr int kMarksMax = 12;  // more can't be counted at a glance
    if (steps < 2) return;
    if (steps > kMarksMax) {
        paint.text(text, TextStep::caption, rect, paint.theme().page.muted);
        return;
    }
    constexpr float kDot = 16;
    constexpr float kCurrent = 56;
    constexpr float kGap = 16;
    const float total = static_cast<float>(steps - 1) * (kDot + kGap) + kCurrent;
    float x = rect.x + (rect.width - total) / 2;
    const float y = rect.centre().y - kDot / 2;
    for (int i = 1; i <= steps; ++i) {
        const float width = i == step ? kCurrent : kDot;
        const ImU32 colour = i == step  ? paint.theme().primary.fill
                             : i < step ? mix(paint.theme().primary.fill, paint.theme().page.fill, 0.5F)
                                        : paint.theme().sunken.edge;
        paint.fill({x, y, width, kDot}, colour, kDot / 2);
        x += width + kGap;
    }
}

void draw_countdown(Painter& paint, int seconds, int full_s, Point centre, float radius) {
    const float thickness = radius * 0.16F;
    const float share = std::clamp(static_cast<float>(seconds) / static_cast<float>(std::max(full_s, 1)), 0.F, 1.F);
    paint.ring(centre, radius - thickness / 2, paint.theme().sunken.edge, thickness);
    if (share > 0) {
        paint.arc(centre, radius - thickness / 2, -kPi / 2, -kPi / 2 + 2 * kPi * share, paint.theme().primary.fill,
                  thickness);
    }
    const float side = radius * 1.3F;
    paint.text(std::to_string(seconds), TextStep::label, {centre.x - side / 2, centre.y - side / 2, side, side},
               paint.theme().page.ink);
}

void draw_notice(Painter& paint, Icon icon, std::string_view text, const Surface& surface, Rect rect,
                 TextStep largest) {
    const float size = std::min(rect.height * 0.5F, 40.F);
    const float padding = 24;
    const float room = rect.width - 3 * padding - size;
    const TextBlock block = fit_text(paint.context(), text, largest, room, rect.height - 8);
    const float radius = std::min(theme::kRadius, rect.height / 2);
    const Rect pill = rect.middle(block.width + 3 * padding + size, rect.height);
    paint.fill(pill, surface.fill, radius);
    paint.outline(pill, surface.edge, 2, radius);
    Rect content = pill.inset(padding, 0);
    draw_icon(paint, icon, content.cut_left(size, padding).centre(), size, surface.ink);
    paint.text(block, content, surface.ink, Align::start);
}

void draw_stacked_bar(Painter& paint, std::span<const BarPart> parts, survey::Language language, Rect rect) {
    constexpr float kGap = 3;
    constexpr float kSliver = 8;
    const float radius = std::min(theme::kRadiusSmall, rect.height / 3);
    std::int64_t total = 0;
    std::size_t shown = 0;
    for (const BarPart& part : parts) {
        total += part.count;
        shown += part.count > 0 ? 1 : 0;
    }
    if (total == 0) {
        paint.fill(rect, paint.theme().sunken.fill, radius);
        return;
    }
    // Slivers get their width first; the rest is shared in proportion.
    const float room = rect.width - kGap * static_cast<float>(shown - 1);
    const float shared = room - kSliver * static_cast<float>(shown);
    float x = rect.x;
    for (const BarPart& part : parts) {
        if (part.count <= 0) continue;
        const float share = static_cast<float>(static_cast<double>(part.count) / static_cast<double>(total));
        const float width = kSliver + shared * share;
        const Rect piece{x, rect.y, width, rect.height};
        paint.fill(piece, part.colour, radius);
        const std::string number = survey::format_count(part.count, language);
        DrawContext& draw = paint.context();
        if (text_width(draw, TextStep::caption, number) + 12 <= width &&
            line_height(draw, TextStep::caption) <= rect.height) {
            paint.text(number, TextStep::caption, piece, paint.theme().level_ink);
        }
        x += width + kGap;
    }
}

}  // namespace hailong::kiosk
