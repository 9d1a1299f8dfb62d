// Drawn portraits for officer cards. Invented people: simple shapes that tell cards apart, never a likeness.
#pragma once

#include <cstdint>

#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

inline constexpr std::int64_t kPortraitCount = 16;

/// 0 to 7 are drawn as women, 8 to 15 as men. Any number is drawn; those outside 0 to kPortraitCount - 1 wrap around.
void draw_portrait(Painter& paint, std::int64_t portrait, Point centre, float radius);

}  // namespace hailong::kiosk
