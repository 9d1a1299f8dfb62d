#include "kiosk/app/tally_span.h"

#include <algorithm>

namespace hailong::kiosk {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using survey::Date;
using survey::Period;
using survey::PeriodKind;

constexpr int kTrendDaysMax = 31;
constexpr int kTrendWeeksMax = 26;
constexpr std::chrono::days kWeek{7};
/// The calendar goes on before and after; the periods around these years are those that survey/period.h has.
constexpr year kYearFirst{1971};
constexpr year kYearLast{9997};

Date after(Date day, std::chrono::days distance) {
    return Date{sys_days{day} + distance};
}
Date last_of(Month month) {
    return Date{month / std::chrono::last};
}
Month month_of(Date day) {
    return day.year() / day.month();
}
std::chrono::days length(const Days& span) {
    return sys_days{span.last} - sys_days{span.first} + std::chrono::days{1};
}

bool made_of_months(std::optional<PeriodKind> kind) {
    return kind && *kind != PeriodKind::day;
}

survey::PeriodScheme scheme_for(TallyBy by, const TallyRules& rules) {
    return by_months(by) ? survey::PeriodScheme{} : rules.periods;
}

TallyChoice choice_of(TallyBy by, const Period& period) {
    return {by, period.kind, {period.first, period.last}};
}

/// There is something to be seen in it, and where rows are counted by months it is over.
bool offered(TallyBy by, const Days& span, const TallyRules& rules) {
    if (span.first.year() < kYearFirst || span.last.year() > kYearLast) return false;
    return by_months(by) ? span.last < rules.today : span.first <= rules.today;
}

}  // namespace

bool by_months(TallyBy by) {
    return by != TallyBy::all;
}

TallyChoice newest_choice(TallyBy by, PeriodKind kind, const TallyRules& rules) {
    const survey::PeriodScheme scheme = scheme_for(by, rules);
    if (by_months(by) && kind == PeriodKind::day) kind = PeriodKind::month;
    const Period now = survey::period_of(rules.today, kind, scheme);
    return choice_of(by, by_months(by) ? survey::previous(now, scheme) : now);
}

TallyChoice regrouped(const TallyChoice& choice, TallyBy by, const TallyRules& rules) {
    if (by_months(choice.by) == by_months(by)) return {by, choice.kind, choice.days};
    const PeriodKind kind = made_of_months(choice.kind) ? *choice.kind : PeriodKind::month;
    const Period same = survey::period_of(std::min(choice.days.last, rules.today), kind, scheme_for(by, rules));
    const TallyChoice found = choice_of(by, same);
    return offered(by, found.days, rules) ? found : newest_choice(by, kind, rules);
}

std::optional<TallyChoice> stepped(const TallyChoice& choice, int steps, const TallyRules& rules) {
    TallyChoice result = choice;
    const survey::PeriodScheme scheme = scheme_for(choice.by, rules);
    for (int i = 0; i < std::abs(steps); ++i) {
        const bool back = steps < 0;
        if (!choice.kind) {
            const std::chrono::days distance = back ? -length(result.days) : length(result.days);
            result.days = {after(result.days.first, distance), after(result.days.last, distance)};
        } else {
            const Period here = survey::period_of(result.days.first, *choice.kind, scheme);
            result = choice_of(choice.by, back ? survey::previous(here, scheme) : survey::next(here, scheme));
        }
        if (!offered(choice.by, result.days, rules)) return std::nullopt;
    }
    return result;
}

TallyChoice chosen_days(TallyBy by, Date one, Date other, const TallyRules& rules) {
    const auto [first, last] = std::minmax(one, other);
    return {by, std::nullopt, {std::min(first, rules.today), std::min(last, rules.today)}};
}

std::optional<Period> named_period(const TallyChoice& choice, const TallyRules& rules) {
    if (!choice.kind) return std::nullopt;
    return survey::period_of(choice.days.first, *choice.kind, scheme_for(choice.by, rules));
}

TrendGrain trend_grain(const Days& span) {
    if (length(span) <= std::chrono::days{kTrendDaysMax}) return TrendGrain::day;
    return length(span) <= kTrendWeeksMax * kWeek ? TrendGrain::week : TrendGrain::month;
}

std::vector<Days> trend_spans(const Days& span) {
    std::vector<Days> result;
    const TrendGrain grain = trend_grain(span);
    for (Date first = span.first; first <= span.last;) {
        Date last = first;
        if (grain == TrendGrain::week) last = after(first, kWeek - std::chrono::days{1});
        if (grain == TrendGrain::month) last = last_of(month_of(first));
        last = std::min(last, span.last);
        result.push_back({first, last});
        first = after(last, std::chrono::days{1});
    }
    return result;
}

std::vector<Month> months_of(const Days& span) {
    std::vector<Month> result;
    for (Month month = month_of(span.first); month <= month_of(span.last); month += std::chrono::months{1})
        result.push_back(month);
    return result;
}

Days days_of(Month month) {
    return {month / 1, last_of(month)};
}

}  // namespace hailong::kiosk
