// Whether a file of SQLite's is written by nobody but through its write-ahead log, and the log is as long as what
// stands in it: somebody who copies an older file over it, or cuts the log, is noticed before anybody is thanked again.
// Threads: the one that owns the connection.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "survey/base/shared_memory.h"
#include "survey/base/sqlite.h"

namespace hailong::survey::sqlite {

class LogWatch {
  public:
    /// Watches what `connection` has open as `file` from now on. REQUIRES: it has read once.
    LogWatch(const std::filesystem::path& file, Connection& connection);

    /// What is wrong, a sentence without a remedy; empty: nothing, or nothing that could be told from what others do
    /// rightly. Two calls of the system.
    [[nodiscard]] std::optional<std::string> trouble() const;
    /// Before each step. One call of the system.
    void mend_shared_memory() { memory_.mend(); }
    /// Whether the log is shorter than what stands in it.
    [[nodiscard]] bool is_log_cut() const;
    /// Remembers how file and log stand, after a commit. Where somebody had begun to fold the log and was killed, that
    /// is ended first: until then, whatever is written to the file looks right.
    void committed();

  private:
    void note();
    [[nodiscard]] std::optional<std::filesystem::file_time_type> written() const;

    const std::filesystem::path file_;
    const std::filesystem::path log_file_;
    Connection& connection_;
    SharedMemory memory_;
    std::optional<LogState> log_;
    std::optional<std::filesystem::file_time_type> written_;
};

}  // namespace hailong::survey::sqlite
