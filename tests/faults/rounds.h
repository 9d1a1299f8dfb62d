// Rounds of random faults: a short one is a test, thousands of them are scripts/soak. The same plan makes the same
// decisions; when exactly they meet the programs is the machine's own chance.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/faults/audit.h"

namespace hailong::tests {

/// A terminal whose glass nobody touches.
inline const std::string kPlain = "bm-dd";

struct Plan {
    std::uint64_t seed = 1;
    int kills = 60;  // programs killed, or faults in all
    int before = 0;  // faults of the rounds before: places walk on from there
};

struct Report {
    std::vector<std::string> findings;  // empty: nothing lost, doubled or altered
    std::string folder;                 // kept when there are findings
    std::map<std::string, int> faults;  // by kind, where a round has several
    Accounts accounts;
};

/// A terminal that writes all the time across a cable that is pulled, mended, slow and full of holes, while the sync
/// program, the writer and the backend are killed.
[[nodiscard]] Report network_round(const Plan& plan);

/// A terminal that writes all the time under a clock that steps by days and years, killed now and then.
[[nodiscard]] Report clock_round(const Plan& plan);

/// A terminal whose power goes in the middle of a write, whose files get flipped bits, and are removed under it.
[[nodiscard]] Report disk_round(const Plan& plan);

/// Every kind of fault in one history, on both ends: power cuts, bad sectors, files removed, replaced and spoiled while
/// programs run and while they stand, wrong clocks of both, kills, and stores that are put back from their backup.
[[nodiscard]] Report mixed_round(const Plan& plan);

}  // namespace hailong::tests
