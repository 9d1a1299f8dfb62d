// Reads exactly what encode(Record) writes, several times as fast as by way of a json::value: a backend reads every
// record of every terminal, and nearly all are canonical to the byte. Private to decode() and its tests.
#pragma once

#include <optional>
#include <string_view>

#include "survey/record.h"

namespace hailong::survey {

// Wide enough for any clock, narrow enough that adding two never overflows: the years 1970 to 9999.
inline constexpr std::int64_t kRecordTimeMsMax = 253'402'300'799'999;
inline constexpr std::int64_t kOffsetMinutesMax = 840;  // 14 hours: the widest offset in use on Earth
inline constexpr std::size_t kFlagsMax = 16;

/// The record; empty for anything that is not canonical or leaves a limit: that may still be a record, or none, and
/// decode() says which. Where it is not empty, decode() without it gives the same.
[[nodiscard]] std::optional<Record> read_canonical(std::string_view bytes);

}  // namespace hailong::survey
