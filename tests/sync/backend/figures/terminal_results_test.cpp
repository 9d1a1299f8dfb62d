// The results that go down to terminals: those of the page, without the day that still runs.
#include "sync/backend/figures/terminal_results.h"

#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "sync/backend/figures/results.h"
#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::visit;

const survey::Date kToday = survey::local_date(sample::noon());  // 22 November 2026

survey::Date before(int days) {
    return survey::Date{std::chrono::sys_days{kToday} - std::chrono::days{days}};
}

class PostingTest : public ::testing::Test {
  protected:
    void add(int count, const std::string& overall, const std::string& counter, int days_ago) {
        for (int i = 0; i < count; ++i) {
            survey::Response response = visit(++number_, overall, sample::noon() - std::chrono::hours(24 * days_ago));
            response.context.counter = {counter};
            response.context.officer = {counter == "A" ? "a-01" : "b-01"};
            if (counter == "B") response.context.procedure = {};
            journal_.add(response);
        }
    }
    void deliver() { must(host_.backend.take(journal_.all())); }
    const survey::Center& center() const { return host_.backend.reference.centers[0]; }

    std::optional<survey::PostedResults> posted(survey::Date today = kToday) {
        host_.backend.release(today);
        return must(posted_results(*must(host_.backend.store->read()), host_.backend.reference.questionnaires, center(),
                                   today));
    }
    Results page(const std::string& period) const {
        return must(results(*must(host_.backend.store->read()), host_.backend.reference.questionnaires, center(),
                            *survey::parse_period(period, center().periods), sample::noon()));
    }
    HttpResponse inbox() { return host_.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}}); }

    sample::RouteHost host_;
    sample::Journal journal_{"K1"};
    std::uint64_t number_ = 0;
};

void expect_as_on_the_page(const survey::PostedFigure& figure, const Headline& headline) {
    EXPECT_EQ(figure.question, headline.item.item.text);
    EXPECT_EQ(figure.share, posted_share(headline.item.figure));
    ASSERT_EQ(figure.levels.size(), headline.item.options.size());
    for (std::size_t i = 0; i < figure.levels.size(); ++i) {
        EXPECT_EQ(figure.levels[i].count, headline.item.options[i].count);
        EXPECT_EQ(figure.levels[i].label, headline.item.options[i].option.label);
    }
    ASSERT_EQ(figure.counters.size(), headline.counters.size());
    for (std::size_t i = 0; i < figure.counters.size(); ++i) {
        EXPECT_EQ(figure.counters[i].id, headline.counters[i].id);
        EXPECT_EQ(figure.counters[i].share, posted_share(headline.counters[i].figure));
    }
}

TEST_F(PostingTest, HoldsTheMonthThatEndedAndTheOneThatRunsAsOnTheirPages) {
    add(8, "5", "A", 31);
    add(2, "2", "B", 30);
    add(19, "4", "A", 12);
    add(6, "3", "B", 1);
    deliver();
    const auto found = posted();
    ASSERT_TRUE(found);
    ASSERT_EQ(found->figures.size(), 2U);
    EXPECT_EQ(found->computed, kToday);
    EXPECT_EQ(found->objective, center().settings.first.objective);
    EXPECT_FALSE(found->number) << "nothing is frozen yet";
    EXPECT_EQ(to_string(found->figures[0].period), "2026-M10");
    EXPECT_EQ(found->figures[0].share->satisfied, 8);
    expect_as_on_the_page(found->figures[0], page("2026-M10").headlines.at(0));
    EXPECT_EQ(found->figures[1].period, survey::period_of(kToday, survey::PeriodKind::month)) << "with all its days";
    EXPECT_EQ(found->figures[1].share->total, 25);
    expect_as_on_the_page(found->figures[1], page("2026-M11").headlines.at(0));
    EXPECT_EQ(found->figures[0].counters[0].number, 1);
    EXPECT_TRUE(found->figures[1].counters.empty()) << "before its month is over";
    EXPECT_EQ(survey::parse_posted(to_text(*found)).value(), *found) << "a terminal can read it";
}

TEST_F(PostingTest, LeavesOutTheDayThatRuns) {
    add(5, "1", "A", 1);
    add(7, "5", "A", 0);
    deliver();
    ASSERT_TRUE(posted()->figures.at(1).share);
    EXPECT_EQ(posted()->figures.at(1).share->total, 5);
    EXPECT_EQ(page("2026-M11").received_today, 7) << "all that is told of it";
}

TEST_F(PostingTest, HoldsOnlyTheEndedMonthOnTheFirstDayOfTheNext) {
    add(5, "5", "A", 22);  // 31 October
    add(6, "5", "A", 21);  // 1 November
    deliver();
    const auto found = posted(before(21));
    ASSERT_EQ(found->figures.size(), 1U);
    EXPECT_EQ(to_string(found->figures[0].period), "2026-M10");
    EXPECT_EQ(found->figures[0].share->total, 5);
}

TEST_F(PostingTest, HasNoShareWhereNobodyAnswered) {
    const auto found = posted();
    ASSERT_EQ(found->figures.size(), 2U);
    for (const survey::PostedFigure& figure : found->figures) {
        EXPECT_FALSE(figure.share);
        EXPECT_EQ(figure.levels.size(), 5U) << "the levels stand there with zeros";
        for (const survey::PostedCounter& counter : figure.counters)
            EXPECT_FALSE(counter.share) << counter.id;
    }
}

TEST_F(PostingTest, IsAbsentWhenTheQuestionnaireIsUnknown) {
    survey::Center other = center();
    other.questionnaire = {"NONE"};
    EXPECT_FALSE(must(
        posted_results(*must(host_.backend.store->read()), host_.backend.reference.questionnaires, other, kToday)));
}

TEST_F(PostingTest, GoesDownWithTheInbox) {
    add(9, "5", "A", 1);
    deliver();
    host_.backend.release(kToday);
    const auto value = survey::parse_json(inbox().body);
    ASSERT_TRUE(value);
    const auto& documents = value->at("documents").as_array();
    ASSERT_EQ(documents.back().at("name").as_string(), "results");
    const auto read = survey::parse_posted(boost::json::serialize(documents.back().at("body")));
    ASSERT_TRUE(read) << survey::describe(read.error());
    EXPECT_EQ(*read, *posted());
}

TEST_F(PostingTest, ChangesTheInboxOnlyWithItsFigures) {
    add(9, "5", "A", 1);
    deliver();
    host_.backend.release(kToday);
    const std::string etag(inbox().header("ETag"));
    EXPECT_EQ(inbox().header("ETag"), etag);
    add(5, "1", "A", 0);
    deliver();
    EXPECT_EQ(inbox().header("ETag"), etag) << "today's ratings are not in it";
    host_.clock.set(sample::noon() + std::chrono::hours(2));
    EXPECT_EQ(inbox().header("ETag"), etag) << "at another time of the day";
    host_.clock.set(sample::noon() + std::chrono::hours(24));
    host_.backend.release(before(-1));
    EXPECT_NE(inbox().header("ETag"), etag) << "the next day they are";
}

}  // namespace
}  // namespace hailong::sync
