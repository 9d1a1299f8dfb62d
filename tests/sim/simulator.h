// A world of terminals, clocks, disks, bundles and networks around the real client engine, the real journal, the real
// routes and ingest, without sockets and without waiting: one seed is one history of a few weeks, the same each time.
// Every history ends with everything mended and everything delivered, and then the books must balance.
//
// Exists because the faults that lose or double an answer are not single ones: they are the second fault during the
// recovery from the first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hailong::sim {

/// How often what happened; so that a test can see that the histories are not dull.
struct Census {
    std::int64_t visits = 0;
    std::int64_t exchanges = 0;
    std::int64_t lost_requests = 0;
    std::int64_t lost_answers = 0;
    std::int64_t replays = 0;
    std::int64_t damaged_disks = 0;
    std::int64_t clones = 0;
    std::int64_t restored_backends = 0;
    std::int64_t enrolments = 0;
    std::int64_t bundles = 0;
    std::int64_t quarantined = 0;
    std::int64_t reprocessed = 0;
    std::int64_t renumbered = 0;
    std::int64_t pruned = 0;
    std::int64_t clock_jumps = 0;
    Census& operator+=(const Census& other);
};

struct History {
    std::vector<std::string> findings;  // what is wrong at the end; empty: the books balance
    Census census;
    std::vector<std::string> told;  // what happened, a line each, when it was to be told
};

/// Plays the history of `seed` in `folder` (emptied first). On a memory disk it takes some milliseconds.
[[nodiscard]] History play(std::uint64_t seed, const std::filesystem::path& folder, bool tell = false);

/// A folder on a memory disk where there is one: histories sync a lot, and what is tested is not the disk.
[[nodiscard]] std::filesystem::path fast_folder();

}  // namespace hailong::sim
