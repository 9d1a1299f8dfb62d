#include "kiosk/widgets/icons.h"

#include <array>
#include <cmath>

#include "kiosk/widgets/shapes.h"

namespace hailong::kiosk {
namespace {

constexpr float kStroke = 0.1F;  // of the icon's size

struct Pen {
    Painter& paint;
    Point centre;
    float size;
    ImU32 colour;

    [[nodiscard]] Point at(float x, float y) const { return {centre.x + x * size, centre.y + y * size}; }
    template <class... Points>
    void line(Points... points) const {
        const std::array all{points...};
        paint.line(all, colour, kStroke * size);
    }
    void arc(float x, float y, float r, float from, float to) const {
        paint.arc(at(x, y), r * size, from * kPi, to * kPi, colour, kStroke * size);
    }
    void dot(float x, float y, float r) const { paint.disc(at(x, y), r * size, colour); }
};

void draw_speaker(const Pen& pen) {
    const std::array cone{pen.at(-0.28F, -0.14F), pen.at(-0.02F, -0.38F), pen.at(-0.02F, 0.38F), pen.at(-0.28F, 0.14F)};
    pen.paint.convex(cone, pen.colour);
    const Point corner = pen.at(-0.46F, -0.14F);
    pen.paint.fill({corner.x, corner.y, 0.22F * pen.size, 0.28F * pen.size}, pen.colour, 0.05F * pen.size);
}

void draw_speech(const Pen& pen) {
    pen.line(pen.at(-0.44F, -0.36F), pen.at(0.44F, -0.36F), pen.at(0.44F, 0.18F), pen.at(0, 0.18F),
             pen.at(-0.22F, 0.42F), pen.at(-0.22F, 0.18F), pen.at(-0.44F, 0.18F), pen.at(-0.44F, -0.36F));
    for (const float x : {-0.2F, 0.F, 0.2F})
        pen.dot(x, -0.09F, 0.055F);
}

void draw_ticket(const Pen& pen) {
    pen.line(pen.at(-0.46F, -0.3F), pen.at(0.46F, -0.3F), pen.at(0.46F, 0.3F), pen.at(-0.46F, 0.3F),
             pen.at(-0.46F, -0.3F));
    // The bars of its code.
    constexpr float kBars[] = {-0.28F, -0.14F, 0.06F, 0.16F, 0.28F};
    for (const float x : kBars) {
        const Point top = pen.at(x - 0.025F, -0.16F);
        pen.paint.fill({top.x, top.y, (x == 0.06F ? 0.09F : 0.05F) * pen.size, 0.32F * pen.size}, pen.colour);
    }
}

void draw_broom(const Pen& pen) {
    pen.line(pen.at(0.4F, -0.44F), pen.at(0.02F, 0.02F));
    const std::array brush{pen.at(-0.1F, -0.1F), pen.at(0.16F, 0.12F), pen.at(0.02F, 0.46F), pen.at(-0.46F, 0.1F)};
    pen.paint.convex(brush, pen.colour);
}

void draw_contrast(const Pen& pen) {
    pen.paint.ring(pen.centre, 0.43F * pen.size, pen.colour, kStroke * pen.size);
    const Outline whole = ellipse(pen.centre, 0.43F * pen.size, 0.43F * pen.size);
    pen.paint.convex(cut(whole, pen.at(0, 1), pen.at(0, -1)), pen.colour);
}

void draw_more_time(const Pen& pen) {
    const Point centre = pen.at(-0.08F, 0.04F);
    pen.paint.ring(centre, 0.36F * pen.size, pen.colour, kStroke * pen.size);
    pen.line(pen.at(-0.08F, -0.16F), pen.at(-0.08F, 0.06F), pen.at(0.06F, 0.14F));
    pen.line(pen.at(0.36F, -0.48F), pen.at(0.36F, -0.2F));
    pen.line(pen.at(0.22F, -0.34F), pen.at(0.5F, -0.34F));
}

Point turned(Point base, float length, float degrees_from_up) {
    const float angle = degrees_from_up * kPi / 180;
    return {base.x + length * std::sin(angle), base.y - length * std::cos(angle)};
}

}  // namespace

// One case an icon: the list is long, not deep.
void draw_icon(Painter& paint, Icon icon, Point centre, float size, ImU32 colour) {
    const Pen pen{paint, centre, size, colour};
    switch (icon) {
        case Icon::back:
            return pen.line(pen.at(0.16F, -0.34F), pen.at(-0.18F, 0), pen.at(0.16F, 0.34F));
        case Icon::forward:
            return pen.line(pen.at(-0.16F, -0.34F), pen.at(0.18F, 0), pen.at(-0.16F, 0.34F));
        case Icon::check:
            return pen.line(pen.at(-0.36F, 0.02F), pen.at(-0.1F, 0.28F), pen.at(0.38F, -0.28F));
        case Icon::cross:
            pen.line(pen.at(-0.3F, -0.3F), pen.at(0.3F, 0.3F));
            return pen.line(pen.at(0.3F, -0.3F), pen.at(-0.3F, 0.3F));
        case Icon::erase:
            pen.line(pen.at(-0.2F, -0.32F), pen.at(0.46F, -0.32F), pen.at(0.46F, 0.32F), pen.at(-0.2F, 0.32F),
                     pen.at(-0.48F, 0), pen.at(-0.2F, -0.32F));
            pen.line(pen.at(-0.02F, -0.13F), pen.at(0.24F, 0.13F));
            return pen.line(pen.at(0.24F, -0.13F), pen.at(-0.02F, 0.13F));
        case Icon::warning:
            pen.line(pen.at(0, -0.42F), pen.at(0.46F, 0.38F), pen.at(-0.46F, 0.38F), pen.at(0, -0.42F),
                     pen.at(0.02F, -0.38F));
            pen.line(pen.at(0, -0.1F), pen.at(0, 0.1F));
            return pen.dot(0, 0.25F, 0.06F);
        case Icon::question:
            paint.ring(centre, 0.46F * size, colour, kStroke * size);
            pen.arc(0, -0.1F, 0.15F, 1, 2.36F);
            pen.line(pen.at(0.07F, 0.03F), pen.at(0, 0.1F), pen.at(0, 0.13F));
            return pen.dot(0, 0.29F, 0.06F);
        case Icon::clock:
            paint.ring(centre, 0.43F * size, colour, kStroke * size);
            return pen.line(pen.at(0, -0.22F), pen.at(0, 0.03F), pen.at(0.18F, 0.12F));
        case Icon::lock:
            pen.arc(0, -0.14F, 0.22F, 1, 2);
            pen.line(pen.at(-0.22F, -0.14F), pen.at(-0.22F, 0.02F));
            pen.line(pen.at(0.22F, -0.14F), pen.at(0.22F, 0.02F));
            return paint.fill({centre.x - 0.36F * size, centre.y - 0.02F * size, 0.72F * size, 0.48F * size}, colour,
                              0.1F * size);
        case Icon::hourglass:
            pen.line(pen.at(-0.3F, -0.42F), pen.at(0.3F, -0.42F));
            pen.line(pen.at(-0.3F, 0.42F), pen.at(0.3F, 0.42F));
            pen.line(pen.at(-0.22F, -0.42F), pen.at(-0.22F, -0.26F), pen.at(0.22F, 0.26F), pen.at(0.22F, 0.42F));
            return pen.line(pen.at(0.22F, -0.42F), pen.at(0.22F, -0.26F), pen.at(-0.22F, 0.26F), pen.at(-0.22F, 0.42F));
        case Icon::finger:
            paint.fill({centre.x - 0.1F * size, centre.y - 0.3F * size, 0.2F * size, 0.62F * size}, colour,
                       0.1F * size);
            paint.fill({centre.x - 0.1F * size, centre.y + 0.04F * size, 0.46F * size, 0.4F * size}, colour,
                       0.14F * size);
            return pen.arc(0, -0.2F, 0.27F, 0.86F, 2.14F);
        case Icon::sync:
            pen.arc(0, 0, 0.36F, 1.1F, 1.8F);
            pen.arc(0, 0, 0.36F, 0.1F, 0.8F);
            pen.line(pen.at(0.3F, -0.46F), pen.at(0.3F, -0.2F), pen.at(0.06F, -0.2F));
            return pen.line(pen.at(-0.3F, 0.46F), pen.at(-0.3F, 0.2F), pen.at(-0.06F, 0.2F));
        case Icon::speaker:
            draw_speaker(pen);
            pen.arc(0.02F, 0, 0.2F, -0.27F, 0.27F);
            return pen.arc(0.02F, 0, 0.41F, -0.27F, 0.27F);
        case Icon::speaker_off:
            draw_speaker(pen);
            pen.line(pen.at(0.14F, -0.15F), pen.at(0.44F, 0.15F));
            return pen.line(pen.at(0.44F, -0.15F), pen.at(0.14F, 0.15F));
        case Icon::speech:
            return draw_speech(pen);
        case Icon::ticket:
            return draw_ticket(pen);
        case Icon::chart:
            pen.line(pen.at(-0.3F, 0.4F), pen.at(-0.3F, 0.1F));
            pen.line(pen.at(0, 0.4F), pen.at(0, -0.4F));
            return pen.line(pen.at(0.3F, 0.4F), pen.at(0.3F, -0.14F));
        case Icon::broom:
            return draw_broom(pen);
        case Icon::contrast:
            return draw_contrast(pen);
        case Icon::lower:
            pen.line(pen.at(0, -0.44F), pen.at(0, 0.14F));
            pen.line(pen.at(-0.24F, -0.08F), pen.at(0, 0.16F), pen.at(0.24F, -0.08F));
            return pen.line(pen.at(-0.4F, 0.42F), pen.at(0.4F, 0.42F));
        case Icon::more_time:
            return draw_more_time(pen);
    }
}

void draw_lotus(Painter& paint, Point base, float height, ImU32 outer, ImU32 inner) {
    struct Petal {
        float degrees;
        float length;
        float width;
    };
    constexpr Petal kOuter[] = {{-72, 0.74F, 0.24F}, {72, 0.74F, 0.24F}, {-46, 0.88F, 0.3F}, {46, 0.88F, 0.3F}};
    constexpr Petal kInner[] = {{-22, 0.96F, 0.34F}, {22, 0.96F, 0.34F}};
    for (const Petal& p : kOuter)
        paint.convex(petal(base, turned(base, height * p.length, p.degrees), height * p.width), outer);
    for (const Petal& p : kInner)
        paint.convex(petal(base, turned(base, height * p.length, p.degrees), height * p.width), inner);
    paint.convex(petal(base, turned(base, height, 0), height * 0.36F), outer);
}

void draw_emblem(Painter& paint, Point centre, float radius) {
    if (const Picture* own = paint.context().emblem) {
        paint.picture(*own, {centre.x - radius, centre.y - radius, 2 * radius, 2 * radius});
        return;
    }
    paint.disc(centre, radius, paint.theme().primary.fill);
    paint.ring(centre, radius * 0.9F, with_alpha(paint.theme().gold, 190), radius * 0.035F);
    const Point base{centre.x, centre.y + radius * 0.42F};
    draw_lotus(paint, base, radius * 0.98F, paint.theme().primary.ink, paint.theme().lotus);
    for (const float width : {0.46F, 0.26F}) {
        const float y = centre.y + radius * (width > 0.4F ? 0.56F : 0.68F);
        const std::array water{Point{centre.x - radius * width, y}, Point{centre.x + radius * width, y}};
        paint.line(water, paint.theme().kind == ThemeKind::light ? paint.theme().gold : paint.theme().primary.ink,
                   radius * 0.05F);
    }
}

}  // namespace hailong::kiosk
