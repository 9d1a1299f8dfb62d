#include "kiosk/voice/recordings.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/kiosk/voice/wav.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

using survey::Language;
using tests::Wav;
using tests::wav;
using tests::write_recording;

TEST(Wav, OfMonoIsReadToTheSample) {
    const auto sound = parse_wav(wav({.rate_hz = 22'050, .samples = {0, 1, -1, 32'767, -32'768}}));
    ASSERT_TRUE(sound) << sound.error();
    EXPECT_EQ(*sound, (Sound{22'050, {0, 1, -1, 32'767, -32'768}}));
}

TEST(Wav, OfStereoIsMixedToMono) {
    const auto sound = parse_wav(wav({.channels = 2, .samples = {100, 300, 32'767, 32'767, -32'768, -32'768}}));
    ASSERT_TRUE(sound) << sound.error();
    EXPECT_EQ(sound->samples, (std::vector<Sample>{200, 32'767, -32'768}));
}

TEST(Wav, MayHaveOtherChunks) {
    const auto sound = parse_wav(wav({.samples = {7}, .before_data = std::string("LIST\x03\0\0\0abc\0", 12)}));
    ASSERT_TRUE(sound) << sound.error();
    EXPECT_EQ(sound->samples, std::vector<Sample>{7});
}

TEST(Wav, HasTheRatesThatAreNamed) {
    EXPECT_TRUE(parse_wav(wav({.rate_hz = 8'000, .samples = {1}})));
    EXPECT_TRUE(parse_wav(wav({.rate_hz = 48'000, .samples = {1}})));
    EXPECT_FALSE(parse_wav(wav({.rate_hz = 7'999, .samples = {1}})));
    EXPECT_FALSE(parse_wav(wav({.rate_hz = 48'001, .samples = {1}})));
}

TEST(Wav, IsRefusedWithWhatIsWrong) {
    const std::pair<Wav, std::string> cases[] = {
        {{.format = 3, .samples = {1}}, "it is not plain PCM"},
        {{.channels = 0, .samples = {1}}, "it is neither mono nor stereo"},
        {{.channels = 3, .samples = {1, 2, 3}}, "it is neither mono nor stereo"},
        {{.bits = 8, .samples = {1}}, "its samples are not of 16 bits"},
        {{.rate_hz = 0, .samples = {1}}, "its rate is not from 8,000 to 48,000 samples a second"},
        {{.samples = {}}, "it holds no sound"},
        {{.channels = 2, .samples = {1, 2, 3}}, "its sound ends within a sample"},
    };
    for (const auto& [file, what] : cases) {
        const auto sound = parse_wav(wav(file));
        ASSERT_FALSE(sound) << what;
        EXPECT_EQ(sound.error(), what);
    }
}

TEST(Wav, IsRefusedWithSoundBeforeItsFormat) {
    std::string bytes = wav({.samples = {1}});
    bytes.replace(bytes.find("fmt "), 4, "junk");
    const auto sound = parse_wav(bytes);
    ASSERT_FALSE(sound);
    EXPECT_EQ(sound.error(), "its sound stands before its format");
}

TEST(Wav, LastsAMinuteAtMost) {
    std::vector<Sample> minute(60 * 8'000, 1);
    EXPECT_TRUE(parse_wav(wav({.rate_hz = 8'000, .samples = minute})));
    minute.push_back(1);
    const auto sound = parse_wav(wav({.rate_hz = 8'000, .samples = minute}));
    ASSERT_FALSE(sound);
    EXPECT_EQ(sound.error(), "it is longer than 60 seconds");
}

TEST(Wav, IsRefusedWhereverItIsCutOff) {
    const std::string bytes = wav({.channels = 2, .samples = {1, 2, 3, 4}});
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(parse_wav(bytes.substr(0, length))) << length;
}

TEST(Wav, NeverLeadsAstrayWhateverByteIsSpoiled) {
    const std::string bytes = wav({.samples = {1, 2, 3, 4}});
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const char spoiled : {'\0', '\x7f', '\xff'}) {
            std::string copy = bytes;
            copy[at] = spoiled;
            const auto sound = parse_wav(copy);
            EXPECT_LE(sound ? sound->samples.size() : 0u, 4u);
        }
    }
}

TEST(RecordingName, IsTheBeginningOfTheHashThatSha256sumPrints) {
    // printf 'Xin cảm ơn Ông/Bà!' | sha256sum
    EXPECT_EQ(recording_name("Xin cảm ơn Ông/Bà!", Language::vi), "vi/70ed74417f9c4e73.wav");
    EXPECT_EQ(recording_name("", Language::en), "en/e3b0c44298fc1c14.wav");
}

TEST(Recordings, AreFoundByLineAndLanguage) {
    const tests::TemporaryFolder folder;
    write_recording(folder.path(), "Xin chào", Language::vi, wav({.samples = {1, 2}}));
    write_recording(folder.path(), "Xin chào", Language::en, wav({.samples = {3}}));
    const Recordings recordings(folder.path());
    EXPECT_EQ(recordings.find("Xin chào", Language::vi)->samples, (std::vector<Sample>{1, 2}));
    EXPECT_EQ(recordings.find("Xin chào", Language::en)->samples, (std::vector<Sample>{3}));
    const auto missing = recordings.find("Xin chào!", Language::vi);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, RecordingErrorKind::missing);
    EXPECT_EQ(missing.error().what, (folder / recording_name("Xin chào!", Language::vi)).string() + " is missing");
}

TEST(Recordings, AreNamedWhenTheyAreBroken) {
    const tests::TemporaryFolder folder;
    write_recording(folder.path(), "a", Language::vi, "no sound");
    const auto found = Recordings(folder.path()).find("a", Language::vi);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, RecordingErrorKind::broken);
    EXPECT_EQ(found.error().what, (folder / recording_name("a", Language::vi)).string() + ": it is no WAV file");
}

TEST(Recordings, AreNotReadWhenTheyAreTooLargeOrNoFiles) {
    const tests::TemporaryFolder folder;
    write_recording(folder.path(), "large", Language::vi, "");
    std::filesystem::resize_file(folder / recording_name("large", Language::vi), kRecordingBytesMax + 1);
    ASSERT_EQ(mkfifo((folder / recording_name("pipe", Language::vi)).c_str(), 0600), 0);
    std::filesystem::create_directory(folder / recording_name("folder", Language::vi));
    const Recordings recordings(folder.path());
    for (const char* line : {"large", "pipe", "folder"}) {
        const auto found = recordings.find(line, Language::vi);
        ASSERT_FALSE(found) << line;
        EXPECT_EQ(found.error().kind, RecordingErrorKind::broken) << line;
        EXPECT_NE(found.error().what.find(" can't be read, or is larger than 16 MiB"), std::string::npos) << line;
    }
}

TEST(Recordings, SayThatTheirFolderIsMissing) {
    const tests::TemporaryFolder folder;
    const auto found = Recordings(folder / "nowhere").find("a", Language::vi);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, RecordingErrorKind::no_folder);
    EXPECT_FALSE(Recordings({}).are_configured());
}

}  // namespace
}  // namespace hailong::kiosk
