// How the terminal meets whoever stands before it: size of text, contrast, reach, the voice, and the keypad with its
// focus. It begins as the center set it and goes with the visitor. More time is the visit's (VisitState::more_time).
//
// Threads: the loop's only.
#pragma once

#include <string>
#include <vector>

#include "kiosk/app/config.h"
#include "kiosk/app/narrator.h"
#include "kiosk/screens/accessibility.h"
#include "kiosk/theme/layout.h"
#include "kiosk/theme/theme.h"
#include "kiosk/voice/voice.h"
#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/key_input.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

class Accessibility {
  public:
    /// `standard`: as the center set it. `voice` must outlive it.
    Accessibility(const AccessibilitySettings& standard, const VoiceSettings& voice_settings, Voice& voice);

    [[nodiscard]] const AccessibilitySettings& settings() const { return settings_; }
    /// Takes effect with the next frame.
    void change(const AccessibilitySettings& wanted);

    /// Its screen lies over the invitation or the question.
    [[nodiscard]] bool is_open() const { return open_; }
    void open() { open_ = true; }
    void close() { open_ = false; }

    // How the next frame is to be laid out and coloured.
    [[nodiscard]] LayoutOptions layout_options() const { return {settings_.text, settings_.seated}; }
    [[nodiscard]] ThemeKind theme() const {
        return settings_.high_contrast ? ThemeKind::high_contrast : ThemeKind::light;
    }

    // ---- The voice ----
    [[nodiscard]] bool voice_offered() const { return voice_offered_; }
    [[nodiscard]] bool is_speaking() const { return voice_.is_speaking(); }
    /// The loudspeaker was tapped.
    void speak_or_fall_silent();
    /// Something was tapped: sounds where the center wants it.
    void tapped();

    // ---- The keypad ----
    /// `resting`: the invitation stands there, which a key takes at once.
    void take(NavKey key, bool resting, survey::Language language);
    /// A finger does what keys did before: no ring is shown.
    void finger_down() { by_keypad_ = false; }
    /// The target that the keypad would press; empty: none, and no ring is shown.
    [[nodiscard]] std::string focus() const { return by_keypad_ ? keypad_.focus : std::string(); }
    /// What the keypad does to the frame that is drawn now; it presses once.
    [[nodiscard]] Keypad take_keypad();
    /// Keeps the focus on something that is there, and says what is new of `page` (whatever tells one screen from the
    /// next). True when another frame is needed.
    [[nodiscard]] bool after_frame(const std::string& page, const Traces& traces, survey::Language language);

    /// The next visitor finds it as the center set it.
    void forget();
    /// Nobody asked for anything that the next visitor would find.
    [[nodiscard]] bool is_standard() const { return settings_ == standard_ && !open_ && !by_keypad_; }

  private:
    Voice& voice_;
    AccessibilitySettings standard_;
    AccessibilitySettings settings_;
    bool voice_offered_ = false;
    bool tap_sound_ = false;
    bool open_ = false;
    Keypad keypad_;
    bool by_keypad_ = false;       // the last input was a key: the focus is shown
    std::vector<Target> targets_;  // of the last frame
    Narrator narrator_;
};

}  // namespace hailong::kiosk
