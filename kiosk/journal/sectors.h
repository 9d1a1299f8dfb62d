// A file's bytes as far as the disk gives them: what a bad sector refuses does not stop the rest from being read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace hailong::kiosk {

/// How much is given up where the disk refuses: a page of SQLite.
inline constexpr std::size_t kSectorBytes = 4'096;

struct ReadSectors {
    std::string bytes;            // zeros where the disk refused; empty for a file that is not there
    std::int64_t unreadable = 0;  // stretches of at most kSectorBytes that it refused
};
[[nodiscard]] ReadSectors read_sectors(const std::filesystem::path& file);

/// Whether the disk refuses a part of the file or of its log, and gives another: then a sector is bad, and trying again
/// will not help. Where it gives nothing at all, the disk is gone or its cable is. O(bytes).
[[nodiscard]] bool has_bad_sectors(const std::filesystem::path& file);

}  // namespace hailong::kiosk
