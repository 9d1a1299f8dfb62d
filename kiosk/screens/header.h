// The edges of a page: its margins and strips by the shape of the panel, the center's name, and the square buttons by
// which somebody makes it easier to use. Used by the screens of this room only.
//
// Where the panel is high enough the buttons stand in a strip at the top, beside the name. Where somebody sits before
// it they stand in a row of their own above the footer. On a panel of seven inches, where two strips of 20 mm would be
// half of the height, they stand in a column at the right, the rail, and the name makes way.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "kiosk/screens/screens.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

/// Margins and strips, by the shape of the panel. Design pixels.
struct PageShape {
    float margin_x = 64;
    float margin_y = 52;
    float header = 116;
    float status = 100;  // progress or countdown: below the header, or in it when 0
    float footer = 122;
    float gap = 24;
    float footer_gap = 40;
    float button = 100;  // side of the square buttons
    float rail = 0;      // width of the column at the right that takes the header's place; 0: there is none
};
[[nodiscard]] PageShape page_shape(const Layout& layout);

/// The room between two things that can be tapped: what looks right, never less than fingers need.
[[nodiscard]] float gap_between(const Layout& layout, float wanted = theme::kGap);

/// The emblem, and the center's name beside it where there is room. True when the emblem was tapped, which is a target
/// only where staff may enter by it.
[[nodiscard]] bool draw_name(Painter& paint, Rect strip, const std::string& center_name, bool emblem_target);

/// What somebody can ask for on every screen.
struct AccessibilityOffer {
    bool voice_offered = false;
    bool speaking = false;
    bool accessibility = true;    // the "Aa"
    bool both_languages = false;  // both side by side instead of the other one's sign
};
using AccessibilityButton = std::variant<LanguageChosen, AccessibilityWanted, SpeakWanted>;

[[nodiscard]] float accessibility_buttons_width(const DrawContext& draw, const AccessibilityOffer& offer);
/// Side by side at the right end of `strip`.
[[nodiscard]] std::optional<AccessibilityButton> draw_accessibility_buttons(Painter& paint, Rect strip,
                                                                            const AccessibilityOffer& offer);
/// One above the other. `free`: the lowest cell, left to the screen. Where the column has only three cells the
/// loudspeaker makes way.
struct Rail {
    std::optional<AccessibilityButton> intent;
    Rect free;
};
[[nodiscard]] Rail draw_accessibility_rail(Painter& paint, Rect column, const AccessibilityOffer& offer);

/// An intent of a part of a screen as the intent of the screen.
template <class Intent, class... Parts>
[[nodiscard]] std::optional<Intent> widen(const std::optional<std::variant<Parts...>>& intent) {
    if (!intent) return std::nullopt;
    return std::visit([](const auto& one) { return Intent(one); }, *intent);
}

}  // namespace hailong::kiosk
