// What holds for the targets and texts of every screen, whoever stands or sits before it.
#pragma once

#include <cstddef>
#include <string>

#include <gtest/gtest.h>

#include "kiosk/theme/layout.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {

/// A panel at its real size (rounding of fonts differs from that of the half-size pictures) and what was wished for.
struct PanelSetting {
    const char* name;
    int width;
    int height;
    LayoutOptions options = {};
};

/// The whole panel: enough of it lies within reach of whoever sits before it.
inline bool fills_the_page(const Target& target) {
    return target.name == "wake" || target.name == "done";
}

inline void expect_good_target(const Target& a, const Layout& layout, const std::string& where) {
    constexpr float kHalfPixel = 0.5F;
    const float scale = layout.scale;
    EXPECT_GE(a.x, -kHalfPixel) << where << a.name;
    EXPECT_GE(a.y, -kHalfPixel) << where << a.name;
    EXPECT_LE(a.x + a.width, layout.width * scale + kHalfPixel) << where << a.name;
    EXPECT_LE(a.y + a.height, layout.height * scale + kHalfPixel) << where << a.name;
    EXPECT_GE(a.width, layout.target * scale - kHalfPixel) << where << a.name;
    EXPECT_GE(a.height, layout.target * scale - kHalfPixel) << where << a.name;
    const float reach_top = layout.reach_top() * scale;
    if (fills_the_page(a)) {
        EXPECT_GE(a.y + a.height, reach_top + layout.target * scale) << where << a.name;
    } else {
        EXPECT_GE(a.y, reach_top - kHalfPixel) << where << a.name;
    }
    EXPECT_FALSE(a.label.empty()) << where << a.name;
}

inline void expect_good_targets(const glass::HeadlessGlass& glass, const std::string& where) {
    constexpr float kHalfPixel = 0.5F;
    const float room = glass.layout().apart * glass.layout().scale - kHalfPixel;
    const auto& targets = glass.targets();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const Target& a = targets[i];
        expect_good_target(a, glass.layout(), where);
        for (std::size_t k = i + 1; k < targets.size(); ++k) {
            const Target& b = targets[k];
            EXPECT_NE(a.name, b.name) << where;
            const bool apart = a.x + a.width + room <= b.x || b.x + b.width + room <= a.x ||
                               a.y + a.height + room <= b.y || b.y + b.height + room <= a.y;
            EXPECT_TRUE(apart) << where << a.name << " is too near to " << b.name;
        }
    }
}

inline void expect_no_misfits(const glass::HeadlessGlass& glass, const std::string& where) {
    for (const std::string& text : glass.misfits())
        ADD_FAILURE() << where << "does not fit: " << text;
}

}  // namespace hailong::kiosk
