#include "kiosk/app/tally_view.h"

#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/disclosure.h"
#include "tests/support/glass/headless.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using std::chrono::year;
using survey::ItemId;
using survey::Language;
using survey::Subject;
using survey::SubjectKind;
using survey::Tally;

const TallyRules kRules{year{2026} / 11 / 22, {}};
const Subject kVisit{SubjectKind::visit, ""};

Content sample_content() {
    return {tests::sample_center(), tests::sample_questionnaire("WARD5")};
}

Tally tally_of(const char* item, std::int64_t fives, std::int64_t twos) {
    Tally tally;
    tally.responses = fives + twos;
    tally.items[ItemId{item}] = {{"5", fives}, {"2", twos}};
    return tally;
}

/// What the journal counted, read on that day.
struct Sheet {
    const Content& content;
    TallySheet sheet = {};

    explicit Sheet(const Content& counted, survey::Date today = kRules.today) : content(counted) {
        sheet.today = today;
    }
    Sheet& day(survey::Date day, const Subject& subject, std::int64_t fives, std::int64_t twos, bool flagged = false) {
        sheet.days.push_back({day, content.questionnaire.ref, subject, tally_of("overall", fives, twos), flagged});
        return *this;
    }
};

TallyModel view(const Content& content, const TallyChoice& choice, const TallySheet& sheet,
                const survey::Messages& text = {}) {
    return make_tally_model({content.center, content.questionnaire}, choice, sheet, kRules, text, Language::vi);
}

TallyModel view(const Content& content, TallyBy by, const TallySheet& sheet, const survey::Messages& text = {}) {
    return view(content, newest_choice(by, survey::PeriodKind::month, kRules), sheet, text);
}

TallyChoice days_between(survey::Date first, survey::Date last) {
    return chosen_days(TallyBy::all, first, last, kRules);
}

survey::Date october(int day) {
    return year{2026} / 10 / day;
}
survey::Date november(int day) {
    return year{2026} / 11 / day;
}

const TallyRow& row_of(const TallyModel& model, std::string_view label) {
    for (const TallyRow& row : model.rows) {
        if (row.label.rfind(label, 0) == 0) return row;
    }
    throw std::runtime_error("no such row");
}

const Subject kTp{SubjectKind::counter, "TP"};

TEST(TallyView, CountsTheHeadlineQuestionOfTheWholeTerminal) {
    const Content content = sample_content();
    const TallyModel model = view(content, TallyBy::all,
                                  Sheet(content).day(november(3), kVisit, 18, 1).day(november(4), kVisit, 5, 0).sheet);
    EXPECT_EQ(model.total.responses, 24);
    EXPECT_EQ(model.total.counts, (std::vector<std::int64_t>{23, 0, 0, 1, 0}));
    ASSERT_TRUE(model.total.satisfaction);
    EXPECT_EQ(model.total.satisfaction->share_tenths, 958);
    EXPECT_EQ(model.total.satisfaction->verdict, survey::Verdict::met_unproven);
    EXPECT_TRUE(model.rows.empty());
    EXPECT_FALSE(model.some_untold);
}

TEST(TallyView, TellsOfTodayOnlyHowManyResponsesCame) {
    const Content content = sample_content();
    Sheet made = Sheet(content).day(november(21), kVisit, 6, 0).day(november(22), kVisit, 0, 40);
    made.sheet.received_today = {{content.questionnaire.ref.id, 40}, {{"FEEDBACK"}, 7}};
    const TallyModel month = view(content, TallyBy::all, made.sheet);
    EXPECT_EQ(month.received_today, 40);
    EXPECT_FALSE(month.not_before_today);
    EXPECT_EQ(month.total.counts, (std::vector<std::int64_t>{6, 0, 0, 0, 0}));
    EXPECT_EQ(month.trend[21], (TrendPoint{"22/11", 0, {}, false}));
    EXPECT_FALSE(month.some_untold);
    const TallyModel today = view(content, newest_choice(TallyBy::all, survey::PeriodKind::day, kRules), made.sheet);
    EXPECT_TRUE(today.not_before_today);
    EXPECT_EQ(today.received_today, 40);
    EXPECT_EQ(today.total.responses, 0);
    EXPECT_FALSE(today.total.satisfaction);
    for (const TallyBy by : {TallyBy::counters, TallyBy::fields, TallyBy::officers, TallyBy::beginnings})
        EXPECT_FALSE(view(content, by, made.sheet).received_today) << "those periods are over";
}

