// What every voice promises whoever asks it: held to the one that tests use, and to the one that speaks.
#include <gtest/gtest.h>

#include "kiosk/voice/speaking_voice.h"
#include "tests/kiosk/voice/fakes.h"
#include "tests/support/fake_voice.h"

namespace hailong::kiosk {
namespace {

using survey::Language;

/// A voice whose lines never come to an end by themselves.
struct VoiceMaker {
    const char* name;
    std::unique_ptr<Voice> (*make)(const survey::Clock& clock);
};

void PrintTo(const VoiceMaker& maker, std::ostream* out) {
    *out << maker.name;
}

std::unique_ptr<Voice> make_fake(const survey::Clock&) {
    return std::make_unique<tests::FakeVoice>();
}

std::unique_ptr<Voice> make_speaking(const survey::Clock& clock) {
    auto studio = std::make_shared<tests::Studio>();
    studio->with([](tests::Studio::State& state) { state.is_endless = true; });
    return std::make_unique<SpeakingVoice>(std::make_unique<tests::FakeSink>(studio),
                                           std::make_unique<tests::FakeSpeech>(studio), Recordings({}), clock, [] {});
}

class VoiceContract : public testing::TestWithParam<VoiceMaker> {
  protected:
    tests::SharedClock clock_;
    std::unique_ptr<Voice> voice_ = GetParam().make(clock_);
};

TEST_P(VoiceContract, IsQuietUntilItIsAsked) {
    EXPECT_FALSE(voice_->is_speaking());
    EXPECT_EQ(voice_->trouble(), std::nullopt);
}

TEST_P(VoiceContract, SpeaksUntilItIsSilenced) {
    voice_->say({"a"}, Language::vi);
    EXPECT_TRUE(voice_->is_speaking());
    voice_->silence();
    EXPECT_FALSE(voice_->is_speaking());
}

TEST_P(VoiceContract, RepeatsOnlyWhatWasSaid) {
    voice_->repeat();
    EXPECT_FALSE(voice_->is_speaking());
    voice_->say({"a"}, Language::vi);
    voice_->silence();
    voice_->repeat();
    EXPECT_TRUE(voice_->is_speaking());
}

TEST_P(VoiceContract, FallsSilentForNoLinesAndKeepsWhatItHad) {
    voice_->say({"a"}, Language::vi);
    voice_->say({}, Language::vi);
    EXPECT_FALSE(voice_->is_speaking());
    voice_->repeat();
    EXPECT_TRUE(voice_->is_speaking());
}

TEST_P(VoiceContract, ForgetsWhatItSaid) {
    voice_->say({"a"}, Language::vi);
    voice_->forget();
    EXPECT_FALSE(voice_->is_speaking());
    voice_->repeat();
    EXPECT_FALSE(voice_->is_speaking());
}

TEST_P(VoiceContract, DoesNotSpeakForATap) {
    voice_->tap();
    EXPECT_FALSE(voice_->is_speaking());
}

const VoiceMaker kVoiceMakers[] = {{"fake", make_fake}, {"speaking", make_speaking}};
INSTANTIATE_TEST_SUITE_P(Every, VoiceContract, testing::ValuesIn(kVoiceMakers),
                         [](const auto& about) { return std::string(about.param.name); });

}  // namespace
}  // namespace hailong::kiosk
