// What terminals have not said is unknown, and nothing green.
#include <gtest/gtest.h>

#include "sync/backend/audit/reconcile.h"
#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::visit;

const survey::Date kDay = survey::local_date(sample::noon());
const survey::Date kNext{std::chrono::sys_days{kDay} + std::chrono::days{1}};

class UnreportedTest : public ::testing::Test {
  protected:
    void send(survey::UtcTime at, bool says_days) {
        journal_.add(visit(static_cast<std::uint64_t>(journal_.size()) + 1, "5", at));
        const std::int64_t seq = journal_.size();
        BatchHeader header = journal_.header(seq, seq);
        if (says_days) header.counters.days = {{survey::local_date(at), 1}};
        ASSERT_TRUE(must(backend_.take(sample::sent(header, journal_.records(seq, seq)), "K1", at)));
    }
    [[nodiscard]] Reconciliation until(survey::Date last) const {
        return must(reconcile_quickly(*must(backend_.store->read()), {"mau"}, kDay, last));
    }

    sample::Backend backend_{{"K1"}};
    sample::Journal journal_{"K1"};
};

TEST_F(UnreportedTest, ADayIsUnknownUntilItsTerminalIsHeardAfterIt) {
    send(sample::noon(), true);
    EXPECT_EQ(until(kDay).days.at(0).balance(), Balance::agrees);
    EXPECT_EQ(until(kDay).unreported, (std::vector<Unreported>{{{"K1"}, kDay}}));
    EXPECT_TRUE(until(kNext).is_unreported(kNext));
    send(sample::noon() + std::chrono::hours(24), true);
    EXPECT_TRUE(until(kDay).unreported.empty());
    EXPECT_FALSE(until(kDay).is_unreported(kDay));
    EXPECT_EQ(until(kNext).unreported, (std::vector<Unreported>{{{"K1"}, kNext}}));
}

TEST_F(UnreportedTest, ADayOfWhichTheTerminalSaysNothingIsUnknown) {
    send(sample::noon(), false);
    send(sample::noon() + std::chrono::hours(24), true);
    EXPECT_EQ(until(kDay).days.at(0).balance(), Balance::unknown);
}

TEST_F(UnreportedTest, ATerminalOnWhichNothingWaitsHasReported) {
    send(sample::noon(), true);
    TerminalStatus status;
    status.waiting = 0;
    const HeardStatus heard{{"K1"}, status, sample::noon() + std::chrono::hours(24)};
    auto transaction = must(backend_.store->write());
    must(transaction->terminals().put_statuses({&heard, 1}));
    must(transaction->commit());
    EXPECT_TRUE(until(kDay).unreported.empty());
}

TEST_F(UnreportedTest, ATerminalThatNeverSentIsWaitedForAndARevokedOneIsNot) {
    EXPECT_EQ(until(kDay).unreported, (std::vector<Unreported>{{{"K1"}, kDay}})) << "since it was enrolled";
    auto transaction = must(backend_.store->write());
    Terminal revoked = backend_.terminal();
    revoked.token_hash.clear();
    must(transaction->terminals().put(revoked));
    must(transaction->commit());
    EXPECT_TRUE(until(kDay).unreported.empty());
}

}  // namespace
}  // namespace hailong::sync
