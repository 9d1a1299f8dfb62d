#include "kiosk/widgets/faces.h"

#include <array>
#include <cmath>

#include "kiosk/widgets/shapes.h"

namespace hailong::kiosk {
namespace {

constexpr ImU32 kTeeth = rgb(0xFFFFFF);
constexpr ImU32 kTongue = rgb(0xE9788A);
constexpr ImU32 kTear = rgb(0xDDF2FF);  // light, so that it shows on red without colour, too
constexpr ImU32 kBlush = rgb(0xF7A8A0);

/// Draws in units of the face's radius around its centre.
struct Pencil {
    Painter& paint;
    Point centre;
    float radius;

    [[nodiscard]] ImU32 ink() const { return paint.theme().level_ink; }
    [[nodiscard]] Point at(float x, float y) const { return {centre.x + x * radius, centre.y + y * radius}; }
    void dot(float x, float y, float rx, float ry, ImU32 colour) const {
        paint.convex(ellipse(at(x, y), rx * radius, ry * radius), colour);
    }
    void arc(float x, float y, float r, float from, float to, float thickness) const {
        paint.arc(at(x, y), r * radius, from * kPi, to * kPi, ink(), thickness * radius);
    }
    void stroke(float x0, float y0, float x1, float y1, float thickness) const {
        const std::array points{at(x0, y0), at(x1, y1)};
        paint.line(points, ink(), thickness * radius);
    }
};

void draw_open_eyes(const Pencil& pencil) {
    for (const float x : {-0.33F, 0.33F}) {
        pencil.dot(x, -0.15F, 0.105F, 0.145F, pencil.ink());
        pencil.dot(x + 0.035F, -0.21F, 0.038F, 0.045F, kTeeth);
    }
}

void draw_cheeks(const Pencil& pencil, Face face) {
    const ImU32 colour = mix(colour_of(pencil.paint.theme(), face), kBlush, 0.15F);
    for (const float x : {-0.62F, 0.62F})
        pencil.dot(x, 0.13F, 0.12F, 0.085F, colour);
}

void draw_very_happy(const Pencil& pencil) {
    draw_cheeks(pencil, Face::very_happy);
    for (const float x : {-0.35F, 0.35F}) {
        pencil.arc(x, -0.09F, 0.165F, 1.12F, 1.88F, 0.085F);  // eyes closed with joy
    }
    // A wide open smile: the lower half of an ellipse, teeth above, tongue below.
    const Point left = pencil.at(-1, 0.12F);
    const Point right = pencil.at(1, 0.12F);
    const Outline mouth = cut(ellipse(pencil.at(0, 0.12F), 0.5F * pencil.radius, 0.54F * pencil.radius), right, left);
    pencil.paint.convex(mouth, pencil.ink());
    const Outline tongue = ellipse(pencil.at(0, 0.66F), 0.3F * pencil.radius, 0.24F * pencil.radius);
    const Outline inner = cut(ellipse(pencil.at(0, 0.12F), 0.46F * pencil.radius, 0.5F * pencil.radius), right, left);
    pencil.paint.convex(within(tongue, inner), kTongue);
    const Outline teeth = cut(inner, pencil.at(-1, 0.24F), pencil.at(1, 0.24F));
    pencil.paint.convex(teeth, kTeeth);
}

void draw_happy(const Pencil& pencil) {
    draw_cheeks(pencil, Face::happy);
    draw_open_eyes(pencil);
    pencil.arc(0, 0.04F, 0.46F, 0.1F, 0.9F, 0.1F);
}

void draw_neutral(const Pencil& pencil) {
    draw_open_eyes(pencil);
    pencil.stroke(-0.34F, 0.38F, 0.34F, 0.38F, 0.1F);
}

void draw_unhappy(const Pencil& pencil) {
    draw_open_eyes(pencil);
    pencil.arc(0, 0.84F, 0.46F, 1.18F, 1.82F, 0.1F);
}

void draw_very_unhappy(const Pencil& pencil) {
    draw_open_eyes(pencil);
    for (const float sign : {-1.F, 1.F}) {
        pencil.stroke(sign * 0.18F, -0.5F, sign * 0.5F, -0.36F, 0.08F);  // brows raised towards each other: sorrow
    }
    // A mouth open in complaint: the upper half of an ellipse, with the tongue below.
    const Point left = pencil.at(-1, 0.7F);
    const Point right = pencil.at(1, 0.7F);
    const Outline mouth = cut(ellipse(pencil.at(0, 0.7F), 0.36F * pencil.radius, 0.4F * pencil.radius), left, right);
    pencil.paint.convex(mouth, pencil.ink());
    const Outline inner = cut(ellipse(pencil.at(0, 0.7F), 0.31F * pencil.radius, 0.35F * pencil.radius),
                              pencil.at(-1, 0.66F), pencil.at(1, 0.66F));
    const Outline tongue = ellipse(pencil.at(0, 0.7F), 0.22F * pencil.radius, 0.16F * pencil.radius);
    pencil.paint.convex(within(tongue, inner), kTongue);
    // One tear under the left eye.
    const Point tip = pencil.at(-0.5F, -0.02F);
    pencil.paint.convex(ellipse(pencil.at(-0.5F, 0.27F), 0.12F * pencil.radius, 0.14F * pencil.radius), kTear);
    const std::array drop{tip, pencil.at(-0.385F, 0.22F), pencil.at(-0.615F, 0.22F)};
    pencil.paint.convex(drop, kTear);
}

}  // namespace

std::optional<Face> face_of(std::string_view icon) {
    struct Name {
        std::string_view icon;
        Face face;
    };
    static constexpr Name kNames[] = {
        {"face_5", Face::very_happy}, {"face_4", Face::happy},        {"face_3", Face::neutral},
        {"face_2", Face::unhappy},    {"face_1", Face::very_unhappy}, {"face_very_happy", Face::very_happy},
        {"face_happy", Face::happy},  {"face_sad", Face::unhappy},
    };
    for (const Name& name : kNames) {
        if (name.icon == icon) return name.face;
    }
    return std::nullopt;
}

ImU32 colour_of(const Theme& theme, Face face) {
    return theme.levels[static_cast<std::size_t>(face)];
}

void draw_face(Painter& paint, Face face, Point centre, float radius) {
    const ImU32 colour = colour_of(paint.theme(), face);
    paint.disc(centre, radius, mix(colour, paint.theme().level_ink, 0.82F));
    paint.disc(centre, radius * 0.955F, colour);
    const Pencil pencil{paint, centre, radius};
    switch (face) {
        case Face::very_happy:
            return draw_very_happy(pencil);
        case Face::happy:
            return draw_happy(pencil);
        case Face::neutral:
            return draw_neutral(pencil);
        case Face::unhappy:
            return draw_unhappy(pencil);
        case Face::very_unhappy:
            return draw_very_unhappy(pencil);
    }
}

ImU32 option_colour(const Theme& theme, const std::vector<survey::Option>& options, std::size_t index) {
    const survey::Option& option = options[index];
    if (option.excluded) return theme.level_none;
    if (const std::optional<Face> face = face_of(option.icon)) return colour_of(theme, *face);
    const auto height = [](const survey::Option& o) { return o.level.value_or(o.points.value_or(0)); };
    std::size_t counted = 0;
    std::size_t lower = 0;
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (options[i].excluded) continue;
        ++counted;
        // Without levels, what stands first is the best, as on every form.
        lower += height(options[i]) < height(option) || (height(options[i]) == height(option) && i > index) ? 1 : 0;
    }
    if (counted < 2) return theme.levels[4];
    const float place = static_cast<float>(lower) / static_cast<float>(counted - 1) * 4;
    const auto below = static_cast<std::size_t>(std::floor(place));
    const std::size_t above = below < 4 ? below + 1 : below;
    return mix(theme.levels[above], theme.levels[below], place - static_cast<float>(below));
}

}  // namespace hailong::kiosk
