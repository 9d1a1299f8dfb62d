// Wall time for records, monotonic time for waiting; both come from a Clock that the caller is handed.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hailong::survey {

using std::chrono::milliseconds;

/// Wall time, UTC. On a terminal it is a claim, not a fact.
using UtcTime = std::chrono::sys_time<milliseconds>;

/// Time since this machine started; never steps, means nothing across a restart. For waiting and measuring.
struct MonotonicEpoch {
    using rep = milliseconds::rep;
    using period = milliseconds::period;
    using duration = milliseconds;
    using time_point = std::chrono::time_point<MonotonicEpoch>;
    static constexpr bool is_steady = true;
};
using MonoTime = std::chrono::time_point<MonotonicEpoch, milliseconds>;

using Date = std::chrono::year_month_day;

/// Asia/Ho_Chi_Minh: UTC+7, without daylight saving time since 1975.
inline constexpr std::chrono::minutes kVietnamOffset{420};

/// The day it is at `time` where clocks stand `offset` ahead of UTC.
[[nodiscard]] Date local_date(UtcTime time, std::chrono::minutes offset = kVietnamOffset);

/// The first instant of `date` where clocks stand `offset` ahead of UTC.
[[nodiscard]] UtcTime start_of_day(Date date, std::chrono::minutes offset = kVietnamOffset);

/// "2026-11-22". The date must be ok().
[[nodiscard]] std::string to_string(Date date);
/// Whether the date has a text of ours: a real day of the years 1970 to 9999.
[[nodiscard]] bool is_in_range(Date date);
/// Exactly "YYYY-MM-DD" and a real day of the years 1970 to 9999; empty otherwise.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);

/// RFC 3339 with milliseconds and offset: "2026-11-22T08:00:00.000+07:00".
[[nodiscard]] std::string to_rfc3339(UtcTime time, std::chrono::minutes offset = kVietnamOffset);

/// The machine's two clocks. Implementations are safe to call from any thread.
class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual UtcTime now() const = 0;
    [[nodiscard]] virtual MonoTime monotonic() const = 0;
};

}  // namespace hailong::survey
