// Recounts everything from the raw records and compares: the proof that a figure is what was answered.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/backend/ingest/reference.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

struct VerifyReport {
    std::int64_t terminals = 0;
    std::int64_t records = 0;
    std::int64_t counted = 0;
    std::int64_t quarantined = 0;
    std::int64_t skipped = 0;    // numbers that stand for no record
    std::int64_t corrected = 0;  // of the counted: at another time than the terminal claimed
    std::int64_t doubtful = 0;   // of the counted: without evidence of their time
    std::int64_t texts = 0;
    std::int64_t tally_rows = 0;
    std::int64_t difference_count = 0;
    std::vector<std::string> differences;  // the first kDifferencesMax, one sentence each; empty: everything agrees
    std::vector<std::string> notes;        // no difference, but worth a look: what could be counted by now
};

/// Most differences told in words; all are counted.
inline constexpr std::size_t kDifferencesMax = 200;

/// Records, texts or terminals read at once.
inline constexpr std::size_t kAuditPage = 1'000;

/// Recomputes every terminal's chain (numbers without gaps but the skipped ones, which the signed batch behind them
/// names; hash of each record; the terminal's head), checks each kept batch's signature against the keys the terminal
/// had and its chain values against the records, validates every record and its time again (one that was quarantined
/// without cause is a difference), and recounts every tally row, every terminal's days and its totals. Texts stand only
/// beside records that name them. What no record vouches for (documents, keys, remarks) must be as it was written, and
/// what the store keeps for its own use must not contradict itself: that comes first, so that a damaged file is named.
/// O(records) in time; holds 16 bytes a record, every kept header of a terminal, a page of its records and every tally
/// row in memory; reads one consistent state. What the terminals say they collected is compared by reconcile.
[[nodiscard]] StoreResult<VerifyReport> verify(Snapshot& snapshot, const Reference& reference);
/// By the store's own documents.
[[nodiscard]] StoreResult<VerifyReport> verify(Snapshot& snapshot);

}  // namespace hailong::sync
