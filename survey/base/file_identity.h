// Which file stands at a path, so that a program that keeps a file open notices when people removed it, put another in
// its place, or cut it short: what is written then goes nowhere that anybody finds again.
// Threads: free functions, and a FileWatch that belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hailong::survey {

struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t links = 0;  // names that the file has
    std::int64_t size = 0;    // bytes
    bool operator==(const FileIdentity&) const = default;
};

/// Of what stands at `path`, links followed. Empty: nothing does, or the system does not say.
[[nodiscard]] std::optional<FileIdentity> identity_of(const std::filesystem::path& path);

/// The same file, however long it is by now. While somebody holds the one open, no other can get its number.
[[nodiscard]] inline bool is_same_file(const FileIdentity& one, const FileIdentity& other) {
    return one.device == other.device && one.inode == other.inode;
}

/// Remembers what stands at some paths, and says what became of it. REQUIRES: the files are held open meanwhile.
class FileWatch {
  public:
    /// Whether a file may become shorter without anybody being to blame.
    enum class Size { never_shrinks, any };

    /// Watches what stands at `path` now. A path where nothing stands is reported as missing from the first look on.
    void add(std::filesystem::path path, Size size);
    /// The first thing that is wrong, as a sentence without a remedy; empty while everything is as it was. One call of
    /// the system a file.
    [[nodiscard]] std::optional<std::string> trouble();

  private:
    struct Watched {
        std::filesystem::path path;
        std::optional<FileIdentity> known;
        Size size = Size::any;
    };
    std::vector<Watched> files_;
};

}  // namespace hailong::survey
