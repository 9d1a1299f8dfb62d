// Counts records that were quarantined for something that has come since: a questionnaire, an officer, a newer program.
// Nothing is decided by hand: each is validated again as if it came now, but for its time, which has the evidence that
// it came with. Pure over the store's interface, like ingest.
#pragma once

#include <cstdint>

#include "sync/backend/ingest/tallies.h"
#include "sync/backend/ingest/validate.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Records looked at in one step: bounds how long batches wait for the writer.
inline constexpr std::size_t kReprocessStepRecords = 200;

/// How far it has come; a new one starts at the beginning.
struct ReprocessPlace {
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    bool operator==(const ReprocessPlace&) const = default;
};

struct ReprocessStep {
    ReprocessPlace next;  // where the next step goes on
    bool is_done = false;
    std::int64_t looked_at = 0;
    std::int64_t reprocessed = 0;
    bool operator==(const ReprocessStep&) const = default;
};

/// Looks at the next `count_max` records that are quarantined, and counts those that count by now: record, tallies (to
/// `sheets`, which the caller writes before the commit), the terminal's days and totals. A record whose id was counted
/// since stays quarantined: it is a copy. So does one whose terminal is not known.
[[nodiscard]] StoreResult<ReprocessStep> reprocess(const ReprocessPlace& from, const Reference& reference,
                                                   survey::UtcTime now, std::size_t count_max, Transaction& transaction,
                                                   CenterSheets& sheets);

/// All of them, each step in a transaction of its own. The sums of the steps.
[[nodiscard]] StoreResult<ReprocessStep> reprocess_all(Store& store, survey::UtcTime now);

}  // namespace hailong::sync
