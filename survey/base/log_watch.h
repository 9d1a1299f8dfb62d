// Whether a file of SQLite's is written by nobody but through its write-ahead log, and the log is as long as what
// stands in it: somebody who copies an older file over it, or cuts the log, is noticed before anybody is thanked again.
// Threads: the one that owns the connection.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "survey/base/sqlite.h"

namespace hailong::survey::sqlite {

class LogWatch {
  public:
    /// Watches what `connection` has open as `file` from now on. REQUIRES: it has read once.
    LogWatch(const std::filesystem::path& file, Connection& connection);

    /// What is wrong, a sentence without a remedy; empty: nothing, or nothing that could be told from what others do
    /// rightly. Two calls of the system.
    [[nodiscard]] std::optional<std::string> trouble() const;
    /// Remembers how file and log stand, after a commit.
    void committed();
    /// Folds the log where a program that was killed had begun to, or may have: until that is done, whatever is written
    /// to the file looks right.
    void end_folding();

  private:
    [[nodiscard]] std::optional<std::filesystem::file_time_type> written() const;

    const std::filesystem::path file_;
    const std::filesystem::path log_file_;
    Connection& connection_;
    std::optional<LogState> log_;
    std::optional<std::filesystem::file_time_type> written_;
};

}  // namespace hailong::survey::sqlite
