#include "survey/period.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::survey {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr PeriodKind kKinds[] = {PeriodKind::day, PeriodKind::month, PeriodKind::quarter, PeriodKind::half_year,
                                 PeriodKind::year};
const PeriodScheme kCalendar{0};
const PeriodScheme kFourteenth{14};

Date date(const char* text) {
    return parse_date(text).value();
}

Date plus_days(Date day, int count) {
    return Date{sys_days{day} + days{count}};
}

void expect_days(const std::optional<Period>& period, const char* first, const char* last) {
    ASSERT_TRUE(period.has_value());
    EXPECT_EQ(to_string(period->first), first);
    EXPECT_EQ(to_string(period->last), last);
}

TEST(CalendarPeriod, CoversItsDays) {
    expect_days(make_period(PeriodKind::month, 2026, 11), "2026-11-01", "2026-11-30");
    expect_days(make_period(PeriodKind::month, 2026, 2), "2026-02-01", "2026-02-28");
    expect_days(make_period(PeriodKind::month, 2028, 2), "2028-02-01", "2028-02-29");
    expect_days(make_period(PeriodKind::quarter, 2026, 1), "2026-01-01", "2026-03-31");
    expect_days(make_period(PeriodKind::quarter, 2026, 4), "2026-10-01", "2026-12-31");
    expect_days(make_period(PeriodKind::half_year, 2026, 1), "2026-01-01", "2026-06-30");
    expect_days(make_period(PeriodKind::half_year, 2026, 2), "2026-07-01", "2026-12-31");
    expect_days(make_period(PeriodKind::year, 2026, 1), "2026-01-01", "2026-12-31");
    expect_days(make_period(PeriodKind::day, 2028, 60), "2028-02-29", "2028-02-29");
    expect_days(make_period(PeriodKind::day, 2026, 365), "2026-12-31", "2026-12-31");
}

// The statistical year of TT 06/2025/TT-TTCP Art 7: 15 December to 14 December.
TEST(CutOffPeriod, EndsOnTheFourteenth) {
    expect_days(make_period(PeriodKind::quarter, 2026, 1, kFourteenth), "2025-12-15", "2026-03-14");
    expect_days(make_period(PeriodKind::quarter, 2026, 2, kFourteenth), "2026-03-15", "2026-06-14");
    expect_days(make_period(PeriodKind::quarter, 2026, 3, kFourteenth), "2026-06-15", "2026-09-14");
    expect_days(make_period(PeriodKind::quarter, 2026, 4, kFourteenth), "2026-09-15", "2026-12-14");
    expect_days(make_period(PeriodKind::half_year, 2026, 1, kFourteenth), "2025-12-15", "2026-06-14");
    expect_days(make_period(PeriodKind::half_year, 2026, 2, kFourteenth), "2026-06-15", "2026-12-14");
    expect_days(make_period(PeriodKind::year, 2026, 1, kFourteenth), "2025-12-15", "2026-12-14");
    expect_days(make_period(PeriodKind::month, 2026, 1, kFourteenth), "2025-12-15", "2026-01-14");
    expect_days(make_period(PeriodKind::month, 2028, 3, kFourteenth), "2028-02-15", "2028-03-14");
    expect_days(make_period(PeriodKind::day, 2026, 1, kFourteenth), "2026-01-01", "2026-01-01");
}

TEST(CutOffPeriod, OfADayTurnsAfterTheFourteenth) {
    EXPECT_EQ(to_string(period_of(date("2026-12-14"), PeriodKind::quarter, kFourteenth)), "2026-Q4");
    EXPECT_EQ(to_string(period_of(date("2026-12-15"), PeriodKind::quarter, kFourteenth)), "2027-Q1");
    EXPECT_EQ(to_string(period_of(date("2026-12-31"), PeriodKind::year, kFourteenth)), "2027");
    EXPECT_EQ(to_string(period_of(date("2026-12-31"), PeriodKind::month, kFourteenth)), "2027-M01");
    EXPECT_EQ(to_string(period_of(date("2026-12-31"), PeriodKind::day, kFourteenth)), "2026-12-31");
    EXPECT_EQ(to_string(period_of(date("2026-12-31"), PeriodKind::quarter, kCalendar)), "2026-Q4");
}

