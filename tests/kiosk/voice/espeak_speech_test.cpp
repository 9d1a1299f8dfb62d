// eSpeak NG itself, without a sound card.
#include "kiosk/voice/espeak_speech.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>

#include "kiosk/voice/spoken.h"
#include "kiosk/voice/voice.h"
#include "survey/base/host.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

using survey::Language;

constexpr const char* kQuestion = "Ông bà có hài lòng với lần đến làm việc hôm nay không?";

class EspeakSpeechTest : public testing::Test {
  protected:
    Sound speak(const std::string& text, Language language, int rate_percent = 100) {
        Sound sound;
        const auto spoke = speech_.speak(text, language, rate_percent, [&](std::span<const Sample> samples, int hz) {
            sound.rate_hz = hz;
            sound.samples.insert(sound.samples.end(), samples.begin(), samples.end());
            return true;
        });
        EXPECT_TRUE(spoke) << spoke.error();
        return sound;
    }

    EspeakSpeech speech_;
};

double length_s(const Sound& sound) {
    return static_cast<double>(sound.samples.size()) / sound.rate_hz;
}

double loudness(const Sound& sound) {
    double sum = 0;
    for (const Sample sample : sound.samples)
        sum += static_cast<double>(sample) * sample;
    return std::sqrt(sum / static_cast<double>(sound.samples.size()));
}

TEST_F(EspeakSpeechTest, SpeaksAVietnameseSentenceAsLongAsAPersonWould) {
    const Sound sound = speak(kQuestion, Language::vi);
    EXPECT_EQ(sound.rate_hz, 22'050);
    EXPECT_GT(length_s(sound), 13 / 6.0);  // 13 syllables, at most 6 a second
    EXPECT_LT(length_s(sound), 13 / 2.0);
    EXPECT_GT(loudness(sound), 1'000.0);
    EXPECT_LT(loudness(sound), 20'000.0);
}

TEST_F(EspeakSpeechTest, SpeaksEachLanguageInItsOwnVoice) {
    const Sound vietnamese = speak("An toan", Language::vi);
    const Sound english = speak("An toan", Language::en);
    EXPECT_GT(loudness(english), 1'000.0);
    EXPECT_GT(length_s(english), 1.1 * length_s(vietnamese));  // the same takes are alike to 0.2 %
}

TEST_F(EspeakSpeechTest, HearsTheTonesOfVietnamese) {
    const double level = length_s(speak("ma", Language::vi));  // the falling tone is the shorter one
    EXPECT_LT(length_s(speak("mà", Language::vi)), 0.8 * level);
}

TEST_F(EspeakSpeechTest, SpeaksFasterAndSlower) {
    const double usual = length_s(speak(kQuestion, Language::vi));
    EXPECT_LT(length_s(speak(kQuestion, Language::vi, kVoiceRateMax)), 0.8 * usual);
    EXPECT_GT(length_s(speak(kQuestion, Language::vi, kVoiceRateMin)), 1.3 * usual);
    EXPECT_NEAR(length_s(speak(kQuestion, Language::vi)), usual, 0.01 * usual);
}

TEST_F(EspeakSpeechTest, EndsWhenNoMoreIsWanted) {
    int pieces = 0;
    const auto spoke = speech_.speak(kQuestion, Language::vi, 100, [&](std::span<const Sample>, int) {
        pieces += 1;
        return pieces < 3;
    });
    EXPECT_TRUE(spoke);
    EXPECT_EQ(pieces, 3);
    EXPECT_GT(loudness(speak(kQuestion, Language::vi)), 1'000.0);
}

TEST_F(EspeakSpeechTest, LetsNoExceptionThroughTheLibrary) {
    const auto spoke = speech_.speak(kQuestion, Language::vi, 100,
                                     [](std::span<const Sample>, int) -> bool { throw std::bad_alloc(); });
    EXPECT_TRUE(spoke);
    EXPECT_GT(loudness(speak(kQuestion, Language::vi)), 1'000.0);
}

TEST_F(EspeakSpeechTest, IsSilentForNothing) {
    const Sound sound = speak("", Language::vi);
    EXPECT_EQ(std::count(sound.samples.begin(), sound.samples.end(), 0), std::ssize(sound.samples));
}

TEST_F(EspeakSpeechTest, SpeaksEveryTextOfTheTerminal) {
    for (const Language language : survey::kLanguages) {
        const std::string path =
            std::string(HAILONG_SOURCE_DIR) + "/assets/i18n/kiosk." + std::string(code(language)) + ".json";
        const auto messages = survey::parse_messages(*survey::read_file(path));
        ASSERT_TRUE(messages);
        for (const auto& [key, text] : messages->all()) {
            const std::string words = spoken(text, language);
            if (words.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos) continue;
            EXPECT_FALSE(speak(words, language).samples.empty()) << key;
        }
    }
}

TEST(EspeakSpeech, CanBeginAgainAfterItEnded) {
    std::ptrdiff_t threads = 0;
    for (int i = 0; i < 3; ++i) {
        EspeakSpeech speech;
        std::size_t count = 0;
        const auto spoke = speech.speak("một", Language::vi, 100, [&](std::span<const Sample> samples, int) {
            count += samples.size();
            return true;
        });
        ASSERT_TRUE(spoke) << spoke.error();
        EXPECT_GT(count, 0u);
        // eSpeak's own thread is started once.
        const auto now = std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
        EXPECT_EQ(i == 0 ? now : threads, now);
        threads = now;
    }
}

/// Ends the program with 0 when speech without data says so and works with data afterwards.
[[noreturn]] void speak_without_data_and_with(const std::string& empty_folder) {
    const TakeSound take = [](std::span<const Sample>, int) { return true; };
    bool is_told = false;
    {
        EspeakSpeech speech(empty_folder);
        const auto spoke = speech.speak("một", Language::vi, 100, take);
        is_told = !spoke && spoke.error() == "eSpeak NG can't read its data";
    }
    const bool speaks = EspeakSpeech().speak("một", Language::vi, 100, take).has_value();
    std::_Exit(is_told && speaks ? 0 : 1);
}

// In a program of its own: eSpeak keeps the data that it found once.
TEST(EspeakSpeechDeathTest, SaysThatItsDataIsDamagedAndFindsItLater) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const tests::TemporaryFolder folder;
    std::filesystem::create_directory(folder / "espeak-ng-data");  // with nothing in it
    EXPECT_EXIT(speak_without_data_and_with(folder.path().string()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace hailong::kiosk
