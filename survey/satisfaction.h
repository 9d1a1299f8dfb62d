// The figure that everything is about: how many were satisfied, how sure that is, and whether the objective is met.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hailong::survey {

/// Strictly more than `more_than_percent` % satisfied. 0 to 100; 90 in the quality plans.
struct Objective {
    std::int64_t more_than_percent = 90;
    bool operator==(const Objective&) const = default;
};

enum class Verdict {
    met,           // "đạt": the share is above the objective, and so is the whole interval
    met_unproven,  // "đạt, chưa đủ bằng chứng": the share is above, the interval is not
    not_met,       // "chưa đạt"
};

/// "met", "met_unproven", "not_met".
[[nodiscard]] std::string_view name(Verdict verdict);

struct Interval {
    double low = 0;
    double high = 1;
};

struct Satisfaction {
    std::int64_t satisfied = 0;
    std::int64_t total = 0;
    double share = 0;               // satisfied / total, in [0, 1]
    std::int64_t share_tenths = 0;  // tenths of a percent, rounded half up on exact integers: what is shown
    Interval interval;              // Wilson score interval, 95 %, two-sided, without continuity correction
    Verdict verdict = Verdict::not_met;
};

/// The most that a share is taken of: with more the exact decision would not fit 64 bits.
inline constexpr std::int64_t kCountMax = 1'000'000'000'000'000;

/// Wilson score interval (E. B. Wilson 1927, JASA 22:209), z = 1.959963984540054 (95 %, two-sided).
/// REQUIRES: 0 <= satisfied <= total, total >= 1. low is exactly 0 at satisfied = 0, high exactly 1 at satisfied =
/// total.
[[nodiscard]] Interval wilson_interval(std::int64_t satisfied, std::int64_t total);

/// Tenths of a percent, rounded half up: (2000 * satisfied + total) / (2 * total) in integers.
/// REQUIRES: as above, total <= kCountMax.
[[nodiscard]] std::int64_t share_tenths(std::int64_t satisfied, std::int64_t total);

/// The figure and its verdict; empty when nobody answered. The objective is decided on exact integers:
/// 100 * satisfied > more_than_percent * total.
/// REQUIRES: 0 <= satisfied <= total <= kCountMax.
[[nodiscard]] std::optional<Satisfaction> satisfaction(std::int64_t satisfied, std::int64_t total,
                                                       Objective objective = {});

}  // namespace hailong::survey