TEST(CutOffPeriod, OnTheTwentyEighthFitsFebruary) {
    expect_days(make_period(PeriodKind::month, 2026, 2, PeriodScheme{28}), "2026-01-29", "2026-02-28");
    expect_days(make_period(PeriodKind::month, 2028, 2, PeriodScheme{28}), "2028-01-29", "2028-02-28");
    expect_days(make_period(PeriodKind::month, 2028, 3, PeriodScheme{28}), "2028-02-29", "2028-03-28");
}

// Every kind under every scheme, across two leap years and the century's turn: no day is in two periods or in none.
TEST(Periods, TileTheDaysWithoutGapOrOverlap) {
    for (std::int64_t cut_off = 0; cut_off <= kCutOffDayMax; ++cut_off) {
        const PeriodScheme scheme{cut_off};
        for (const PeriodKind kind : kKinds) {
            Period period = period_of(date("1999-06-15"), kind, scheme);
            Date day = period.first;
            while (day < date("2005-01-01")) {
                ASSERT_EQ(period.first, day) << to_string(period) << " cut off " << cut_off;
                ASSERT_LE(period.first, period.last);
                for (; day <= period.last; day = plus_days(day, 1)) {
                    ASSERT_EQ(period_of(day, kind, scheme), period) << to_string(day) << " cut off " << cut_off;
                    ASSERT_TRUE(period.contains(day));
                }
                ASSERT_FALSE(period.contains(day));
                const Period following = next(period, scheme);
                ASSERT_EQ(previous(following, scheme), period);
                period = following;
            }
        }
    }
}

TEST(Periods, OfAYearAreItsParts) {
    for (const PeriodScheme& scheme : {kCalendar, kFourteenth}) {
        const Period year = make_period(PeriodKind::year, 2028, 1, scheme).value();
        EXPECT_EQ(make_period(PeriodKind::half_year, 2028, 1, scheme)->first, year.first);
        EXPECT_EQ(make_period(PeriodKind::half_year, 2028, 2, scheme)->last, year.last);
        EXPECT_EQ(make_period(PeriodKind::quarter, 2028, 1, scheme)->first, year.first);
        EXPECT_EQ(make_period(PeriodKind::quarter, 2028, 2, scheme)->last,
                  make_period(PeriodKind::half_year, 2028, 1, scheme)->last);
        EXPECT_EQ(make_period(PeriodKind::quarter, 2028, 4, scheme)->last, year.last);
        EXPECT_EQ(make_period(PeriodKind::month, 2028, 1, scheme)->first, year.first);
        EXPECT_EQ(make_period(PeriodKind::month, 2028, 12, scheme)->last, year.last);
    }
}

TEST(PeriodName, IsRefusedOutsideItsRange) {
    EXPECT_FALSE(make_period(PeriodKind::month, 2026, 0));
    EXPECT_FALSE(make_period(PeriodKind::month, 2026, 13));
    EXPECT_FALSE(make_period(PeriodKind::month, 2026, -1));
    EXPECT_FALSE(make_period(PeriodKind::quarter, 2026, 5));
    EXPECT_FALSE(make_period(PeriodKind::half_year, 2026, 3));
    EXPECT_FALSE(make_period(PeriodKind::year, 2026, 2));
    EXPECT_FALSE(make_period(PeriodKind::day, 2026, 366));
    EXPECT_TRUE(make_period(PeriodKind::day, 2028, 366));
    EXPECT_FALSE(make_period(PeriodKind::day, 2028, 367));
    EXPECT_FALSE(make_period(PeriodKind::day, 2028, 1'000'000'000'000));
    EXPECT_FALSE(make_period(PeriodKind::year, 1969, 1));
    EXPECT_TRUE(make_period(PeriodKind::year, 1970, 1));
    EXPECT_TRUE(make_period(PeriodKind::year, 9998, 1));
    EXPECT_FALSE(make_period(PeriodKind::year, 9999, 1));
}

