#include "survey/agreed_time.h"

#include <algorithm>

namespace hailong::survey {

TimeAgreement agree(AgreedTime& kept, UtcTime now) {
    if (kept.last && std::chrono::abs(now - *kept.last) <= kClockStepMax) {
        kept = {std::max(now, *kept.last), std::nullopt};
        return TimeAgreement::agreed;
    }
    const TimeAgreement refused = kept.last ? TimeAgreement::stepped : TimeAgreement::first;
    if (kept.stepped) {
        const milliseconds since = now - *kept.stepped;
        if (since >= kStepRepeatMin && since <= kStepRepeatMax) {
            kept = {now, std::nullopt};
            return TimeAgreement::agreed;
        }
        if (since >= milliseconds{0} && since < kStepRepeatMin) return refused;
    }
    kept.stepped = now;
    return refused;
}

}  // namespace hailong::survey
