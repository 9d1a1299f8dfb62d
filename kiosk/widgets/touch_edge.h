// A finger on the panel, as the platform tells it and the app understands it.
#pragma once

#include <cstddef>

namespace hailong::kiosk {

/// A finger came down or went up, as the panel told it, before anything is made of it.
struct TouchEdge {
    float x = 0;  // pixels of the window
    float y = 0;
    bool down = false;
    bool operator==(const TouchEdge&) const = default;
};
/// Most edges kept until they are taken; more say nothing new about a hand on the panel.
inline constexpr std::size_t kTouchEdgesKept = 256;

}  // namespace hailong::kiosk
