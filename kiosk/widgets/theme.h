// The look of the terminal: colours, sizes of type, spacing. Lengths are design pixels.
#pragma once

#include <cstdint>

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

namespace theme {

// The page and what lies on it.
inline constexpr Surface kPage{rgb(0xFAF6EF), rgb(0xE7DFD2), rgb(0x12333A), rgb(0x4A6166)};
inline constexpr Surface kCard{rgb(0xFFFFFF), rgb(0xE3DACB), rgb(0x12333A), rgb(0x4A6166)};
inline constexpr Surface kSunken{rgb(0xF1EADF), rgb(0xDDD2C1), rgb(0x12333A), rgb(0x4A5C60)};
// What is to be tapped first, and what was ticked.
inline constexpr Surface kPrimary{rgb(0x0E5F63), rgb(0x083F43), rgb(0xFFFFFF), rgb(0xD5EAE8)};
inline constexpr Surface kSelected{rgb(0xE1F0EE), rgb(0x0E5F63), rgb(0x0B4347), rgb(0x36565A)};
// What can't be tapped now.
inline constexpr Surface kResting{rgb(0xF5F0E7), rgb(0xE7DFD2), rgb(0x5D6C6F), rgb(0x5D6C6F)};
// Words with a weight, each with its own sign beside the words.
inline constexpr Surface kGood{rgb(0xDFF1E6), rgb(0x7DBF97), rgb(0x14532D), rgb(0x2B5F40)};
inline constexpr Surface kCaution{rgb(0xFCEFD6), rgb(0xE0B25C), rgb(0x664000), rgb(0x6E4C14)};
inline constexpr Surface kTrouble{rgb(0xFBE6E0), rgb(0xE39A87), rgb(0x85230F), rgb(0x84382A)};

inline constexpr Surface kSurfaces[] = {kPage,    kCard, kSunken,  kPrimary, kSelected,
                                        kResting, kGood, kCaution, kTrouble};

/// From very unhappy to very happy. Dark enough to be seen, light enough to carry kLevelInk.
inline constexpr ImU32 kLevels[5] = {rgb(0xEE7F63), rgb(0xF4A462), rgb(0xF5CF5E), rgb(0xAFD27A), rgb(0x63C08F)};
inline constexpr ImU32 kLevelNone = rgb(0xC9CFCB);  // answers that are counted by themselves ("no opinion")
inline constexpr ImU32 kLevelInk = rgb(0x12333A);

// Ornament: never carries meaning.
inline constexpr ImU32 kLotus = rgb(0xF3B9BD);
inline constexpr ImU32 kLotusDeep = rgb(0xE58F9B);
inline constexpr ImU32 kGold = rgb(0xD9A94E);

/// Sizes of type, as line heights of the font, in design pixels.
inline constexpr float kHeroSize = 112;
inline constexpr float kDisplaySize = 72;
inline constexpr float kTitleSize = 58;
inline constexpr float kLabelSize = 48;
inline constexpr float kBodySize = 41;
inline constexpr float kCaptionSize = 34;

/// The smallest thing that may be tapped: 22 mm on a 21.5-inch panel (0.248 mm a design pixel).
inline constexpr float kTargetMin = 90;

inline constexpr float kRadius = 28;  // cards and buttons
inline constexpr float kRadiusSmall = 16;
inline constexpr float kLip = 6;  // the lower edge of what can be pressed
inline constexpr float kGap = 24;
inline constexpr float kGapSmall = 12;

}  // namespace theme

/// WCAG 2.1 contrast of two opaque colours, 1 to 21 (relative luminance as in its glossary).
[[nodiscard]] double contrast_ratio(ImU32 a, ImU32 b);

}  // namespace hailong::kiosk
