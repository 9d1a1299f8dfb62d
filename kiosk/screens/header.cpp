#include "kiosk/screens/header.h"

#include <algorithm>
#include <cmath>

#include "kiosk/widgets/controls.h"
#include "kiosk/widgets/icons.h"

namespace hailong::kiosk {
namespace {

constexpr std::size_t kRailCells = 4;

PageShape tight_shape(const Layout& layout) {
    PageShape shape;
    shape.gap = layout.apart;
    shape.footer_gap = layout.apart;
    shape.footer = layout.target;
    shape.button = layout.target;
    shape.margin_x = 24;
    shape.margin_y = 24;
    if (layout.portrait()) {
        shape.header = layout.target;
        shape.status = layout.target;
        return shape;
    }
    // Four rows of targets fill the height to the last millimetre.
    constexpr auto kRows = static_cast<float>(kRailCells);
    shape.margin_y = std::clamp((layout.height - kRows * layout.target - (kRows - 1) * layout.apart) / 2, 0.F, 24.F);
    shape.header = 0;
    shape.status = 0;
    shape.rail = layout.target;
    return shape;
}

bool draw_speak_button(Painter& paint, Rect rect, bool speaking) {
    const survey::Messages& text = paint.context().text;
    return sign_button(
        paint, "speak", text.at(speaking ? "accessibility.silence" : "accessibility.speak"), rect,
        {.surface = speaking ? &paint.theme().primary : nullptr, .icon = speaking ? Icon::speaker_off : Icon::speaker});
}

bool draw_accessibility_button(Painter& paint, Rect rect) {
    const survey::Messages& text = paint.context().text;
    return sign_button(paint, "accessibility", text.at("accessibility.title"), rect,
                       {.letters = text.at("accessibility.sign")});
}

}  // namespace

PageShape page_shape(const Layout& layout) {
    if (layout.tight()) return tight_shape(layout);
    PageShape shape;
    shape.button = std::max(layout.target, 100.F);
    if (layout.portrait()) {
        shape.header = std::max(shape.button, 116.F);
        shape.status = shape.button;
        shape.footer = std::max(layout.target, 122.F);
        return shape;
    }
    shape.margin_x = 72;
    shape.margin_y = 36;
    shape.header = std::max(shape.button, 116.F);
    shape.status = 0;
    shape.footer = std::max(layout.target, 112.F);
    shape.gap = gap_between(layout, 16);
    shape.footer_gap = 32;
    return shape;
}

float gap_between(const Layout& layout, float wanted) {
    return std::max(wanted, layout.apart);
}

bool draw_name(Painter& paint, Rect strip, const std::string& center_name, bool emblem_target) {
    constexpr float kGap = 22;
    constexpr float kNameLeast = 220;  // narrower, its words would stand one below the other
    const float side = std::min(strip.height, std::max(116.F, paint.context().layout.target));
    const Rect emblem = strip.cut_left(side, kGap).middle(side, side);
    bool tapped = false;
    if (emblem_target) tapped = touch(paint.context(), "emblem", emblem, center_name).tapped;
    draw_emblem(paint, emblem.centre(), std::min(side, 132.F) / 2);
    if (strip.width >= kNameLeast) {
        paint.text(center_name, TextStep::caption, strip, paint.theme().page.ink, Align::start);
    }
    return tapped;
}

float accessibility_buttons_width(const DrawContext& draw, const AccessibilityOffer& offer) {
    const float side = page_shape(draw.layout).button;
    const float gap = gap_between(draw.layout, 16);
    const float squares = (offer.voice_offered ? side + gap : 0) + (offer.accessibility ? side + gap : 0);
    return squares + (offer.both_languages ? language_switch_width(draw) : side);
}

std::optional<AccessibilityButton> draw_accessibility_buttons(Painter& paint, Rect strip,
                                                              const AccessibilityOffer& offer) {
    const DrawContext& draw = paint.context();
    const ZoneScope zone(paint.context(), Zone::header);
    const float side = page_shape(draw.layout).button;
    const float gap = gap_between(draw.layout, 16);
    std::optional<AccessibilityButton> intent;
    Rect rest = strip.middle(strip.width, side);
    rest = rest.cut_right(accessibility_buttons_width(draw, offer));
    if (offer.voice_offered && draw_speak_button(paint, rest.cut_left(side, gap), offer.speaking)) {
        intent = SpeakWanted{};
    }
    if (offer.accessibility && draw_accessibility_button(paint, rest.cut_left(side, gap)))
        intent = AccessibilityWanted{};
    const auto language = offer.both_languages ? language_switch(paint, rest) : language_button(paint, rest);
    if (language) intent = LanguageChosen{*language};
    return intent;
}

Rail draw_accessibility_rail(Painter& paint, Rect column, const AccessibilityOffer& offer) {
    const Layout& layout = paint.context().layout;
    const ZoneScope zone(paint.context(), Zone::header);
    const auto fitting = static_cast<std::size_t>((column.height + layout.apart) / (layout.target + layout.apart));
    const std::size_t cells = std::clamp<std::size_t>(fitting, 1, kRailCells);
    const auto count = static_cast<float>(cells);
    const float height = (column.height - (count - 1) * layout.apart) / count;
    Rail rail;
    rail.free = column.cut_bottom(height, layout.apart);
    if (offer.voice_offered && cells == kRailCells &&
        draw_speak_button(paint, column.cut_top(height, layout.apart), offer.speaking)) {
        rail.intent = SpeakWanted{};
    }
    if (offer.accessibility && draw_accessibility_button(paint, column.cut_top(height, layout.apart)))
        rail.intent = AccessibilityWanted{};
    if (const auto language = language_button(paint, column.cut_top(height))) rail.intent = LanguageChosen{*language};
    return rail;
}

}  // namespace hailong::kiosk
