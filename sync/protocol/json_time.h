// How a point in time stands in every message: whole milliseconds since 1970, UTC. Private to this room.
#pragma once

#include <string_view>

#include "survey/base/json.h"
#include "survey/base/time.h"

namespace hailong::sync {

/// The last millisecond of the year 9999.
inline constexpr std::int64_t kTimeMsMax = 253'402'300'799'999;

[[nodiscard]] inline survey::UtcTime read_time(survey::ObjectReader& reader, std::string_view key) {
    return survey::UtcTime{survey::milliseconds{reader.integer(key, 0, kTimeMsMax)}};
}

}  // namespace hailong::sync
