// What every sink promises: held to the one that tests use, and to ALSA with the device that needs no sound card.
#include "kiosk/voice/pcm_sink.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <numeric>

#include <gtest/gtest.h>

#include "kiosk/voice/alsa_sink.h"
#include "kiosk/voice/shared_library.h"
#include "survey/base/host.h"
#include "tests/kiosk/voice/fakes.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

struct SinkMaker {
    const char* name;
    std::unique_ptr<PcmSink> (*make)();
};

void PrintTo(const SinkMaker& maker, std::ostream* out) {
    *out << maker.name;
}

class PcmSinkContract : public testing::TestWithParam<SinkMaker> {
  protected:
    std::unique_ptr<PcmSink> sink_ = GetParam().make();
    std::vector<Sample> second_ = std::vector<Sample>(22'050, 1'000);
};

TEST_P(PcmSinkContract, IsClosedUntilItIsOpened) {
    EXPECT_EQ(sink_->rate_hz(), 0);
    EXPECT_FALSE(sink_->write(second_));
    sink_->drop();
    sink_->close();
    EXPECT_EQ(sink_->rate_hz(), 0);
}

TEST_P(PcmSinkContract, PlaysAtEveryRateThatARecordingMayHave) {
    for (const int rate_hz : {kRateMinHz, 11'025, 16'000, 22'050, 44'100, kRateMaxHz}) {
        const auto opened = sink_->open(rate_hz);
        ASSERT_TRUE(opened) << rate_hz << ": " << opened.error();
        EXPECT_EQ(sink_->rate_hz(), rate_hz);
        EXPECT_TRUE(sink_->write(second_)) << rate_hz;
    }
}

TEST_P(PcmSinkContract, RefusesOtherRatesAndIsClosedThen) {
    for (const int rate_hz : {-1, 0, kRateMinHz - 1, kRateMaxHz + 1}) {
        ASSERT_TRUE(sink_->open(22'050));
        EXPECT_FALSE(sink_->open(rate_hz)) << rate_hz;
        EXPECT_EQ(sink_->rate_hz(), 0);
        EXPECT_FALSE(sink_->write(second_));
    }
}

TEST_P(PcmSinkContract, TakesNothingAsWell) {
    ASSERT_TRUE(sink_->open(22'050));
    EXPECT_TRUE(sink_->write({}));
}

TEST_P(PcmSinkContract, GoesOnAfterSilence) {
    ASSERT_TRUE(sink_->open(22'050));
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(sink_->write(second_));
        sink_->drop();
        EXPECT_EQ(sink_->rate_hz(), 22'050);
    }
    EXPECT_TRUE(sink_->write(second_));
}

TEST_P(PcmSinkContract, OpensAgainAfterItWasClosed) {
    ASSERT_TRUE(sink_->open(22'050));
    sink_->close();
    EXPECT_EQ(sink_->rate_hz(), 0);
    EXPECT_FALSE(sink_->write(second_));
    ASSERT_TRUE(sink_->open(16'000));
    EXPECT_TRUE(sink_->write(second_));
}

const SinkMaker kSinkMakers[] = {
    {"fake", [] { return std::unique_ptr<PcmSink>(new tests::FakeSink(std::make_shared<tests::Studio>())); }},
    {"alsa", [] { return std::unique_ptr<PcmSink>(new AlsaSink("null")); }},
};
INSTANTIATE_TEST_SUITE_P(Every, PcmSinkContract, testing::ValuesIn(kSinkMakers),
                         [](const auto& about) { return std::string(about.param.name); });

TEST(AlsaSink, NamesADeviceThatIsNotThere) {
    AlsaSink sink("no-such-device");
    const auto opened = sink.open(22'050);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), "\"no-such-device\" can't be opened: No such file or directory");
    EXPECT_EQ(sink.rate_hz(), 0);
}

// ALSA's "file" device keeps what a card would play.
TEST(AlsaSink, PlaysEverySampleOnceAndInOrder) {
    const tests::TemporaryFolder folder;
    const std::filesystem::path file = folder / "played.raw";
    std::vector<Sample> samples(30'000);
    std::iota(samples.begin(), samples.end(), Sample{-15'000});
    AlsaSink sink("file:" + file.string() + ",raw");
    const auto opened = sink.open(22'050);
    ASSERT_TRUE(opened) << opened.error();
    for (std::size_t at = 0; at < samples.size(); at += 700)
        ASSERT_TRUE(sink.write(std::span(samples).subspan(at, std::min<std::size_t>(700, samples.size() - at))));
    sink.close();
    const std::string played = *survey::read_file(file);
    ASSERT_EQ(played.size(), samples.size() * sizeof(Sample));
    EXPECT_EQ(std::memcmp(played.data(), samples.data(), played.size()), 0);
}

TEST(SharedLibrary, SaysWhatItDoesNotFind) {
    const auto missing = SharedLibrary::load("libno-such-voice.so.9");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().find("libno-such-voice.so.9"), std::string::npos);
    const auto library = SharedLibrary::load("libasound.so.2");
    ASSERT_TRUE(library);
    void (*function)() = nullptr;
    EXPECT_FALSE(library->find("snd_no_such_function", function));
    EXPECT_TRUE(library->find("snd_pcm_open", function));
}

}  // namespace
}  // namespace hailong::kiosk
