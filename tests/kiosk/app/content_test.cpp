#include "kiosk/app/content.h"

#include <gtest/gtest.h>

#include "tests/support/replaced.h"
#include "tests/support/sample.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

using tests::read_asset;
using tests::replaced;
using tests::TemporaryFolder;

const survey::Date kToday = std::chrono::year{2026} / 11 / 22;
const std::filesystem::path kAssets = std::filesystem::path(HAILONG_SOURCE_DIR) / "assets";

TEST(Content, LoadsTheSampleCenterFromFiles) {
    const auto content = load_content(kAssets / "demo/center.json", kAssets / "questionnaires", kToday);
    ASSERT_TRUE(content) << content.error();
    EXPECT_EQ(content->questionnaire.ref, (survey::QuestionnaireRef{{"WARD5"}, 2}));
    ASSERT_TRUE(content->feedback);
    EXPECT_EQ(content->feedback->ref, (survey::QuestionnaireRef{{"FEEDBACK"}, 2}));
    EXPECT_EQ(content->center.counters.size(), 8u);
}

TEST(Content, NamesTheBrokenFileAndThePlace) {
    TemporaryFolder folder;
    ASSERT_TRUE(survey::write_file(folder / "BROKEN.json", "{\"format\": 1,"));
    const auto content = load_content(kAssets / "demo/center.json", folder.path(), kToday);
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().find("BROKEN.json: byte 13: not valid JSON"), std::string::npos) << content.error();
}

/// What is asked, and what is wrong with the day.
std::pair<std::int64_t, DayDoubt> asked_on(survey::Date day, const LastKnown& last = {}) {
    const auto content = load_content(kAssets / "demo/center.json", kAssets / "questionnaires", day, last);
    if (!content) throw std::runtime_error(content.error());
    return {content->questionnaire.ref.version, doubt_of(day, last, content->questionnaire)};
}

TEST(Content, AsksTheNearestInTimeWhereNoVersionIsInEffect) {
    using std::chrono::year;
    EXPECT_EQ(asked_on(year{2025} / 12 / 31), std::pair(std::int64_t{1}, DayDoubt::no_form));
    EXPECT_EQ(asked_on(year{1970} / 1 / 1), std::pair(std::int64_t{1}, DayDoubt::no_form));
    EXPECT_EQ(asked_on(year{2026} / 1 / 1), std::pair(std::int64_t{1}, DayDoubt::none));
    EXPECT_EQ(asked_on(year{2100} / 1 / 1), std::pair(std::int64_t{2}, DayDoubt::none));
}

TEST(Content, AsksWhatItAskedLastWhereTheClockIsBehindItsRecords) {
    using std::chrono::year;
    const survey::QuestionnaireId id{"WARD5"};
    const LastKnown last{kToday, {{{"FEEDBACK"}, 2}, {id, 2}, {id, 1}}};
    EXPECT_EQ(asked_on(year{2020} / 1 / 1, last), std::pair(std::int64_t{2}, DayDoubt::behind));
    EXPECT_EQ(asked_on(year{2026} / 6 / 1, last), std::pair(std::int64_t{2}, DayDoubt::behind))
        << "although another version was in effect on that day";
    EXPECT_EQ(asked_on(kToday, {kToday, {{id, 1}}}), std::pair(std::int64_t{2}, DayDoubt::none));
    EXPECT_EQ(asked_on(year{2026} / 11 / 21, last), std::pair(std::int64_t{2}, DayDoubt::none)) << "around midnight";
    EXPECT_EQ(asked_on(year{2020} / 1 / 1, {kToday, {{id, 9}}}), std::pair(std::int64_t{2}, DayDoubt::behind))
        << "what was asked last is gone: what was in effect then";
    EXPECT_EQ(asked_on(year{2020} / 1 / 1, {year{2020} / 1 / 1, {{id, 2}}}),
              std::pair(std::int64_t{2}, DayDoubt::no_form))
        << "the records are of the wrong clock already";
}

TEST(Content, NeedsSomeVersion) {
    const auto content = make_content({"center", read_asset("demo/center.json")},
                                      {{"other", read_asset("questionnaires/QUICK3.json")}}, kToday);
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().find("has no version on this terminal"), std::string::npos) << content.error();
}

TEST(Content, OffersNoFeedbackWhereNoVersionOfItIsInEffect) {
    const NamedText center{"center", read_asset("demo/center.json")};
    const NamedText form{"form", read_asset("questionnaires/WARD5.json")};
    const NamedText later{"later", read_asset("questionnaires/FEEDBACK.2.json")};
    const auto without = make_content(center, {form}, kToday);
    ASSERT_TRUE(without) << without.error();
    EXPECT_FALSE(without->feedback);
    const auto early = make_content(center, {form, later}, std::chrono::year{2026} / 10 / 31);
    ASSERT_TRUE(early) << early.error();
    EXPECT_FALSE(early->feedback);
    EXPECT_TRUE(make_content(center, {form, later}, kToday)->feedback);
}

