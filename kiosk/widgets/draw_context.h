// What every screen is handed to draw with: fonts, theme, words, the panel's layout, and the list of touch targets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "survey/messages.h"

namespace hailong::kiosk {

/// One thing that can be tapped, in pixels of the window. `name` is stable and language-free ("answer/5",
/// "officer/tp-01", "skip", "back", "language/en"): tests and tools tap by it.
struct Target {
    std::string name;
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;
    bool operator==(const Target&) const = default;
};

/// The type scale: one font a step, baked for the panel. Pointers belong to the font atlas.
struct Fonts {
    ImFont* hero = nullptr;     // the invitation, the thanks, a headline figure
    ImFont* display = nullptr;  // the question
    ImFont* title = nullptr;
    ImFont* label = nullptr;  // answers, buttons
    ImFont* body = nullptr;
    ImFont* caption = nullptr;
};

/// Pixels for one design pixel, and the panel in design pixels. A design is 1080 wide in portrait, 1080 high in
/// landscape.
struct Layout {
    float scale = 1;
    float width = 1080;
    float height = 1920;
    [[nodiscard]] bool portrait() const { return height >= width; }
    bool operator==(const Layout&) const = default;
};

/// The layout for a window of that many pixels.
[[nodiscard]] Layout layout_for(float width_px, float height_px);

struct DrawContext {
    const Fonts& fonts;
    const Layout& layout;
    const survey::Messages& text;
    survey::Language language = survey::Language::vi;
    std::vector<Target>& targets;  // filled while drawing; cleared by the caller before each frame
    /// Texts that did not fit at the smallest step and were cut with an ellipsis. For tests; null: not noted.
    std::vector<std::string>* misfits = nullptr;
};

}  // namespace hailong::kiosk
