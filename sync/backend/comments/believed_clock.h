// Whether the backend's own clock may be believed, before something is done by it that nobody can undo: texts erased
// because they are old. One clock is never enough: a step against what was believed before stops the erasing, and is
// believed only when the program has run on for a day with it and the terminals' clocks do not contradict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "survey/base/time.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// A clock may be so far from what was believed, and from the terminals' clocks, without a question.
inline constexpr survey::milliseconds kClockStepMax = std::chrono::hours(24);
/// So long the program runs on with another clock before that one is believed.
inline constexpr survey::milliseconds kClockDoubtTime = std::chrono::hours(24);
/// A terminal's clock is a witness when it was heard so lately.
inline constexpr survey::milliseconds kClockHeardMax = std::chrono::hours(2);

struct ClockDoubt {
    survey::UtcTime since{};        // by the time that is believed
    survey::milliseconds offset{};  // of the clock against it
    bool operator==(const ClockDoubt&) const = default;
};

/// What is believed of the time, as the store remembers it.
struct ClockBelief {
    survey::UtcTime time{};           // grows with the time that the program runs, whatever the clock says
    std::optional<ClockDoubt> doubt;  // empty: the clock is believed
    /// When the last doubt ended: nobody knows which of the times before were right, so that what came before counts as
    /// having come then. Empty: there was none.
    std::optional<survey::UtcTime> believed_since = {};
    bool operator==(const ClockBelief&) const = default;
};

/// Terminals heard lately, by whether their clock is near the backend's.
struct ClockWitnesses {
    std::int64_t agreeing = 0;
    std::int64_t contradicting = 0;
};

/// What is to be believed after `passed` of running since the last time that was asked, when the clock says `now`.
[[nodiscard]] ClockBelief examine_clock(const ClockBelief& before, survey::milliseconds passed, survey::UtcTime now,
                                        const ClockWitnesses& witnesses);

/// As a text for the store; and back: empty for what is none.
[[nodiscard]] std::string encode(const ClockBelief& belief);
[[nodiscard]] std::optional<ClockBelief> decode_clock_belief(std::string_view text);

/// What the store remembers. One that remembers nothing yet believes when its terminals were last seen; where none was,
/// `now`.
[[nodiscard]] StoreResult<ClockBelief> believed_clock(Snapshot& snapshot, survey::UtcTime now);

/// The same with what the store remembers and what terminals last said, remembered there; a doubt that begins leaves an
/// incident.
[[nodiscard]] StoreResult<ClockBelief> examine_clock(survey::milliseconds passed, survey::UtcTime now,
                                                     Transaction& transaction);

/// Why nothing is erased, with what to do; empty: the clock is believed.
[[nodiscard]] std::string sentence_of(const ClockBelief& belief);
/// The name under which the store remembers it.
inline constexpr const char* kClockFact = "clock";

}  // namespace hailong::sync
