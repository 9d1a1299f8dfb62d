#include "kiosk/app/tally_span.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::kiosk {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using survey::Date;
using survey::PeriodKind;

TallyRules rules_on(Date today, std::int64_t cut_off_day = 0) {
    return {today, {cut_off_day}};
}

TEST(NewestChoice, IsThePeriodThatGoesOn) {
    const TallyRules rules = rules_on(year{2026} / 12 / 20, 14);
    const TallyChoice choice = newest_choice(TallyBy::all, PeriodKind::quarter, rules);
    EXPECT_EQ(choice.days, (Days{year{2026} / 12 / 15, year{2027} / 3 / 14})) << "the first of next year";
    EXPECT_EQ(named_period(choice, rules)->year, 2027);
}

TEST(NewestChoice, IsOverForRowsAndOfCalendarMonths) {
    for (const TallyBy by : {TallyBy::counters, TallyBy::fields, TallyBy::officers, TallyBy::beginnings}) {
        for (const std::int64_t cut_off_day : {0, 14}) {
            const TallyRules rules = rules_on(year{2027} / 1 / 1, cut_off_day);
            EXPECT_EQ(newest_choice(by, PeriodKind::month, rules).days,
                      (Days{year{2026} / 12 / 1, year{2026} / 12 / 31}));
            EXPECT_EQ(newest_choice(by, PeriodKind::year, rules).days,
                      (Days{year{2026} / 1 / 1, year{2026} / 12 / 31}));
            EXPECT_EQ(newest_choice(by, PeriodKind::day, rules).kind, PeriodKind::month);
        }
    }
}

TEST(Stepped, GoesAcrossTheEndOfTheYear) {
    const TallyRules rules = rules_on(year{2027} / 1 / 10);
    const TallyChoice month = newest_choice(TallyBy::all, PeriodKind::month, rules);
    const auto before = stepped(month, -1, rules);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->days, (Days{year{2026} / 12 / 1, year{2026} / 12 / 31}));
    EXPECT_EQ(stepped(*before, 1, rules), month);
    EXPECT_FALSE(stepped(month, 1, rules));
}

TEST(Stepped, NeverReachesAMonthOfRowsThatStillGrows) {
    const TallyRules rules = rules_on(year{2026} / 11 / 30);
    const TallyChoice newest = newest_choice(TallyBy::fields, PeriodKind::month, rules);
    EXPECT_EQ(newest.days.last, year{2026} / 10 / 31);
    EXPECT_FALSE(stepped(newest, 1, rules));
}

TEST(Stepped, MovesChosenDaysByTheirOwnLength) {
    const TallyRules rules = rules_on(year{2026} / 11 / 22);
    const TallyChoice week = chosen_days(TallyBy::all, year{2026} / 11 / 9, year{2026} / 11 / 3, rules);
    EXPECT_EQ(stepped(week, -1, rules)->days, (Days{year{2026} / 10 / 27, year{2026} / 11 / 2}));
    EXPECT_EQ(stepped(week, 1, rules)->days, (Days{year{2026} / 11 / 10, year{2026} / 11 / 16}));
    EXPECT_FALSE(stepped(week, 3, rules));
}

TEST(Stepped, EndsAtTheEndsOfTheCalendar) {
    const TallyRules rules = rules_on(year{1971} / 1 / 1);
    const TallyChoice day = newest_choice(TallyBy::all, PeriodKind::day, rules);
    EXPECT_FALSE(stepped(day, -1, rules));
}

TEST(Regrouped, KeepsThePeriodWhereTheRowsHaveIt) {
    const TallyRules rules = rules_on(year{2026} / 11 / 22, 14);
    const TallyChoice quarter = newest_choice(TallyBy::all, PeriodKind::quarter, rules);
    const TallyChoice officers = regrouped(quarter, TallyBy::officers, rules);
    EXPECT_EQ(officers.days, (Days{year{2026} / 7 / 1, year{2026} / 9 / 30})) << "the newest that is over";
    EXPECT_EQ(regrouped(officers, TallyBy::fields, rules).days, officers.days);
    EXPECT_EQ(regrouped(officers, TallyBy::all, rules).days, (Days{year{2026} / 9 / 15, year{2026} / 12 / 14}));
}

TEST(Regrouped, TurnsDaysIntoTheMonthThatHoldsThem) {
    const TallyRules rules = rules_on(year{2026} / 11 / 22);
    const TallyChoice range = chosen_days(TallyBy::all, year{2026} / 8 / 20, year{2026} / 9 / 2, rules);
    EXPECT_EQ(regrouped(range, TallyBy::officers, rules).days, (Days{year{2026} / 9 / 1, year{2026} / 9 / 30}));
    const TallyChoice today = newest_choice(TallyBy::all, PeriodKind::day, rules);
    EXPECT_EQ(regrouped(today, TallyBy::officers, rules).days, (Days{year{2026} / 10 / 1, year{2026} / 10 / 31}));
}

TEST(ChosenDays, EndToday) {
    const TallyRules rules = rules_on(year{2026} / 11 / 22);
    EXPECT_EQ(chosen_days(TallyBy::all, year{2026} / 12 / 1, year{2026} / 11 / 1, rules).days,
              (Days{year{2026} / 11 / 1, rules.today}));
}

TEST(TrendGrain, FollowsTheLength) {
    const Date first = year{2026} / 1 / 1;
    const auto grain_of = [&](int length) {
        return trend_grain({first, Date{sys_days{first} + std::chrono::days{length - 1}}});
    };
    EXPECT_EQ(grain_of(31), TrendGrain::day);
    EXPECT_EQ(grain_of(32), TrendGrain::week);
    EXPECT_EQ(grain_of(182), TrendGrain::week);
    EXPECT_EQ(grain_of(183), TrendGrain::month);
}

/// Days from 2020 to 2029.
Days any_days() {
    const int first = *rc::gen::inRange(0, 3'000);
    const int length = *rc::gen::inRange(0, 600);
    const sys_days start{year{2020} / 1 / 1};
    return {Date{start + std::chrono::days{first}}, Date{start + std::chrono::days{first + length}}};
}

RC_GTEST_PROP(TrendSpans, TileTheDaysWithoutGapOrOverlap, ()) {
    const Days all = any_days();
    Date next = all.first;
    for (const Days& span : trend_spans(all)) {
        RC_ASSERT(span.first == next);
        RC_ASSERT(span.first <= span.last);
        next = Date{sys_days{span.last} + std::chrono::days{1}};
    }
    RC_ASSERT(next == Date{sys_days{all.last} + std::chrono::days{1}});
}

TEST(MonthsOf, AreThoseThatHoldSomeOfTheDays) {
    EXPECT_EQ(months_of({year{2026} / 12 / 31, year{2027} / 2 / 1}),
              (std::vector<Month>{year{2026} / 12, year{2027} / 1, year{2027} / 2}));
    EXPECT_EQ(days_of(year{2028} / 2), (Days{year{2028} / 2 / 1, year{2028} / 2 / 29}));
}

}  // namespace
}  // namespace hailong::kiosk
