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

/// Panels at their real size, where fonts are rounded otherwise than at half of it.
inline constexpr TestPanel kFullPortrait{"1080x1920", 1080, 1920};
inline constexpr TestPanel kFullLandscape{"1920x1080", 1920, 1080};
inline constexpr TestPanel kFullSmall{"1280x800", 1280, 800};
inline constexpr TestPanel kFullPanels[] = {
    kFullPortrait, kFullLandscape, {"1366x768", 1366, 768}, kFullSmall, {"800x480", 800, 480}};
/// And the smallest one on which somebody can type.
inline constexpr TestPanel kTypingPanels[] = {kFullPortrait, kFullLandscape,        {"1366x768", 1366, 768},
                                              kFullSmall,    {"800x480", 800, 480}, {"400x240", 400, 240}};

}  // namespace hailong::kiosk::scenes
