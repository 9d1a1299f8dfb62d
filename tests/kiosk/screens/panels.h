// The panels that screens are drawn on in tests.
#pragma once

namespace hailong::kiosk::scenes {

struct TestPanel {
    const char* name;
    int width;
    int height;
};
/// Half of 1080x1920, 1920x1080, 1280x800 and 800x480: small pictures that still show everything.
inline constexpr TestPanel kPortrait{"portrait", 540, 960};
inline constexpr TestPanel kLandscape{"landscape", 960, 540};
inline constexpr TestPanel kSmall{"small", 640, 400};
inline constexpr TestPanel kTiny{"tiny", 400, 240};
inline constexpr TestPanel kPanels[] = {kPortrait, kLandscape, kSmall, kTiny};

}  // namespace hailong::kiosk::scenes
