#include "survey/time_evidence.h"

#include <algorithm>

namespace hailong::survey {
namespace {

/// Against a witness's time.
JudgedTime confirmed(UtcTime claimed, UtcTime witnessed) {
    const bool agrees = std::chrono::abs(witnessed - claimed) <= kClockTolerance;
    return agrees ? JudgedTime{claimed, TimeTrust::trusted} : JudgedTime{witnessed, TimeTrust::corrected};
}

}  // namespace

std::string_view name(TimeTrust trust) {
    switch (trust) {
        case TimeTrust::trusted:
            return "trusted";
        case TimeTrust::corrected:
            return "corrected";
        case TimeTrust::doubtful:
            return "doubtful";
    }
    return {};
}

std::optional<TimeTrust> parse_time_trust(std::string_view word) {
    for (const TimeTrust trust : {TimeTrust::trusted, TimeTrust::corrected, TimeTrust::doubtful}) {
        if (name(trust) == word) return trust;
    }
    return std::nullopt;
}

JudgedTime judge_time(const Response& response, const TimeWitness& witness) {
    const Moment& finished = response.finished;
    const milliseconds finished_at = finished.monotonic.time_since_epoch();
    if (!witness.boot.empty() && witness.boot == response.boot_id && witness.sent_monotonic &&
        *witness.sent_monotonic >= finished_at) {
        return confirmed(finished.utc, witness.received - (*witness.sent_monotonic - finished_at));
    }
    const UtcTime claimed = finished.utc + response.server_offset.value_or(milliseconds{0});
    const bool is_possible =
        claimed <= witness.received + kClockTolerance && claimed >= witness.not_before - kClockTolerance;
    if (response.server_offset && is_possible) return confirmed(finished.utc, claimed);
    return {std::max(std::min(claimed, witness.received), std::min(witness.not_before, witness.received)),
            TimeTrust::doubtful};
}

}  // namespace hailong::survey
