// Figures are made public once a day, and never by a clock that fell back.
#include "sync/backend/service/daily_release.h"

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

using std::chrono::year;

survey::UtcTime noon_of(survey::Date day) {
    return survey::UtcTime(std::chrono::sys_days(day).time_since_epoch()) + std::chrono::hours(5);
}

bool may(survey::Date last, survey::Date today, const ClockBelief& belief) {
    return may_release(last, today, belief, noon_of(today));
}

TEST(DailyRelease, GoesOnByAClockThatGoesOn) {
    const survey::Date last = year{2027} / 2 / 3;
    const ClockBelief belief{noon_of(last), std::nullopt, std::nullopt};
    EXPECT_TRUE(may(last, last, belief));
    EXPECT_TRUE(may(last, year{2027} / 2 / 4, belief));
    EXPECT_TRUE(may(last, year{2028} / 2 / 3, belief)) << "one that is ahead is seen elsewhere";
}

TEST(DailyRelease, WaitsWhileTheClockIsBehindWhatIsPublic) {
    const survey::Date last = year{2027} / 2 / 3;
    const ClockBelief belief{noon_of(last), std::nullopt, std::nullopt};
    for (const survey::Date back :
         {survey::Date(year{2027} / 2 / 2), survey::Date(year{2027} / 2 / 1), survey::Date(year{2027} / 1 / 31),
          survey::Date(year{2027} / 1 / 10), survey::Date(year{2026} / 12 / 25), survey::Date(year{1970} / 1 / 1)})
        EXPECT_FALSE(may(last, back, belief)) << survey::to_string(back);
}

TEST(DailyRelease, GoesOnByAClockThatWasAheadAndIsRightAgain) {
    const survey::Date ahead = year{2028} / 2 / 3;
    const survey::Date today = year{2027} / 2 / 3;
    EXPECT_TRUE(may(ahead, today, {noon_of(today), std::nullopt, std::nullopt}));
    const ClockBelief doubted{noon_of(ahead), ClockDoubt{noon_of(ahead), noon_of(today) - noon_of(ahead)},
                              std::nullopt};
    EXPECT_FALSE(may(ahead, today, doubted)) << "it says so since a moment only";
}

}  // namespace
}  // namespace hailong::sync
