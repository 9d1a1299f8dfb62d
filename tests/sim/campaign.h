// Many histories, on several threads, up to the first finding.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/simulator.h"

namespace hailong::sim {

struct Campaign {
    std::uint64_t first_seed = 1;
    std::uint64_t seeds = 1'000;
    double seconds = 0;  // none is started after this time; 0: all of them
    unsigned jobs = 0;   // at the same time; 0: one a core
    bool tell = false;
};

struct Found {
    std::uint64_t seed = 0;
    std::vector<std::string> findings;
};

struct Outcome {
    std::uint64_t played = 0;
    double seconds = 0;
    Census census;
    std::optional<Found> found;  // of the lowest seed that found something
    std::vector<std::string> told;
    [[nodiscard]] double a_minute() const { return seconds > 0 ? static_cast<double>(played) * 60 / seconds : 0; }
};

[[nodiscard]] Outcome run(const Campaign& campaign, const std::filesystem::path& folder);

}  // namespace hailong::sim
