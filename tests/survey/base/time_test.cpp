#include "survey/base/time.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::survey {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

Date date(int year, unsigned month, unsigned day) {
    return Date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
}

UtcTime utc(int year, unsigned month, unsigned day, int hour, int minute, int second, int millis) {
    return UtcTime{sys_days{date(year, month, day)}} + hours{hour} + minutes{minute} + std::chrono::seconds{second} +
           milliseconds{millis};
}

TEST(LocalDate, TurnsAtFiveInTheAfternoonUtc) {
    EXPECT_EQ(local_date(utc(2026, 11, 21, 16, 59, 59, 999)), date(2026, 11, 21));
    EXPECT_EQ(local_date(utc(2026, 11, 21, 17, 0, 0, 0)), date(2026, 11, 22));
    EXPECT_EQ(local_date(utc(2026, 11, 22, 0, 0, 0, 0)), date(2026, 11, 22));
    EXPECT_EQ(local_date(utc(2026, 12, 31, 17, 0, 0, 0)), date(2027, 1, 1));
    EXPECT_EQ(local_date(utc(2028, 2, 28, 17, 0, 0, 0)), date(2028, 2, 29));
}

TEST(LocalDate, FollowsTheOffset) {
    EXPECT_EQ(local_date(utc(2026, 1, 1, 0, 0, 0, 0), minutes{0}), date(2026, 1, 1));
    EXPECT_EQ(local_date(utc(2026, 1, 1, 0, 0, 0, 0), minutes{-1}), date(2025, 12, 31));
    EXPECT_EQ(local_date(utc(2026, 1, 1, 23, 59, 59, 999), minutes{0}), date(2026, 1, 1));
}

TEST(LocalDate, RoundsDownBeforeTheEpochToo) {
    EXPECT_EQ(local_date(UtcTime{milliseconds{-1}}, minutes{0}), date(1969, 12, 31));
}

RC_GTEST_PROP(StartOfDay, IsTheFirstInstantOfItsDay, ()) {
    const Date day{sys_days{days{*rc::gen::inRange(0, 80'000)}}};
    const minutes offset{*rc::gen::inRange(-14 * 60, 14 * 60 + 1)};
    const UtcTime start = start_of_day(day, offset);
    RC_ASSERT(local_date(start, offset) == day);
    RC_ASSERT(local_date(start - milliseconds{1}, offset) == Date{sys_days{day} - days{1}});
}

TEST(DateText, IsWrittenAndReadAsYearMonthDay) {
    EXPECT_EQ(to_string(date(2026, 1, 9)), "2026-01-09");
    EXPECT_EQ(parse_date("2026-01-09"), date(2026, 1, 9));
    EXPECT_EQ(parse_date("1970-01-01"), date(1970, 1, 1));
    EXPECT_EQ(parse_date("9999-12-31"), date(9999, 12, 31));
}

TEST(DateText, KnowsLeapYears) {
    EXPECT_TRUE(parse_date("2028-02-29"));
    EXPECT_FALSE(parse_date("2026-02-29"));
    EXPECT_TRUE(parse_date("2000-02-29"));
    EXPECT_FALSE(parse_date("2100-02-29"));
}

TEST(DateText, RefusesEverythingElse) {
    for (const char* text :
         {"",           "2026",       "2026-1-9",   "26-01-09",    "2026-01-09 ", " 2026-01-09", "2026/01/09",
          "2026-00-10", "2026-13-10", "2026-04-31", "2026-01-00",  "2026-01-32",  "1969-12-31",  "0000-01-01",
          "-026-01-09", "2026-+1-09", "2026-01-0x", "2026-01-09T", "20260109",    "２０26-01-09"}) {
        EXPECT_FALSE(parse_date(text)) << text;
    }
}

RC_GTEST_PROP(DateText, ComesBack, ()) {
    const Date day{sys_days{days{*rc::gen::inRange(0, 2'932'897)}}};  // 1970-01-01 to 9999-12-31
    RC_ASSERT(parse_date(to_string(day)) == day);
}

TEST(Rfc3339, HasMillisecondsAndOffset) {
    EXPECT_EQ(to_rfc3339(utc(2026, 11, 22, 1, 0, 0, 0)), "2026-11-22T08:00:00.000+07:00");
    EXPECT_EQ(to_rfc3339(utc(2026, 11, 21, 17, 5, 6, 7)), "2026-11-22T00:05:06.007+07:00");
    EXPECT_EQ(to_rfc3339(utc(2026, 1, 1, 0, 0, 0, 999), minutes{0}), "2026-01-01T00:00:00.999+00:00");
    EXPECT_EQ(to_rfc3339(utc(2026, 1, 1, 0, 0, 0, 50), minutes{-210}), "2025-12-31T20:30:00.050-03:30");
}

TEST(TimeDeathTest, DayThatDoesNotExistIsABugOfOurs) {
    EXPECT_DEATH((void)to_string(date(2026, 2, 30)), "a day that exists");
    EXPECT_DEATH((void)start_of_day(date(2026, 2, 30)), "a day that exists");
}

}  // namespace
}  // namespace hailong::survey
