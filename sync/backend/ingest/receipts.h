// When the batches came by the backend's clock, held against the clocks of the terminals that sent them: where the
// backend's own clock was wrong. Pure but for reading.
//
// A terminal's monotonic clock can't step: two batches of one start of its machine lie as far apart as it says. Its
// wall clock is a claim; that several agree is more.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/backend/ingest/reference.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Clocks that are no further apart are taken to agree: what is less moves few answers to another day.
inline constexpr survey::milliseconds kReceiptTolerance = std::chrono::hours(1);

/// One stored batch.
struct BatchReceipt {
    std::int64_t number = 0;
    survey::KioskId kiosk;
    survey::UtcTime received{};  // as is known by now
    std::string boot;
    std::optional<survey::milliseconds> sent_monotonic;  // empty: not said, or carried in an offline bundle
    survey::UtcTime sent{};                              // by the terminal's wall clock
    /// How far the backend's clock stood ahead of the terminal's; empty when it was carried.
    [[nodiscard]] std::optional<survey::milliseconds> ahead_of_terminal() const {
        return sent_monotonic ? std::optional(received - sent) : std::nullopt;
    }
};

/// Every batch in order of number, its receipt by the corrections of `reference`. O(batches) in time and memory.
[[nodiscard]] StoreResult<std::vector<BatchReceipt>> read_receipts(const Reference& reference, Snapshot& snapshot);

/// Consecutive batches that came while the clock was wrong.
struct SuspectReceipts {
    std::int64_t first_batch = 0;
    std::int64_t last_batch = 0;
    survey::milliseconds ahead{};  // as well as the terminals' clocks tell; in whole seconds
    survey::UtcTime first_received{};
    survey::UtcTime last_received{};
    bool operator==(const SuspectReceipts&) const = default;
};

/// Rows of receipts that can't be right beside the others and `now`, where the terminals' clocks, or else the later
/// receipts, say which is wrong. `receipts` in order of number. Not found: a clock that was wrong from the first batch
/// to the last and still is; one that went ahead where no monotonic clock and fewer than two terminals tell of it.
[[nodiscard]] std::vector<SuspectReceipts> find_suspect_receipts(std::span<const BatchReceipt> receipts,
                                                                 survey::UtcTime now);

/// How often a receipt lies before the one before it or, the last one, behind `now`. `receipts` in order of number.
[[nodiscard]] std::int64_t count_disorders(std::span<const BatchReceipt> receipts, survey::UtcTime now);

/// How many pairs of a batch from `first` to `last` and another one lie as far apart as the monotonic clock of the
/// terminal that sent both says. O(n log n).
[[nodiscard]] std::int64_t count_agreements(std::span<const BatchReceipt> receipts, std::int64_t first,
                                            std::int64_t last);

}  // namespace hailong::sync
