// What a terminal's wall clock is worth. A terminal's time is a claim; the evidence for it is the monotonic clock of
// the same start of the machine, and the backend's clock as the terminal last knew it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/time.h"
#include "survey/response.h"

namespace hailong::survey {

/// How far a claim may be from what the evidence says and still stand as it is.
inline constexpr milliseconds kClockTolerance{300'000};

enum class TimeTrust {
    trusted,    // evidence agrees: counted at the time claimed
    corrected,  // evidence disagrees: counted at the time that it gives
    doubtful  // no evidence, or they contradict each other: counted at the claim, moved only so far that it is possible
};
[[nodiscard]] std::string_view name(TimeTrust trust);
[[nodiscard]] std::optional<TimeTrust> parse_time_trust(std::string_view word);

/// What is known beside the record when it comes in.
struct TimeEvidence {
    UtcTime received{};  // by the backend's clock
    std::string boot;    // the terminal's start when it sent; empty: not said
    std::optional<milliseconds>
        sent_monotonic;    // its monotonic clock then; empty: not said, or carried in an offline bundle
    UtcTime not_before{};  // what the record before it was counted at
    /// How far ahead the backend's clock is known to have stood while the terminal may have asked it: then what the
    /// terminal knew of it may be wrong by one of these.
    std::vector<milliseconds> clock_errors = {};
};

struct ResolvedTime {
    UtcTime counted_at{};
    TimeTrust trust = TimeTrust::doubtful;
    bool operator==(const ResolvedTime&) const = default;
};

/// When the response was finished, as well as can be known. In this order:
/// 1. Same start of the machine, and both monotonic times known: `received` less the time passed between them, unless
///    that lies before 1970.
/// 2. The backend's clock was known to the terminal: its claim plus that offset, unless that lies after `received` or
///    before `not_before` by more than the tolerance; then less one of `clock_errors`, unless that lies so, too.
/// 3. Otherwise doubtful: the claim (with the offset, when there is one), not before `not_before`, not after
/// `received`. Evidence within kClockTolerance of the claim confirms it.
[[nodiscard]] ResolvedTime resolve_time(const Response& response, const TimeEvidence& evidence);

}  // namespace hailong::survey
