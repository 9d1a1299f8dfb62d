#include "kiosk/voice/speaking_voice.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>

#include "kiosk/voice/alsa_sink.h"
#include "kiosk/voice/click.h"
#include "kiosk/voice/espeak_speech.h"
#include "tests/kiosk/voice/fakes.h"
#include "tests/kiosk/voice/wav.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

using survey::Language;
using tests::kFakeLineSamples;
using tests::kFakeRateHz;
using tests::loudness_of;
using tests::Studio;
using tests::wav;
using tests::write_recording;

constexpr std::size_t kPauseSamples = std::size_t{kPauseMs} * kFakeRateHz / 1'000;
constexpr std::size_t kPieceSamples = std::size_t{kPieceMs} * kFakeRateHz / 1'000;

class SpeakingVoiceTest : public testing::Test {
  protected:
    SpeakingVoiceTest() { make_voice({}); }
    ~SpeakingVoiceTest() override { allow_all_writes(); }

    void make_voice(const std::filesystem::path& recordings) {
        voice_ = std::make_unique<SpeakingVoice>(std::make_unique<tests::FakeSink>(studio_),
                                                 std::make_unique<tests::FakeSpeech>(studio_), Recordings(recordings),
                                                 clock_, wake_);
    }
    /// Until nothing is being said any more.
    void wait_until_quiet() {
        ASSERT_TRUE(studio_->wait_for([this](const Studio::State&) { return !voice_->is_speaking(); }));
    }
    void say(std::vector<std::string> lines) {
        voice_->say(std::move(lines), Language::vi);
        wait_until_quiet();
    }
    [[nodiscard]] std::size_t heard_at(Sample loudness) {
        const auto heard = studio_->now().heard;
        return static_cast<std::size_t>(std::count(heard.begin(), heard.end(), loudness));
    }
    void allow_writes(int count) {
        studio_->with([&](Studio::State& state) { state.writes_allowed = count; });
    }
    void allow_all_writes() { allow_writes(std::numeric_limits<int>::max()); }
    [[nodiscard]] bool wait_for_writes(int count) {
        return studio_->wait_for([=](const Studio::State& state) { return state.writes >= count; });
    }
    [[nodiscard]] std::optional<VoiceTroubleKind> trouble() const {
        const auto trouble = voice_->trouble();
        return trouble ? std::optional(trouble->kind) : std::nullopt;
    }

    std::shared_ptr<Studio> studio_ = std::make_shared<Studio>();
    tests::SharedClock clock_;
    std::function<void()> wake_ = [this] { studio_->notify(); };
    std::unique_ptr<SpeakingVoice> voice_;
};

std::size_t threads_of_this_program() {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/task"), {}));
}

TEST_F(SpeakingVoiceTest, StartsNothingUntilASoundIsWanted) {
    std::thread([] {}).join();  // some sanitizers begin a thread of their own with the first one
    const std::size_t before = threads_of_this_program();
    voice_->repeat();
    voice_->silence();
    voice_->forget();
    voice_->say({}, Language::vi);
    voice_->set_rate(80);
    voice_->set_volume(80);
    EXPECT_FALSE(voice_->is_speaking());
    EXPECT_EQ(voice_->trouble(), std::nullopt);
    EXPECT_EQ(threads_of_this_program(), before);
    EXPECT_TRUE(studio_->now().rates.empty());
    voice_->say({"a"}, Language::vi);
    EXPECT_EQ(threads_of_this_program(), before + 1);
}

