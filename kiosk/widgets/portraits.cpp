#include "kiosk/widgets/portraits.h"

#include <array>

#include "kiosk/widgets/shapes.h"

namespace hailong::kiosk {
namespace {

enum class Hair { side_part, crop, swept, receding, bob, long_parted, bun, tied };
enum class Glasses { none, round, square };
enum class Collar { open, tie, round_neck };

struct Look {
    ImU32 ground;
    ImU32 skin;
    ImU32 hair_colour;
    Hair hair;
    ImU32 shirt;
    Collar collar;
    Glasses glasses;
};

constexpr ImU32 kSkinLight = rgb(0xF6D5B5);
constexpr ImU32 kSkinWarm = rgb(0xEBBE94);
constexpr ImU32 kSkinTan = rgb(0xD9A577);
constexpr ImU32 kBlack = rgb(0x2A2628);
constexpr ImU32 kBrown = rgb(0x4A352B);
constexpr ImU32 kGrey = rgb(0x9AA0A2);
constexpr ImU32 kSilver = rgb(0xC6CACA);
constexpr ImU32 kWhiteShirt = rgb(0xFDFDFB);
constexpr ImU32 kBlueShirt = rgb(0xA9CBE6);
constexpr ImU32 kTealShirt = rgb(0x2F8A86);
constexpr ImU32 kNavyShirt = rgb(0x35507A);
constexpr ImU32 kRoseShirt = rgb(0xE6A3A8);
constexpr ImU32 kSandShirt = rgb(0xE5CFA3);
constexpr ImU32 kSage = rgb(0xD5E6D6);
constexpr ImU32 kSky = rgb(0xD3E4EE);
constexpr ImU32 kPeach = rgb(0xF8DFCB);
constexpr ImU32 kLilac = rgb(0xE3DCEE);
constexpr ImU32 kStraw = rgb(0xF5E8C4);

constexpr std::array<Look, kPortraitCount> kLooks{{
    // Women.
    {kPeach, kSkinLight, kBlack, Hair::bob, kWhiteShirt, Collar::open, Glasses::none},
    {kLilac, kSkinLight, kBrown, Hair::long_parted, kTealShirt, Collar::round_neck, Glasses::none},
    {kSky, kSkinWarm, kBlack, Hair::bun, kRoseShirt, Collar::round_neck, Glasses::none},
    {kSage, kSkinLight, kBlack, Hair::tied, kBlueShirt, Collar::open, Glasses::round},
    {kStraw, kSkinWarm, kBlack, Hair::long_parted, kWhiteShirt, Collar::open, Glasses::none},
    {kPeach, kSkinWarm, kGrey, Hair::bob, kNavyShirt, Collar::round_neck, Glasses::round},
    {kLilac, kSkinTan, kBlack, Hair::bun, kSandShirt, Collar::open, Glasses::square},
    {kSky, kSkinLight, kBrown, Hair::tied, kRoseShirt, Collar::open, Glasses::none},
    // Men.
    {kSky, kSkinLight, kBlack, Hair::side_part, kWhiteShirt, Collar::tie, Glasses::none},
    {kSage, kSkinWarm, kBlack, Hair::crop, kBlueShirt, Collar::open, Glasses::square},
    {kStraw, kSkinWarm, kGrey, Hair::receding, kWhiteShirt, Collar::tie, Glasses::round},
    {kPeach, kSkinTan, kBlack, Hair::swept, kSandShirt, Collar::open, Glasses::none},
    {kLilac, kSkinWarm, kBrown, Hair::side_part, kNavyShirt, Collar::open, Glasses::square},
    {kSky, kSkinTan, kBlack, Hair::crop, kWhiteShirt, Collar::tie, Glasses::none},
    {kSage, kSkinLight, kBrown, Hair::swept, kWhiteShirt, Collar::tie, Glasses::round},
    {kStraw, kSkinLight, kSilver, Hair::side_part, kBlueShirt, Collar::tie, Glasses::none},
}};

/// Draws in units of the portrait's radius around its centre, inside its round frame.
class Sketch {
  public:
    Sketch(Painter& paint, Point centre, float radius)
        : paint_(paint), centre_(centre), radius_(radius), frame_(ellipse(centre, radius, radius)) {}

