// How the backend's clock stood at each batch, beside how it stood at the first one: by the monotonic clocks of the
// terminals where they tell it, else by their wall clocks and by the order of the receipts. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "sync/backend/ingest/receipts.h"

namespace hailong::sync {

/// No further apart than kReceiptTolerance.
[[nodiscard]] bool is_near(survey::milliseconds difference);

/// REQUIRES: not empty.
[[nodiscard]] survey::milliseconds median(std::vector<survey::milliseconds> values);

/// How far batches stand ahead when the last one lies beyond now: as the terminals say, or at least so far; else empty.
/// REQUIRES: not empty.
[[nodiscard]] std::optional<survey::milliseconds> ahead_of_now(std::span<const BatchReceipt> receipts,
                                                               survey::UtcTime now);

/// Consecutive batches between which the clock did not step.
struct Stretch {
    std::size_t first = 0;
    std::size_t last = 0;
    survey::milliseconds level{};  // how far the clock stood ahead of how it stood in the first stretch
};

/// `receipts` in order of number and not empty; nothing came later than `now`. A step ahead is seen where a monotonic
/// clock, or the wall clocks of two terminals, or of one that saw the clock come back, tell of it, or where the
/// receipts go back again or beyond `now`. O(n log n), and O(terminals) for each pause of more than kReceiptTolerance
/// before a batch that no monotonic clock ties to an earlier one.
[[nodiscard]] std::vector<Stretch> stretches_of(std::span<const BatchReceipt> receipts, survey::UtcTime now);

}  // namespace hailong::sync
