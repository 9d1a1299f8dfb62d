#include "survey/satisfaction.h"

#include <cmath>
#include <cstdint>
#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::survey {
namespace {

constexpr std::int64_t kTotalMax = 1'000'000'000'000'000;

// --- The interval, against published values -----------------------------------------------------------------------

struct PublishedInterval {
    std::int64_t satisfied;
    std::int64_t total;
    double low;
    double high;
    double within;  // half of the last printed digit
    const char* source;
};

std::ostream& operator<<(std::ostream& out, const PublishedInterval& p) {
    return out << p.satisfied << " of " << p.total << " (" << p.source << ")";
}

class WilsonInterval : public testing::TestWithParam<PublishedInterval> {};

TEST_P(WilsonInterval, IsAsPublished) {
    const PublishedInterval& p = GetParam();
    const Interval interval = wilson_interval(p.satisfied, p.total);
    EXPECT_NEAR(interval.low, p.low, p.within);
    EXPECT_NEAR(interval.high, p.high, p.within);
}

constexpr const char* kNewcombe = "Newcombe 1998, Statistics in Medicine 17:857, table I, method 3";
constexpr const char* kAgresti = "Agresti 2007, An Introduction to Categorical Data Analysis, 2nd ed., chapter 1";
INSTANTIATE_TEST_SUITE_P(Published, WilsonInterval,
                         testing::Values(PublishedInterval{81, 263, 0.2553, 0.3662, 0.00005, kNewcombe},
                                         PublishedInterval{15, 148, 0.0624, 0.1605, 0.00005, kNewcombe},
                                         PublishedInterval{0, 20, 0.0, 0.1611, 0.00005, kNewcombe},
                                         PublishedInterval{1, 29, 0.0061, 0.1718, 0.00005, kNewcombe},
                                         PublishedInterval{0, 25, 0.0, 0.133, 0.0005, kAgresti},
                                         PublishedInterval{9, 10, 0.596, 0.982, 0.0005, kAgresti}));

// Computed apart with 50 decimal digits from Wilson's closed form.
constexpr const char* kExact = "50-digit arithmetic";
INSTANTIATE_TEST_SUITE_P(
    Exact, WilsonInterval,
    testing::Values(
        PublishedInterval{1, 1, 0.206549314377237388, 1.0, 1e-15, kExact},
        PublishedInterval{0, 1, 0.0, 0.793450685622762612, 1e-15, kExact},
        PublishedInterval{83, 86, 0.902391288974392341, 0.988066201922591631, 1e-15, kExact},
        PublishedInterval{45, 50, 0.786397685625203432, 0.956524235068109584, 1e-15, kExact},
        PublishedInterval{999'999, 1'000'000, 0.999994335088195689, 0.999999823475423255, 1e-15, kExact},
        PublishedInterval{1, kTotalMax, 1.76524554935152940e-16, 5.66493426575895058e-15, 1e-29, kExact},
        PublishedInterval{900'000'000'000'000, kTotalMax, 0.899999981406147494, 0.900000018593849433, 1e-15, kExact},
        PublishedInterval{kTotalMax - 1, kTotalMax, 0.999999999999994335, 0.999999999999999823, 1e-15, kExact}));

TEST(Wilson, IsExactlyZeroAndOneAtTheEnds) {
    for (const std::int64_t total :
         {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{7}, std::int64_t{1000}, kTotalMax}) {
        EXPECT_EQ(wilson_interval(0, total).low, 0.0) << total;
        EXPECT_EQ(wilson_interval(total, total).high, 1.0) << total;
    }
}

struct Counts {
    std::int64_t satisfied;
    std::int64_t total;
};

Counts any_counts() {
    const std::int64_t total =
        *rc::gen::oneOf(rc::gen::inRange<std::int64_t>(1, 50), rc::gen::inRange<std::int64_t>(1, 100'000),
                        rc::gen::inRange<std::int64_t>(1, kTotalMax + 1));
    return {*rc::gen::inRange<std::int64_t>(0, total + 1), total};
}

RC_GTEST_PROP(Wilson, HoldsTheShareAndStaysWithinZeroAndOne, ()) {
    const Counts counts = any_counts();
    const Interval interval = wilson_interval(counts.satisfied, counts.total);
    const double share = static_cast<double>(counts.satisfied) / static_cast<double>(counts.total);
    RC_ASSERT(interval.low >= 0.0);
    RC_ASSERT(interval.low <= share);
    RC_ASSERT(share <= interval.high);
    RC_ASSERT(interval.high <= 1.0);
}

// The definition that the closed form solves: at both ends, (share - p)^2 == z^2 p (1 - p) / n.
RC_GTEST_PROP(Wilson, SolvesItsEquationAtBothEnds, ()) {
    const std::int64_t total = *rc::gen::inRange<std::int64_t>(1, 100'000);
    const std::int64_t satisfied = *rc::gen::inRange<std::int64_t>(0, total + 1);
    const auto n = static_cast<double>(total);
    const double share = static_cast<double>(satisfied) / n;
    const Interval interval = wilson_interval(satisfied, total);
    for (const double end : {interval.low, interval.high}) {
        const double left = (share - end) * (share - end);
        const double right = 1.959963984540054 * 1.959963984540054 * end * (1 - end) / n;
        RC_ASSERT(std::abs(left - right) < 1e-12);
    }
}

RC_GTEST_PROP(Wilson, IsTheMirrorOfTheUnsatisfied, ()) {
    const Counts counts = any_counts();
    const Interval interval = wilson_interval(counts.satisfied, counts.total);
    const Interval mirror = wilson_interval(counts.total - counts.satisfied, counts.total);
    RC_ASSERT(std::abs(interval.low - (1 - mirror.high)) < 1e-12);
    RC_ASSERT(std::abs(interval.high - (1 - mirror.low)) < 1e-12);
}

// --- The shown share ----------------------------------------------------------------------------------------------

TEST(ShareTenths, RoundsHalfUp) {
    EXPECT_EQ(share_tenths(1, 2000), 1);         // 0.05 % -> 0.1
    EXPECT_EQ(share_tenths(1, 2001), 0);         // just below
    EXPECT_EQ(share_tenths(1, 1999), 1);         // just above
    EXPECT_EQ(share_tenths(8995, 10'000), 900);  // 89.95 % -> 90.0
    EXPECT_EQ(share_tenths(9005, 10'000), 901);  // 90.05 % -> 90.1
    EXPECT_EQ(share_tenths(90'049, 100'000), 900);
    EXPECT_EQ(share_tenths(1999, 2000), 1000);  // 99.95 % -> 100.0
    EXPECT_EQ(share_tenths(1998, 2000), 999);
    EXPECT_EQ(share_tenths(1, 3), 333);
    EXPECT_EQ(share_tenths(2, 3), 667);
    EXPECT_EQ(share_tenths(1, 8), 125);
    EXPECT_EQ(share_tenths(1, 16), 63);  // 6.25 % -> 6.3, where rounding half to even gives 6.2
}

TEST(ShareTenths, IsExactAtTheEndsOfTheRange) {
    EXPECT_EQ(share_tenths(0, 1), 0);
    EXPECT_EQ(share_tenths(1, 1), 1000);
    EXPECT_EQ(share_tenths(0, kTotalMax), 0);
    EXPECT_EQ(share_tenths(kTotalMax, kTotalMax), 1000);
    EXPECT_EQ(share_tenths(500'000'000'000, kTotalMax), 1);  // exactly 0.05 %
    EXPECT_EQ(share_tenths(499'999'999'999, kTotalMax), 0);
    EXPECT_EQ(share_tenths(999'500'000'000'000, kTotalMax), 1000);
    EXPECT_EQ(share_tenths(999'499'999'999'999, kTotalMax), 999);
}

// tenths is the one whole number with tenths - 1/2 <= 1000 * satisfied / total < tenths + 1/2.
RC_GTEST_PROP(ShareTenths, IsNearestWithTiesUp, ()) {
    const Counts counts = any_counts();
    const std::int64_t tenths = share_tenths(counts.satisfied, counts.total);
    RC_ASSERT((2 * tenths - 1) * counts.total <= 2000 * counts.satisfied);
    RC_ASSERT(2000 * counts.satisfied < (2 * tenths + 1) * counts.total);
}

// --- The verdict --------------------------------------------------------------------------------------------------

Verdict verdict(std::int64_t satisfied, std::int64_t total, std::int64_t more_than_percent = 90) {
    return satisfaction(satisfied, total, Objective{more_than_percent})->verdict;
}

TEST(VerdictOf, NeedsStrictlyMoreThanTheObjective) {
    EXPECT_EQ(verdict(9, 10), Verdict::not_met);
    EXPECT_EQ(verdict(90, 100), Verdict::not_met);
    EXPECT_EQ(verdict(900, 1000), Verdict::not_met);
    EXPECT_EQ(verdict(901, 1000), Verdict::met_unproven);
    EXPECT_EQ(verdict(91, 100), Verdict::met_unproven);
    EXPECT_EQ(verdict(10, 11), Verdict::met_unproven);
    EXPECT_EQ(verdict(900'000'000'000'000, kTotalMax), Verdict::not_met);
    EXPECT_EQ(verdict(900'000'000'000'001, kTotalMax), Verdict::met_unproven);
    EXPECT_EQ(verdict(899'999'999'999'999, kTotalMax), Verdict::not_met);
}

TEST(VerdictOf, IsDecidedOnCountsAndNotOnTheRoundedShare) {
    const auto figure = satisfaction(8995, 10'000);
    EXPECT_EQ(figure->share_tenths, 900);
    EXPECT_EQ(figure->verdict, Verdict::not_met);
    EXPECT_EQ(satisfaction(90'001, 100'000)->share_tenths, 900);
    EXPECT_EQ(verdict(90'001, 100'000), Verdict::met_unproven);
}

// The least number of satisfied answers that proves the objective, and one fewer; computed apart with 50 digits.
TEST(VerdictOf, IsProvenFromWhereTheWholeIntervalLiesAbove) {
    const Counts least[] = {{35, 35},   {50, 50},    {96, 100},      {189, 200},
                            {464, 500}, {919, 1000}, {9059, 10'000}, {900'588, 1'000'000}};
    for (const Counts& counts : least) {
        EXPECT_EQ(verdict(counts.satisfied, counts.total), Verdict::met) << counts.total;
        EXPECT_EQ(verdict(counts.satisfied - 1, counts.total), Verdict::met_unproven) << counts.total;
    }
    EXPECT_EQ(verdict(34, 34), Verdict::met_unproven);
}

TEST(VerdictOf, FollowsTheObjective) {
    EXPECT_EQ(verdict(0, 100, 0), Verdict::not_met);
    EXPECT_EQ(verdict(1, 100, 0), Verdict::met);
    EXPECT_EQ(verdict(100, 100, 100), Verdict::not_met);  // nothing is more than 100 %
    EXPECT_EQ(verdict(85, 100, 85), Verdict::not_met);
    EXPECT_EQ(verdict(86, 100, 85), Verdict::met_unproven);
    EXPECT_EQ(verdict(930, 1000, 85), Verdict::met);
}

TEST(VerdictOf, HasANameEach) {
    EXPECT_EQ(name(Verdict::met), "met");
    EXPECT_EQ(name(Verdict::met_unproven), "met_unproven");
    EXPECT_EQ(name(Verdict::not_met), "not_met");
}

RC_GTEST_PROP(VerdictOf, AgreesWithShareAndInterval, ()) {
    const Counts counts = any_counts();
    const std::int64_t objective = *rc::gen::inRange<std::int64_t>(0, 101);
    const auto figure = satisfaction(counts.satisfied, counts.total, Objective{objective});
    RC_ASSERT(figure.has_value());
    const bool above = 100 * counts.satisfied > objective * counts.total;
    RC_ASSERT((figure->verdict != Verdict::not_met) == above);
    RC_ASSERT((figure->verdict == Verdict::met) ==
              (above && figure->interval.low * 100 > static_cast<double>(objective)));
}

TEST(SatisfactionOf, NobodyIsNoFigure) {
    EXPECT_FALSE(satisfaction(0, 0).has_value());
}

TEST(SatisfactionOf, CarriesItsCountsAndShare) {
    const auto figure = satisfaction(3, 4);
    EXPECT_EQ(figure->satisfied, 3);
    EXPECT_EQ(figure->total, 4);
    EXPECT_EQ(figure->share, 0.75);
    EXPECT_EQ(figure->share_tenths, 750);
    EXPECT_EQ(figure->interval.low, wilson_interval(3, 4).low);
    EXPECT_EQ(figure->interval.high, wilson_interval(3, 4).high);
}

TEST(SatisfactionDeathTest, ImpossibleCountsAreABugOfOurs) {
    EXPECT_DEATH((void)wilson_interval(2, 1), "no more satisfied answers than answers");
    EXPECT_DEATH((void)wilson_interval(-1, 1), "no more satisfied answers than answers");
    EXPECT_DEATH((void)wilson_interval(0, 0), "1 to 10\\^15 answers");
    EXPECT_DEATH((void)share_tenths(1, kTotalMax + 1), "1 to 10\\^15 answers");
    EXPECT_DEATH((void)satisfaction(0, -1), "1 to 10\\^15 answers");
}

}  // namespace
}  // namespace hailong::survey
