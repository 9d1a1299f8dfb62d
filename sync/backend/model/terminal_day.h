// One terminal's day by its own clock: what both ends count, so that they can be compared.
#pragma once

#include <cstdint>

#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/response.h"
#include "sync/backend/model/record.h"

namespace hailong::sync {

/// The local day is that of `finished`. A response that came twice, under two numbers (a terminal renumbers what it
/// can't prove), is one response here, and one copy.
struct TerminalDay {
    survey::KioskId kiosk;
    survey::Date day{};
    std::int64_t collected = 0;  // as the terminal last said
    std::int64_t stored = 0;
    std::int64_t counted = 0;  // of them, wherever their time was put
    std::int64_t quarantined = 0;
    std::int64_t copies = 0;  // of a response of the same terminal: neither stored nor quarantined above
    bool operator==(const TerminalDay&) const = default;
    /// Adds the counts, but not what the terminal says.
    TerminalDay& operator+=(const TerminalDay& more);
};

/// The day of TerminalDay that a record belongs to: the local day of `finished` as the terminal claims it, the same as
/// its own journal counts by. A record that can't be read (null) stands on the day in Vietnam that it came.
[[nodiscard]] survey::Date claimed_day(const survey::Response* response, survey::UtcTime received);

/// What one stored record adds to its terminal's days. `response` is null when it could not be read. A copy is a record
/// quarantined because the same terminal sent its response under an earlier number.
[[nodiscard]] TerminalDay terminal_day(const StoredRecord& record, const survey::Response* response, bool is_copy);

}  // namespace hailong::sync
