#include "survey/disclosure.h"

#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

TEST(Disclosure, TellsOfACellFromFiveResponsesOn) {
    for (std::int64_t n = 0; n < kCellMin; ++n)
        EXPECT_FALSE(is_told(n)) << n;
    EXPECT_TRUE(is_told(5));
    EXPECT_TRUE(is_told(1'000'000));
}

TEST(Disclosure, LeavesNothingOrEnoughToBeToldItself) {
    EXPECT_TRUE(leaves_no_rest(0, 0));
    EXPECT_TRUE(leaves_no_rest(12, 12));
    EXPECT_TRUE(leaves_no_rest(12, 7));
    EXPECT_TRUE(leaves_no_rest(5, 0));
    for (std::int64_t rest = 1; rest < kCellMin; ++rest)
        EXPECT_FALSE(leaves_no_rest(12, 12 - rest)) << rest;
    EXPECT_FALSE(leaves_no_rest(4, 0));
}

/// Two that don't belong together are never called safe.
TEST(Disclosure, TakesNoMoreThanTheWholeForShown) {
    EXPECT_FALSE(leaves_no_rest(7, 12));
}

}  // namespace
}  // namespace hailong::survey
