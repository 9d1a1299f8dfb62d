// The frames of SQLite's write-ahead log and the running sum over them: SQLite looks at the sums only when it opens a
// log that nobody has open, and takes what it reads or folds later as it finds it. Layout:
// https://www.sqlite.org/fileformat2.html#walformat
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hailong::survey::sqlite {

/// Of a log.
inline constexpr std::size_t kLogHeaderBytes = 32;
/// Of a frame: a header, and a page of 4,096 bytes.
inline constexpr std::size_t kFrameHeaderBytes = 24;
inline constexpr std::size_t kFrameBytes = kFrameHeaderBytes + 4'096;

/// Goes through a log from its first frame on.
class LogSum {
  public:
    /// REQUIRES: the kLogHeaderBytes at its beginning.
    explicit LogSum(std::string_view header);
    [[nodiscard]] bool is_header_whole() const { return is_header_whole_; }
    /// Whether the next frame is whole and follows the ones before. REQUIRES: kFrameBytes; all before did, and the
    /// header is whole.
    [[nodiscard]] bool follows(std::string_view frame);
    /// Behind the newest frame, as LogState has it.
    [[nodiscard]] std::uint64_t value() const { return std::uint64_t{first_} << 32u | second_; }

  private:
    void add(std::string_view bytes);
    [[nodiscard]] bool is(std::string_view written) const;

    std::uint64_t salt_ = 0;
    bool is_native_ = false;  // the sum's words are this machine's
    bool is_header_whole_ = false;
    std::uint32_t first_ = 0;
    std::uint32_t second_ = 0;
};

/// The page that stands in a frame. REQUIRES: its header.
[[nodiscard]] std::uint32_t page_of_frame(std::string_view frame);

/// The generation of a log as LogState has it. REQUIRES: the kLogHeaderBytes at its beginning.
[[nodiscard]] std::uint64_t log_generation(std::string_view header);

/// The salt of the log's newest round: its header's, unless that was spoiled; the first frame belongs to that round,
/// too. Empty where the log is too short.
[[nodiscard]] std::string_view log_salt(std::string_view log);

/// Where SQLite stops reading the log: behind the last frame that is whole and follows the ones before. In bytes; 0
/// where its header is not whole.
[[nodiscard]] std::size_t end_of_whole_frames(std::string_view log);

/// Whether a transaction of the newest round was committed behind the place where SQLite stops reading the log. A power
/// cut in the very act of a commit can leave that as well.
[[nodiscard]] bool has_commit_beyond_its_end(std::string_view log);

}  // namespace hailong::survey::sqlite
