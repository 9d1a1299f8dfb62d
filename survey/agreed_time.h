// When it is, as far as what can't be undone may go by it (erasing, removing). No clock is believed alone, and none at
// once when it steps: a clock that was set a year ahead must not cost what was to be kept for a year.
#pragma once

#include <chrono>
#include <optional>

#include "survey/base/time.h"

namespace hailong::survey {

/// How far the clocks may go between two looks, a day apart, and still be believed: the day, and what a nightly program
/// is late. Whoever removes what is older than a time allows for this much more.
inline constexpr milliseconds kClockStepMax = std::chrono::hours{30};
/// A step is believed when clocks said so twice, at least and at most so long apart.
inline constexpr milliseconds kStepRepeatMin = std::chrono::hours{12};
inline constexpr milliseconds kStepRepeatMax = std::chrono::days{7};

/// What is kept between two looks.
struct AgreedTime {
    std::optional<UtcTime> last;     // the latest time that was agreed on
    std::optional<UtcTime> stepped;  // what clocks said since that is too far from it
    bool operator==(const AgreedTime&) const = default;
};

enum class TimeAgreement {
    agreed,
    first,   // nothing was ever agreed on: another day may agree
    stepped  // it lies further from the last one than kClockStepMax, forward or back: another day may agree
};

/// `now`: the earliest of all clocks that can be asked, at least two. When it is agreed on, `kept` goes on to it; when
/// not, `kept` remembers it for a second look. Pure.
[[nodiscard]] TimeAgreement agree(AgreedTime& kept, UtcTime now);

}  // namespace hailong::survey
