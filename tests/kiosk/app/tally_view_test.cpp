#include "kiosk/app/tally_view.h"

#include <gtest/gtest.h>

#include "tests/support/glass/headless.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using survey::ItemId;
using survey::Subject;
using survey::SubjectKind;

const survey::Date kToday = std::chrono::year{2026} / 11 / 22;

Content sample_content() {
    return {tests::sample_center(), tests::sample_questionnaire("WARD5")};
}

DayTally day_tally(const Content& content, const Subject& subject, std::int64_t fives, std::int64_t twos,
                   bool flagged = false) {
    survey::Tally tally;
    tally.responses = fives + twos;
    tally.items[ItemId{"overall"}] = {{"5", fives}, {"2", twos}};
    return {kToday, content.questionnaire.ref, subject, tally, flagged};
}

const TallyRow& row_of(const TallyModel& model, std::string_view number) {
    for (const TallyRow& row : model.counters) {
        if (row.label.rfind(number, 0) == 0) return row;
    }
    throw std::runtime_error("no such counter");
}

TEST(TallyView, CountsTheHeadlineQuestionForAllAndForEachCounter) {
    const Content content = sample_content();
    Overview overview;
    overview.tallies = {day_tally(content, {SubjectKind::visit, ""}, 18, 1),
                        day_tally(content, {SubjectKind::visit, ""}, 1, 0),
                        day_tally(content, {SubjectKind::counter, "TP"}, 19, 1)};
    const auto model = make_tally_model(content, overview, TallyPeriod::today, kToday, {}, survey::Language::vi);
    EXPECT_EQ(model.total.responses, 20);
    EXPECT_EQ(model.total.counts, (std::vector<std::int64_t>{19, 0, 0, 1, 0}));
    ASSERT_TRUE(model.total.satisfaction);
    EXPECT_EQ(model.total.satisfaction->share_tenths, 950);
    EXPECT_EQ(model.total.satisfaction->verdict, survey::Verdict::met_unproven);
    EXPECT_EQ(model.counters.size(), 8u);
    EXPECT_EQ(row_of(model, "1.").responses, 20);
    EXPECT_FALSE(row_of(model, "2.").satisfaction) << "nobody rated there: no share, no verdict";
}

TEST(TallyView, LeavesFlaggedResponsesOutAsThePostingDoes) {
    const Content content = sample_content();
    Overview overview;
    overview.tallies = {day_tally(content, {SubjectKind::visit, ""}, 10, 0),
                        day_tally(content, {SubjectKind::visit, ""}, 0, 30, /*flagged=*/true)};
    const auto model = make_tally_model(content, overview, TallyPeriod::today, kToday, {}, survey::Language::vi);
    EXPECT_EQ(model.total.responses, 10);
    EXPECT_EQ(model.total.satisfaction->share_tenths, 1000);
}

TEST(TallyView, NamesTheDaysItCovers) {
    Content content = sample_content();
    const auto label = [&](TallyPeriod period, survey::Language language) {
        return make_tally_model(content, {}, period, kToday, {}, language).period_label;
    };
    EXPECT_EQ(label(TallyPeriod::today, survey::Language::vi), "22/11/2026");
    EXPECT_EQ(label(TallyPeriod::month, survey::Language::vi), "01/11/2026 – 30/11/2026");
    content.center.periods.cut_off_day = 14;
    EXPECT_EQ(label(TallyPeriod::month, survey::Language::en), "15 November 2026 – 14 December 2026");
}

TEST(TallyView, TellsWhenItLastReachedTheBackend) {
    const Content content = sample_content();
    const survey::Messages text({{"sync.never", "never"}, {"sync.at", "at {time}"}, {"sync.failed", "{time}: {why}"}});
    const auto words = [&](const SyncStatus& sync) {
        Overview overview;
        overview.sync = sync;
        return make_tally_model(content, overview, TallyPeriod::today, kToday, text, survey::Language::vi).last_sync;
    };
    const survey::UtcTime noon = survey::start_of_day(kToday) + std::chrono::hours{12};
    EXPECT_EQ(words({}), "never");
    EXPECT_EQ(words({noon, noon, "", {}}), "at 12:00, 22/11/2026");
    EXPECT_EQ(words({noon, {}, "no network", {}}), "12:00, 22/11/2026: no network");
}

TEST(StoreWords, TellWhatWasSetAsideAndWhatHappenedLast) {
    const survey::Messages text = glass::kiosk_texts(survey::Language::vi);
    Overview overview;
    EXPECT_TRUE(store_words(overview, text, survey::Language::vi).empty());
    overview.set_aside = 3;
    overview.events = {{survey::UtcTime{}, "numbers_lost", "x"},
                       {survey::UtcTime{survey::milliseconds{1'795'309'200'000}}, "healed", "x"}};
    const auto words = store_words(overview, text, survey::Language::vi);
    ASSERT_EQ(words.size(), 2U);
    EXPECT_NE(words[0].find("3 phiếu"), std::string::npos);
    EXPECT_NE(words[1].find("đã được thay lúc 08:00, 22/11/2026"), std::string::npos);
    overview.events.pop_back();
    EXPECT_NE(store_words(overview, text, survey::Language::vi)[1].find("không còn đọc được"), std::string::npos);
}

}  // namespace
}  // namespace hailong::kiosk
