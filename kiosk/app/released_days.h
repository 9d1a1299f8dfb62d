// Which days' answers staff are told of, so that no figure and no difference of two figures is of fewer than
// survey::kCellMin answers. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kiosk/app/tally_span.h"

namespace hailong::kiosk {

/// How many valid answers a day before today brought.
struct DayCount {
    survey::Date day{};
    std::int64_t valid = 0;
};

/// Days that are told of together or not at all: in order, all of one calendar month, never none.
using DayGroup = std::vector<survey::Date>;

/// A day with enough answers to be told of is a group of its own. The others of a calendar month wait, in order, until
/// they have enough together; what still waits then is in no group, also when the month is over. Days that come after
/// these change none of the groups. REQUIRES: in order of day, each once. O(days).
[[nodiscard]] std::vector<DayGroup> released_days(std::span<const DayCount> days);

/// Whether all its days lie in `span`: a group that lies there in part would tell of fewer answers than it has.
[[nodiscard]] bool lies_in(const DayGroup& group, const Days& span);

}  // namespace hailong::kiosk
