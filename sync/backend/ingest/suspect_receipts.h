// Where the backend's own clock was wrong: receipts that can't be right beside the others, and what would set them
// right. Pure.
//
// A terminal's monotonic clock can't step: two batches of one start of its machine lie as far apart as it says. Its
// wall clock is a claim; that several agree is more. A bundle says nothing of when it came.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sync/backend/ingest/receipts.h"

namespace hailong::sync {

/// Consecutive batches that came while the clock was wrong; or that may have.
struct SuspectReceipts {
    std::int64_t first_batch = 0;
    std::int64_t last_batch = 0;
    /// As well as the terminals' clocks tell, with what was corrected already; in whole seconds. Empty: not all of
    /// these rows, or of them and the enrolments, can be right, and no clock tells which are.
    std::optional<survey::milliseconds> ahead;
    survey::UtcTime first_received{};
    survey::UtcTime last_received{};
    bool operator==(const SuspectReceipts&) const = default;
};

/// Rows that are known to be wrong, each of which can be corrected as it says, one behind the other in this order; when
/// there are none, those of which some must be wrong. `receipts` in order of number, as `corrections` have them; `now`
/// is right. Not found: a clock that was wrong from the first batch to the last and still is; one that went ahead where
/// no monotonic clock and fewer than two terminals tell of it; batches whose receipts fit to either clock.
[[nodiscard]] std::vector<SuspectReceipts> find_suspect_receipts(std::span<const BatchReceipt> receipts,
                                                                 std::span<const TimeCorrection> corrections,
                                                                 survey::UtcTime now);

}  // namespace hailong::sync
