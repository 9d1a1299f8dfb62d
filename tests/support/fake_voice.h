// A voice that only remembers what it was asked, for tests of what asks it.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/voice/voice.h"

namespace hailong::tests {

class FakeVoice final : public kiosk::Voice {
  public:
    void say(std::vector<std::string> lines, survey::Language language) override {
        if (lines.empty()) return silence();
        newest = {std::move(lines), language};
        repeat();
    }
    void repeat() override {
        if (newest.first.empty()) return;
        said.push_back(newest);
        speaking = true;
    }
    void silence() override { speaking = false; }
    void forget() override {
        silence();
        newest = {};
    }
    void tap() override { taps += 1; }
    void set_rate(int percent) override { rate = std::clamp(percent, kiosk::kVoiceRateMin, kiosk::kVoiceRateMax); }
    void set_volume(int percent) override {
        volume = std::clamp(percent, kiosk::kVoiceVolumeMin, kiosk::kVoiceVolumeMax);
    }
    [[nodiscard]] bool is_speaking() const override { return speaking; }
    [[nodiscard]] std::optional<kiosk::VoiceTrouble> trouble() const override { return wrong; }

    using Said = std::pair<std::vector<std::string>, survey::Language>;
    std::vector<Said> said;  // by say() and repeat(), oldest first
    Said newest;
    int taps = 0;
    int rate = 100;
    int volume = 100;
    bool speaking = false;  // until the test says that it is over
    std::optional<kiosk::VoiceTrouble> wrong;
};

}  // namespace hailong::tests
