#include "sync/backend/service/clock_watch.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/fixed_clock.h"
#include "tests/sync/backend/sample.h"
#include "tests/sync/backend/store/failing_store.h"

namespace hailong::sync {
namespace {

using sample::must;
using std::chrono::hours;

class WatchedClock : public testing::Test {
  protected:
    /// One transaction; whether the clock was examined in it.
    bool writes(bool commits = true) {
        sample::FailingStore counting(*backend_.store);
        auto transaction = must(counting.write());
        const int before = counting.calls();
        must(watch_.examine_when_due(*transaction));
        const bool is_examined = counting.calls() > before;
        if (commits) {
            must(transaction->commit());
            watch_.settle();
        }
        return is_examined;
    }
    std::size_t incidents() { return must(must(backend_.store->read())->incidents().newest(100)).size(); }

    sample::Backend backend_;
    sample::MovingClock clock_;
    ClockWatch watch_{clock_};
};

TEST_F(WatchedClock, IsExaminedAtFirstAndOnceAnHour) {
    EXPECT_TRUE(writes());
    EXPECT_FALSE(writes());
    clock_.pass(std::chrono::minutes(59));
    EXPECT_FALSE(writes());
    clock_.pass(std::chrono::minutes(2));
    EXPECT_TRUE(writes());
    EXPECT_EQ(incidents(), 0u);
}

TEST_F(WatchedClock, IsExaminedWhenItWasSetForAMinuteOnly) {
    EXPECT_TRUE(writes());
    for (const int step : {400, -30, 2}) {
        const std::size_t before = incidents();
        clock_.step(std::chrono::days(step));
        EXPECT_TRUE(writes()) << step;
        EXPECT_EQ(incidents(), before + 1) << step;
        clock_.pass(std::chrono::minutes(1));
        EXPECT_FALSE(writes()) << step;
        clock_.step(-std::chrono::days(step));
        EXPECT_TRUE(writes()) << step;
        EXPECT_EQ(incidents(), before + 1) << "as it was before";
    }
    clock_.step(hours(23));
    EXPECT_FALSE(writes()) << "no step";
}

TEST_F(WatchedClock, IsExaminedAgainWhenTheTransactionWasNotCommitted) {
    EXPECT_TRUE(writes(false));
    EXPECT_TRUE(writes());
    clock_.step(std::chrono::days(400));
    EXPECT_TRUE(writes(false));
    EXPECT_EQ(incidents(), 0u);
    EXPECT_TRUE(writes());
    EXPECT_EQ(incidents(), 1u);
}

}  // namespace
}  // namespace hailong::sync
