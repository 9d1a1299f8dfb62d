#include "survey/disclosure.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::survey {
namespace {

using testing::ElementsAre;

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

TEST(ToldRows, AreThoseWithFiveAnswers) {
    EXPECT_THAT(told_rows(40, std::vector<std::int64_t>{20, 4, 11, 5, 0}), ElementsAre(true, false, true, false, false))
        << "36 of 40 would tell of the 4";
    EXPECT_THAT(told_rows(40, std::vector<std::int64_t>{20, 4, 10, 5, 1}), ElementsAre(true, false, true, true, false));
    EXPECT_THAT(told_rows(40, std::vector<std::int64_t>{20, 20}), ElementsAre(true, true));
}

TEST(ToldRows, GiveUpTheSmallestUntilTheRestIsEnough) {
    EXPECT_THAT(told_rows(24, std::vector<std::int64_t>{20, 3}), ElementsAre(false, false));
    EXPECT_THAT(told_rows(19, std::vector<std::int64_t>{6, 6, 6}), ElementsAre(true, true, false));
    EXPECT_THAT(told_rows(0, std::vector<std::int64_t>{0}), ElementsAre(false));
}

TEST(ToldRows, AreNoneWhereTheySayMoreThanTheWhole) {
    EXPECT_THAT(told_rows(7, std::vector<std::int64_t>{8}), ElementsAre(false));
    EXPECT_THAT(told_rows(3, std::vector<std::int64_t>{8}), ElementsAre(false));
}

RC_GTEST_PROP(ToldRows, LeaveNoRestOfFewerThanFiveAnswers, ()) {
    const auto rows = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 12));
    const std::int64_t elsewhere = *rc::gen::inRange<std::int64_t>(0, 12);
    std::int64_t rest = std::accumulate(rows.begin(), rows.end(), elsewhere);
    RC_PRE(rest == 0 || is_told(rest));
    const std::vector<bool> told = told_rows(rest, rows);
    RC_ASSERT(told.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!told[i]) continue;
        RC_ASSERT(is_told(rows[i]));
        rest -= rows[i];
    }
    RC_ASSERT(rest == 0 || is_told(rest));
}

}  // namespace
}  // namespace hailong::survey
