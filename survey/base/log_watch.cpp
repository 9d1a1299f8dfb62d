#include "survey/base/log_watch.h"

namespace hailong::survey::sqlite {

LogWatch::LogWatch(const std::filesystem::path& file, Connection& connection)
    : file_(file),
      log_file_(file.string() + "-wal"),
      shared_memory_(file.string() + "-shm"),
      connection_(connection),
      memory_(identity_of(shared_memory_)) {
    note();
}

std::optional<std::filesystem::file_time_type> LogWatch::written() const {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(file_, error);
    return error ? std::nullopt : std::optional(time);
}

void LogWatch::note() {
    log_ = connection_.log_state();
    written_ = written();
}

void LogWatch::committed() {
    note();
    if (!log_ || log_->attempted == log_->folded) return;
    connection_.try_execute("PRAGMA wal_checkpoint(PASSIVE)");
    note();
}

void LogWatch::mend_shared_memory() {
    const auto now = identity_of(shared_memory_);
    if (!now || !memory_ || !is_same_file(*now, *memory_)) return;  // whoever watches the files says so
    if (now->size >= memory_->size) {
        memory_ = now;
        return;
    }
    connection_.remake_shared_memory(shared_memory_, memory_->size);
}

bool LogWatch::is_log_cut() const {
    const auto log = connection_.log_state();
    const auto found = identity_of(log_file_);
    return log && found && found->size < log->bytes_min;
}

std::optional<std::string> LogWatch::trouble() const {
    if (is_log_cut()) return log_file_.string() + " was cut short";
    const auto log = connection_.log_state();
    if (!log) return std::nullopt;
    // Only who folds the log writes to the file, and says in the log's state that it begins and how far it came.
    const bool is_written = written() != written_;
    const bool is_folded = log != log_ || log->attempted != log->folded || connection_.log_state() != log;
    if (is_written && !is_folded) return file_.string() + " was written over by something else than this program";
    return std::nullopt;
}

}  // namespace hailong::survey::sqlite
