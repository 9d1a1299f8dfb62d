#include "kiosk/voice/click.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace hailong::kiosk {

Sound click(int rate_hz) {
    constexpr int kLengthMs = 12;
    constexpr double kToneHz = 1'000.0;
    constexpr double kLoudness = 0.25 * std::numeric_limits<Sample>::max();
    constexpr double kFadeS = 0.003;  // to a third, four times over its length
    Sound sound{rate_hz, std::vector<Sample>(static_cast<std::size_t>(rate_hz * kLengthMs / 1'000))};
    for (std::size_t i = 0; i < sound.samples.size(); ++i) {
        const double time_s = static_cast<double>(i) / rate_hz;
        const double wave = std::sin(2.0 * std::numbers::pi * kToneHz * time_s);
        sound.samples[i] = static_cast<Sample>(kLoudness * wave * std::exp(-time_s / kFadeS));
    }
    return sound;
}

void scale(std::span<Sample> samples, int percent) {
    for (Sample& sample : samples)
        sample = static_cast<Sample>(int{sample} * percent / 100);
}

void mix_in(std::span<Sample> samples, std::span<const Sample> other) {
    const std::size_t common = std::min(samples.size(), other.size());
    for (std::size_t i = 0; i < common; ++i) {
        const int sum = int{samples[i]} + int{other[i]};
        samples[i] = static_cast<Sample>(
            std::clamp<int>(sum, std::numeric_limits<Sample>::min(), std::numeric_limits<Sample>::max()));
    }
}

}  // namespace hailong::kiosk
