// What a terminal says of itself is its word alone. What can't be true by what is known of it (its numbers, when it was
// heard, the time that passed) is an incident, and never a figure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "survey/base/time.h"
#include "sync/backend/model/incident.h"
#include "sync/backend/model/terminal.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {

/// The most responses that one terminal takes in a day: one each second, day and night. People need longer.
inline constexpr std::int64_t kCollectedADayMax = 86'400;
/// How many such days a terminal may have collected before it was first heard, or stayed behind when it was heard last.
inline constexpr std::int64_t kUnheardDays = 31;

/// The most responses that a terminal can have collected by `now`, where its numbers are stored up to `last_seq`:
/// those, and a month and the time since it was heard of as many as can be taken; or what it has been believed before.
[[nodiscard]] std::int64_t collected_max(const Terminal& terminal, std::int64_t last_seq, survey::UtcTime now);

/// What of a batch's counters can be true. Where the sum can't, nothing of them is believed.
struct BelievedCounters {
    bool is_sum_believed = true;
    std::map<survey::Date, std::int64_t> days;
    std::vector<std::string> doubts;  // what can't be true, a sentence each that repeats itself at most once a day
};
/// `with_records`: the days of which the batch brings records. A day behind tomorrow is believed only of those: a clock
/// that is ahead dates records, too.
[[nodiscard]] BelievedCounters believed(const Counters& counters, const Terminal& terminal, std::int64_t last_seq,
                                        const std::vector<survey::Date>& with_records, survey::UtcTime now);

/// What of a status can be true; what can't is emptied, and named in `doubts` unless a clock that was wrong may have
/// said it. `terminal`: as it stands.
struct BelievedStatus {
    TerminalStatus status;
    std::vector<std::string> doubts;  // as above
};
[[nodiscard]] BelievedStatus believed(TerminalStatus status, const Terminal& terminal, survey::UtcTime now);

[[nodiscard]] std::vector<Incident> claim_incidents(const std::vector<std::string>& doubts,
                                                    const survey::KioskId& kiosk, survey::UtcTime now,
                                                    const std::string& evidence);

}  // namespace hailong::sync
