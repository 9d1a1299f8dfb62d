#include "kiosk/theme/theme.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace hailong::kiosk {
namespace {

double channel(ImU32 colour, unsigned shift) {
    return static_cast<double>((colour >> shift) & 0xFFu) / 255.0;
}

double linear(double value) {
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(ImU32 colour) {
    return 0.2126 * linear(channel(colour, IM_COL32_R_SHIFT)) + 0.7152 * linear(channel(colour, IM_COL32_G_SHIFT)) +
           0.0722 * linear(channel(colour, IM_COL32_B_SHIFT));
}

}  // namespace

ImU32 mix(ImU32 a, ImU32 b, float share) {
    ImU32 result = 0;
    for (const int shift : {IM_COL32_R_SHIFT, IM_COL32_G_SHIFT, IM_COL32_B_SHIFT, IM_COL32_A_SHIFT}) {
        const auto from_a = static_cast<float>((a >> shift) & 0xFFu) * share;
        const auto from_b = static_cast<float>((b >> shift) & 0xFFu) * (1 - share);
        result |= static_cast<ImU32>(std::lround(from_a + from_b)) << shift;
    }
    return result;
}

const Theme& theme_of(ThemeKind kind) {
    static constexpr Theme kLight{
        .kind = ThemeKind::light,
        .page = {rgb(0xFAF6EF), rgb(0xE7DFD2), rgb(0x12333A), rgb(0x4A6166)},
        .card = {rgb(0xFFFFFF), rgb(0xE3DACB), rgb(0x12333A), rgb(0x4A6166)},
        .sunken = {rgb(0xF1EADF), rgb(0xDDD2C1), rgb(0x12333A), rgb(0x4A5C60)},
        .primary = {rgb(0x0E5F63), rgb(0x083F43), rgb(0xFFFFFF), rgb(0xD5EAE8)},
        .selected = {rgb(0xE1F0EE), rgb(0x0E5F63), rgb(0x0B4347), rgb(0x36565A)},
        .resting = {rgb(0xF5F0E7), rgb(0xE7DFD2), rgb(0x5D6C6F), rgb(0x5D6C6F)},
        .good = {rgb(0xDFF1E6), rgb(0x7DBF97), rgb(0x14532D), rgb(0x2B5F40)},
        .caution = {rgb(0xFCEFD6), rgb(0xE0B25C), rgb(0x664000), rgb(0x6E4C14)},
        .trouble = {rgb(0xFBE6E0), rgb(0xE39A87), rgb(0x85230F), rgb(0x84382A)},
        // Dark enough to be seen, light enough to carry level_ink.
        .levels = {rgb(0xEE7F63), rgb(0xF4A462), rgb(0xF5CF5E), rgb(0xAFD27A), rgb(0x63C08F)},
        .level_none = rgb(0xC9CFCB),
        .level_ink = rgb(0x12333A),
        .focus = rgb(0xB4348C),
        .border = 2,
        .lotus = rgb(0xF3B9BD),
        .lotus_deep = rgb(0xE58F9B),
        .gold = rgb(0xD9A94E),
    };
    static constexpr Theme kHighContrast{
        .kind = ThemeKind::high_contrast,
        .page = {rgb(0x000000), rgb(0xFFFFFF), rgb(0xFFFFFF), rgb(0xE8E8E8)},
        .card = {rgb(0x14181A), rgb(0xFFFFFF), rgb(0xFFFFFF), rgb(0xE8E8E8)},
        .sunken = {rgb(0x24292B), rgb(0xD0D0D0), rgb(0xFFFFFF), rgb(0xE8E8E8)},
        .primary = {rgb(0xFFD740), rgb(0xFFFFFF), rgb(0x000000), rgb(0x1E1A00)},
        .selected = {rgb(0x003B40), rgb(0xFFD740), rgb(0xFFFFFF), rgb(0xE8F6F6)},
        .resting = {rgb(0x14181A), rgb(0x8C8C8C), rgb(0xB8B8B8), rgb(0xB8B8B8)},
        .good = {rgb(0x00331B), rgb(0x6FE3A5), rgb(0xFFFFFF), rgb(0xD8F5E5)},
        .caution = {rgb(0x3D2B00), rgb(0xFFD740), rgb(0xFFFFFF), rgb(0xFFF0C2)},
        .trouble = {rgb(0x4A0E00), rgb(0xFF9E85), rgb(0xFFFFFF), rgb(0xFFE0D8)},
        .levels = {rgb(0xFF9B85), rgb(0xFFB870), rgb(0xFFE066), rgb(0xC3EB86), rgb(0x74E0A8)},
        .level_none = rgb(0xD5DAD7),
        .level_ink = rgb(0x000000),
        .focus = rgb(0xFF7AD9),
        .border = 5,
        .lotus = rgb(0x8A4A55),
        .lotus_deep = rgb(0xB05A6A),
        .gold = rgb(0xFFD740),
    };
    switch (kind) {
        case ThemeKind::light:
            return kLight;
        case ThemeKind::high_contrast:
            return kHighContrast;
    }
    return kLight;
}

std::string_view name(ThemeKind kind) {
    switch (kind) {
        case ThemeKind::light:
            return "light";
        case ThemeKind::high_contrast:
            return "high_contrast";
    }
    return {};
}

double contrast_ratio(ImU32 a, ImU32 b) {
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

}  // namespace hailong::kiosk