TEST(TallyView, TellsOfDaysWithFewAnswersOnlyTogether) {
    const Content content = sample_content();
    const Sheet made = Sheet(content).day(november(3), kVisit, 3, 1).day(november(5), kVisit, 1, 1);
    const TallyModel one = view(content, days_between(november(1), november(4)), made.sheet);
    EXPECT_TRUE(one.total.too_few);
    EXPECT_TRUE(one.total.counts.empty());
    EXPECT_FALSE(one.total.satisfaction);
    EXPECT_TRUE(one.some_untold);
    const TallyModel both = view(content, days_between(november(3), november(5)), made.sheet);
    EXPECT_EQ(both.total.counts, (std::vector<std::int64_t>{4, 0, 0, 2, 0}));
    EXPECT_FALSE(both.some_untold);
    for (const TrendPoint& point : both.trend)
        EXPECT_EQ(point, (TrendPoint{point.label, 0, {}, false})) << "no day of them has five alone";
}

TEST(TallyView, SaysThatSomeAnswersAreNotInTheFigures) {
    const Content content = sample_content();
    const Sheet made = Sheet(content).day(november(3), kVisit, 9, 0).day(november(4), kVisit, 0, 2);
    const TallyModel model = view(content, TallyBy::all, made.sheet);
    EXPECT_EQ(model.total.responses, 9);
    EXPECT_TRUE(model.some_untold);
}

TEST(TallyView, HasARowForEachCounterOfMonthsThatAreOver) {
    const Content content = sample_content();
    const Sheet made = Sheet(content)
                           .day(october(5), kVisit, 19, 1)
                           .day(october(5), kTp, 19, 1)
                           .day(november(5), kVisit, 9, 0)
                           .day(november(5), kTp, 9, 0);
    const TallyModel model = view(content, TallyBy::counters, made.sheet);
    EXPECT_EQ(model.rows.size(), 8U);
    EXPECT_EQ(row_of(model, "1.").responses, 20);
    EXPECT_EQ(row_of(model, "1.").satisfaction->share_tenths, 950);
    EXPECT_TRUE(row_of(model, "2.").too_few);
    EXPECT_FALSE(row_of(model, "2.").satisfaction) << "no share, no verdict";
    const TallyChoice still_grows{TallyBy::counters, survey::PeriodKind::month, {november(1), november(30)}};
    EXPECT_TRUE(row_of(view(content, still_grows, made.sheet), "1.").too_few);
}

TEST(TallyView, TellsOfNoRowThatASubtractionFromTheWholeWouldGiveAway) {
    const Content content = sample_content();
    const Subject other{SubjectKind::counter, content.center.counters[1].id.text};
    const Sheet made =
        Sheet(content).day(october(5), kVisit, 20, 3).day(october(5), kTp, 20, 0).day(october(5), other, 0, 3);
    for (const TallyRow& row : view(content, TallyBy::counters, made.sheet).rows)
        EXPECT_TRUE(row.too_few) << row.label;
}

TEST(TallyView, CountsIntoRowsNoDayThatIsNotReleased) {
    const Content content = sample_content();
    const Sheet made = Sheet(content)
                           .day(october(5), kVisit, 20, 0)
                           .day(october(5), kTp, 20, 0)
                           .day(october(6), kVisit, 0, 4)
                           .day(october(6), kTp, 0, 4);
    EXPECT_EQ(row_of(view(content, TallyBy::counters, made.sheet), "1.").responses, 20);
}

