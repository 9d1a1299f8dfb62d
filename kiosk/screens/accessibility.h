// What a visitor may ask of the screen, and what a center sets for every visit.
#pragma once

#include "kiosk/theme/layout.h"

namespace hailong::kiosk {

/// What somebody may ask of the terminal for the length of a visit. The next visit starts with the center's choice.
/// More time is asked of the visit itself (VisitState::more_time), which measures it.
struct AccessibilitySettings {
    TextSize text = TextSize::normal;
    bool high_contrast = false;
    bool voice = false;   // every screen is read aloud as it appears
    bool seated = false;  // everything that is touched lies in the lower part
    bool operator==(const AccessibilitySettings&) const = default;
};

}  // namespace hailong::kiosk
