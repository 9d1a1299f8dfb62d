// Recounts everything from the raw records and compares: the proof that a figure is what was answered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/backend/ingest/ingest.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

struct VerifyReport {
    std::int64_t terminals = 0;
    std::int64_t records = 0;
    std::int64_t counted = 0;
    std::int64_t aside = 0;
    std::int64_t tally_rows = 0;
    std::vector<std::string> differences;  // one sentence each; empty: everything agrees
};

/// Recomputes every terminal's chain (sequence without gaps, hash of each record, the terminal's head) and every tally
/// row from the counted records. O(records); reads one consistent state.
[[nodiscard]] Stored<VerifyReport> verify(Reader& reader, const Reference& reference);

}  // namespace hailong::sync
