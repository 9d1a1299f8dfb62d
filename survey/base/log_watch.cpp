#include "survey/base/log_watch.h"

#include <cstdint>

#include "survey/base/file_identity.h"

namespace hailong::survey::sqlite {
namespace {

/// Whether the log ends before where it ended: it grows, and when all of it is folded in it begins anew with the next
/// round's number.
bool is_behind(const LogState& now, const LogState& before) {
    if (now.frames == 0 || before.frames == 0) return false;
    if (now.generation == before.generation) return now.frames < before.frames;
    return static_cast<std::int32_t>(now.round - before.round) < 0;
}

}  // namespace

LogWatch::LogWatch(const std::filesystem::path& file, Connection& connection)
    : file_(file), log_file_(file.string() + "-wal"), connection_(connection), memory_(file, connection) {
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

bool LogWatch::is_log_cut() const {
    const auto log = connection_.log_state();
    const auto found = identity_of(log_file_);
    return log && found && found->size < log->bytes_min;
}

std::optional<std::string> LogWatch::trouble() const {
    if (is_log_cut()) return log_file_.string() + " was cut short";
    const auto log = connection_.log_state();
    if (!log) return std::nullopt;
    if (log_ && is_behind(*log, *log_)) return log_file_.string() + ", or the memory beside it, was put back";
    // Only who folds the log writes to the file, and says in the log's state that it begins and how far it came.
    const bool is_written = written() != written_;
    const bool is_folded = log != log_ || log->attempted != log->folded || connection_.log_state() != log;
    if (is_written && !is_folded) return file_.string() + " was written over by something else than this program";
    return std::nullopt;
}

}  // namespace hailong::survey::sqlite
