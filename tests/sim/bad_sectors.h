// Sectors that a disk refuses to read (EIO), within this program: it stands between SQLite, the repairer and the C
// library.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace hailong::sim {

/// Those that one history made; they are good again when it ends. Safe beside those of other threads.
class BadSectors {
  public:
    BadSectors() = default;
    ~BadSectors();
    BadSectors(const BadSectors&) = delete;
    BadSectors& operator=(const BadSectors&) = delete;
    /// `bytes` from `from` on of what stands at `file` now, whatever name it gets later.
    void add(const std::filesystem::path& file, std::int64_t from, std::int64_t bytes);

  private:
    std::vector<std::uint64_t> inodes_;
};

}  // namespace hailong::sim
