// Every kind of fault, on both ends, in one history.
#include <gtest/gtest.h>

#include "tests/faults/rounds.h"
#include "tests/faults/seed.h"

namespace hailong::tests {
namespace {

/// Each kind once.
constexpr int kFaults = 16;

TEST(MixedFaults, OfBothEndsLoseNothing) {
    const std::uint64_t seed = fault_seed();
    SCOPED_TRACE("HAILONG_SEED=" + std::to_string(seed));
    // Where the walk through writes, pages, bytes and files begins.
    const Report report = mixed_round({seed, kFaults, static_cast<int>(seed % 1'000) * kFaults});
    for (const std::string& finding : report.findings)
        ADD_FAILURE() << finding;
    EXPECT_EQ(report.faults.size(), static_cast<std::size_t>(kFaults));
    EXPECT_GT(report.accounts.promised, 0);
    EXPECT_EQ(report.accounts.lost + report.accounts.doubled + report.accounts.altered, 0);
}

}  // namespace
}  // namespace hailong::tests
