// When the batches came by the backend's clock, held against the clocks of the terminals that sent them. Pure but for
// reading.
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

/// No clock is wrong by more: a century.
inline constexpr survey::milliseconds kCorrectionMax = std::chrono::days(36'525);

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
    bool is_before_enrolment = false;                    // by more than a day, of who signed it
    /// How far the backend's clock stood ahead of the terminal's; empty when it was carried.
    [[nodiscard]] std::optional<survey::milliseconds> ahead_of_terminal() const {
        return sent_monotonic ? std::optional(received - sent) : std::nullopt;
    }
};

/// Every batch in order of number, its receipt by the corrections of `reference`. O(batches) in time and memory.
[[nodiscard]] StoreResult<std::vector<BatchReceipt>> read_receipts(const Reference& reference, Snapshot& snapshot);

/// How often a receipt lies before the one before it or, the last one, behind `now`. `receipts` in order of number.
[[nodiscard]] std::int64_t count_disorders(std::span<const BatchReceipt> receipts, survey::UtcTime now);

/// How many pairs of a batch from `first` to `last` and another one lie as far apart as the monotonic clock of the
/// terminal that sent both says. O(n log n).
[[nodiscard]] std::int64_t count_agreements(std::span<const BatchReceipt> receipts, std::int64_t first,
                                            std::int64_t last);

/// Why batches from `first` to `last` did not come while the clock stood so far ahead, in a sentence; empty when
/// nothing speaks against it: as few receipts lie out of order as can be, or fewer than before, and by that more of
/// them agree with the terminals' monotonic clocks, or as many, or with more wall clocks. `receipts` as they are
/// without it.
[[nodiscard]] std::string contradiction_of(std::span<const BatchReceipt> receipts, std::int64_t first,
                                           std::int64_t last, survey::milliseconds ahead, survey::UtcTime now);

}  // namespace hailong::sync
