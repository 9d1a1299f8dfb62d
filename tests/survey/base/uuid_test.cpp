#include "survey/base/uuid.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::survey {
namespace {

// The example of RFC 9562, appendix A.6.
TEST(Uuid7, HasThePublishedLayout) {
    const UuidEntropy entropy{0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F};
    EXPECT_EQ(to_string(make_uuid7(UtcTime{milliseconds{0x017F22E279B0}}, entropy)),
              "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid7, OverwritesOnlyVersionAndVariant) {
    UuidEntropy ones;
    ones.fill(0xff);
    EXPECT_EQ(to_string(make_uuid7(UtcTime{}, ones)), "00000000-0000-7fff-bfff-ffffffffffff");
    EXPECT_EQ(to_string(make_uuid7(UtcTime{}, UuidEntropy{})), "00000000-0000-7000-8000-000000000000");
}

TEST(Uuid7, CountsTimesBeforeTheEpochAsTheEpoch) {
    EXPECT_EQ(make_uuid7(UtcTime{milliseconds{-1}}, {}), make_uuid7(UtcTime{}, {}));
}

RC_GTEST_PROP(Uuid7, SortsByTime, (UuidEntropy earlier_bits, UuidEntropy later_bits)) {
    const auto earlier = *rc::gen::inRange<milliseconds::rep>(0, 4'000'000'000'000);
    const auto later = earlier + *rc::gen::inRange<milliseconds::rep>(1, 1'000'000);
    const Uuid first = make_uuid7(UtcTime{milliseconds{earlier}}, earlier_bits);
    const Uuid second = make_uuid7(UtcTime{milliseconds{later}}, later_bits);
    RC_ASSERT(first < second);
    RC_ASSERT(to_string(first) < to_string(second));
}

RC_GTEST_PROP(UuidText, ComesBack, (std::array<std::uint8_t, 16> bytes)) {
    RC_ASSERT(parse_uuid(to_string(Uuid{bytes})) == Uuid{bytes});
}

TEST(UuidText, IsReadInEitherCase) {
    EXPECT_EQ(parse_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), parse_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
}

TEST(UuidText, RefusesEverythingElse) {
    const std::string good = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    EXPECT_FALSE(parse_uuid(""));
    EXPECT_FALSE(parse_uuid("{" + good + "}"));
    EXPECT_FALSE(parse_uuid(good + " "));
    EXPECT_FALSE(parse_uuid("017f22e279b07cc398c4dc0c0c07398f"));
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string text = good;
        text[at] = good[at] == '-' ? '0' : '-';
        EXPECT_FALSE(parse_uuid(text)) << at;
        text[at] = 'g';
        EXPECT_FALSE(parse_uuid(text)) << at;
        EXPECT_FALSE(parse_uuid(good.substr(0, at))) << at;
    }
}

}  // namespace
}  // namespace hailong::survey
