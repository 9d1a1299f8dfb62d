#include "sync/backend/ingest/suspect_receipts.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::noon;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using survey::milliseconds;

/// Batches as they come in, in true time; each clock shows what it is told to.
class Receipts {
  public:
    /// From now on the backend's clock stands so far ahead.
    Receipts& backend(milliseconds ahead) {
        backend_ahead_ = ahead;
        return *this;
    }
    Receipts& pass(milliseconds time) {
        passed_ += time;
        return *this;
    }
    /// All machines start anew.
    Receipts& start_anew() {
        ++start_;
        return *this;
    }
    /// One batch; `terminal_ahead` is how far the terminal's wall clock stands ahead.
    Receipts& batch(const std::string& kiosk = "K1", milliseconds terminal_ahead = {}) {
        BatchReceipt one;
        one.number = static_cast<std::int64_t>(all_.size()) + 1;
        one.kiosk = {kiosk};
        one.received = now() + backend_ahead_;
        one.boot = "start " + std::to_string(start_);
        one.sent_monotonic = hours(start_) + passed_;
        one.sent = now() + terminal_ahead;
        all_.push_back(one);
        return *this;
    }
    /// The same, carried in a bundle.
    Receipts& bundle(const std::string& kiosk = "K1") {
        batch(kiosk);
        all_.back().sent_monotonic.reset();
        return *this;
    }
    [[nodiscard]] survey::UtcTime now() const { return noon() + passed_; }
    [[nodiscard]] const std::vector<BatchReceipt>& all() const { return all_; }
    /// "2-3 31536000", joined by commas; "2-3 ?" where it is unclear.
    [[nodiscard]] std::string suspects() const {
        std::string text;
        for (const SuspectReceipts& one : find_suspect_receipts(all_, {}, now())) {
            text += (text.empty() ? "" : ", ") + std::to_string(one.first_batch) + "-" +
                    std::to_string(one.last_batch) + " " +
                    (one.ahead ? std::to_string(*one.ahead / std::chrono::seconds(1)) : "?");
        }
        return text;
    }

  private:
    std::vector<BatchReceipt> all_;
    milliseconds backend_ahead_{};
    milliseconds passed_{};
    int start_ = 0;
};

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

INSTANTIATE_TEST_SUITE_P(ByHours, WrongClock, testing::Values(-9'600, -8'760, -24, -7, 7, 24, 8'760, 9'600));

TEST(Receipts, OfARightClockAreNotSuspected) {
    Receipts receipts;
    EXPECT_EQ(receipts.suspects(), "");
    receipts.batch("K1", days(3'650)).pass(days(60)).batch("K1", days(3'650)).pass(hours(15));
    receipts.start_anew().batch("K1", days(-2'500)).batch("K2").pass(days(3)).bundle("K2").batch("K1");
    EXPECT_EQ(receipts.suspects(), "") << "terminals' clocks were wrong, and were set right";
    EXPECT_EQ(count_disorders(receipts.all(), receipts.now()), 0);
}

TEST(Receipts, OfATerminalThatWasSetRightOverAWeekendAreNotSuspected) {
    Receipts receipts;
    receipts.batch("K1", days(-1)).pass(days(3)).start_anew().batch("K1");
    EXPECT_EQ(receipts.suspects(), "");
}

TEST(Receipts, OfBundlesAloneAreDatedByTheirOrder) {
    Receipts receipts;
    receipts.bundle().pass(hours(2)).backend(days(365)).bundle().pass(hours(1)).backend({}).bundle();
    EXPECT_EQ(receipts.suspects(), "2-2 " + in_seconds(days(365) - hours(1)));
}

TEST(Receipts, AllAheadOfNowAreSuspected) {
    Receipts receipts;
    EXPECT_EQ(receipts.backend(days(365)).batch("K1").pass(hours(1)).batch("K2").suspects(),
              "1-2 " + in_seconds(days(365)));
}

TEST(Receipts, ThatAreLessThanAnHourApartAreNotSuspected) {
    Receipts receipts;
    receipts.batch().pass(minutes(1)).backend(minutes(50)).batch().pass(minutes(1));
    EXPECT_EQ(receipts.backend({}).batch().suspects(), "");
}

}  // namespace
}  // namespace hailong::sync
