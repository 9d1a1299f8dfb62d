#include "kiosk/app/tally_view.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

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

PeriodTally sum(const Content& content, const Subject& subject, std::int64_t fives, std::int64_t twos,
                bool flagged = false) {
    return {content.questionnaire.ref, subject, tally_of("overall", fives, twos), flagged};
}

TallyModel view(const Content& content, TallyBy by, const TallySheet& sheet, const survey::Messages& text = {}) {
    const TallyChoice choice = newest_choice(by, survey::PeriodKind::month, kRules);
    return make_tally_model({content.center, content.questionnaire}, choice, sheet, kRules, text, Language::vi);
}

const TallyRow& row_of(const TallyModel& model, std::string_view label) {
    for (const TallyRow& row : model.rows) {
        if (row.label.rfind(label, 0) == 0) return row;
    }
    throw std::runtime_error("no such row");
}

TEST(TallyView, CountsTheHeadlineQuestionForAllAndForEachCounter) {
    const Content content = sample_content();
    TallySheet sheet;
    sheet.sums = {sum(content, kVisit, 18, 1), sum(content, kVisit, 1, 0),
                  sum(content, {SubjectKind::counter, "TP"}, 19, 1)};
    const TallyModel model = view(content, TallyBy::counters, sheet);
    EXPECT_EQ(model.total.responses, 20);
    EXPECT_EQ(model.total.counts, (std::vector<std::int64_t>{19, 0, 0, 1, 0}));
    ASSERT_TRUE(model.total.satisfaction);
    EXPECT_EQ(model.total.satisfaction->share_tenths, 950);
    EXPECT_EQ(model.total.satisfaction->verdict, survey::Verdict::met_unproven);
    EXPECT_EQ(model.rows.size(), 8U);
    EXPECT_EQ(row_of(model, "1.").responses, 20);
    EXPECT_FALSE(row_of(model, "2.").satisfaction) << "nobody rated there: no share, no verdict";
}

TEST(TallyView, HasARowForEachField) {
    const Content content = sample_content();
    ASSERT_FALSE(content.center.fields.empty());
    const survey::Field& field = content.center.fields.front();
    TallySheet sheet;
    sheet.sums = {sum(content, {SubjectKind::field, field.id.text}, 7, 3)};
    const TallyModel model = view(content, TallyBy::fields, sheet);
    EXPECT_EQ(model.rows.size(), content.center.fields.size());
    EXPECT_EQ(row_of(model, field.name.vi).responses, 10);
}

TEST(TallyView, LeavesFlaggedResponsesOutAsThePostingDoesAndCountsThemApart) {
    const Content content = sample_content();
    TallySheet sheet;
    sheet.sums = {sum(content, kVisit, 10, 0), sum(content, kVisit, 0, 30, /*flagged=*/true)};
    const TallyModel model = view(content, TallyBy::all, sheet);
    EXPECT_EQ(model.total.responses, 10);
    EXPECT_EQ(model.total.satisfaction->share_tenths, 1000);
    EXPECT_EQ(model.flagged, 30);
}

TEST(TallyView, CountsAsWalkUpWhoeverDidNotBeginWithATicket) {
    const Content content = sample_content();
    const survey::Messages text({{"tally.scanned", "scanned"}, {"tally.walk_up", "walk-up"}});
    TallySheet sheet;
    sheet.sums = {sum(content, kVisit, 30, 10),
                  sum(content, {SubjectKind::began, std::string(survey::kScannedId)}, 20, 0),
                  sum(content, kVisit, 5, 5, /*flagged=*/true)};
    const TallyModel model = view(content, TallyBy::beginnings, sheet, text);
    EXPECT_EQ(row_of(model, "scanned").satisfaction->share_tenths, 1000);
    EXPECT_EQ(row_of(model, "walk-up").responses, 20);
    EXPECT_EQ(row_of(model, "walk-up").satisfaction->share_tenths, 500);
}

TEST(TallyView, CountsNoAnswerOfAnotherQuestionnaire) {
    const Content content = sample_content();
    TallySheet sheet;
    sheet.sums = {sum(content, kVisit, 3, 0)};
    sheet.sums[0].questionnaire.id = {"FEEDBACK"};
    EXPECT_EQ(view(content, TallyBy::all, sheet).total.responses, 0);
}