TEST(PeriodText, IsShortAndSortable) {
    EXPECT_EQ(to_string(*make_period(PeriodKind::month, 2026, 2)), "2026-M02");
    EXPECT_EQ(to_string(*make_period(PeriodKind::month, 2026, 11)), "2026-M11");
    EXPECT_EQ(to_string(*make_period(PeriodKind::quarter, 2026, 4)), "2026-Q4");
    EXPECT_EQ(to_string(*make_period(PeriodKind::half_year, 2026, 2)), "2026-H2");
    EXPECT_EQ(to_string(*make_period(PeriodKind::year, 2026, 1)), "2026");
    EXPECT_EQ(to_string(*make_period(PeriodKind::day, 2026, 326)), "2026-11-22");
}

TEST(PeriodText, RefusesEverythingElse) {
    for (const char* text :
         {"",         "2",          "202",         "20266",    "2026-",    "2026-M",  "2026-M1", "2026-M00",
          "2026-M13", "2026-M001",  "2026-Q0",     "2026-Q5",  "2026-Q01", "2026-H0", "2026-H3", "2026-X1",
          "2026-q4",  "2026Q4",     "2026-Q-",     "2026-M-1", "2026-M+1", "-026",    "+026",    "1969",
          "9999",     "2026-02-29", "2026-11-22x", "2026-Q4 ", "abcd-Q1"}) {
        EXPECT_FALSE(parse_period(text)) << text;
    }
}

RC_GTEST_PROP(PeriodText, ComesBack, ()) {
    const Date day{sys_days{days{*rc::gen::inRange(40, 2'932'000)}}};
    const PeriodKind kind = *rc::gen::elementOf(std::vector<PeriodKind>(std::begin(kKinds), std::end(kKinds)));
    const PeriodScheme scheme{*rc::gen::inRange<std::int64_t>(0, kCutOffDayMax + 1)};
    const Period period = period_of(day, kind, scheme);
    RC_PRE(period.year <= 9998);
    RC_ASSERT(parse_period(to_string(period), scheme) == period);
    RC_ASSERT(make_period(period.kind, period.year, period.number, scheme) == period);
}

// A terminal's clock is a claim: a record may carry any day, and grouping it must not end the program.
TEST(Periods, ExistForEveryDayAClockCanClaim) {
    for (const PeriodKind kind : kKinds) {
        for (const PeriodScheme& scheme : {kCalendar, kFourteenth}) {
            for (const char* claimed : {"1970-01-01", "1970-01-20", "9999-12-14", "9999-12-31"}) {
                const Period period = period_of(date(claimed), kind, scheme);
                EXPECT_TRUE(period.contains(date(claimed)));
                EXPECT_EQ(previous(next(period, scheme), scheme), period);
                EXPECT_EQ(next(previous(period, scheme), scheme), period);
            }
        }
    }
}

TEST(DeadlineOf, MayBeADayOfTheMonthThatThePeriodEndsIn) {
    const Period quarter = make_period(PeriodKind::quarter, 2026, 1, kFourteenth).value();
    EXPECT_EQ(to_string(due(quarter, {15, 0})), "2026-03-15");
    EXPECT_EQ(to_string(due(quarter, {22, 0})), "2026-03-22");
    EXPECT_EQ(to_string(due(quarter, {0, 0})), "2026-03-31");
    const Period year = make_period(PeriodKind::year, 2026, 1).value();
    EXPECT_EQ(to_string(due(year, {15, 0})), "2026-12-15");
}

TEST(DeadlineOf, MayBeMonthsLater) {
    const Period quarter = make_period(PeriodKind::quarter, 2026, 4).value();
    EXPECT_EQ(to_string(due(quarter, {5, 1})), "2027-01-05");
    EXPECT_EQ(to_string(due(quarter, {0, 2})), "2027-02-28");
    EXPECT_EQ(to_string(due(make_period(PeriodKind::year, 2021, 1).value(), {1, 10})), "2022-10-01");
}

