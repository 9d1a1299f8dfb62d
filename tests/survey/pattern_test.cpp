#include "survey/pattern.h"

#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

TEST(Pattern, MatchesTheWholeText) {
    EXPECT_TRUE(matches("0912345678", "0[0-9]{9}"));
    EXPECT_FALSE(matches("09123456789", "0[0-9]{9}"));
    EXPECT_FALSE(matches("", "0[0-9]{9}"));
}

TEST(Pattern, ThatIsNoneIsAFaultOfTheFormAndOfNoAnswer) {
    EXPECT_FALSE(pattern_fault("0[0-9]{9}"));
    EXPECT_FALSE(pattern_fault(""));
    ASSERT_TRUE(pattern_fault("0[0-9"));
    EXPECT_FALSE(pattern_fault("0[0-9")->empty());
    EXPECT_TRUE(matches("anything", "0[0-9"));
}

}  // namespace
}  // namespace hailong::survey