TEST(TallyView, AddsUpTheMonthsOfAQuarterAsEachIsTold) {
    const Content content = sample_content();
    Sheet made(content);
    for (const auto& [month, count] : {std::pair{7, 8}, std::pair{8, 3}, std::pair{9, 6}}) {
        made.day(year{2026} / month / 6, kVisit, 20, 0).day(year{2026} / month / 6, kTp, count, 0);
    }
    const TallyChoice quarter = newest_choice(TallyBy::counters, survey::PeriodKind::quarter, kRules);
    EXPECT_EQ(quarter.days, (Days{year{2026} / 7 / 1, year{2026} / 9 / 30}));
    EXPECT_EQ(row_of(view(content, quarter, made.sheet), "1.").responses, 14) << "without the 3";
}

TEST(TallyView, HasARowForEachField) {
    const Content content = sample_content();
    ASSERT_FALSE(content.center.fields.empty());
    const survey::Field& field = content.center.fields.front();
    const Sheet made =
        Sheet(content).day(october(1), kVisit, 7, 3).day(october(1), {SubjectKind::field, field.id.text}, 7, 3);
    const TallyModel model = view(content, TallyBy::fields, made.sheet);
    EXPECT_EQ(model.rows.size(), content.center.fields.size());
    EXPECT_EQ(row_of(model, field.name.vi).responses, 10);
}

TEST(TallyView, LeavesFlaggedResponsesOutAsThePostingDoesAndCountsThemApart) {
    const Content content = sample_content();
    const Sheet made = Sheet(content)
                           .day(november(2), kVisit, 10, 0)
                           .day(november(2), kVisit, 0, 30, /*flagged=*/true)
                           .day(november(3), kVisit, 0, 7, /*flagged=*/true);
    const TallyModel model = view(content, TallyBy::all, made.sheet);
    EXPECT_EQ(model.total.responses, 10);
    EXPECT_EQ(model.total.satisfaction->share_tenths, 1000);
    EXPECT_EQ(model.flagged, 30) << "of released days";
    EXPECT_EQ(model.trend[1], (TrendPoint{"02/11", 10, 1000, true}));
}

TEST(TallyView, CountsAsWalkUpWhoeverDidNotBeginWithATicket) {
    const Content content = sample_content();
    const survey::Messages text(
        {{"tally.scanned", "scanned"}, {"tally.walk_up", "walk-up"}, {"tally.rows_rule", ""}, {"tally.all", ""}});
    const Subject scanned{SubjectKind::began, std::string(survey::kScannedId)};
    const Sheet made = Sheet(content)
                           .day(october(8), kVisit, 30, 10)
                           .day(october(8), scanned, 20, 0)
                           .day(october(8), kVisit, 5, 5, /*flagged=*/true);
    const TallyModel model = view(content, TallyBy::beginnings, made.sheet, text);
    EXPECT_EQ(row_of(model, "scanned").satisfaction->share_tenths, 1000);
    EXPECT_EQ(row_of(model, "walk-up").responses, 20);
    EXPECT_EQ(row_of(model, "walk-up").satisfaction->share_tenths, 500);
}

TEST(TallyView, CountsNoAnswerOfAnotherQuestionnaire) {
    const Content content = sample_content();
    Sheet made = Sheet(content).day(november(2), kVisit, 30, 0);
    made.sheet.days[0].questionnaire.id = {"FEEDBACK"};
    EXPECT_EQ(view(content, TallyBy::all, made.sheet).total.responses, 0);
}

/// Some days of a few counters, some of a few answers.
Sheet any_sheet(const Content& content) {
    Sheet made(content);
    for (const int month : {9, 10}) {
        for (int day = 1; day <= 12; ++day) {
            const auto count = [] { return *rc::gen::inRange<std::int64_t>(0, 4); };
            std::int64_t fives = count();
            std::int64_t twos = count();
            const survey::Date date = year{2026} / month / day;
            for (std::size_t counter = 0; counter < 3; ++counter) {
                const std::int64_t more_fives = count();
                const std::int64_t more_twos = count();
                made.day(date, {SubjectKind::counter, content.center.counters[counter].id.text}, more_fives, more_twos);
                fives += more_fives;
                twos += more_twos;
            }
            made.day(date, kVisit, fives, twos);
        }
    }
    return made;
}

