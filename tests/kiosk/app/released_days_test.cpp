#include "kiosk/app/released_days.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/disclosure.h"

namespace hailong::kiosk {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using survey::Date;
using survey::is_told;
using testing::ElementsAre;
using testing::IsEmpty;

Date day_of_november(int day) {
    return year{2026} / 11 / day;
}

TEST(ReleasedDays, TellOfADayWithFiveAnswersAlone) {
    const std::vector<DayCount> days{{day_of_november(2), 5}, {day_of_november(3), 80}};
    EXPECT_THAT(released_days(days), ElementsAre(DayGroup{day_of_november(2)}, DayGroup{day_of_november(3)}));
}

TEST(ReleasedDays, WaitUntilFiveAnswersAreTogether) {
    const std::vector<DayCount> days{{day_of_november(2), 2}, {day_of_november(3), 30}, {day_of_november(4), 0},
                                     {day_of_november(5), 2}, {day_of_november(6), 4},  {day_of_november(9), 4}};
    EXPECT_THAT(released_days(days),
                ElementsAre(DayGroup{day_of_november(3)},
                            DayGroup{day_of_november(2), day_of_november(4), day_of_november(5), day_of_november(6)}))
        << "the 9th still waits";
}

TEST(ReleasedDays, LeaveUntoldWhatWaitsWhenItsMonthEnds) {
    const std::vector<DayCount> days{{day_of_november(29), 4}, {year{2026} / 12 / 1, 4}, {year{2027} / 12 / 1, 4}};
    EXPECT_THAT(released_days(days), IsEmpty());
    EXPECT_THAT(released_days({}), IsEmpty());
}

TEST(ReleasedDays, LieInASpanThatHoldsThemAll) {
    const DayGroup group{day_of_november(3), day_of_november(9)};
    EXPECT_TRUE(lies_in(group, {day_of_november(3), day_of_november(9)}));
    EXPECT_TRUE(lies_in(group, {day_of_november(1), day_of_november(30)}));
    EXPECT_FALSE(lies_in(group, {day_of_november(4), day_of_november(30)}));
    EXPECT_FALSE(lies_in(group, {day_of_november(1), day_of_november(8)}));
}

/// Who looks on every day at every span, and adds and subtracts what is told as often as they like, finds no fewer than
/// five answers: days that are always told of together are taken for one.
RC_GTEST_PROP(ReleasedDays, LeaveNoDifferenceOfFewerThanFiveAnswers, ()) {
    constexpr std::size_t kDays = 12;
    const auto valid = *rc::gen::container<std::vector<std::int64_t>>(kDays, rc::gen::inRange<std::int64_t>(0, 8));
    const sys_days first = sys_days{day_of_november(25)};  // into December
    std::vector<DayCount> all;
    for (std::size_t i = 0; i < kDays; ++i)
        all.push_back({Date{first + std::chrono::days{i}}, valid[i]});
    std::vector<std::vector<bool>> told_where(kDays);  // of each day, for each figure that can be looked at
    std::size_t figures = 0;
    for (std::size_t known = 1; known <= kDays; ++known) {
        const std::vector<DayGroup> groups = released_days(std::span(all).first(known));
        for (std::size_t begin = 0; begin < kDays; ++begin) {
            for (std::size_t end = begin; end < kDays; ++end) {
                ++figures;
                for (const DayGroup& group : groups) {
                    if (!lies_in(group, {all[begin].day, all[end].day})) continue;
                    for (const Date day : group)
                        told_where[static_cast<std::size_t>((sys_days{day} - first).count())].resize(figures);
                    for (const Date day : group)
                        told_where[static_cast<std::size_t>((sys_days{day} - first).count())][figures - 1] = true;
                }
            }
        }
    }
    std::map<std::vector<bool>, std::int64_t> together;
    for (std::size_t i = 0; i < kDays; ++i)
        together[told_where[i]] += valid[i];
    for (const auto& [where, n] : together)
        RC_ASSERT(where.empty() || n == 0 || is_told(n));
}

}  // namespace
}  // namespace hailong::kiosk
