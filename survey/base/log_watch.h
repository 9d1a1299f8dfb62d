// Whether a file of SQLite's is written by nobody but through its write-ahead log, and the log is as long as what
// stands in it: somebody who copies an older file over it, or cuts the log, is noticed before anybody is thanked again.
// And the only door through which a log is folded into its file: SQLite would fold what somebody spoiled in it.
// Threads: the one that owns the connection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "survey/base/log_index.h"
#include "survey/base/shared_memory.h"
#include "survey/base/sqlite.h"

namespace hailong::survey::sqlite {

/// Whether a frame of the log that counts is not what was written: who folded the log now would put that into the file,
/// and who opens it next finds nothing behind it. Also where others write for so long that this can't be told. As
/// look_at_log() (log_index.h), for who has just opened the file.
[[nodiscard]] bool is_log_damaged(Connection& connection);

class LogWatch {
  public:
    /// Reads from the file, as the connection sees it, a number that grows with each commit that somebody was promised
    /// anything for.
    using Newest = std::function<std::int64_t()>;

    /// Watches what `connection` has open as `file` from now on, and folds the log when it has `fold_frames`.
    /// REQUIRES: `connection` has read once, does not fold by itself, and lives longer.
    LogWatch(const std::filesystem::path& file, Connection& connection, std::int64_t fold_frames, Newest newest);

    /// What is wrong, a sentence without a remedy; empty: nothing, or nothing that could be told from what others do
    /// rightly. Two calls of the system.
    [[nodiscard]] std::optional<std::string> trouble() const;
    /// Before each step. One call of the system; looks at the log where others folded or emptied it, or somebody says
    /// so: what is folded is dropped with the next commit.
    void mend_shared_memory();
    /// Whether the log is whole, its index finds each frame of it, and nothing is wrong with the files: otherwise it
    /// may neither be folded nor dropped, and who closes the connection leaves it. O(the log).
    [[nodiscard]] bool may_fold() { return look() == LogStanding::whole && !trouble(); }
    /// Whether the log is shorter than what stands in it.
    [[nodiscard]] bool is_log_cut() const;
    /// Looks whether the log is damaged; trouble() says so from then on. A damaged log all of which this program has
    /// folded is begun anew, and no trouble; an index that alone is spoiled is made anew from the log. Folds one that
    /// is whole and long, or was to be emptied while somebody read.
    bool look_at_log();
    /// For who has nothing else to do: folds a log that is whole and leaves nothing in it, unless somebody reads. What
    /// another program erased is gone from it then, too.
    void tidy();
    /// Behind the beginning of a write transaction, which sees `newest`: whether that is as new as what was committed.
    /// Otherwise nothing is written: roll back, and look_at_log(), which mends what can be mended.
    [[nodiscard]] bool begun(std::int64_t newest);
    /// Remembers how file and log stand, after a commit that wrote `newest`, and folds the log when it is long, or
    /// `at_once`: then nothing stays in it; where somebody reads, the next call tries that again. Where somebody had
    /// begun to fold the log and was killed, that is ended first: until then, whatever is written to the file looks
    /// right. A damaged log is not folded.
    void committed(std::int64_t newest, bool at_once = false);

  private:
    void note();
    [[nodiscard]] bool is_behind() const;
    [[nodiscard]] LogStanding look();
    void fold();
    void fold_whole(const char* checkpoint);
    void empty_log();
    [[nodiscard]] std::optional<std::filesystem::file_time_type> written() const;

    const std::filesystem::path file_;
    const std::filesystem::path log_file_;
    Connection& connection_;
    SharedMemory memory_;
    const std::int64_t fold_frames_;
    const Newest read_newest_;
    std::int64_t newest_ = 0;         // as this program wrote or met it last
    std::optional<LogState> log_;     // as this program left it, or found it whole
    std::optional<LogState> tried_;   // to fold, then
    std::optional<LogState> folded_;  // all of it, by this program
    bool is_to_be_emptied_ = false;
    bool is_damaged_ = false;
    bool is_put_back_ = false;
    std::optional<std::filesystem::file_time_type> written_;
};

}  // namespace hailong::survey::sqlite
