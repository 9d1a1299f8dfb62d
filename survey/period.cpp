#include "survey/period.h"

#include <algorithm>
#include <charconv>

#include "survey/base/check.h"

namespace hailong::survey {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month;

constexpr std::int64_t kYearFirst = 1970;
constexpr std::int64_t kYearLast = 9998;

Date last_of(year_month ym) {
    return Date{ym / std::chrono::last};
}

year_month month_of(std::int64_t y, std::int64_t m) {
    return year{static_cast<int>(y)} / month{static_cast<unsigned>(m)};
}

/// How many months a period of this kind has; 0 for a day.
std::int64_t month_count(PeriodKind kind) {
    switch (kind) {
        case PeriodKind::day:
            return 0;
        case PeriodKind::month:
            return 1;
        case PeriodKind::quarter:
            return 3;
        case PeriodKind::half_year:
            return 6;
        case PeriodKind::year:
            return 12;
    }
    check(false, "a period is of one of five kinds");
    return 0;
}

Period day_period(Date date) {
    const Date new_year = date.year() / 1 / 1;
    return {PeriodKind::day, static_cast<int>(date.year()), (sys_days{date} - sys_days{new_year}).count() + 1, date,
            date};
}

/// On which day of its calendar month the statistical month `ym` ends.
std::int64_t cut_off_of(year_month ym, const PeriodScheme& scheme) {
    std::int64_t cut_off = scheme.cut_off_day;
    for (const CutOffChange& one : scheme.changes) {
        if (one.since <= ym) cut_off = one.cut_off_day;
    }
    check(cut_off >= 0 && cut_off <= kCutOffDayMax, "a cut-off day that every month has");
    return cut_off;
}

/// The last day of the statistical month `ym`: always in the calendar month of that name, so that months follow each
/// other whatever their cut-off days.
Date month_end(year_month ym, const PeriodScheme& scheme) {
    const std::int64_t cut_off = cut_off_of(ym, scheme);
    return cut_off == 0 ? last_of(ym) : ym / day{static_cast<unsigned>(cut_off)};
}

/// The statistical month that `date` falls into.
year_month statistical_month(Date date, const PeriodScheme& scheme) {
    const year_month calendar = date.year() / date.month();
    return date <= month_end(calendar, scheme) ? calendar : calendar + months{1};
}

/// The period of `kind`, made of whole months, that is number `number` of year `y`.
Period months_period(PeriodKind kind, std::int64_t y, std::int64_t number, const PeriodScheme& scheme) {
    const std::int64_t size = month_count(kind);
    const year_month last_month = month_of(y, number * size);
    const year_month before_first = last_month - months{size};
    return {kind, y, number, Date{sys_days{month_end(before_first, scheme)} + days{1}}, month_end(last_month, scheme)};
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty() || text[0] == '-') return std::nullopt;
    return number;
}

}  // namespace

PeriodScheme with_cut_off(PeriodScheme scheme, Date from, std::int64_t cut_off_day) {
    const Period running = period_of(from, PeriodKind::month, scheme);
    year_month since = month_of(running.year, running.number);
    if (running.first != from) since += months{1};
    std::erase_if(scheme.changes, [&](const CutOffChange& one) { return one.since >= since; });
    const std::int64_t before = scheme.changes.empty() ? scheme.cut_off_day : scheme.changes.back().cut_off_day;
    if (before != cut_off_day) scheme.changes.push_back({since, cut_off_day});
    return scheme;
}

Period period_of(Date date, PeriodKind kind, const PeriodScheme& scheme) {
    check(date.ok(), "a day that exists");
    if (kind == PeriodKind::day) return day_period(date);
    const year_month ym = statistical_month(date, scheme);
    const std::int64_t index = static_cast<std::int64_t>(static_cast<unsigned>(ym.month())) - 1;
    return months_period(kind, static_cast<int>(ym.year()), index / month_count(kind) + 1, scheme);
}

std::optional<Period> make_period(PeriodKind kind, std::int64_t y, std::int64_t number, const PeriodScheme& scheme) {
    if (y < kYearFirst || y > kYearLast || number < 1) return std::nullopt;
    if (kind == PeriodKind::day) {
        const Date new_year = year{static_cast<int>(y)} / 1 / 1;
        const Date date{sys_days{new_year} + days{std::min<std::int64_t>(number, 367) - 1}};
        if (date.year() != new_year.year()) return std::nullopt;
        return day_period(date);
    }
    if (number > 12 / month_count(kind)) return std::nullopt;
    return months_period(kind, y, number, scheme);
}

Period previous(const Period& period, const PeriodScheme& scheme) {
    return period_of(Date{sys_days{period.first} - days{1}}, period.kind, scheme);
}

Period next(const Period& period, const PeriodScheme& scheme) {
    return period_of(Date{sys_days{period.last} + days{1}}, period.kind, scheme);
}

std::string to_string(const Period& period) {
    const std::string y = std::to_string(period.year);
    const std::string number = std::to_string(period.number);
    switch (period.kind) {
        case PeriodKind::day:
            return to_string(period.first);
        case PeriodKind::month:
            return y + "-M" + (number.size() < 2 ? "0" : "") + number;
        case PeriodKind::quarter:
            return y + "-Q" + number;
        case PeriodKind::half_year:
            return y + "-H" + number;
        case PeriodKind::year:
            return y;
    }
    check(false, "a period is of one of five kinds");
    return {};
}

std::optional<Period> parse_period(std::string_view text, const PeriodScheme& scheme) {
    if (const auto date = parse_date(text)) return period_of(*date, PeriodKind::day, scheme);
    const auto y = number_in(text.substr(0, 4));
    if (!y || text.size() < 4) return std::nullopt;
    if (text.size() == 4) return make_period(PeriodKind::year, *y, 1, scheme);
    if (text.size() < 7 || text[4] != '-') return std::nullopt;
    const auto number = number_in(text.substr(6));
    if (!number) return std::nullopt;
    switch (text[5]) {
        case 'M':
            return text.size() == 8 ? make_period(PeriodKind::month, *y, *number, scheme) : std::nullopt;
        case 'Q':
            return text.size() == 7 ? make_period(PeriodKind::quarter, *y, *number, scheme) : std::nullopt;
        case 'H':
            return text.size() == 7 ? make_period(PeriodKind::half_year, *y, *number, scheme) : std::nullopt;
        default:
            return std::nullopt;
    }
}

Date due(const Period& period, Deadline deadline) {
    const year_month ym = period.last.year() / period.last.month() + months{deadline.months_later};
    const Date last = last_of(ym);
    if (deadline.day == 0 || deadline.day >= static_cast<unsigned>(last.day())) return last;
    return ym / day{static_cast<unsigned>(deadline.day)};
}

}  // namespace hailong::survey
