#include "kiosk/widgets/draw_context.h"

#include <algorithm>

namespace hailong::kiosk {

Layout layout_for(float width_px, float height_px) {
    constexpr float kDesignShortSide = 1080;
    constexpr float kLeastSide_px = 1;  // a window may be minimised to nothing
    const float width = std::max(width_px, kLeastSide_px);
    const float height = std::max(height_px, kLeastSide_px);
    Layout layout;
    layout.scale = std::min(width, height) / kDesignShortSide;
    layout.width = width / layout.scale;
    layout.height = height / layout.scale;
    return layout;
}

}  // namespace hailong::kiosk
