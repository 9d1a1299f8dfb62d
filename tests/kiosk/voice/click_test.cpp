#include "kiosk/voice/click.h"

#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

namespace hailong::kiosk {
namespace {

int loudest(const std::vector<Sample>& samples) {
    int most = 0;
    for (const Sample sample : samples)
        most = std::max(most, std::abs(int{sample}));
    return most;
}

TEST(Click, IsShortSoftAndEndsInSilence) {
    for (const int rate_hz : {kRateMinHz, 22'050, kRateMaxHz}) {
        const Sound sound = click(rate_hz);
        EXPECT_EQ(sound.rate_hz, rate_hz);
        EXPECT_EQ(sound.samples.size(), static_cast<std::size_t>(rate_hz * 12 / 1'000));
        EXPECT_GT(loudest(sound.samples), 4'000);
        EXPECT_LT(loudest(sound.samples), 9'000);
        EXPECT_EQ(sound.samples.front(), 0);
        EXPECT_LT(std::abs(int{sound.samples.back()}), 300);
    }
}

TEST(Scale, MakesSamplesQuieter) {
    std::vector<Sample> samples = {100, -100, 32'767, -32'768};
    scale(samples, 50);
    EXPECT_EQ(samples, (std::vector<Sample>{50, -50, 16'383, -16'384}));
    scale(samples, 0);
    EXPECT_EQ(samples, (std::vector<Sample>{0, 0, 0, 0}));
}

TEST(MixIn, AddsAndCutsWhatIsTooLoud) {
    std::vector<Sample> samples = {1, 32'000, -32'000, 5};
    mix_in(samples, std::vector<Sample>{2, 32'000, -32'000});
    EXPECT_EQ(samples, (std::vector<Sample>{3, 32'767, -32'768, 5}));
    std::vector<Sample> shorter = {1};
    mix_in(shorter, std::vector<Sample>{2, 3});
    EXPECT_EQ(shorter, (std::vector<Sample>{3}));
}

}  // namespace
}  // namespace hailong::kiosk
