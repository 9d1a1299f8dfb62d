// What people found out later of the backend's own clock: that it was wrong when batches came. Times are resolved by it
// as if it had been right.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "survey/base/time.h"

namespace hailong::sync {

/// Never changed or removed: another one of the same batches takes its place, one of 0 takes it back.
struct TimeCorrection {
    std::int64_t first_batch = 0;  // by StoredBatch::number; both included
    std::int64_t last_batch = 0;
    survey::milliseconds ahead{};  // how far the clock stood ahead of the right time; negative: behind
    std::string reason;            // as people wrote it
    std::string by;                // the account that recorded it
    survey::UtcTime recorded{};
    [[nodiscard]] bool covers(std::int64_t batch) const { return first_batch <= batch && batch <= last_batch; }
    bool operator==(const TimeCorrection&) const = default;
};

/// Of corrections in the order recorded, those that hold: the last one of the same batches, unless that is of 0.
[[nodiscard]] std::vector<TimeCorrection> in_effect(std::span<const TimeCorrection> recorded);

/// When a batch came, as well as is known by now.
struct ReceiptTime {
    survey::UtcTime received{};
    std::vector<survey::milliseconds> clock_errors;  // of the clock at some time until then, see TimeEvidence
};
/// `corrections` in effect; `batch` is empty for one that comes only now.
[[nodiscard]] ReceiptTime receipt_time(std::span<const TimeCorrection> corrections, std::optional<std::int64_t> batch,
                                       survey::UtcTime received);

}  // namespace hailong::sync