    [[nodiscard]] Point at(float x, float y) const { return {centre_.x + x * radius_, centre_.y + y * radius_}; }
    [[nodiscard]] Outline oval(float x, float y, float rx, float ry) const {
        return ellipse(at(x, y), rx * radius_, ry * radius_);
    }
    void fill(const Outline& outline, ImU32 colour) const { paint_.convex(outline, colour); }
    void fill_framed(const Outline& outline, ImU32 colour) const { paint_.convex(within(outline, frame_), colour); }
    void stroke(Point a, Point b, ImU32 colour, float thickness) const {
        const std::array points{a, b};
        paint_.line(points, colour, thickness * radius_);
    }
    void arc(float x, float y, float r, float from, float to, ImU32 colour, float thickness) const {
        paint_.arc(at(x, y), r * radius_, from * kPi, to * kPi, colour, thickness * radius_);
    }
    void ring(float x, float y, float r, ImU32 colour, float thickness) const {
        paint_.ring(at(x, y), r * radius_, colour, thickness * radius_);
    }
    void box(float x, float y, float w, float h, ImU32 colour, float thickness, float corner) const {
        const Point p = at(x, y);
        paint_.outline({p.x, p.y, w * radius_, h * radius_}, colour, thickness * radius_, corner * radius_);
    }
    void ground(ImU32 colour) const { paint_.disc(centre_, radius_, colour); }

