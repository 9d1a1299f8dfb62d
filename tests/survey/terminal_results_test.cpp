#include "survey/terminal_results.h"

#include <gtest/gtest.h>

#include "tests/survey/broken_json.h"

namespace hailong::survey {
namespace {

constexpr Date day(int year, unsigned month, unsigned number) {
    return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{number};
}

PostedResults sample_results() {
    PostedFigure october;
    october.period = *make_period(PeriodKind::month, 2026, 10, PeriodScheme{14});
    october.question = {"Hài lòng không?", "Satisfied?"};
    october.share = posted_share(satisfaction(93, 100));
    october.levels = {{"5", {"Rất hài lòng", "Very"}, "face_5", true, false, 60},
                      {"4", {"Hài lòng", "Yes"}, "face_4", true, false, 33},
                      {"1", {"Không", "No"}, "", false, false, 7},
                      {"na", {"Không trả lời", "No answer"}, "", false, true, 4}};
    october.counters = {{"TP", 1, {"Tư pháp", "Justice"}, posted_share(satisfaction(50, 52))},
                        {"DD", 0, {"Đất đai", "Land"}, std::nullopt}};
    PostedFigure november = october;
    november.period = *make_period(PeriodKind::month, 2026, 11, PeriodScheme{14});
    november.share = std::nullopt;
    november.counters.clear();
    for (PostedLevel& level : november.levels)
        level.count = 0;
    return {std::nullopt, day(2026, 11, 2), Objective{90}, {october, november}};
}

TEST(PostedResults, ComeBackAsTheyWereWritten) {
    PostedResults results = sample_results();
    const auto read = parse_posted(to_text(results));
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(*read, results);
    results.number = 7;
    EXPECT_EQ(parse_posted(to_text(results)).value(), results) << "a numbered posting";
}

TEST(PostedResults, AreCanonicalToTheByte) {
    const std::string text = to_text(sample_results());
    EXPECT_EQ(canonical_json(parse_json(text).value()), text);
    EXPECT_NE(
        text.find(R"("share":{"high":966,"low":863,"satisfied":93,"tenths":930,"total":100,"verdict":"met_unproven"})"),
        std::string::npos)
        << text;
    EXPECT_EQ(text.find("\"number\":7"), std::string::npos) << "no number that is none";
}

TEST(PostedResults, CountOnlyDaysThatHaveEnded) {
    const PostedResults results = sample_results();
    EXPECT_EQ(results.figures[0].period.last, day(2026, 10, 14));
    EXPECT_TRUE(has_ended(results, results.figures[0]));
    EXPECT_EQ(last_counted(results, results.figures[0]), day(2026, 10, 14));
    EXPECT_FALSE(has_ended(results, results.figures[1]));
    EXPECT_EQ(last_counted(results, results.figures[1]), day(2026, 11, 1));
    PostedResults last_day = results;
    last_day.computed = day(2026, 10, 14);
    EXPECT_FALSE(has_ended(last_day, last_day.figures[0])) << "the last day still runs";
}

TEST(PostedShare, IsRoundedAsThePageShowsIt) {
    EXPECT_FALSE(posted_share(satisfaction(0, 0)));
    // Of 93 in 100 the interval is 86.25 to 96.57 percent.
    EXPECT_EQ(posted_share(satisfaction(93, 100)), (PostedShare{93, 100, 930, 863, 966, Verdict::met_unproven}));
}

class BrokenPosting : public testing::TestWithParam<Break> {};

TEST_P(BrokenPosting, IsRefusedWithThePlaceOfItsFault) {
    const Break& b = GetParam();
    const auto read = parse_posted(broken(to_text(sample_results()), b));
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().size(), 1U) << describe(read.error());
    EXPECT_EQ(read.error()[0].place, b.place);
    EXPECT_NE(read.error()[0].what.find(b.what), std::string::npos) << describe(read.error());
    EXPECT_FALSE(read.error()[0].remedy.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Posted, BrokenPosting,
    testing::Values(Break{"", "format", "2", "format", "formats up to 1"},
                    Break{"", "format", "", "format", "is missing"}, Break{"", "number", "0", "number", "whole number"},
                    Break{"", "computed", "", "computed", "is missing"},
                    Break{"", "computed", "\"2026-02-30\"", "computed", "no day"},
                    Break{"", "objective", "", "objective", "is missing"},
                    Break{"", "objective", "90", "objective", "not an object"},
                    Break{"/objective", "more_than_percent", "101", "objective.more_than_percent", "0 to 100"},
                    Break{"", "figures", "", "figures", "is missing"},
                    Break{"", "figures", "[]", "figures", "is empty"},
                    Break{"", "figures", "[7]", "figures[0]", "not an object"},
                    Break{"/figures/0", "period", "", "figures[0].period", "is missing"},
                    Break{"/figures/0/period", "name", "\"2026-M13\"", "figures[0].period.name", "no period"},
                    Break{"/figures/0/period", "last", "\"2026-09-01\"", "figures[0].period.last", "before"},
                    Break{"/figures/0", "question", "", "figures[0].question", "is missing"},
                    Break{"/figures/0/question", "en", "", "figures[0].question.en", "is missing"},
                    Break{"/figures/0/share", "total", "0", "figures[0].share.total", "whole number"},
                    Break{"/figures/0/share", "satisfied", "101", "figures[0].share.satisfied", "more than"},
                    Break{"/figures/0/share", "tenths", "1001", "figures[0].share.tenths", "0 to 1000"},
                    Break{"/figures/0/share", "low", "967", "figures[0].share.low", "above"},
                    Break{"/figures/0/share", "verdict", "\"good\"", "figures[0].share.verdict", "is none"},
                    Break{"/figures/0/levels/0", "count", "-1", "figures[0].levels[0].count", "whole number"},
                    Break{"/figures/0/levels/0", "count", "61", "figures[0].levels", "do not add up"},
                    Break{"/figures/0/levels/2", "satisfied", "true", "figures[0].levels", "do not add up"},
                    Break{"/figures/0/levels/3", "excluded", "false", "figures[0].levels", "do not add up"},
                    Break{"/figures/1/levels/0", "count", "1", "figures[1].levels", "do not add up"},
                    Break{"/figures/0/counters/0", "id", "", "figures[0].counters[0].id", "is missing"},
                    Break{"/figures/0/counters/0", "share", "1", "figures[0].counters[0].share", "not an object"}));

TEST(BrokenPostingText, IsRefusedAtEveryTruncation) {
    const std::string text = to_text(sample_results());
    for (std::size_t size = 0; size < text.size(); ++size)
        ASSERT_FALSE(parse_posted(text.substr(0, size))) << size;
}

TEST(PostingLimits, AreKept) {
    const auto with = [](std::size_t figures, std::size_t levels, std::size_t counters) {
        PostedResults results = sample_results();
        results.figures[1].levels.resize(levels, results.figures[1].levels[0]);
        results.figures[1].counters.resize(counters, results.figures[0].counters[1]);
        results.figures.resize(figures, results.figures[1]);
        return parse_posted(to_text(results));
    };
    EXPECT_TRUE(with(kPostedFiguresMax, kPostedLevelsMax, kPostedCountersMax));
    ASSERT_FALSE(with(kPostedFiguresMax + 1, 5, 5));
    EXPECT_EQ(with(kPostedFiguresMax + 1, 5, 5).error()[0].place, "figures");
    EXPECT_EQ(with(2, kPostedLevelsMax + 1, 5).error()[0].place, "figures[1].levels");
    EXPECT_EQ(with(2, 5, kPostedCountersMax + 1).error()[0].place, "figures[1].counters");
}

}  // namespace
}  // namespace hailong::survey