/// Every difference that the screens offer: of any days and those within them, and of a month and its counters.
RC_GTEST_PROP(TallyView, GivesNoDifferenceOfFewerThanFiveAnswers, ()) {
    static const Content content = sample_content();
    const Sheet made = any_sheet(content);
    const auto told = [&](survey::Date first, survey::Date last) {
        return view(content, days_between(first, last), made.sheet).total.responses;
    };
    const auto safe = [](std::int64_t n) { return n == 0 || survey::is_told(n); };
    std::map<std::pair<int, int>, std::int64_t> of;
    for (int first = 1; first <= 12; ++first) {
        for (int last = first; last <= 12; ++last)
            of[{first, last}] = told(october(first), october(last));
    }
    for (const auto& [days, whole] : of) {
        const auto [first, last] = days;
        RC_ASSERT(safe(whole));
        for (int cut = first; cut < last; ++cut) {
            const std::int64_t left = of[{first, cut}];
            const std::int64_t right = of[{cut + 1, last}];
            RC_ASSERT(safe(whole - left) && safe(whole - right) && safe(whole - left - right));
        }
    }
    std::map<std::string, std::int64_t> months;
    for (const int month : {9, 10}) {
        const Days days = days_of(year{2026} / month);
        std::int64_t rest = told(days.first, days.last);
        for (const TallyRow& row :
             view(content, {TallyBy::counters, survey::PeriodKind::month, days}, made.sheet).rows) {
            RC_ASSERT(row.too_few || survey::is_told(row.responses));
            rest -= row.responses;
            months[row.label] += row.responses;
        }
        RC_ASSERT(safe(rest));
    }
    const Days both{year{2026} / 9 / 1, october(31)};
    for (const TallyRow& row : view(content, {TallyBy::counters, survey::PeriodKind::month, both}, made.sheet).rows)
        RC_ASSERT(row.responses == months[row.label]);
}

TEST(TallyView, SaysOfAnOfficerBelowTheLeastNumberOnlyThat) {
    const Content content = sample_content();
    ASSERT_GE(content.center.officers.size(), 2U);
    ASSERT_EQ(content.center.settings.first.officer_n_min, 10);
    const auto officer = [&](std::size_t i, std::int64_t fives, std::int64_t twos) {
        const Subject subject{SubjectKind::officer, content.center.officers[i].id.text};
        return PeriodTally{content.questionnaire.ref, subject, tally_of("o_all", fives, twos), false};
    };
    TallySheet sheet;
    sheet.officers = {{year{2026} / 10, {officer(0, 9, 1), officer(1, 9, 0)}}};
    const TallyModel model = view(content, TallyBy::officers, sheet);
    EXPECT_EQ(row_of(model, content.center.officers[0].name).satisfaction->share_tenths, 900);
    const TallyRow& few = row_of(model, content.center.officers[1].name);
    EXPECT_TRUE(few.too_few);
    EXPECT_EQ(few.responses, 0);
    EXPECT_TRUE(few.counts.empty());
    EXPECT_FALSE(few.satisfaction);
    EXPECT_TRUE(model.total.counts.empty()) << "from a sum of all the one that is missing could be told";
}

/// Months in which an officer's share is shown from ten ratings on.
std::vector<MonthOfOfficer> months_of_ten(std::span<const std::int64_t> months) {
    std::vector<MonthOfOfficer> result;
    for (const std::int64_t n : months)
        result.push_back({n, 10});
    return result;
}
std::vector<MonthOfOfficer> months_of_ten(std::initializer_list<std::int64_t> months) {
    return months_of_ten(std::span(months.begin(), months.size()));
}