  private:
    Painter& paint_;
    Point centre_;
    float radius_;
    Outline frame_;
};

void draw_hair_behind(const Sketch& s, const Look& look) {
    switch (look.hair) {
        case Hair::bob:
            s.fill(s.oval(0, -0.04F, 0.5F, 0.53F), look.hair_colour);
            break;
        case Hair::long_parted:
            s.fill(s.oval(0, -0.16F, 0.47F, 0.47F), look.hair_colour);
            s.fill_framed(s.oval(0, 0.22F, 0.52F, 0.62F), look.hair_colour);
            break;
        case Hair::bun:
            s.fill(s.oval(0, -0.63F, 0.2F, 0.18F), look.hair_colour);
            break;
        case Hair::tied:
            s.fill(s.oval(0.42F, 0.2F, 0.15F, 0.36F), look.hair_colour);
            break;
        case Hair::crop:
        case Hair::swept:
        case Hair::receding:
            s.fill(s.oval(0, -0.15F, 0.385F, 0.4F), look.hair_colour);
            break;
        case Hair::side_part:
            break;
    }
}

void draw_shoulders(const Sketch& s, const Look& look) {
    const ImU32 shade = mix(look.skin, kBrown, 0.86F);
    const bool pale = contrast_ratio(look.shirt, rgb(0xFFFFFF)) < 1.2;
    const ImU32 collar = pale ? mix(look.shirt, rgb(0x7E97A8), 0.78F) : mix(look.shirt, rgb(0xFFFFFF), 0.72F);
    s.fill_framed(s.oval(0, 1.1F, 0.8F, 0.68F), look.shirt);
    s.fill({s.at(-0.15F, 0.1F), s.at(0.15F, 0.1F), s.at(0.16F, 0.46F), s.at(0, 0.62F), s.at(-0.16F, 0.46F)}, shade);
    switch (look.collar) {
        case Collar::round_neck:
            s.arc(0, 0.4F, 0.19F, 0.06F, 0.94F, collar, 0.055F);
            return;
        case Collar::tie:
            s.fill({s.at(-0.055F, 0.56F), s.at(0.055F, 0.56F), s.at(0.09F, 0.86F), s.at(0, 0.96F), s.at(-0.09F, 0.86F)},
                   rgb(0x1E4E6B));
            break;
        case Collar::open:
            break;
    }
    s.fill({s.at(-0.17F, 0.4F), s.at(0, 0.61F), s.at(-0.14F, 0.74F), s.at(-0.27F, 0.5F)}, collar);
    s.fill({s.at(0.17F, 0.4F), s.at(0, 0.61F), s.at(0.14F, 0.74F), s.at(0.27F, 0.5F)}, collar);
}

void draw_hair_before(const Sketch& s, const Look& look) {
    const ImU32 colour = look.hair_colour;
    const Outline cap = s.oval(0, -0.2F, 0.41F, 0.43F);
    // Each piece is what of the cap lies above one slanted line; two pieces meet in a parting.
    const auto above = [&](Point left, Point right) { s.fill(cut(cap, left, right), colour); };
    switch (look.hair) {
        case Hair::side_part:
            above(s.at(-0.42F, -0.12F), s.at(-0.08F, -0.5F));
            above(s.at(-0.24F, -0.47F), s.at(0.44F, -0.2F));
            break;
        case Hair::crop:
            above(s.at(-0.46F, -0.08F), s.at(-0.24F, -0.56F));
            above(s.at(-0.42F, -0.36F), s.at(0.42F, -0.36F));
            above(s.at(0.24F, -0.56F), s.at(0.46F, -0.08F));
            break;
        case Hair::swept:
            above(s.at(-0.46F, -0.06F), s.at(-0.22F, -0.6F));
            above(s.at(-0.44F, -0.28F), s.at(0.44F, -0.46F));
            above(s.at(0.22F, -0.6F), s.at(0.46F, -0.06F));
            break;
        case Hair::receding:
            above(s.at(-0.46F, 0.02F), s.at(-0.2F, -0.6F));
            above(s.at(0.2F, -0.6F), s.at(0.46F, 0.02F));
            above(s.at(-0.42F, -0.5F), s.at(0.42F, -0.5F));
            break;
        case Hair::bob:
            above(s.at(-0.46F, -0.28F), s.at(0.46F, -0.28F));
            break;
        case Hair::long_parted:
        case Hair::bun:
            above(s.at(-0.45F, 0), s.at(0.06F, -0.58F));
            above(s.at(-0.06F, -0.58F), s.at(0.45F, 0));
            break;
        case Hair::tied:
            above(s.at(-0.44F, -0.05F), s.at(-0.1F, -0.54F));
            above(s.at(-0.3F, -0.5F), s.at(0.44F, -0.14F));
            break;
    }
}

void draw_features(const Sketch& s, const Look& look) {
    const ImU32 ink = rgb(0x3A2C2A);
    const bool grey = look.hair_colour == kGrey || look.hair_colour == kSilver;
    const ImU32 brow = grey ? rgb(0x7C8284) : ink;
    for (const float sign : {-1.F, 1.F}) {
        s.fill(s.oval(sign * 0.145F, -0.08F, 0.036F, 0.046F), ink);
        s.arc(sign * 0.145F, -0.13F, 0.09F, 1.25F, 1.75F, brow, 0.028F);
        s.fill(s.oval(sign * 0.21F, 0.05F, 0.065F, 0.045F), with_alpha(rgb(0xE98274), 90));
    }
    s.arc(0, 0.0F, 0.035F, 0.15F, 0.85F, mix(look.skin, kBrown, 0.7F), 0.022F);
    s.arc(0, 0.05F, 0.12F, 0.17F, 0.83F, rgb(0x9B4A42), 0.034F);
    if (look.glasses == Glasses::none) return;
    const ImU32 frame = rgb(0x2F3E46);
    for (const float sign : {-1.F, 1.F}) {
        if (look.glasses == Glasses::round) {
            s.ring(sign * 0.15F, -0.075F, 0.115F, frame, 0.026F);
        } else {
            s.box(sign * 0.155F - 0.115F, -0.165F, 0.23F, 0.175F, frame, 0.026F, 0.05F);
        }
    }
    s.stroke(s.at(-0.035F, -0.09F), s.at(0.035F, -0.09F), frame, 0.024F);
}

}  // namespace

void draw_portrait(Painter& paint, std::int64_t portrait, Point centre, float radius) {
    const std::int64_t place = (portrait % kPortraitCount + kPortraitCount) % kPortraitCount;
    const Look& look = kLooks[static_cast<std::size_t>(place)];
    const Sketch sketch(paint, centre, radius);
    sketch.ground(look.ground);
    draw_hair_behind(sketch, look);
    draw_shoulders(sketch, look);
    for (const float sign : {-1.F, 1.F})
        sketch.fill(sketch.oval(sign * 0.355F, -0.06F, 0.07F, 0.09F), look.skin);
    sketch.fill(sketch.oval(0, -0.13F, 0.355F, 0.42F), look.skin);
    draw_hair_before(sketch, look);
    draw_features(sketch, look);
}

}  // namespace hailong::kiosk
