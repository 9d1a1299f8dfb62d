// A world of terminals, clocks, disks, bundles and networks around the real client engine, the real journal with its
// saver and repairer, the real routes and ingest, without sockets and without waiting: one seed is one history of a few
// weeks, the same each time. Every history ends with everything mended and everything delivered, and then the books
// must balance.
//
// Exists because the faults that lose or double an answer are not single ones: they are the second fault during the
// recovery from the first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace hailong::sim {

/// How often what happened; so that a test can see that the histories are not dull.
struct Census {
    std::int64_t visits = 0;
    std::int64_t exchanges = 0;
    std::map<std::string, std::int64_t> happened;  // moves and faults, by name
    void add(const std::string& what, std::int64_t count = 1) { happened[what] += count; }
    [[nodiscard]] std::int64_t count(const std::string& what) const;
    Census& operator+=(const Census& other);
};

struct History {
    std::vector<std::string> findings;  // what is wrong at the end; empty: the books balance
    Census census;
    std::vector<std::string> told;  // what happened, a line each, when it was to be told
};

/// The name of every move of the story, each of which a test wants to see.
[[nodiscard]] std::vector<std::string> moves();

/// Plays the history of `seed` in `folder` (emptied first). On a memory disk it takes some tens of milliseconds.
[[nodiscard]] History play(std::uint64_t seed, const std::filesystem::path& folder, bool tell = false);

/// A folder on a memory disk where there is one: histories sync a lot, and what is tested is not the disk.
[[nodiscard]] std::filesystem::path fast_folder();

}  // namespace hailong::sim
