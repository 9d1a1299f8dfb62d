// Where a run with random moments begins: another place each time, and the same again for whoever names it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "survey/base/host.h"

namespace hailong::tests {

/// HAILONG_SEED, or a new one.
inline std::uint64_t fault_seed() {
    const char* const given = std::getenv("HAILONG_SEED");
    return given != nullptr ? std::stoull(given) : std::stoull(survey::random_hex(4), nullptr, 16);
}

}  // namespace hailong::tests
