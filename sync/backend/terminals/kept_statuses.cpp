#include "sync/backend/terminals/kept_statuses.h"

#include "sync/backend/ingest/claims.h"

namespace hailong::sync {

bool is_news(const TerminalStatus& before, const TerminalStatus& now) {
    return before.troubles != now.troubles || before.kiosk_version != now.kiosk_version ||
           before.sync_version != now.sync_version;
}

std::vector<HeardStatus> KeptStatuses::hear(const Terminal& terminal, std::string_view header) {
    if (header.empty()) return {};
    auto status = decode_status(header);
    if (!status) return {};
    const survey::MonoTime now = clock_.monotonic();
    const survey::UtcTime heard = clock_.now();
    const survey::KioskId& kiosk = terminal.kiosk;
    BelievedStatus said = believed(std::move(*status), terminal, heard);
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_[kiosk];
    const bool has_new_doubts = said.doubts != entry.newest.doubts && !said.doubts.empty();
    entry.newest = {kiosk, std::move(said.status), heard, std::move(said.doubts)};
    const bool is_due = has_new_doubts || !entry.stored || is_news(*entry.stored, entry.newest.status) ||
                        now - entry.stored_at >= kStatusAgeMax;
    if (is_due) waiting_.insert(kiosk);
    std::vector<HeardStatus> due;
    if (!may_write(now)) return due;
    while (!waiting_.empty() && due.size() < kStatusesAtOnceMax)
        due.push_back(entries_[waiting_.extract(waiting_.begin()).value()].newest);
    is_writing_ = true;
    last_write_ = now;
    return due;
}

bool KeptStatuses::may_write(survey::MonoTime now) const {
    if (waiting_.empty() || is_writing_) return false;
    return !last_write_ || now - *last_write_ >= kStatusWritesPause;
}

void KeptStatuses::written(const std::vector<HeardStatus>& statuses, bool is_durable) {
    const survey::MonoTime now = clock_.monotonic();
    const std::lock_guard lock(mutex_);
    is_writing_ = false;
    for (const HeardStatus& one : statuses) {
        Entry& entry = entries_[one.kiosk];
        if (is_durable) {
            entry.stored = one.status;
            entry.stored_at = now;
        }
        if (!is_durable || is_news(one.status, entry.newest.status)) waiting_.insert(one.kiosk);
    }
}

}  // namespace hailong::sync
