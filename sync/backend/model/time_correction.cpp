#include "sync/backend/model/time_correction.h"

#include <algorithm>

namespace hailong::sync {

std::vector<TimeCorrection> in_effect(std::span<const TimeCorrection> recorded) {
    std::vector<TimeCorrection> result;
    for (const TimeCorrection& one : recorded) {
        std::erase_if(result, [&](const TimeCorrection& former) {
            return former.first_batch == one.first_batch && former.last_batch == one.last_batch;
        });
        if (one.ahead.count() != 0) result.push_back(one);
    }
    return result;
}

ReceiptTime receipt_time(std::span<const TimeCorrection> corrections, std::optional<std::int64_t> batch,
                         survey::UtcTime received) {
    ReceiptTime result{received, {}};
    for (const TimeCorrection& one : corrections) {
        if (batch && *batch < one.first_batch) continue;
        result.clock_errors.push_back(one.ahead);
        if (batch && one.covers(*batch)) result.received = received - one.ahead;
    }
    return result;
}

}  // namespace hailong::sync
