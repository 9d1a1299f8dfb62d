// The look of the terminal: colours in two themes, sizes of type, spacing. Lengths are design pixels (layout.h).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <imgui.h>

namespace hailong::kiosk {

/// 0xRRGGBB, opaque.
[[nodiscard]] constexpr ImU32 rgb(std::uint32_t hex) {
    return IM_COL32((hex >> 16u) & 0xFFu, (hex >> 8u) & 0xFFu, hex & 0xFFu, 0xFF);
}
[[nodiscard]] constexpr ImU32 with_alpha(ImU32 colour, std::uint32_t alpha) {
    return (colour & ~IM_COL32_A_MASK) | (alpha << IM_COL32_A_SHIFT);
}
/// `share` of `a` and the rest of `b`, each channel by itself.
[[nodiscard]] ImU32 mix(ImU32 a, ImU32 b, float share);

/// A ground and what may be written on it. Text is only ever drawn in the inks of the surface it stands on, so that a
/// test over the surfaces is a test over all text.
struct Surface {
    ImU32 fill;
    ImU32 edge;  // border and lower lip; a shape, not text
    ImU32 ink;
    ImU32 muted;  // less important words; legible all the same
};

enum class ThemeKind { light, high_contrast };

/// Every colour on the glass. Two are made, by `theme_of`; screens are handed one.
struct Theme {
    ThemeKind kind = ThemeKind::light;
    // The page and what lies on it.
    Surface page;
    Surface card;
    Surface sunken;
    // What is to be tapped first, and what was ticked.
    Surface primary;
    Surface selected;
    // What can't be tapped now.
    Surface resting;
    // Words with a weight, each with its own sign beside the words.
    Surface good;
    Surface caution;
    Surface trouble;
    /// From very unhappy to very happy. Each carries level_ink.
    std::array<ImU32, 5> levels;
    ImU32 level_none;  // answers that are counted by themselves ("no opinion")
    ImU32 level_ink;
    ImU32 focus;   // the ring around what the keypad would press; 3:1 on every surface but primary,
                   // on which it never lies: it stands off from its target by less than two targets are apart
    float border;  // thickness of the edge of cards and buttons
    // Ornament: never carries meaning.
    ImU32 lotus;
    ImU32 lotus_deep;
    ImU32 gold;

    [[nodiscard]] std::array<Surface, 9> surfaces() const {
        return {page, card, sunken, primary, selected, resting, good, caution, trouble};
    }
};

/// Light: contrast of every text at least 4.5:1. High contrast: at least 7:1, light on dark, thick edges.
/// WCAG 2.1, success criteria 1.4.3 and 1.4.6.
[[nodiscard]] const Theme& theme_of(ThemeKind kind);

/// "light", "high_contrast": stable, in file names of pictures.
[[nodiscard]] std::string_view name(ThemeKind kind);

namespace theme {

/// Sizes of type, as line heights of the font, in design pixels, at TextSize::normal.
inline constexpr float kHeroSize = 112;
inline constexpr float kDisplaySize = 72;
inline constexpr float kTitleSize = 58;
inline constexpr float kLabelSize = 48;
inline constexpr float kBodySize = 41;
inline constexpr float kCaptionSize = 34;

inline constexpr float kRadius = 28;  // cards and buttons
inline constexpr float kRadiusSmall = 16;
inline constexpr float kLip = 6;       // the lower edge of what can be pressed
inline constexpr float kCardPad = 32;  // from a card's left and right edge to what stands on it
inline constexpr float kGap = 24;
inline constexpr float kGapSmall = 13;

/// A size of type when words are written `factor` times as large (1 to 2). What is to be read grows whole; headlines,
/// which are large already, grow less, up to kHeadlineMax, for no panel has the room.
inline constexpr float kHeadlineMax = 150;
[[nodiscard]] constexpr float grown(float size, float factor) {
    const float whole = size * factor;
    return whole <= kHeadlineMax ? whole : (size > kHeadlineMax ? size : kHeadlineMax);
}

}  // namespace theme

/// WCAG 2.1 contrast of two opaque colours, 1 to 21 (relative luminance as in its glossary).
[[nodiscard]] double contrast_ratio(ImU32 a, ImU32 b);

}  // namespace hailong::kiosk