TEST_F(SpeakingVoiceTest, SaysLinesOneAfterTheOtherWithPauses) {
    say({"a", "bb"});
    std::vector<Sample> expected(kFakeLineSamples, loudness_of("a"));
    expected.insert(expected.end(), kPauseSamples, 0);
    expected.insert(expected.end(), kFakeLineSamples, loudness_of("bb"));
    expected.insert(expected.end(), kPauseSamples, 0);
    EXPECT_EQ(studio_->now().heard, expected);
    EXPECT_EQ(studio_->now().drops, 0);
    EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(SpeakingVoiceTest, SaysWhatIsForTheEar) {
    say({"15 %"});
    EXPECT_EQ(studio_->now().spoken, std::vector<std::string>{"mười lăm phần trăm"});
}

TEST_F(SpeakingVoiceTest, IsSpeakingUntilAllWasHeard) {
    allow_writes(0);
    voice_->say({"a"}, Language::vi);
    EXPECT_TRUE(voice_->is_speaking());
    allow_writes(5);
    ASSERT_TRUE(wait_for_writes(5));
    EXPECT_TRUE(voice_->is_speaking());
    allow_all_writes();
    wait_until_quiet();
    EXPECT_EQ(studio_->now().heard.size(), kFakeLineSamples + kPauseSamples);
}

TEST_F(SpeakingVoiceTest, SaysTheNewLinesInPlaceOfTheOld) {
    allow_writes(3);
    voice_->say({"a", "never said"}, Language::vi);
    ASSERT_TRUE(wait_for_writes(3));
    voice_->say({"bbb"}, Language::vi);
    allow_all_writes();
    wait_until_quiet();
    EXPECT_LE(heard_at(loudness_of("a")), 4 * kPieceSamples);
    EXPECT_EQ(heard_at(loudness_of("bbb")), kFakeLineSamples);
    EXPECT_EQ(studio_->now().spoken, (std::vector<std::string>{"a", "bbb"}));
    EXPECT_EQ(studio_->now().drops, 1);
}

TEST_F(SpeakingVoiceTest, IsSpeakingTheNewLinesThoughTheOldEnded) {
    allow_writes(3);
    voice_->say({"a"}, Language::vi);
    ASSERT_TRUE(wait_for_writes(3));
    voice_->say({"bbb"}, Language::vi);
    allow_writes(5);  // at most one more of the old, then the new
    ASSERT_TRUE(wait_for_writes(5));
    EXPECT_EQ(studio_->now().spoken.back(), "bbb");
    EXPECT_TRUE(voice_->is_speaking());
}

TEST_F(SpeakingVoiceTest, FallsSilentWithinOnePiece) {
    studio_->with([](Studio::State& state) { state.is_endless = true; });
    allow_writes(3);
    voice_->say({"a"}, Language::vi);
    ASSERT_TRUE(wait_for_writes(3));
    voice_->silence();
    EXPECT_FALSE(voice_->is_speaking());
    allow_all_writes();
    ASSERT_TRUE(studio_->wait_for([](const Studio::State& state) { return state.drops == 1; }));
    EXPECT_LE(studio_->now().writes, 4);
}

TEST_F(SpeakingVoiceTest, NeverSaysWhatWasSilencedBeforeItBegan) {
    allow_writes(1);
    voice_->say({"a"}, Language::vi);
    ASSERT_TRUE(wait_for_writes(1));
    voice_->say({"bbb"}, Language::vi);
    voice_->silence();
    allow_all_writes();
    say({"cc"});
    EXPECT_EQ(studio_->now().spoken, (std::vector<std::string>{"a", "cc"}));
}

TEST_F(SpeakingVoiceTest, RepeatsTheNewestLines) {
    voice_->repeat();
    EXPECT_FALSE(voice_->is_speaking());
    say({"a"});
    say({"b"});
    voice_->silence();
    voice_->say({}, Language::vi);
    voice_->repeat();
    wait_until_quiet();
    EXPECT_EQ(studio_->now().spoken, (std::vector<std::string>{"a", "b", "b"}));
}

TEST_F(SpeakingVoiceTest, RepeatsNothingOfAnEarlierVisit) {
    say({"a"});
    voice_->forget();
    voice_->repeat();
    EXPECT_FALSE(voice_->is_speaking());
    say({"b"});
    EXPECT_EQ(studio_->now().spoken, (std::vector<std::string>{"a", "b"}));
}

TEST_F(SpeakingVoiceTest, KeepsItsLimits) {
    std::vector<std::string> lines(kSpokenLinesMax + 1, "a");
    lines[0] = std::string(kSpokenLineBytesMax + 1, 'x');
    say(lines);
    const auto spoken = studio_->now().spoken;
    EXPECT_EQ(spoken.size(), kSpokenLinesMax);
    EXPECT_EQ(spoken[0].size(), kSpokenLineBytesMax);
}

TEST_F(SpeakingVoiceTest, HoldsRateAndVolumeToTheirRanges) {
    for (const int rate : {-5, 80, 1'000}) {
        voice_->set_rate(rate);
        say({"a"});
    }
    EXPECT_EQ(studio_->now().speech_rates, (std::vector<int>{kVoiceRateMin, 80, kVoiceRateMax}));
    voice_->set_volume(1'000);
    say({"four"});
    EXPECT_EQ(heard_at(loudness_of("four")), kFakeLineSamples);
    voice_->set_volume(-1);
    say({"sixsix"});
    EXPECT_EQ(heard_at(loudness_of("sixsix")), 0u);
}

TEST_F(SpeakingVoiceTest, ChangesItsVolumeAtOnce) {
    allow_writes(2);
    voice_->say({"a"}, Language::vi);
    ASSERT_TRUE(wait_for_writes(2));
    voice_->set_volume(50);
    allow_all_writes();
    wait_until_quiet();
    EXPECT_GE(heard_at(loudness_of("a")), 2 * kPieceSamples);
    EXPECT_GE(heard_at(loudness_of("a") / 2), kFakeLineSamples - 3 * kPieceSamples);
}

TEST_F(SpeakingVoiceTest, ClicksAtATap) {
    voice_->tap();
    const std::size_t click_samples = click(22'050).samples.size();
    ASSERT_TRUE(studio_->wait_for([](const Studio::State& state) { return !state.heard.empty(); }));
    const auto heard = studio_->now().heard;
    ASSERT_GT(heard.size(), click_samples);
    EXPECT_TRUE(std::equal(heard.begin(), heard.begin() + static_cast<std::ptrdiff_t>(click_samples),
                           click(22'050).samples.begin()));
    EXPECT_FALSE(voice_->is_speaking());
}

TEST_F(SpeakingVoiceTest, ClicksIntoWhatIsBeingSaid) {
    allow_writes(2);
    voice_->say({"a"}, Language::vi);
    ASSERT_TRUE(wait_for_writes(2));
    voice_->tap();
    allow_all_writes();
    wait_until_quiet();
    const auto heard = studio_->now().heard;
    EXPECT_EQ(heard.size(), kFakeLineSamples + kPauseSamples);
    const Sample most = *std::max_element(heard.begin(), heard.end());
    EXPECT_GT(most, 4'000);
    // Once: not again when it falls quiet.
    EXPECT_EQ(std::count(heard.begin(), heard.end(), most), 1);
}

TEST_F(SpeakingVoiceTest, ClicksAsQuietlyAsItSpeaks) {
    voice_->set_volume(0);
    voice_->tap();
    ASSERT_TRUE(studio_->wait_for([](const Studio::State& state) { return !state.heard.empty(); }));
    const auto heard = studio_->now().heard;
    EXPECT_TRUE(std::all_of(heard.begin(), heard.end(), [](Sample sample) { return sample == 0; }));
}

TEST_F(SpeakingVoiceTest, EndsWhileItSpeaks) {
    studio_->with([](Studio::State& state) { state.is_endless = true; });
    voice_->say({"a"}, Language::vi);
    ASSERT_TRUE(wait_for_writes(10));
    voice_.reset();
    EXPECT_EQ(studio_->now().drops, 1);
}

TEST_F(SpeakingVoiceTest, EndsWithLinesAndTapsStillWanted) {
    for (int i = 0; i < 50; ++i) {
        make_voice({});
        voice_->say({"a", "b"}, Language::vi);
        voice_->tap();
        voice_.reset();
    }
}

TEST_F(SpeakingVoiceTest, StaysInOrderWhateverIsAskedOfIt) {
    for (int i = 0; i < 500; ++i) {
        voice_->say({"a", "b"}, Language::en);
        if (i % 2 == 0) voice_->tap();
        if (i % 3 == 0) voice_->silence();
        if (i % 5 == 0) voice_->repeat();
        voice_->set_volume(i % 101);
        voice_->set_rate(i);
        (void)voice_->trouble();
    }
    say({"the last"});
    EXPECT_EQ(studio_->now().spoken.back(), "the last");
}

TEST_F(SpeakingVoiceTest, GoesOnWithoutASoundCardAndSaysSo) {
    studio_->with([](Studio::State& state) { state.open_error = "no card"; });
    say({"a", "b"});
    const auto trouble = voice_->trouble();
    ASSERT_TRUE(trouble);
    EXPECT_EQ(trouble->kind, VoiceTroubleKind::no_sound);
    EXPECT_EQ(trouble->what, "no card");
    EXPECT_FALSE(trouble->remedy.empty());
    EXPECT_TRUE(studio_->now().heard.empty());
}

TEST_F(SpeakingVoiceTest, TriesTheSoundCardAgainAfterAWhile) {
    studio_->with([](Studio::State& state) { state.open_error = "no card"; });
    say({"a"});
    studio_->with([](Studio::State& state) { state.open_error.clear(); });
    clock_.advance(kVoiceRetryPause - survey::milliseconds{1});
    say({"a"});
    EXPECT_EQ(studio_->now().rates.size(), 1u);
    EXPECT_EQ(trouble(), VoiceTroubleKind::no_sound);
    clock_.advance(survey::milliseconds{1});
    say({"a"});
    EXPECT_EQ(studio_->now().rates.size(), 2u);
    EXPECT_EQ(heard_at(loudness_of("a")), kFakeLineSamples);
    EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(SpeakingVoiceTest, LosesAndFindsASoundCardThatWasPulledOut) {
    studio_->with([](Studio::State& state) { state.write_error = "gone"; });
    say({"a", "b"});
    EXPECT_EQ(trouble(), VoiceTroubleKind::no_sound);
    EXPECT_EQ(studio_->now().writes, 1);
    studio_->with([](Studio::State& state) { state.write_error.clear(); });
    clock_.advance(kVoiceRetryPause);
    say({"cc"});
    EXPECT_EQ(heard_at(loudness_of("cc")), kFakeLineSamples);
    EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(SpeakingVoiceTest, LeavesASpeechThatFailedAloneForAWhile) {
    studio_->with([](Studio::State& state) { state.speech_error = "no data"; });
    say({"a", "b"});
    EXPECT_EQ(trouble(), VoiceTroubleKind::no_speech);
    EXPECT_EQ(voice_->trouble()->what, "no data");
    EXPECT_EQ(studio_->now().spoken, std::vector<std::string>{"a"});
    studio_->with([](Studio::State& state) { state.speech_error.clear(); });
    say({"c"});
    EXPECT_EQ(studio_->now().spoken.size(), 1u);
    clock_.advance(kVoiceRetryPause);
    say({"d"});
    EXPECT_EQ(studio_->now().spoken.back(), "d");
    EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(SpeakingVoiceTest, SurvivesASpeechThatRunsOutOfMemory) {
    studio_->with([](Studio::State& state) { state.throws = true; });
    say({"a"});
    EXPECT_TRUE(trouble());
    studio_->with([](Studio::State& state) { state.throws = false; });
    clock_.advance(kVoiceRetryPause);
    say({"bb"});
    EXPECT_EQ(heard_at(loudness_of("bb")), kFakeLineSamples);
    EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(SpeakingVoiceTest, PrefersWhatWasRecorded) {
    const tests::TemporaryFolder folder;
    write_recording(folder.path(), "15 %", Language::vi, wav({.rate_hz = 8'000, .samples = {7, 7, 7}}));
    make_voice(folder.path());
    say({"15 %"});
    EXPECT_TRUE(studio_->now().spoken.empty());
    EXPECT_EQ(studio_->now().rates, std::vector<int>{8'000});
    EXPECT_EQ(heard_at(7), 3u);
    EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(SpeakingVoiceTest, HearsARecordedLineToItsEndBeforeAnotherRate) {
    const tests::TemporaryFolder folder;
    write_recording(folder.path(), "a", Language::vi, wav({.rate_hz = 8'000, .samples = {7, 7, 7}}));
    make_voice(folder.path());
    say({"a", "bb"});
    const auto state = studio_->now();
    EXPECT_EQ(state.rates, (std::vector<int>{8'000, kFakeRateHz}));
    const auto begin = std::find(state.heard.begin(), state.heard.end(), loudness_of("bb"));
    // Opening anew forgets what is pending: that must be silence by then.
    EXPECT_GE(std::distance(state.heard.begin(), begin), 3 + kSinkPendingMs * 8);
}

TEST_F(SpeakingVoiceTest, SpeaksWhatWasNotRecordedAndSaysSo) {
    const tests::TemporaryFolder folder;
    make_voice(folder.path());
    say({"a"});
    EXPECT_EQ(studio_->now().spoken, std::vector<std::string>{"a"});
    EXPECT_EQ(trouble(), VoiceTroubleKind::missing_recording);
    EXPECT_NE(voice_->trouble()->what.find(recording_name("a", Language::vi)), std::string::npos);
}

TEST_F(SpeakingVoiceTest, SpeaksWhatWasRecordedBadlyAndNamesTheWorst) {
    const tests::TemporaryFolder folder;
    write_recording(folder.path(), "bad", Language::vi, "no sound");
    make_voice(folder.path());
    say({"missing", "bad", "missing too"});
    EXPECT_EQ(studio_->now().spoken, (std::vector<std::string>{"missing", "bad", "missing too"}));
    EXPECT_EQ(trouble(), VoiceTroubleKind::broken_recording);
    write_recording(folder.path(), "bad", Language::vi, wav({.samples = {7}}));
    say({"bad"});
    EXPECT_EQ(heard_at(7), 1u);
    EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(SpeakingVoiceTest, SpeaksWithoutTheFolderOfRecordings) {
    const tests::TemporaryFolder folder;
    make_voice(folder / "nowhere");
    say({"a"});
    EXPECT_EQ(heard_at(loudness_of("a")), kFakeLineSamples);
    EXPECT_EQ(trouble(), VoiceTroubleKind::no_recordings);
}

TEST_F(SpeakingVoiceTest, SaysRecordedLinesThoughSpeechIsMissing) {
    const tests::TemporaryFolder folder;
    write_recording(folder.path(), "b", Language::vi, wav({.samples = {7}}));
    make_voice(folder.path());
    studio_->with([](Studio::State& state) { state.speech_error = "no data"; });
    say({"a", "b"});
    EXPECT_EQ(heard_at(7), 1u);
    EXPECT_EQ(trouble(), VoiceTroubleKind::no_speech);
}

TEST_F(SpeakingVoiceTest, SpeaksVietnameseThroughEspeakIntoAnySink) {
    SpeakingVoice voice(std::make_unique<tests::FakeSink>(studio_), std::make_unique<EspeakSpeech>(), Recordings({}),
                        clock_, wake_);
    voice.say({"Xin cảm ơn Ông/Bà!"}, Language::vi);
    ASSERT_TRUE(studio_->wait_for([&](const Studio::State&) { return !voice.is_speaking(); }));
    EXPECT_EQ(voice.trouble(), std::nullopt);
    const auto heard = studio_->now().heard;
    EXPECT_GT(heard.size(), 22'050u / 2);
    EXPECT_GT(*std::max_element(heard.begin(), heard.end()), 5'000);
}

TEST_F(SpeakingVoiceTest, EndsWhileEspeakSpeaksALongPage) {
    allow_writes(5);
    auto voice = std::make_unique<SpeakingVoice>(std::make_unique<tests::FakeSink>(studio_),
                                                 std::make_unique<EspeakSpeech>(), Recordings({}), clock_, wake_);
    voice->say(std::vector<std::string>(kSpokenLinesMax, "Ông bà có hài lòng không?"), Language::vi);
    ASSERT_TRUE(wait_for_writes(5));
    voice->silence();
    voice->say(std::vector<std::string>(kSpokenLinesMax, "Xin cảm ơn."), Language::vi);
    allow_writes(50);
    ASSERT_TRUE(wait_for_writes(50));
    std::thread ending([&] { voice.reset(); });
    allow_all_writes();
    ending.join();
    EXPECT_LT(studio_->now().writes, 2'000);
}

TEST(MakeVoice, TellsOfADeviceThatIsNotThere) {
    const tests::SharedClock clock;
    Studio studio;
    const auto voice = make_voice({.device = "no-such-device", .recordings = {}}, clock, [&] { studio.notify(); });
    EXPECT_EQ(voice->trouble(), std::nullopt);
    voice->tap();
    ASSERT_TRUE(studio.wait_for([&](const Studio::State&) { return voice->trouble().has_value(); }));
    EXPECT_EQ(voice->trouble()->kind, VoiceTroubleKind::no_sound);
    EXPECT_NE(voice->trouble()->what.find("no-such-device"), std::string::npos);
}

TEST(MakeVoice, SpeaksIntoADeviceThatNobodyHears) {
    const tests::SharedClock clock;
    Studio studio;
    const auto voice = make_voice({.device = "null", .recordings = {}}, clock, [&] { studio.notify(); });
    voice->say({"Xin chào", "Are you satisfied?"}, Language::vi);
    ASSERT_TRUE(studio.wait_for([&](const Studio::State&) { return !voice->is_speaking(); }));
    EXPECT_EQ(voice->trouble(), std::nullopt);
}

}  // namespace
}  // namespace hailong::kiosk
