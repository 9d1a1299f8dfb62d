// The head file: one line beside the journal with the last number it gave out, so that a terminal whose journal is
// damaged or gone never gives a number out again. It stands there twice, in two sectors, each time with its sum: a
// spoiled digit is never taken for numbers that were lost. Written with one pwrite and without a sync: what the kernel
// holds survives a killed program, and after a restart of the machine the line is known to be of another boot.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "kiosk/journal/values.h"

namespace hailong::kiosk {

struct HeadLine {
    ChainHead head;
    bool committed = false;  // false: the number was about to be given out, and may never have been
    std::string boot_id;     // of the machine when it was written; "-" where that is not known
    bool operator==(const HeadLine&) const = default;
};

/// "journal.db-head" for "journal.db".
[[nodiscard]] std::filesystem::path head_file_of(const std::filesystem::path& journal);

/// Empty when there is none, or none that can be read.
[[nodiscard]] std::optional<HeadLine> read_head_line(const std::filesystem::path& journal);

/// The last number that surely was given out, by that line; 0 when there is none.
[[nodiscard]] std::int64_t last_given_out(const std::filesystem::path& journal);

/// Keeps the file open between lines.
class HeadFile {
  public:
    explicit HeadFile(const std::filesystem::path& journal);
    HeadFile(const HeadFile&) = delete;
    HeadFile& operator=(const HeadFile&) = delete;
    ~HeadFile();

    /// Never fails the caller: where the line can't be written the file is removed, because no line is safe and an old
    /// one is not.
    void write(const HeadLine& line);
    /// The line that was written last; empty: none.
    [[nodiscard]] const std::optional<HeadLine>& last() const { return last_; }
    /// What the open journal ended with, for last() until a line is written.
    void remember(const HeadLine& line) { last_ = line; }

  private:
    [[nodiscard]] bool write_bytes(const std::string& bytes);
    void close_file();

    std::filesystem::path file_;
    int fd_ = -1;
    std::optional<HeadLine> last_;
};

}  // namespace hailong::kiosk
