// Statistical periods: which days a figure covers, and when a report about them is due. Two separate settings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/time.h"

namespace hailong::survey {

enum class PeriodKind { day, month, quarter, half_year, year };

/// How a center counts its periods.
/// cut_off_day 0: calendar periods. 1 to 28: a month ends on that day and the next begins the day after, so with 14
/// the first quarter is 15 December to 14 March and the year 15 December to 14 December (TT 06/2025/TT-TTCP Art 7).
/// A center may change it: each month ends on its own cut-off day and begins after the one before, so that no day is in
/// two months and none in no month. The first month after a change is shorter or longer than others.
struct CutOffChange {
    std::chrono::year_month since{};  // the first month, by its name, that ends on it
    std::int64_t cut_off_day = 0;
    bool operator==(const CutOffChange&) const = default;
};
struct PeriodScheme {
    std::int64_t cut_off_day = 0;            // of the months before the first change
    std::vector<CutOffChange> changes = {};  // ascending by `since`, which are different
    bool operator==(const PeriodScheme&) const = default;
};
inline constexpr std::int64_t kCutOffDayMax = 28;  // the last day that every month has

/// The scheme with another cut-off day for the months that begin on `from` or later: one that runs by then keeps its
/// end. REQUIRES: no change of it stands on a later month.
[[nodiscard]] PeriodScheme with_cut_off(PeriodScheme scheme, Date from, std::int64_t cut_off_day);

/// The days `first` to `last`, both included. `year` and `number` name it: quarter 4 of 2026, month 11 of 2026; for a
/// year `number` is 1; for a day `year` is the calendar year and `number` the day of that year (1 to 366).
struct Period {
    PeriodKind kind = PeriodKind::month;
    std::int64_t year = 0;
    std::int64_t number = 1;
    Date first{};
    Date last{};
    bool operator==(const Period&) const = default;
    [[nodiscard]] bool contains(Date day) const { return first <= day && day <= last; }
};

/// The period of `kind` that `day` falls into. `day` must be ok().
[[nodiscard]] Period period_of(Date day, PeriodKind kind, const PeriodScheme& scheme = {});

/// By name; empty when `number` is out of range for the kind (months 1 to 12, quarters 1 to 4 ...) or the year is not
/// within 1970 to 9998.
[[nodiscard]] std::optional<Period> make_period(PeriodKind kind, std::int64_t year, std::int64_t number,
                                                const PeriodScheme& scheme = {});
[[nodiscard]] Period previous(const Period& period, const PeriodScheme& scheme = {});
[[nodiscard]] Period next(const Period& period, const PeriodScheme& scheme = {});

/// "2026-11-22", "2026-M11", "2026-Q4", "2026-H2", "2026": what stands in URLs and files.
[[nodiscard]] std::string to_string(const Period& period);
[[nodiscard]] std::optional<Period> parse_period(std::string_view text, const PeriodScheme& scheme = {});

/// When a report about a period is due: on `day` (0: the last day) of the month that the period ends in, moved by
/// `months_later`. "trước ngày 15 hàng quý" is {15, 0}; a day that the month lacks means its last.
struct Deadline {
    std::int64_t day = 0;
    std::int64_t months_later = 0;
    bool operator==(const Deadline&) const = default;
};
[[nodiscard]] Date due(const Period& period, Deadline deadline);

}  // namespace hailong::survey
