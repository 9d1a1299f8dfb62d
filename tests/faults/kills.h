// The shipped programs, killed at random moments while visits go on: what the short test and the hours of scripts/soak
// both run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hailong::tests {

struct KillPlan {
    std::uint64_t seed = 1;
    int kills = 60;
};

struct KillReport {
    std::vector<std::string> findings;  // empty: nothing lost, doubled or altered
    int kiosk = 0;                      // kills of each
    int writers = 0;
    int sync = 0;
    int backend = 0;
    std::int64_t thanks = 0;    // seen on the glass
    std::int64_t promised = 0;  // of all terminals
    std::int64_t records = 0;   // that the backend holds in the end
    std::string folder;         // kept when there are findings
};

[[nodiscard]] KillReport run_kills(const KillPlan& plan);

}  // namespace hailong::tests
