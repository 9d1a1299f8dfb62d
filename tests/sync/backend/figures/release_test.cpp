// The one moment of a day at which figures move.
#include "sync/backend/figures/release.h"

#include <gtest/gtest.h>

#include "sync/backend/figures/day_totals.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::visit;

class ReleaseTest : public ::testing::Test {
  protected:
    void take(int count, int days_ago) {
        const std::int64_t first = journal_.size() + 1;
        for (int i = 0; i < count; ++i)
            journal_.add(visit(++number_, "5", sample::noon() - std::chrono::hours(24 * days_ago)));
        ASSERT_TRUE(must(backend_.take(journal_.batch(first, journal_.size()))));
    }
    [[nodiscard]] PublicSheet rows() const {
        return must(must(backend_.store->read())->public_tallies().find({"mau"}, november(1), november(30)));
    }
    static survey::Date november(int day) { return std::chrono::year{2026} / 11 / day; }

    const survey::Date today_ = survey::local_date(sample::noon());
    sample::Backend backend_;
    sample::Journal journal_{"K1"};
    std::uint64_t number_ = 0;
};

TEST_F(ReleaseTest, HappensOnceADay) {
    take(6, 2);
    backend_.release(today_);
    const PublicSheet first = rows();
    EXPECT_FALSE(first.empty());
    take(7, 1);
    backend_.release(today_);
    EXPECT_EQ(rows(), first) << "it came in while the day ran";
    backend_.release(survey::Date{std::chrono::sys_days{today_} + std::chrono::days{1}});
    EXPECT_NE(rows(), first);
}

TEST_F(ReleaseTest, GoesOnWhenAClockThatWasAheadIsRightAgain) {
    take(6, 2);
    backend_.release(survey::Date{std::chrono::sys_days{today_} + std::chrono::days{400}});
    take(7, 1);
    const PublicSheet before = rows();
    backend_.release(today_);
    EXPECT_NE(rows(), before);
}

TEST_F(ReleaseTest, LeavesTheDayThatRunsOutOfTheTotals) {
    take(3, 1);
    take(2, 0);
    const auto snapshot = must(backend_.store->read());
    EXPECT_EQ(must(received_on(snapshot->tallies(), {"mau"}, today_)), 2);
    const CenterTotals totals = must(totals_before(snapshot->terminals(), {"mau"}, today_));
    EXPECT_EQ(totals.records.stored, 3);
    EXPECT_EQ(totals.records.counted, 3);
}

}  // namespace
}  // namespace hailong::sync