TEST(TallyView, SaysOfAnOfficerBelowTheLeastNumberOnlyThat) {
    const Content content = sample_content();
    ASSERT_GE(content.center.officers.size(), 2U);
    ASSERT_EQ(content.center.officer_n_min, 10);
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

TEST(OfficerShown, NeedsTheLeastNumber) {
    EXPECT_TRUE(officer_shown(std::vector<std::int64_t>{10}, 10));
    EXPECT_FALSE(officer_shown(std::vector<std::int64_t>{9}, 10));
    EXPECT_FALSE(officer_shown(std::vector<std::int64_t>{0}, 10));
}

TEST(OfficerShown, LeavesNoRestThatIsTooSmall) {
    EXPECT_FALSE(officer_shown(std::vector<std::int64_t>{20, 20, 3}, 10)) << "3 could be told from the sum";
    EXPECT_TRUE(officer_shown(std::vector<std::int64_t>{20, 6, 4}, 10)) << "10 of two months together";
    EXPECT_TRUE(officer_shown(std::vector<std::int64_t>{20, 0, 0}, 10));
    EXPECT_TRUE(officer_shown(std::vector<std::int64_t>{4, 3, 3}, 10));
    EXPECT_FALSE(officer_shown(std::vector<std::int64_t>{20, 20, 3, 20, 20, 20, 20, 20, 20, 20, 20, 20}, 10));
    EXPECT_TRUE(officer_shown(std::vector<std::int64_t>{20, 20, 3, 20, 20, 7, 20, 20, 20, 20, 20, 20}, 10));
    // The quarters with 6 + 4 are shown, so that the 3 of the last one would stand alone.
    EXPECT_FALSE(officer_shown(std::vector<std::int64_t>{20, 6, 4, 20, 20, 20, 20, 20, 20, 20, 20, 3}, 10));
}

/// Whoever subtracts all that is shown within a year from the year finds nothing, or enough.
RC_GTEST_PROP(OfficerShown, GivesNothingAwayThatIsTooSmall, ()) {
    const auto months = *rc::gen::container<std::vector<std::int64_t>>(12, rc::gen::inRange<std::int64_t>(0, 25));
    if (!officer_shown(months, 10)) return;
    std::int64_t rest = 0;
    for (std::size_t quarter = 0; quarter < 12; quarter += 3) {
        const std::vector<std::int64_t> part(months.begin() + static_cast<std::ptrdiff_t>(quarter),
                                             months.begin() + static_cast<std::ptrdiff_t>(quarter + 3));
        if (officer_shown(part, 10)) continue;
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

TEST(Trend, HasAPointForEachDayAndAGapWhereNobodyAnswered) {
    const Content content = sample_content();
    const Days days{year{2026} / 11 / 1, year{2026} / 11 / 3};
    const survey::Date middle = year{2026} / 11 / 2;
    const std::vector<TrendPart> parts{
        {{days.first, days.first}, content.questionnaire.ref, tally_of("overall", 19, 1), false},
        {{days.first, days.first}, content.questionnaire.ref, tally_of("overall", 0, 9), true},
        {{middle, middle}, content.questionnaire.ref, Tally{}, false},
        {{days.last, days.last}, content.questionnaire.ref, tally_of("overall", 1, 1), false}};
    const auto trend = make_trend(days, parts, content.questionnaire.ref.id,
                                  *content.questionnaire.item(content.center.headline), {90}, Language::vi);
    ASSERT_EQ(trend.size(), 3U);
    EXPECT_EQ(trend[0], (TrendPoint{"01/11", 20, 950, true})) << "without the flagged";
    EXPECT_EQ(trend[1], (TrendPoint{"02/11", 0, {}, false}));
    EXPECT_EQ(trend[2], (TrendPoint{"03/11", 2, 500, false}));
}

TEST(Trend, AddsUpWeeksAndMonths) {
    const Content content = sample_content();
    const Days days{year{2025} / 12 / 15, year{2026} / 12 / 14};
    const std::vector<TrendPart> parts{
        {{year{2025} / 12 / 20, year{2025} / 12 / 20}, content.questionnaire.ref, tally_of("overall", 1, 0), false},
        {{year{2025} / 12 / 31, year{2025} / 12 / 31}, content.questionnaire.ref, tally_of("overall", 1, 0), false},
        {{year{2026} / 1 / 1, year{2026} / 1 / 31}, content.questionnaire.ref, tally_of("overall", 7, 0), false}};
    const survey::Item& item = *content.questionnaire.item(content.center.headline);
    const auto trend = make_trend(days, parts, content.questionnaire.ref.id, item, {90}, Language::en);
    ASSERT_EQ(trend.size(), 13U) << "the first and the last month are halves";
    EXPECT_EQ(trend[0].label, "Dec 2025");
    EXPECT_EQ(trend[0].n, 2);
    EXPECT_EQ(trend[1].n, 7);
}

TEST(StaffResults, StayWhatWasReadWhileTheNextAreRead) {
    const Content content = sample_content();
    const TallySource source{content.center, content.questionnaire};
    const survey::Messages text = glass::kiosk_texts(Language::vi);
    StaffState state;
    state.choice = newest_choice(TallyBy::all, survey::PeriodKind::month, kRules);
    EXPECT_TRUE(staff_results(source, state, kRules, text, Language::vi).reading);
    TallySheet sheet;
    sheet.sums = {sum(content, kVisit, 4, 0)};
    state.sheet = sheet;
    state.shown = state.choice;
    state.choice = *stepped(state.choice, -1, kRules);
    const TallyModel model = staff_results(source, state, kRules, text, Language::vi);
    EXPECT_EQ(model.period_name, "Tháng 11/2026") << "figures never stand under another period's name";
    EXPECT_EQ(model.total.responses, 4);
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
