#include "kiosk/app/accessibility.h"

#include <algorithm>
#include <utility>

#include "kiosk/app/focus.h"

namespace hailong::kiosk {

Accessibility::Accessibility(const AccessibilitySettings& standard, const VoiceSettings& voice_settings, Voice& voice)
    : voice_(voice),
      standard_(standard),
      settings_(standard),
      voice_offered_(voice_settings.offered),
      tap_sound_(voice_settings.tap_sound) {
    voice_.set_rate(voice_settings.rate_percent);
    voice_.set_volume(voice_settings.volume_percent);
}

void Accessibility::change(const AccessibilitySettings& wanted) {
    if (wanted.voice && !settings_.voice) narrator_.begin_anew();
    if (!wanted.voice && settings_.voice) voice_.silence();
    settings_ = wanted;
}

void Accessibility::speak_or_fall_silent() {
    if (!voice_offered_) return;
    if (voice_.is_speaking()) {
        voice_.silence();
        settings_.voice = false;
        return;
    }
    settings_.voice = true;
    narrator_.begin_anew();
}

void Accessibility::tapped() {
    if (tap_sound_) voice_.tap();
}

void Accessibility::take(NavKey key, bool resting, survey::Language language) {
    switch (key) {
        case NavKey::next:
        case NavKey::previous:
            keypad_.focus = neighbour(targets_, focus(), key == NavKey::next);
            if (settings_.voice) {
                for (const Target& target : targets_) {
                    if (target.name == keypad_.focus) voice_.say({target.label}, language);
                }
            }
            break;
        case NavKey::press:
            // Without a focus it shows where it would press; only the invitation is taken at once.
            if (by_keypad_ && !keypad_.focus.empty()) {
                keypad_.activate = keypad_.focus;
            } else {
                keypad_.focus = neighbour(targets_, {}, true);
                if (resting) keypad_.activate = keypad_.focus;
            }
            break;
        case NavKey::back:
        case NavKey::accessibility:
            keypad_.activate = target_of(targets_, key);
            break;
        case NavKey::speak:
            if (voice_offered_) {
                settings_.voice = true;
                narrator_.begin_anew();
            }
            break;
        case NavKey::silence:
            settings_.voice = false;
            voice_.silence();
            break;
    }
    by_keypad_ = true;
}

Keypad Accessibility::take_keypad() {
    Keypad keypad = keypad_;
    if (!by_keypad_) keypad.focus.clear();
    keypad_.activate.clear();
    return keypad;
}

bool Accessibility::after_frame(const std::string& page, const Traces& traces, survey::Language language) {
    targets_ = traces.targets;
    const bool there = std::any_of(targets_.begin(), targets_.end(),
                                   [&](const Target& target) { return target.name == keypad_.focus; });
    const std::string before = keypad_.focus;
    // What had the focus went away with its screen: the first thing of the next one has it.
    if (by_keypad_ && !keypad_.focus.empty() && !there) keypad_.focus = neighbour(targets_, {}, true);
    if (settings_.voice && voice_offered_) {
        std::vector<std::string> lines = narrator_.after_frame(page, traces);
        if (!lines.empty()) voice_.say(std::move(lines), language);
    }
    return keypad_.focus != before;
}

void Accessibility::forget() {
    settings_ = standard_;
    open_ = false;
    by_keypad_ = false;
    keypad_ = {};
    voice_.forget();
    narrator_.begin_anew();
}

}  // namespace hailong::kiosk
