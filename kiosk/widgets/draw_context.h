// What every screen is handed to draw with: fonts, theme, words, the panel's layout, and the list of touch targets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "kiosk/theme/layout.h"
#include "kiosk/theme/theme.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

/// Where on a screen a target stands: the keypad goes through the content first, then the footer, then the header.
enum class Zone { content, footer, header };

/// One thing that can be tapped, in pixels of the window. `name` is stable and language-free ("answer/5",
/// "officer/tp-01", "skip", "back", "language/en"): tests and tools tap by it.
struct Target {
    std::string name;
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;
    std::string label;  // its words, as they are read aloud
    Zone zone = Zone::content;
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

/// What the external keypad does to this frame. Screens need not know of it: touch() does.
struct Keypad {
    std::string focus;     // name of the target that has the focus; empty: none, and no ring is shown
    std::string activate;  // name of the target that is pressed by key in this frame; empty: none
    bool operator==(const Keypad&) const = default;
};

/// What a frame leaves behind besides its picture. Cleared by whoever draws the frame.
struct Traces {
    std::vector<Target> targets;
    /// What is read aloud, in order: the lines that screens say; the targets' labels follow by themselves.
    std::vector<std::string> spoken;
    /// Texts that did not fit at the smallest step and were cut with an ellipsis. For tests.
    std::vector<std::string> misfits;
    void clear();
};

/// A picture on the graphics card.
struct Picture {
    ImTextureID texture = nullptr;
    float width = 0;  // in its own pixels; only the ratio matters
    float height = 0;
};

struct DrawContext {
    const Fonts& fonts;
    const Layout& layout;
    const Theme& theme;
    const survey::Messages& text;
    survey::Language language = survey::Language::vi;
    Traces& traces;
    const Keypad& keypad;
    std::string_view banner = {};     // stands above every screen ("training: not counted"); empty: nothing does
    const Picture* emblem = nullptr;  // the center's own; null: the product's
    Zone zone = Zone::content;        // of the targets that are drawn now

    /// Notes a line to be read aloud. Empty lines are not.
    void say(std::string_view line) const;
};

/// Draws what follows in another zone, until the end of the scope.
class ZoneScope {
  public:
    ZoneScope(DrawContext& draw, Zone zone) : draw_(draw), before_(draw.zone) { draw.zone = zone; }
    ~ZoneScope() { draw_.zone = before_; }
    ZoneScope(const ZoneScope&) = delete;
    ZoneScope& operator=(const ZoneScope&) = delete;

  private:
    DrawContext& draw_;
    Zone before_;
};

/// The targets in the order in which a keypad goes through them: by zone, then as they were drawn.
[[nodiscard]] std::vector<const Target*> focus_order(const std::vector<Target>& targets);

}  // namespace hailong::kiosk
