// Records as the backend keeps them, without a terminal that made them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sync/backend/model/record.h"
#include "tests/sync/backend/must.h"

namespace hailong::sync::sample {

/// Counted, or quarantined for a `reason`.
inline StoredRecord stored_record(std::int64_t seq, const std::string& reason = {}, const std::string& kiosk = "K1") {
    StoredRecord stored;
    stored.kiosk = {kiosk};
    stored.seq = seq;
    stored.id = uuid(static_cast<std::uint64_t>(seq));
    stored.hash = survey::sha256("value " + std::to_string(seq));
    stored.bytes = std::string("\0\xff\n{\"seq\":", 10) + std::to_string(seq);
    stored.quarantine_reason = parse_quarantine_reason(reason);
    stored.quarantine_detail = reason.empty() ? "" : "detail";
    stored.received = noon();
    if (reason.empty()) {
        stored.counted_at = noon() - std::chrono::hours(seq);
        stored.trust = survey::TimeTrust::corrected;
    }
    return stored;
}

}  // namespace hailong::sync::sample
