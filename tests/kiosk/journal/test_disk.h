// A disk that fails on demand and loses power: a layer over SQLite's own file system that becomes the default one.
// Knows what was synced, so that a test can see what a power cut would leave.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <sqlite3.h>

namespace hailong::test {

class TestDisk {
  public:
    /// Files opened from now on lie on this disk. One TestDisk at a time.
    TestDisk();
    ~TestDisk();
    TestDisk(const TestDisk&) = delete;
    TestDisk& operator=(const TestDisk&) = delete;

    enum class Fault {
        io_error,  // SQLITE_IOERR; a write gets half of its bytes out first
        disk_full  // SQLITE_FULL for what makes a file longer or changes it; reads and syncs go on
    };
    /// The `nth` operation from now on fails (1 is the next); a persistent fault fails all that follow, too.
    void fail(std::int64_t nth, Fault fault, bool persistent);
    /// No more faults.
    void repair() { nth_ = 0; }
    /// Whether the fault has been met.
    [[nodiscard]] bool has_failed() const { return failed_; }

    /// What stands in `file` now counts as synced: for files that were made before.
    void load(const std::filesystem::path& file);
    /// A rename past SQLite; it counts as done and synced.
    void note_rename(const std::filesystem::path& from, const std::filesystem::path& to);
    /// Writes into `folder` what a power cut at this moment leaves of every file: all that was synced, and of the rest
    /// what chance lets through, in pieces of one sector.
    void power_cut(const std::filesystem::path& folder, std::mt19937_64& chance) const;

    // For the layer's own callbacks.
    enum class Operation { open, read, write, sync, truncate, remove };
    [[nodiscard]] bool next_fails(Operation operation);
    [[nodiscard]] int result() const { return fault_ == Fault::disk_full ? SQLITE_FULL : SQLITE_IOERR; }
    void note_write(const std::string& file, std::int64_t offset, std::string_view bytes);
    void note_truncate(const std::string& file, std::int64_t size);
    void note_sync(const std::string& file);
    void note_remove(const std::string& file);
    void note_open(const std::string& file, std::int64_t size);
    [[nodiscard]] sqlite3_vfs* below() const { return below_; }

  private:
    struct Change {
        std::int64_t offset = 0;
        std::string bytes;  // empty: cut the file at `offset`
    };
    struct Image {
        std::string synced;
        std::vector<Change> pending;
    };
    static void apply(const Change& change, std::string& content);

    sqlite3_vfs* below_ = nullptr;
    sqlite3_vfs layer_{};
    std::map<std::string, Image> files_;
    std::int64_t nth_ = 0;  // 0: no fault is planned
    std::int64_t count_ = 0;
    Fault fault_ = Fault::io_error;
    bool persistent_ = false;
    bool failed_ = false;
};

}  // namespace hailong::test
