// The shipped programs, killed at random moments while visits go on: what the short test and the hours of scripts/soak
// both run.
#pragma once

#include <cstdint>

#include "tests/faults/rounds.h"

namespace hailong::tests {

struct KillReport : Report {
    int kiosk = 0;  // kills of each
    int writers = 0;
    int sync = 0;
    int backend = 0;
    std::int64_t thanks = 0;    // seen on the glass
    std::int64_t promised = 0;  // of all terminals
    std::int64_t records = 0;   // that the backend holds in the end
};

[[nodiscard]] KillReport kill_round(const Plan& plan);

}  // namespace hailong::tests
