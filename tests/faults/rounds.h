// Rounds of random faults: a short one is a test, thousands of them are scripts/soak. The same plan makes the same
// decisions; when exactly they meet the programs is the machine's own chance.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hailong::tests {

struct Plan {
    std::uint64_t seed = 1;
    int kills = 60;  // programs killed, or faults in all
};

struct Report {
    std::vector<std::string> findings;  // empty: nothing lost, doubled or altered
    std::string folder;                 // kept when there are findings
};

/// A terminal that writes all the time across a cable that is pulled, mended, slow and full of holes, while the sync
/// program, the writer and the backend are killed.
[[nodiscard]] Report network_round(const Plan& plan);

/// A terminal that writes all the time under a clock that steps by days and years, killed now and then.
[[nodiscard]] Report clock_round(const Plan& plan);

/// A terminal whose power goes in the middle of a write, whose files get flipped bits, and are removed under it.
[[nodiscard]] Report disk_round(const Plan& plan);

}  // namespace hailong::tests
