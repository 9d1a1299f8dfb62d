// Invented visitors who use the real visit: they arrive in opening hours, mostly satisfied, some in a hurry, some gone
// before the end. The same seed gives the same visitors.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "kiosk/visit/visit.h"
#include "survey/base/time.h"
#include "survey/response.h"

namespace hailong::kiosk {

/// Arrival times of `count` visitors on the `days` days that end with the day of `until`, none after `until`, in
/// order. Monday to Friday 07:30-11:30 and 13:30-17:00, Saturday morning, Vietnam's clocks; never two within a minute
/// unless `count` leaves no room. REQUIRES: days >= 1.
[[nodiscard]] std::vector<survey::UtcTime> arrivals(std::int64_t count, int days, survey::UtcTime until,
                                                    std::mt19937_64& random);

/// Lets one visitor arrive at `arrival` and use the terminal. Empty when the visitor left without answering anything.
/// `visit_number` counts the terminal's visits.
[[nodiscard]] std::optional<survey::Response> play_visit(const VisitSetup& setup, survey::UtcTime arrival,
                                                         std::uint64_t visit_number, std::mt19937_64& random);

}  // namespace hailong::kiosk
