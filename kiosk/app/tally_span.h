// Which days staff look at: a period of the center's scheme, or any days from – to; for rows whole months only.
// Pure.
#pragma once

#include <optional>
#include <vector>

#include "kiosk/screens/screens.h"
#include "survey/period.h"

namespace hailong::kiosk {

using Month = std::chrono::year_month;  // as in the journal

/// Days, both included.
struct Days {
    survey::Date first{};
    survey::Date last{};
    bool operator==(const Days&) const = default;
};

/// What staff chose to see.
struct TallyChoice {
    TallyBy by = TallyBy::all;
    std::optional<survey::PeriodKind> kind = survey::PeriodKind::day;  // empty: any days, "from – to"
    Days days;
    bool operator==(const TallyChoice&) const = default;
};

/// What decides which periods there are.
struct TallyRules {
    survey::Date today{};
    survey::PeriodScheme periods;
};

/// Whether these rows are counted by calendar months, whatever the center's scheme, and never in a period that still
/// grows: what was added since somebody last looked would be one citizen's rating. All but the whole terminal are.
[[nodiscard]] bool by_months(TallyBy by);

/// The period of that kind that is going on today; where rows are counted by months the last one that is over.
[[nodiscard]] TallyChoice newest_choice(TallyBy by, survey::PeriodKind kind, const TallyRules& rules);

/// The same period by other rows, where those have it; by months: the newest at or before it of whole months that are
/// over, of the same kind where that is one of months.
[[nodiscard]] TallyChoice regrouped(const TallyChoice& choice, TallyBy by, const TallyRules& rules);

/// The period `steps` further on (back when negative); days "from – to" move by their own length. Empty when that
/// would begin after today, not be over yet (by months), or lie before 1971 or after 9997.
[[nodiscard]] std::optional<TallyChoice> stepped(const TallyChoice& choice, int steps, const TallyRules& rules);

/// Days "from – to", in either order, none after today.
[[nodiscard]] TallyChoice chosen_days(TallyBy by, survey::Date one, survey::Date other, const TallyRules& rules);

/// "Tháng 11/2026" as a period; empty for days "from – to".
[[nodiscard]] std::optional<survey::Period> named_period(const TallyChoice& choice, const TallyRules& rules);

/// How finely a trend is drawn: at most 31 points of a day, then weeks (of 7 days from the first) up to half a year,
/// then calendar months.
enum class TrendGrain { day, week, month };
[[nodiscard]] TrendGrain trend_grain(const Days& days);

/// The days of each point of a trend, in order, without gaps; the first and the last may be shorter than the others.
/// A terminal's days are the dates on Vietnam's clocks, so that none is longer than another.
[[nodiscard]] std::vector<Days> trend_spans(const Days& days);

/// The calendar months that hold these days.
[[nodiscard]] std::vector<Month> months_of(const Days& days);
[[nodiscard]] Days days_of(Month month);

}  // namespace hailong::kiosk
