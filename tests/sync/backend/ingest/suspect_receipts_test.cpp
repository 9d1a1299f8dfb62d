#include "sync/backend/ingest/suspect_receipts.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/ingest/received.h"

namespace hailong::sync {
namespace {

using sample::Receipts;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using survey::milliseconds;

std::string in_seconds(milliseconds time) {
    return std::to_string(time / std::chrono::seconds(1));
}

/// +-1 day, +-400 days and a year, and less than a day.
class WrongClock : public ::testing::TestWithParam<int> {
  protected:
    const milliseconds wrong_ = hours(GetParam());
};

TEST_P(WrongClock, BetweenRightOnesIsFound) {
    Receipts receipts;
    receipts.batch().pass(hours(3)).batch().pass(hours(1));
    receipts.backend(wrong_).batch().pass(hours(2)).batch("K2").batch().pass(minutes(5));
    EXPECT_EQ(receipts.backend({}).batch().pass(hours(20)).batch().suspects(), "3-5 " + in_seconds(wrong_));
}

TEST_P(WrongClock, AtTheBeginningIsFound) {
    Receipts receipts;
    receipts.backend(wrong_).batch().pass(hours(2)).batch().pass(minutes(5));
    EXPECT_EQ(receipts.backend({}).batch().pass(hours(20)).batch().suspects(), "1-2 " + in_seconds(wrong_));
}

TEST_P(WrongClock, AtTheEndIsFound) {
    Receipts receipts;
    receipts.batch().pass(hours(20)).batch().pass(hours(1));
    EXPECT_EQ(receipts.backend(wrong_).batch().pass(hours(2)).batch().suspects(), "3-4 " + in_seconds(wrong_));
}

TEST_P(WrongClock, AndAnotherOneAreFoundApart) {
    Receipts receipts;
    receipts.batch().pass(hours(2)).backend(wrong_).batch().pass(minutes(5));
    receipts.backend(-wrong_).batch().pass(minutes(5)).batch().pass(minutes(5));
    EXPECT_EQ(receipts.backend({}).batch().suspects(), "2-2 " + in_seconds(wrong_) + ", 3-4 " + in_seconds(-wrong_));
}

TEST_P(WrongClock, IsFoundWhereTheMachinesStartedAnewMeanwhileByTheirWallClocks) {
    Receipts receipts;
    receipts.batch("K1").batch("K2").batch("K3", days(-900)).pass(hours(2)).start_anew();
    receipts.backend(wrong_).batch("K1").batch("K2").pass(minutes(5)).batch("K3", days(-900)).start_anew();
    EXPECT_EQ(receipts.backend({}).batch("K1").batch("K2").batch("K3", days(-900)).suspects(),
              "4-6 " + in_seconds(wrong_));
}

TEST_P(WrongClock, IsFoundAmongTerminalsWhoseClocksAreAllWrong) {
    Receipts receipts;
    receipts.batch("K1", days(-2'500)).batch("K2", days(90)).pass(hours(2));
    receipts.backend(wrong_).batch("K1", days(-2'500)).batch("K2", days(90)).pass(minutes(5));
    EXPECT_EQ(receipts.backend({}).batch("K1", days(-2'500)).batch("K2", days(90)).pass(hours(1)).suspects(),
              "3-4 " + in_seconds(wrong_));
}

/// A bundle says nothing of when it came; what the terminals sent themselves before and behind it does.
TEST_P(WrongClock, IsFoundThoughBundlesCameAtItsBorders) {
    const std::string wrong = " " + in_seconds(wrong_);
    EXPECT_EQ(Receipts().batch().bundle().backend(wrong_).batch().backend({}).bundle().batch().suspects(),
              "3-3" + wrong);
    EXPECT_EQ(Receipts().batch().backend(wrong_).batch().bundle().backend({}).batch().suspects(), "2-3" + wrong);
    EXPECT_EQ(Receipts().batch().backend(wrong_).bundle().batch().backend({}).batch().suspects(), "2-3" + wrong);
    EXPECT_EQ(Receipts().batch().backend(wrong_).bundle().bundle("K2").backend({}).batch().suspects(), "2-3" + wrong);
    EXPECT_EQ(Receipts()
                  .batch("K2")
                  .bundle()
                  .backend(wrong_)
                  .bundle()
                  .batch()
                  .bundle()
                  .backend({})
                  .bundle()
                  .batch()
                  .suspects(),
              "3-5" + wrong);
}

TEST_P(WrongClock, IsFoundThoughAnotherTerminalCarriesAll) {
    Receipts receipts;
    receipts.bundle("K2").batch().backend(wrong_).batch().bundle("K2").bundle("K2").backend({}).bundle("K2").batch();
    EXPECT_EQ(receipts.suspects(), "3-5 " + in_seconds(wrong_));
}

TEST_P(WrongClock, IsFoundInBundlesAloneWithinMinutes) {
    Receipts receipts;
    receipts.batch().pass(minutes(10)).backend(wrong_).bundle().pass(minutes(10)).bundle().pass(minutes(10));
    const auto found = receipts.backend({}).batch().pass(hours(5)).batch().found();
    ASSERT_EQ(found.size(), 1);
    EXPECT_EQ(std::pair(found[0].first_batch, found[0].last_batch), std::pair(2L, 3L));
    EXPECT_LE(std::chrono::abs(found[0].ahead.value() - wrong_), minutes(30));
}

TEST_P(WrongClock, IsFoundTwiceThoughBundlesCameBetween) {
    Receipts receipts;
    receipts.batch().backend(wrong_).batch().bundle().backend({}).bundle("K2").batch();
    receipts.backend(wrong_).bundle("K2").batch().backend({}).batch();
    EXPECT_EQ(receipts.suspects(), "2-3 " + in_seconds(wrong_) + ", 6-7 " + in_seconds(wrong_));
}

/// Five batches by a wrong clock for each by a right one; every row is taken alone.
TEST_P(WrongClock, IsFoundWhereItIsWrongMostly) {
    Receipts receipts;
    receipts.batch();
    for (int row = 0; row < 2; ++row) {
        receipts.pass(minutes(9)).backend(wrong_).batch().batch().batch().batch().batch();
        receipts.pass(minutes(9)).backend({}).batch();
    }
    EXPECT_EQ(receipts.suspects(), "2-6 " + in_seconds(wrong_) + ", 8-12 " + in_seconds(wrong_));
}

INSTANTIATE_TEST_SUITE_P(ByHours, WrongClock,
                         testing::Values(-9'600, -8'760, -720, -24, -7, -4, 4, 7, 24, 8'760, 9'600));

/// A clock that fell behind: nothing lies beyond now.
class ClockBehind : public WrongClock {};

/// After the first start of the machines, one terminal's wall clock tells that the clock came back.
TEST_P(ClockBehind, IsFoundByOneTerminalThatStartedAnew) {
    const std::string wrong = " " + in_seconds(wrong_);
    EXPECT_EQ(Receipts().batch().backend(wrong_).bundle().start_anew().backend({}).batch().suspects(), "2-2" + wrong);
    EXPECT_EQ(Receipts().batch().backend(wrong_).batch().bundle().backend({}).bundle().start_anew().batch().suspects(),
              "2-3" + wrong);
}

/// Where the machine's battery is dead, too, the pause says no more than that the clock may have been set right in it.
TEST_P(ClockBehind, MovesNothingBehindAPauseInWhichItMayHaveBeenSetRight) {
    Receipts receipts;
    receipts.batch().backend(wrong_).batch().bundle().backend({}).start_anew().batch("K1", days(-2'500)).bundle();
    EXPECT_EQ(receipts.pass(days(1'000)).suspects(), "2-3 " + in_seconds(wrong_));
}

TEST_P(ClockBehind, IsUnclearWhereNoTerminalTells) {
    Receipts receipts;
    receipts.bundle("K1").backend(wrong_).bundle("K2").bundle("K1").backend({}).bundle("K1");
    EXPECT_EQ(receipts.suspects(), "1-1 ?, 2-4 ?") << "bundles alone";
    receipts = {};
    receipts.batch("K1", days(-2'500)).bundle().backend(wrong_).batch("K1", days(-2'500)).bundle();
    EXPECT_EQ(receipts.suspects(), "1-2 ?, 3-4 ?") << "the terminal's clock is wrong, too";
    receipts = {};
    receipts.batch("K1").backend(wrong_).batch("K1", wrong_);
    EXPECT_EQ(receipts.suspects(), "1-1 ?, 2-2 ?") << "the terminal's clock went wrong with it";
}

INSTANTIATE_TEST_SUITE_P(ByHours, ClockBehind, testing::Values(-9'600, -720, -24, -3));

TEST(SuspectReceipts, ThatWereCorrectedByTooLittleNameTheWholeError) {
    Receipts receipts;
    receipts.batch().backend(days(10)).batch().batch().backend({}).batch();
    const auto found = find_suspect_receipts(receipts.all(), {}, receipts.now());
    ASSERT_EQ(found.size(), 1);
    auto corrected = receipts.all();
    corrected[1].received -= days(4);
    corrected[2].received -= days(4);
    const std::vector<TimeCorrection> same = {{2, 3, days(4), "", "", receipts.now()}};
    const auto again = find_suspect_receipts(corrected, same, receipts.now());
    ASSERT_EQ(again.size(), 1);
    EXPECT_EQ(again[0].ahead, std::optional<milliseconds>(days(10))) << "as it takes the place of the other one";
    const std::vector<TimeCorrection> others = {{2, 2, days(4), "", "", receipts.now()},
                                                {3, 3, days(4), "", "", receipts.now()}};
    const auto unclear = find_suspect_receipts(corrected, others, receipts.now());
    ASSERT_EQ(unclear.size(), 1);
    EXPECT_EQ(unclear[0].ahead, std::nullopt) << "a correction of parts stands in the way";
}
TEST(SuspectReceipts, OfARightClockAreNotSuspected) {
    Receipts receipts;
    EXPECT_EQ(receipts.suspects(), "");
    receipts.batch("K1", days(3'650)).pass(days(60)).batch("K1", days(3'650)).pass(hours(15));
    receipts.start_anew().batch("K1", days(-2'500)).batch("K2").pass(days(3)).bundle("K2").batch("K1");
    EXPECT_EQ(receipts.suspects(), "") << "terminals' clocks were wrong, and were set right";
    EXPECT_EQ(count_disorders(receipts.all(), receipts.now()), 0);
}

TEST(SuspectReceipts, OfATerminalThatWasSetRightOverAWeekendAreNotSuspected) {
    Receipts receipts;
    receipts.batch("K1", days(-1)).pass(days(3)).start_anew().batch("K1");
    EXPECT_EQ(receipts.suspects(), "");
}

/// The clock stood far back while a terminal was new, and no start of its machine saw it come back.
TEST(SuspectReceipts, BeforeTheirTerminalWasEnrolledAreUnclearWhereNoClockTiesThem) {
    Receipts receipts;
    receipts.backend(days(-400)).batch().batch().start_anew().pass(days(1)).backend({}).batch();
    EXPECT_EQ(receipts.suspects(), "") << "a terminal's clock may have been set as well";
    std::vector<BatchReceipt> enrolled = receipts.all();
    enrolled[0].is_before_enrolment = enrolled[1].is_before_enrolment = true;
    const auto unclear = find_suspect_receipts(enrolled, {}, receipts.now());
    ASSERT_EQ(unclear.size(), 1);
    EXPECT_EQ(std::pair(unclear[0].first_batch, unclear[0].last_batch), std::pair(std::int64_t{1}, std::int64_t{2}));
    EXPECT_EQ(unclear[0].ahead, std::nullopt);
}

TEST(SuspectReceipts, OfBundlesAloneAreDatedByTheirOrder) {
    Receipts receipts;
    receipts.bundle().pass(hours(2)).backend(days(365)).bundle().pass(hours(1)).backend({}).bundle();
    EXPECT_EQ(receipts.suspects(), "2-2 " + in_seconds(days(365) - hours(1)));
}

TEST(SuspectReceipts, AllAheadOfNowAreSuspected) {
    Receipts receipts;
    EXPECT_EQ(receipts.backend(days(365)).batch("K1").pass(hours(1)).batch("K2").suspects(),
              "1-2 " + in_seconds(days(365)));
}

TEST(SuspectReceipts, ThatAreLessThanAnHourApartAreNotSuspected) {
    Receipts receipts;
    receipts.batch().pass(minutes(1)).backend(minutes(50)).batch().pass(minutes(1));
    EXPECT_EQ(receipts.backend({}).batch().suspects(), "");
}

}  // namespace
}  // namespace hailong::sync
