#include "kiosk/platform/key_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::MonoTime;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Keys : public testing::Test {
  protected:
    /// Types as a scanner does.
    void type(const std::u32string& text, survey::milliseconds gap = 5ms) {
        for (const char32_t c : text) {
            now += gap;
            reader.character(c, now);
        }
    }
    void enter(survey::milliseconds gap = 5ms) {
        now += gap;
        reader.key(NavKey::press, true, now);
    }

    KeyReader reader;
    MonoTime now{1h};
};

TEST_F(Keys, OfTheKeypadArriveAtOnceAndInOrder) {
    reader.key(NavKey::next, false, now);
    reader.key(NavKey::press, true, now);
    EXPECT_THAT(reader.take(now), ElementsAre(KeyInput{NavKey::next}, KeyInput{NavKey::press}));
    EXPECT_THAT(reader.take(now), IsEmpty());
    EXPECT_FALSE(reader.deadline());
}

TEST_F(Keys, TypedByAScannerAreOneCodeAndItsEnterPressesNothing) {
    type(U"H15.50.05.13-261008-0975");
    enter();
    EXPECT_THAT(reader.take(now), ElementsAre(KeyInput{Scan{"H15.50.05.13-261008-0975"}}));
}

TEST_F(Keys, TypedByAScannerWithoutAnEndAreACodeWhenNothingFollows) {
    type(U"TP-0123");
    EXPECT_THAT(reader.take(now), IsEmpty());
    ASSERT_TRUE(reader.deadline());
    EXPECT_GT(*reader.deadline(), now);
    EXPECT_THAT(reader.take(*reader.deadline()), ElementsAre(KeyInput{Scan{"TP-0123"}}));
    EXPECT_FALSE(reader.deadline());
}

TEST_F(Keys, TypedByHandMeanNothing) {
    type(U"123456", 200ms);
    enter(200ms);
    EXPECT_THAT(reader.take(now), ElementsAre(KeyInput{NavKey::press}));
}

TEST_F(Keys, TooFewAreNoCode) {
    type(U"123");
    enter();
    EXPECT_THAT(reader.take(now + 1s), ElementsAre(KeyInput{NavKey::press}));
}

TEST_F(Keys, OfTwoCodesOneAfterTheOtherAreTwo) {
    type(U"TP-0001");
    enter();
    type(U"TP-0002");
    now += 1s;
    type(U"TP-0003");
    EXPECT_THAT(reader.take(now + 1s),
                ElementsAre(KeyInput{Scan{"TP-0001"}}, KeyInput{Scan{"TP-0002"}}, KeyInput{Scan{"TP-0003"}}));
}

TEST_F(Keys, BeyondAsciiAreKeptAndControlCharactersAreNot) {
    type(std::u32string{U'đ', U'\u0007', U'₫', U'\U0001F600', U'z', char32_t{0xD800}, char32_t{0x110000}});
    EXPECT_THAT(reader.take(now + 1s), ElementsAre(KeyInput{Scan{"đ₫\U0001F600z"}}));
}

TEST_F(Keys, WithoutEndAreBoundedAndCounted) {
    type(std::u32string(kScanBytesMax, U'1'));
    enter();
    EXPECT_THAT(reader.take(now), ElementsAre(KeyInput{Scan{std::string(kScanBytesMax, '1')}}));
    type(std::u32string(100'000, U'1'));
    enter();
    EXPECT_THAT(reader.take(now), IsEmpty());
    EXPECT_EQ(reader.dropped(), 1U);
    for (std::size_t i = 0; i < kKeyInputsMax + 7; ++i)
        reader.key(NavKey::next, false, now);
    EXPECT_THAT(reader.take(now), SizeIs(kKeyInputsMax));
    EXPECT_EQ(reader.dropped(), 8U);
}

}  // namespace
}  // namespace hailong::kiosk
