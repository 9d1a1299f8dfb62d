#include "survey/base/log_watch.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <string>
#include <thread>
#include <utility>

#include "survey/base/file_identity.h"

namespace hailong::survey::sqlite {
namespace {

/// Whether nothing was written to the log since, and it was not begun anew.
bool is_same_log(const std::optional<LogState>& one, const std::optional<LogState>& other) {
    return one && other && one->generation == other->generation && one->frames == other->frames &&
           one->sum == other->sum;
}

/// Whether only somebody else can have left the log so within a write transaction of this program: it grows, and where
/// all of it is folded in this program begins it anew, with the next round.
bool is_of_another(const LogState& now, const LogState& before) {
    if (now.generation == before.generation) return now.frames < before.frames;
    return now.frames != 0 || now.round != before.round + 1;
}

}  // namespace

bool is_log_damaged(Connection& connection) {
    constexpr int kLooks = 5;
    constexpr milliseconds kPause{20};
    for (int look = 1;; ++look) {
        const LogStanding found = look_at_log(connection);
        if (found != LogStanding::unsure || look == kLooks) return found != LogStanding::whole;
        std::this_thread::sleep_for(kPause);  // others write
    }
}

LogWatch::LogWatch(const std::filesystem::path& file, Connection& connection, std::int64_t fold_frames, Newest newest)
    : file_(file),
      log_file_(file.string() + "-wal"),
      connection_(connection),
      memory_(file, connection),
      fold_frames_(fold_frames),
      read_newest_(std::move(newest)) {
    // Somebody else may have it open beside a spoiled index. A damaged log is told by who looks for that.
    static_cast<void>(sqlite::look_at_log(connection));
    newest_ = read_newest_();
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

/// False where it can't be read: then the log itself says what is wrong.
bool LogWatch::is_behind() const {
    try {
        return read_newest_() < newest_;
    } catch (const std::exception&) {
        return false;
    }
}

void LogWatch::mend_shared_memory() {
    memory_.mend();
    const auto log = connection_.log_state();
    if (!log || !log_) return;
    const bool is_begun_anew = log->generation != log_->generation || log->frames < log_->frames;
    if ((is_begun_anew || log->folded != log_->folded) && may_fold()) note();
}

bool LogWatch::look_at_log() {
    if (!may_fold()) return is_damaged_;
    note();
    if (is_to_be_emptied_) empty_log();
    if (log_ && log_->frames >= fold_frames_) fold_whole("PRAGMA wal_checkpoint(PASSIVE)");
    return is_damaged_;
}

void LogWatch::tidy() {
    const auto log = connection_.log_state();
    if (!log || log->frames == 0) return;
    is_to_be_emptied_ = true;  // without waiting
    empty_log();
}

LogStanding LogWatch::look() {
    if (is_damaged_ || is_put_back_) return LogStanding::spoiled;
    memory_.mend();
    const LogStanding found = sqlite::look_at_log(connection_, log_, [this] { return is_behind(); });
    if (found != LogStanding::spoiled) return found;
    const auto now = connection_.log_state();
    if (is_same_log(now, folded_) && is_same_log(now, log_)) {
        if (!connection_.try_execute("PRAGMA wal_checkpoint(TRUNCATE)")) return LogStanding::unsure;
        note();
        return LogStanding::whole;
    }
    const bool fit_each_other = sqlite::look_at_log(connection_) == LogStanding::whole;
    is_put_back_ = fit_each_other && is_behind();
    is_damaged_ = !is_put_back_;
    return found;
}

bool LogWatch::begun(std::int64_t newest) {
    if (newest < newest_) return false;
    newest_ = newest;
    note();
    return true;
}

void LogWatch::committed(std::int64_t newest, bool at_once) {
    newest_ = newest;
    note();
    if (!log_) return;
    if (at_once || is_to_be_emptied_) return empty_log();
    // The same log as when that was tried: somebody read it, and to look through it again costs the more the longer it
    // has become meanwhile.
    const bool is_tried = tried_ && tried_->generation == log_->generation;
    const std::int64_t long_at =
        is_tried ? tried_->frames + std::max(fold_frames_ / 10, tried_->frames / 8) : fold_frames_;
    const bool is_begun = log_->attempted != log_->folded;
    if (is_begun || log_->frames >= long_at) fold();
}

void LogWatch::fold() {
    if (look() == LogStanding::whole) return fold_whole("PRAGMA wal_checkpoint(PASSIVE)");
    tried_ = log_;
}

void LogWatch::fold_whole(const char* checkpoint) {
    connection_.try_execute(checkpoint);
    note();
    tried_ = log_;
    if (log_ && log_->folded == log_->frames) folded_ = log_;
}

/// The first time it waits for who reads.
void LogWatch::empty_log() {
    const bool was_tried = is_to_be_emptied_;
    is_to_be_emptied_ = true;
    if (look() != LogStanding::whole) return;
    const milliseconds patience{connection_.integer("PRAGMA busy_timeout")};
    if (was_tried) connection_.wait_at_most(milliseconds{0});
    fold_whole("PRAGMA wal_checkpoint(TRUNCATE)");
    connection_.wait_at_most(patience);
    is_to_be_emptied_ = log_ && log_->frames > 0;
}

bool LogWatch::is_log_cut() const {
    const auto log = connection_.log_state();
    const auto found = identity_of(log_file_);
    return log && found && found->size < log->bytes_min;
}

std::optional<std::string> LogWatch::trouble() const {
    if (is_put_back_) return log_file_.string() + ", or the memory beside it, was put back";
    if (is_damaged_) return log_file_.string() + " is damaged: somebody wrote into it, or the disk spoiled it";
    if (is_log_cut()) return log_file_.string() + " was cut short";
    const auto log = connection_.log_state();
    if (!log) return std::nullopt;
    if (log_ && connection_.in_transaction() && is_of_another(*log, *log_))
        return log_file_.string() + ", or the memory beside it, was put back";
    // Only who folds the log writes to the file, and says in the log's state that it begins and how far it came.
    const bool is_written = written() != written_;
    const bool is_folding = log != log_ || log->attempted != log->folded || connection_.log_state() != log;
    if (is_written && !is_folding) return file_.string() + " was written over by something else than this program";
    return std::nullopt;
}

}  // namespace hailong::survey::sqlite
