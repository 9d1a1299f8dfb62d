#include "kiosk/widgets/theme.h"

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

double contrast_ratio(ImU32 a, ImU32 b) {
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

}  // namespace hailong::kiosk
