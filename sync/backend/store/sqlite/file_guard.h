// Whether the store's files are still the ones that were opened: what is committed into a file that was removed,
// replaced or cut short is durable nowhere, and nobody may be promised it. Threads: trouble() from any;
// trouble_for_writer() and committed() by the one who holds the writing connection.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "survey/base/file_identity.h"
#include "survey/base/log_watch.h"
#include "sync/backend/store/sqlite/connection.h"

namespace hailong::sync {

/// What became of what was promised, and what a person is to do about it.
struct Saved {
    std::string what;
    std::string remedy;
};

/// Refuses a log beside `file` that belongs to another time: read through it, the store holds fewer commits than the
/// file alone. Whoever opened the file would read what was overwritten since, and lose what came after. O(1).
[[nodiscard]] std::optional<StoreError> refuse_older_log(const std::filesystem::path& file);

class FileGuard {
  public:
    /// Watches what `writer` has opened: `file`, its log and the memory they share. REQUIRES: it has read once, and the
    /// schema is the newest.
    FileGuard(const std::filesystem::path& file, Connection& writer);

    /// What is wrong with the files, a sentence; empty: nothing. Three calls of the system.
    [[nodiscard]] std::optional<std::string> trouble();
    /// As trouble(), and whether the log is as long as what stands in it, and the file was written by nobody but
    /// through the log. What was cut off or written over stays so: the same is said from then on.
    [[nodiscard]] std::optional<std::string> trouble_for_writer();
    /// Behind the beginning of a transaction: whether the store holds all that was committed. Otherwise nothing is
    /// written: roll back, and look_at_log().
    [[nodiscard]] bool begun();
    /// Before the commit, within its transaction: numbers it, if it changes anything, so that a store that was put back
    /// is told from one that others wrote to. Throws survey::sqlite::Error.
    void number_commit();
    /// Remembers how the files stand after a commit, and folds the log when it is long, or `at_once`.
    void committed(bool at_once) { log_watch_.committed(number_, at_once); }
    /// Whether the log is damaged; the next trouble_for_writer() says so, too. O(the log).
    bool look_at_log() { return log_watch_.look_at_log(); }
    /// Leaves nothing in a log that is whole, unless somebody reads.
    void tidy_log() { log_watch_.tidy(); }
    /// Whether closing the writer may fold the log into the file and remove it: all of them are ours, and whole.
    /// O(the log).
    [[nodiscard]] bool may_fold() { return !trouble_for_writer() && log_watch_.may_fold(); }

    /// Saves what was committed and is still in reach through the open files: into the file itself where that is in its
    /// place and the log whole, and otherwise into a new one beside it (saved_store_beside()). Once; says what became
    /// of it.
    [[nodiscard]] const Saved& save();

  private:
    [[nodiscard]] Saved save_into_copy();
    [[nodiscard]] Saved save_beside_damaged_log();

    const std::filesystem::path file_;
    Connection& writer_;
    std::mutex mutex_;
    survey::FileWatch watch_;
    survey::FileWatch file_alone_;
    survey::sqlite::LogWatch log_watch_;
    std::int64_t number_ = 0;   // of the newest commit
    std::int64_t changes_ = 0;  // by the writer, when the transaction began
    std::optional<std::string> lasting_;
    std::optional<Saved> saved_;
};

}  // namespace hailong::sync
