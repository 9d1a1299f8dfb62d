#include <gtest/gtest.h>

#include "tests/sim/campaign.h"
#include "tests/support/temporary_folder.h"

namespace hailong::sim {
namespace {

/// The short form of `scripts/soak sim`: the same histories each time.
constexpr std::uint64_t kSeeds = 80;

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
    // A world in which nothing goes wrong proves nothing.
    EXPECT_GT(outcome.census.visits, 1'000);
    for (const std::string& move : moves())
        EXPECT_GT(outcome.census.count(move), 5) << move;
    for (const char* often : {"lost request", "lost answer", "replay", "spoiled answer", "another backend"})
        EXPECT_GT(outcome.census.count(often), 30) << often;
    for (const char* consequence : {"quarantined", "reprocessed", "renumbered"})
        EXPECT_GT(outcome.census.count(consequence), 10) << consequence;
    EXPECT_GT(outcome.census.count("pruned"), 0) << "seldom: it takes clocks that agree on two days";
}

TEST(Simulator, PlaysTheSameHistoryForTheSameSeed) {
    const tests::TemporaryFolder folder(fast_folder());
    const History once = play(7, folder / "once", true);
    const History again = play(7, folder / "again", true);
    EXPECT_EQ(once.told, again.told);
    EXPECT_EQ(once.census.happened, again.census.happened);
    EXPECT_EQ(once.census.exchanges, again.census.exchanges);
}

}  // namespace
}  // namespace hailong::sim
