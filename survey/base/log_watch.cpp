#include "survey/base/log_watch.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "survey/base/file_identity.h"
#include "survey/base/log_frames.h"

namespace hailong::survey::sqlite {
namespace {

/// Whether the log ends before where it ended: it grows, and when all of it is folded in it begins anew with the next
/// round's number.
bool is_behind(const LogState& now, const LogState& before) {
    if (now.frames == 0 || before.frames == 0) return false;
    if (now.generation == before.generation) return now.frames < before.frames;
    return static_cast<std::int32_t>(now.round - before.round) < 0;
}

bool is_whole(const Connection& connection, std::int64_t frames) {
    constexpr std::int64_t kFramesAtOnce = 64;
    std::string bytes(kFramesAtOnce * kFrameBytes, '\0');
    if (!connection.read_log(0, bytes.data(), kLogHeaderBytes)) return false;
    LogSum sum(std::string_view(bytes).substr(0, kLogHeaderBytes));
    if (!sum.is_header_whole()) return false;
    for (std::int64_t done = 0; done < frames; done += kFramesAtOnce) {
        const std::size_t count = static_cast<std::size_t>(std::min(kFramesAtOnce, frames - done)) * kFrameBytes;
        const std::int64_t at = std::int64_t{kLogHeaderBytes} + done * std::int64_t{kFrameBytes};
        if (!connection.read_log(at, bytes.data(), count)) return false;
        for (std::size_t i = 0; i < count; i += kFrameBytes)
            if (!sum.follows(std::string_view(bytes).substr(i, kFrameBytes))) return false;
    }
    return true;
}

/// As is_log_damaged(), whether or not all of it stands in the file.
bool has_spoiled_frame(const Connection& connection) {
    const auto log = connection.log_state();
    return log && log->frames > 0 && !is_whole(connection, log->frames) && connection.log_state() == log;
}

bool is_folded(const std::optional<LogState>& log) {
    return !log || log->folded == log->frames;
}

}  // namespace

bool is_log_damaged(const Connection& connection) {
    return has_spoiled_frame(connection) && !is_folded(connection.log_state());
}

LogWatch::LogWatch(const std::filesystem::path& file, Connection& connection, std::int64_t fold_frames)
    : file_(file),
      log_file_(file.string() + "-wal"),
      connection_(connection),
      memory_(file, connection),
      fold_frames_(fold_frames) {
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

bool LogWatch::look_at_log() {
    note();
    if (!log_ || log_->frames < fold_frames_) return look();
    fold("PRAGMA wal_checkpoint(PASSIVE)");
    return is_damaged_;
}

bool LogWatch::look() {
    if (is_damaged_ || !has_spoiled_frame(connection_)) return is_damaged_;
    is_damaged_ = !is_folded(connection_.log_state());
    if (!is_damaged_) connection_.try_execute("PRAGMA wal_checkpoint(TRUNCATE)");
    note();
    return is_damaged_;
}

void LogWatch::committed(bool at_once) {
    note();
    if (!log_) return;
    if (at_once) return fold("PRAGMA wal_checkpoint(TRUNCATE)");
    // The same log as when that was tried: somebody read it, and to look through it again costs the more the longer it
    // has become meanwhile.
    const bool is_same_log = tried_ && tried_->generation == log_->generation;
    const std::int64_t long_at =
        is_same_log ? tried_->frames + std::max(fold_frames_ / 10, tried_->frames / 8) : fold_frames_;
    const bool is_begun = log_->attempted != log_->folded;
    if (is_begun || log_->frames >= long_at) fold("PRAGMA wal_checkpoint(PASSIVE)");
}

void LogWatch::fold(const char* checkpoint) {
    if (!look()) connection_.try_execute(checkpoint);
    note();
    tried_ = log_;
}

bool LogWatch::is_log_cut() const {
    const auto log = connection_.log_state();
    const auto found = identity_of(log_file_);
    return log && found && found->size < log->bytes_min;
}

std::optional<std::string> LogWatch::trouble() const {
    if (is_damaged_) return log_file_.string() + " is damaged: somebody wrote into it, or the disk spoiled it";
    if (is_log_cut()) return log_file_.string() + " was cut short";
    const auto log = connection_.log_state();
    if (!log) return std::nullopt;
    if (log_ && is_behind(*log, *log_)) return log_file_.string() + ", or the memory beside it, was put back";
    // Only who folds the log writes to the file, and says in the log's state that it begins and how far it came.
    const bool is_written = written() != written_;
    const bool is_folding = log != log_ || log->attempted != log->folded || connection_.log_state() != log;
    if (is_written && !is_folding) return file_.string() + " was written over by something else than this program";
    return std::nullopt;
}

}  // namespace hailong::survey::sqlite