TEST(DeadlineOf, IsTheLastDayWhereTheMonthIsTooShort) {
    const Period february = make_period(PeriodKind::month, 2026, 2).value();
    EXPECT_EQ(to_string(due(february, {31, 0})), "2026-02-28");
    EXPECT_EQ(to_string(due(february, {29, 0})), "2026-02-28");
    EXPECT_EQ(to_string(due(february, {28, 0})), "2026-02-28");
    EXPECT_EQ(to_string(due(make_period(PeriodKind::month, 2028, 2).value(), {30, 0})), "2028-02-29");
    EXPECT_EQ(to_string(due(make_period(PeriodKind::month, 2026, 4).value(), {31, 0})), "2026-04-30");
}

TEST(PeriodDeathTest, DayOrSchemeThatDoesNotExistIsABugOfOurs) {
    const Date no_day = std::chrono::year{2026} / 2 / 30;
    EXPECT_DEATH((void)period_of(no_day, PeriodKind::month), "a day that exists");
    EXPECT_DEATH((void)period_of(date("2026-01-01"), PeriodKind::month, PeriodScheme{29}), "cut-off day");
    EXPECT_DEATH((void)make_period(PeriodKind::month, 2026, 1, PeriodScheme{-1}), "cut-off day");
}

/// The days of every month follow those of the one before, whatever cut-off days a center had.
RC_GTEST_PROP(ChangedCutOff, HoldEachDayOnceWhenTheCutOffDayChanges, ()) {
    PeriodScheme scheme{*rc::gen::inRange<std::int64_t>(0, kCutOffDayMax + 1)};
    Date from = date("2025-01-01");
    for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
        from = plus_days(from, *rc::gen::inRange(0, 90));
        const Period running = period_of(from, PeriodKind::month, scheme);
        const PeriodScheme before = scheme;
        scheme = with_cut_off(std::move(scheme), from, *rc::gen::inRange<std::int64_t>(0, kCutOffDayMax + 1));
        if (running.first < from) RC_ASSERT(period_of(from, PeriodKind::month, scheme) == running);
        RC_ASSERT(previous(running, scheme) == previous(running, before));
    }
    for (const PeriodKind kind : {PeriodKind::month, PeriodKind::quarter, PeriodKind::half_year, PeriodKind::year}) {
        Period period = period_of(date("2024-06-01"), kind, scheme);
        for (int i = 0; i < 40; ++i) {
            const Period after = next(period, scheme);
            RC_ASSERT(after.first == plus_days(period.last, 1));
            RC_ASSERT(after.first <= after.last);
            RC_ASSERT(period_of(after.first, kind, scheme) == after);
            RC_ASSERT(period_of(after.last, kind, scheme) == after);
            RC_ASSERT(previous(after, scheme) == period);
            RC_ASSERT(parse_period(to_string(after), scheme) == after);
            period = after;
        }
    }
}

TEST(ChangedCutOff, MakeTheFirstMonthAfterAChangeShorterOrLonger) {
    const PeriodScheme shorter = with_cut_off(kCalendar, date("2027-01-01"), 14);
    expect_days(make_period(PeriodKind::month, 2026, 12, shorter), "2026-12-01", "2026-12-31");
    expect_days(make_period(PeriodKind::month, 2027, 1, shorter), "2027-01-01", "2027-01-14");
    expect_days(make_period(PeriodKind::month, 2027, 2, shorter), "2027-01-15", "2027-02-14");
    expect_days(make_period(PeriodKind::quarter, 2027, 1, shorter), "2027-01-01", "2027-03-14");
    const PeriodScheme longer = with_cut_off(kFourteenth, date("2026-12-15"), 0);
    expect_days(make_period(PeriodKind::month, 2026, 12, longer), "2026-11-15", "2026-12-14");
    expect_days(make_period(PeriodKind::month, 2027, 1, longer), "2026-12-15", "2027-01-31");
    EXPECT_EQ(with_cut_off(shorter, date("2027-01-01"), 0), kCalendar) << "a change that is taken back is none";
}

}  // namespace
}  // namespace hailong::survey