TEST(Content, NamesABrokenFeedbackForm) {
    const std::string broken = replaced(read_asset("questionnaires/FEEDBACK.json"), "\"consent\"", "\"assent\"");
    const auto content =
        make_content({"center", read_asset("demo/center.json")},
                     {{"form", read_asset("questionnaires/WARD5.json")}, {"feedback", broken}}, kToday);
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().find("feedback: items[3].type"), std::string::npos) << content.error();
}

TEST(Content, RefusesAQuestionnaireThisGlassCantAsk) {
    const std::string center =
        replaced(read_asset("demo/center.json"), "\"questionnaire\": \"WARD5\"", "\"questionnaire\": \"FEEDBACK\"");
    const auto content =
        make_content({"center", center}, {{"form", read_asset("questionnaires/FEEDBACK.json")}}, kToday);
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().find("no key can seal"), std::string::npos) << content.error();
}

TEST(Content, RefusesAHeadlineThatIsNotAsked) {
    const std::string center =
        replaced(read_asset("demo/center.json"), "\"headline\": \"overall\"", "\"headline\": \"service\"");
    const auto content = make_content({"center", center}, {{"form", read_asset("questionnaires/WARD5.json")}}, kToday);
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().find("headline"), std::string::npos) << content.error();
}

TEST(Content, TakesTheHighestVersionInEffect) {
    const std::string first = read_asset("questionnaires/WARD5.json");
    const std::string second = replaced(replaced(first, "\"version\": 1", "\"version\": 2"),
                                        "\"effective_from\": \"2026-01-01\"", "\"effective_from\": \"2026-12-01\"");
    const NamedText center{"center", read_asset("demo/center.json")};
    const auto today = make_content(center, {{"1", first}, {"2", second}}, kToday);
    ASSERT_TRUE(today) << today.error();
    EXPECT_EQ(today->questionnaire.ref.version, 1);
    const auto later = make_content(center, {{"1", first}, {"2", second}}, std::chrono::year{2026} / 12 / 1);
    ASSERT_TRUE(later) << later.error();
    EXPECT_EQ(later->questionnaire.ref.version, 2);
}

TEST(InboxContent, IsEmptyBeforeAnythingCameDown) {
    TemporaryFolder folder;
    auto inbox = Inbox::open(folder / "journal.db");
    ASSERT_TRUE(inbox) << describe(inbox.error());
    EXPECT_FALSE(read_inbox_content(*inbox, kToday));
}

TEST(InboxContent, ReadsWhatCameDown) {
    TemporaryFolder folder;
    auto inbox = Inbox::open(folder / "journal.db");
    ASSERT_TRUE(inbox) << describe(inbox.error());
    const std::vector<Document> documents = {{"center", read_asset("demo/center.json"), {}},
                                             {"questionnaire/WARD5/1", read_asset("questionnaires/WARD5.json"), {}}};
    ASSERT_TRUE(inbox->replace(documents, "v1"));
    const auto found = read_inbox_content(*inbox, kToday);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->version, "v1");
    ASSERT_TRUE(found->content) << found->content.error();
    EXPECT_EQ(found->content->questionnaire.ref.id, survey::QuestionnaireId{"WARD5"});
    EXPECT_FALSE(found->content->results) << "a backend that sends none";
    EXPECT_EQ(found->content->results_trouble, "");
}

TEST(InboxContent, HoldsTheResultsThatCameDown) {
    survey::PostedResults results;
    results.computed = kToday;
    results.figures.push_back({*survey::parse_period("2026-M10"), {"Hài lòng?", "Satisfied?"}, {}, {}, {}});
    TemporaryFolder folder;
    auto inbox = Inbox::open(folder / "journal.db");
    ASSERT_TRUE(inbox) << describe(inbox.error());
    std::vector<Document> documents = {{"center", read_asset("demo/center.json"), {}},
                                       {"questionnaire/WARD5/1", read_asset("questionnaires/WARD5.json"), {}},
                                       {"results", to_text(results), {}}};
    ASSERT_TRUE(inbox->replace(documents, "v1"));
    const auto found = read_inbox_content(*inbox, kToday);
    ASSERT_TRUE(found && found->content);
    EXPECT_EQ(found->content->results, results);
    EXPECT_EQ(found->content->results_trouble, "");

    documents[2].body = R"({"format":1,"computed":"2026-11-22","figures":[]})";
    ASSERT_TRUE(inbox->replace(documents, "v2"));
    const auto broken = read_inbox_content(*inbox, kToday);
    ASSERT_TRUE(broken && broken->content) << "broken results stop nothing";
    EXPECT_FALSE(broken->content->results);
    EXPECT_EQ(broken->content->results_trouble, "inbox: results: objective: is missing; add it, as an object");
}

}  // namespace
}  // namespace hailong::kiosk
