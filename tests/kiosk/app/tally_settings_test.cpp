// Staff see each period by what held on its first day, and counters that are closed only with figures.
#include <array>

#include <gtest/gtest.h>

#include "kiosk/app/tally_view.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using std::chrono::year;
using survey::Language;
using survey::Subject;
using survey::SubjectKind;

const TallyRules kIn2026{year{2026} / 11 / 22, {}};

/// From the first of October on more than 95 %, and officers' shares from 5 on.
Content changed_in_october() {
    Content content{tests::sample_center(), tests::sample_questionnaire("WARD5")};
    survey::CenterSettings stricter = content.center.settings.first;
    stricter.objective.more_than_percent = 95;
    stricter.officer_n_min = 5;
    content.center.settings.changes = {{year{2026} / 10 / 1, stricter}};
    return content;
}

survey::Tally fives(const char* item, std::int64_t count) {
    survey::Tally tally;
    tally.responses = count;
    tally.items[survey::ItemId{item}] = {{"5", count}};
    return tally;
}

TallyChoice month(TallyBy by, unsigned number) {
    const survey::Date first = year{2026} / std::chrono::month{number} / 1;
    return {by, survey::PeriodKind::month, days_of(first.year() / first.month())};
}

TallyModel shown(const Content& content, const TallyChoice& choice, const TallySheet& sheet) {
    return make_tally_model({content.center, content.questionnaire}, choice, sheet, kIn2026, {}, Language::vi);
}

TEST(TallySettings, AreThoseOfTheFirstDayOfThePeriod) {
    const Content content = changed_in_october();
    EXPECT_EQ(shown(content, month(TallyBy::all, 9), {}).objective, survey::Objective{90});
    EXPECT_EQ(shown(content, month(TallyBy::all, 10), {}).objective, survey::Objective{95});
    const TallyChoice quarter{TallyBy::all, survey::PeriodKind::quarter, {year{2026} / 7 / 1, year{2026} / 9 / 30}};
    EXPECT_EQ(shown(content, quarter, {}).objective, survey::Objective{90});
}

TEST(TallySettings, ShowAnOfficerFromTheMinimumOfEachMonth) {
    const Content content = changed_in_october();
    const Subject officer{SubjectKind::officer, content.center.officers[0].id.text};
    const auto of = [&](unsigned number) {
        TallySheet sheet;
        sheet.officers = {{year{2026} / std::chrono::month{number},
                           {PeriodTally{content.questionnaire.ref, officer, fives("o_all", 7), false}}}};
        return shown(content, month(TallyBy::officers, number), sheet).rows.at(0);
    };
    EXPECT_TRUE(of(9).too_few) << "ten were needed then";
    EXPECT_FALSE(of(10).too_few);
    EXPECT_FALSE(officer_shown(std::array{MonthOfOfficer{6, 5}, MonthOfOfficer{3, 10}}))
        << "a sum is shown from the largest minimum of its months on";
}

TEST(TallySettings, ShowAClosedCounterOnlyWithFigures) {
    Content content = changed_in_october();
    const std::size_t before = shown(content, month(TallyBy::counters, 10), {}).rows.size();
    content.center.counters[0].active = false;
    EXPECT_EQ(shown(content, month(TallyBy::counters, 10), {}).rows.size(), before - 1);
    TallySheet sheet;
    sheet.today = kIn2026.today;
    for (const Subject& subject : {Subject{}, Subject{SubjectKind::counter, content.center.counters[0].id.text}})
        sheet.days.push_back({year{2026} / 10 / 5, content.questionnaire.ref, subject, fives("overall", 8), false});
    EXPECT_EQ(shown(content, month(TallyBy::counters, 10), sheet).rows.size(), before);
}

}  // namespace
}  // namespace hailong::kiosk
