// What a test asks of the disk under a program, in memory that both share.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace hailong::tests {

struct DiskPlan {
    /// The folder that lies on this disk; files elsewhere are left alone. Ends without a slash.
    std::array<char, 512> folder{};
    /// Reads of these bytes of the file of this inode fail (EIO), whatever its name; to <= from: none.
    std::atomic<std::uint64_t> unreadable_inode{0};
    std::atomic<std::int64_t> unreadable_from{0};
    std::atomic<std::int64_t> unreadable_to{0};
    /// What every write or sync of the folder's files fails with; 0: none does.
    std::atomic<int> write_error{0};
    std::atomic<int> sync_error{0};
    /// The power goes at this write, counted from the program's start; 0: it stays.
    std::atomic<std::int64_t> power_cut_at{0};
    std::atomic<std::uint64_t> chance{1};  // decides which sectors that were not synced are on the disk then
    /// Another start of the machine, for programs that ask; empty: the real one.
    std::array<char, 64> boot_id{};

    // Told by the programs.
    std::atomic<std::int64_t> writes{0};
    std::atomic<std::int64_t> refused{0};  // reads, writes and syncs that failed as asked
};

/// Names the file with the plan.
inline constexpr const char* kDiskPlanVariable = "HAILONG_DISK_PLAN";

}  // namespace hailong::tests