TEST(OfficerShown, NeedsTheLeastNumber) {
    EXPECT_TRUE(officer_shown(months_of_ten({10})));
    EXPECT_FALSE(officer_shown(months_of_ten({9})));
    EXPECT_FALSE(officer_shown(months_of_ten({0})));
}

TEST(OfficerShown, LeavesNoRestThatIsTooSmall) {
    EXPECT_FALSE(officer_shown(months_of_ten({20, 20, 3}))) << "3 could be told from the sum";
    EXPECT_TRUE(officer_shown(months_of_ten({20, 6, 4}))) << "10 of two months together";
    EXPECT_TRUE(officer_shown(months_of_ten({20, 0, 0})));
    EXPECT_TRUE(officer_shown(months_of_ten({4, 3, 3})));
    EXPECT_FALSE(officer_shown(months_of_ten({20, 20, 3, 20, 20, 20, 20, 20, 20, 20, 20, 20})));
    EXPECT_TRUE(officer_shown(months_of_ten({20, 20, 3, 20, 20, 7, 20, 20, 20, 20, 20, 20})));
    // The quarters with 6 + 4 are shown, so that the 3 of the last one would stand alone.
    EXPECT_FALSE(officer_shown(months_of_ten({20, 6, 4, 20, 20, 20, 20, 20, 20, 20, 20, 3})));
}

/// Whoever subtracts all that is shown within a year from the year finds nothing, or enough.
RC_GTEST_PROP(OfficerShown, GivesNothingAwayThatIsTooSmall, ()) {
    const auto months = *rc::gen::container<std::vector<std::int64_t>>(12, rc::gen::inRange<std::int64_t>(0, 25));
    if (!officer_shown(months_of_ten(months))) return;
    std::int64_t rest = 0;
    for (std::size_t quarter = 0; quarter < 12; quarter += 3) {
        const std::vector<std::int64_t> part(months.begin() + static_cast<std::ptrdiff_t>(quarter),
                                             months.begin() + static_cast<std::ptrdiff_t>(quarter + 3));
        if (officer_shown(months_of_ten(part))) continue;
        for (const std::int64_t n : part)
            rest += n < 10 ? n : 0;
    }
    RC_ASSERT(rest == 0 || rest >= 10);
}

TEST(TallyView, NamesThePeriodAndItsDays) {
    const Content content = sample_content();
    const survey::Messages text = glass::kiosk_texts(Language::vi);
    const auto named = [&](const TallyChoice& choice, const TallyRules& rules) {
        return make_tally_model({content.center, content.questionnaire}, choice, {}, rules, text, Language::vi);
    };
    TallyRules rules = kRules;
    EXPECT_EQ(named(newest_choice(TallyBy::all, survey::PeriodKind::day, rules), rules).period_name, "Ngày 22/11/2026");
    EXPECT_EQ(named(newest_choice(TallyBy::all, survey::PeriodKind::month, rules), rules).period_name, "Tháng 11/2026");
    rules.periods.cut_off_day = 14;
    const TallyModel quarter = named(newest_choice(TallyBy::all, survey::PeriodKind::quarter, rules), rules);
    EXPECT_EQ(quarter.period_name, "Quý 4/2026");
    EXPECT_EQ(quarter.period_days, "15/09/2026 – 14/12/2026");
    const TallyModel days = named(chosen_days(TallyBy::all, year{2026} / 11 / 3, year{2026} / 11 / 9, rules), rules);
    EXPECT_EQ(days.period_name, "");
    EXPECT_EQ(days.period_days, "03/11/2026 – 09/11/2026");
    const TallyModel month = named(newest_choice(TallyBy::officers, survey::PeriodKind::month, rules), rules);
    EXPECT_EQ(month.period_days, "01/10/2026 – 31/10/2026") << "officers are counted by calendar months";
}

