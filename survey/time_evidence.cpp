#include "survey/time_evidence.h"

#include <algorithm>

namespace hailong::survey {
namespace {

/// Against the time that the evidence gives.
ResolvedTime confirmed(UtcTime claimed, UtcTime evident) {
    const bool agrees = std::chrono::abs(evident - claimed) <= kClockTolerance;
    return agrees ? ResolvedTime{claimed, TimeTrust::trusted} : ResolvedTime{evident, TimeTrust::corrected};
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

ResolvedTime resolve_time(const Response& response, const TimeEvidence& evidence) {
    const Moment& finished = response.finished;
    const milliseconds finished_at = finished.monotonic.time_since_epoch();
    if (!evidence.boot.empty() && evidence.boot == response.boot_id && evidence.sent_monotonic &&
        *evidence.sent_monotonic >= finished_at) {
        const UtcTime evident = evidence.received - (*evidence.sent_monotonic - finished_at);
        if (evident >= UtcTime{}) return confirmed(finished.utc, evident);
    }
    const UtcTime claimed = finished.utc + response.server_offset.value_or(milliseconds{0});
    const auto is_possible = [&](UtcTime time) {
        return time <= evidence.received + kClockTolerance && time >= evidence.not_before - kClockTolerance;
    };
    if (response.server_offset && is_possible(claimed)) return confirmed(finished.utc, claimed);
    for (const milliseconds error : evidence.clock_errors) {
        if (response.server_offset && is_possible(claimed - error)) return confirmed(finished.utc, claimed - error);
    }
    return {std::max(std::min(claimed, evidence.received), std::min(evidence.not_before, evidence.received)),
            TimeTrust::doubtful};
}

}  // namespace hailong::survey
