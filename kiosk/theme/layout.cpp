#include "kiosk/theme/layout.h"

#include <algorithm>
#include <cmath>

namespace hailong::kiosk {
namespace {

constexpr float kDesignShortSide = 1080;
constexpr float kLeastSide_px = 1;
/// Never smaller than this many design pixels, however large the panel is: words need their room, too.
constexpr float kTargetMin = 90;

}  // namespace

float usual_diagonal_mm(float width_px, float height_px) {
    constexpr float kInch_mm = 25.4F;
    struct Usual {
        float short_side_px;
        float diagonal_in;
    };
    constexpr Usual kUsual[] = {{480, 7}, {768, 15.6F}, {800, 12.1F}, {1080, 21.5F}};
    const float short_side = std::min(width_px, height_px);
    const Usual* best = &kUsual[0];
    for (const Usual& one : kUsual) {
        if (std::fabs(one.short_side_px - short_side) < std::fabs(best->short_side_px - short_side)) best = &one;
    }
    return best->diagonal_in * kInch_mm;
}

Panel panel_of(float width_px, float height_px, float diagonal_mm) {
    return {width_px, height_px, diagonal_mm > 0 ? diagonal_mm : usual_diagonal_mm(width_px, height_px)};
}

double mm_per_px(const Panel& panel) {
    return panel.diagonal_mm / std::max(std::hypot(panel.width_px, panel.height_px), 1.F);
}

float factor(TextSize size) {
    switch (size) {
        case TextSize::normal:
            return 1;
        case TextSize::large:
            return 1.5F;
        case TextSize::largest:
            return 2;
    }
    return 1;
}

Layout layout_for(const Panel& panel, const LayoutOptions& options) {
    const float width = std::max(panel.width_px, kLeastSide_px);
    const float height = std::max(panel.height_px, kLeastSide_px);
    Layout layout;
    layout.scale = std::min(width, height) / kDesignShortSide;
    layout.width = width / layout.scale;
    layout.height = height / layout.scale;
    const float per_mm = std::hypot(layout.width, layout.height) / std::max(panel.diagonal_mm, kLeastSide_px);
    // Rounded up: half a pixel less would be less than promised.
    layout.target = std::max(std::ceil(kTargetMin_mm * per_mm), kTargetMin);
    layout.apart = std::ceil(kApartMin_mm * per_mm);
    layout.reach = options.seated ? std::min(kSeatedReach_mm * per_mm, layout.height) : layout.height;
    layout.text = options.text;
    return layout;
}

Layout layout_for(float width_px, float height_px, const LayoutOptions& options) {
    return layout_for(Panel{width_px, height_px, usual_diagonal_mm(width_px, height_px)}, options);
}

}  // namespace hailong::kiosk