TEST(Trend, HasAPointForEachDayThatIsToldAndAGapForOthers) {
    const Content content = sample_content();
    const Sheet made = Sheet(content)
                           .day(november(1), kVisit, 19, 1)
                           .day(november(1), kVisit, 0, 9, /*flagged=*/true)
                           .day(november(3), kVisit, 1, 1)
                           .day(november(4), kVisit, 3, 3);
    const auto trend = view(content, days_between(november(1), november(4)), made.sheet).trend;
    ASSERT_EQ(trend.size(), 4U);
    EXPECT_EQ(trend[0], (TrendPoint{"01/11", 20, 950, true})) << "without the flagged";
    EXPECT_EQ(trend[1], (TrendPoint{"02/11", 0, {}, false}));
    EXPECT_EQ(trend[2], (TrendPoint{"03/11", 0, {}, false}));
    EXPECT_EQ(trend[3], (TrendPoint{"04/11", 6, 500, false}));
}

TEST(Trend, AddsUpWeeksAndMonthsOfWhatLiesInThemWhole) {
    const Content content = sample_content();
    const Sheet made = Sheet(content)
                           .day(year{2025} / 12 / 1, kVisit, 2, 0)
                           .day(year{2025} / 12 / 20, kVisit, 4, 0)
                           .day(year{2025} / 12 / 29, kVisit, 9, 0)
                           .day(year{2026} / 1 / 5, kVisit, 3, 0)
                           .day(year{2026} / 1 / 31, kVisit, 4, 0);
    const TallyModel year_of_center =
        view(content, days_between(year{2025} / 12 / 15, year{2026} / 11 / 14), made.sheet);
    ASSERT_EQ(year_of_center.trend.size(), 12U) << "the first and the last month are halves";
    EXPECT_EQ(year_of_center.trend[0].label, "12/2025");
    EXPECT_EQ(year_of_center.trend[0].n, 9) << "the 20th is told of only with the 1st";
    EXPECT_EQ(year_of_center.trend[1].n, 7);
    const TallyModel weeks = view(content, days_between(year{2026} / 1 / 1, year{2026} / 3 / 1), made.sheet);
    EXPECT_EQ(weeks.total.responses, 7);
    for (const TrendPoint& point : weeks.trend)
        EXPECT_EQ(point.n, 0) << point.label;
}

TEST(StaffResults, StayWhatWasReadWhileTheNextAreRead) {
    const Content content = sample_content();
    const TallySource source{content.center, content.questionnaire};
    const survey::Messages text = glass::kiosk_texts(Language::vi);
    StaffState state;
    state.choice = newest_choice(TallyBy::all, survey::PeriodKind::month, kRules);
    EXPECT_TRUE(staff_results(source, state, kRules, text, Language::vi).reading);
    TallySheet sheet;
    sheet.today = kRules.today;
    sheet.received_today[content.questionnaire.ref.id] = 4;
    state.sheet = sheet;
    state.shown = state.choice;
    state.choice = *stepped(state.choice, -1, kRules);
    const TallyModel model = staff_results(source, state, kRules, text, Language::vi);
    EXPECT_EQ(model.period_name, "Tháng 11/2026") << "figures never stand under another period's name";
    EXPECT_EQ(model.received_today, 4);
    EXPECT_TRUE(model.can_go_on);
}

TEST(StaffResults, SayWhyNothingCouldBeCounted) {
    const Content content = sample_content();
    StaffState state;
    state.choice = newest_choice(TallyBy::all, survey::PeriodKind::day, kRules);
    state.sheet = unexpected(StoreError{StoreErrorKind::busy, "", ""});
    const TallyModel model = staff_results({content.center, content.questionnaire}, state, kRules,
                                           glass::kiosk_texts(Language::vi), Language::vi);
    EXPECT_EQ(model.trouble, glass::kiosk_texts(Language::vi).at("trouble.busy"));
    EXPECT_FALSE(model.can_go_on);
}

}  // namespace
}  // namespace hailong::kiosk
