#include <gtest/gtest.h>

#include "tests/sim/campaign.h"
#include "tests/support/temporary_folder.h"

namespace hailong::sim {
namespace {

/// The short form of `scripts/soak sim`: the same histories each time.
constexpr std::uint64_t kSeeds = 300;

TEST(Simulator, EndsEveryHistoryWithBalancedBooks) {
    const tests::TemporaryFolder folder(fast_folder());
    Campaign campaign;
    campaign.seeds = kSeeds;
    const Outcome outcome = run(campaign, folder.path());
    if (outcome.found) {
        for (const std::string& finding : outcome.found->findings)
            ADD_FAILURE() << "seed " << outcome.found->seed << ": " << finding;
        return;
    }
    const Census& census = outcome.census;
    // A world in which nothing goes wrong proves nothing.
    EXPECT_GT(census.visits, 1'000);
    EXPECT_GT(census.lost_requests, 100);
    EXPECT_GT(census.lost_answers, 100);
    EXPECT_GT(census.replays, 100);
    EXPECT_GT(census.damaged_disks, 10);
    EXPECT_GT(census.clones, 10);
    EXPECT_GT(census.restored_backends, 10);
    EXPECT_GT(census.enrolments, 100);
    EXPECT_GT(census.bundles, 50);
    EXPECT_GT(census.quarantined, 50);
    EXPECT_GT(census.reprocessed, 10);
    EXPECT_GT(census.renumbered, 10);
    EXPECT_GT(census.pruned, 10);
    EXPECT_GT(census.clock_jumps, 50);
}

TEST(Simulator, PlaysTheSameHistoryForTheSameSeed) {
    const tests::TemporaryFolder folder(fast_folder());
    const History once = play(7, folder / "once");
    const History again = play(7, folder / "again");
    EXPECT_EQ(once.census.visits, again.census.visits);
    EXPECT_EQ(once.census.exchanges, again.census.exchanges);
    EXPECT_EQ(once.census.replays, again.census.replays);
}

}  // namespace
}  // namespace hailong::sim
