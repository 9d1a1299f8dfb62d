#include "kiosk/app/lobby_view.h"

#include <gtest/gtest.h>

#include "kiosk/app/content.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::kiosk_texts;
using survey::Language;

survey::PostedFigure figure_of(std::int64_t number, std::int64_t satisfied, std::int64_t total, int counters) {
    survey::PostedFigure figure;
    figure.period = *survey::make_period(survey::PeriodKind::month, 2026, number);
    figure.question = {"Hài lòng không?", "Satisfied?"};
    figure.share = survey::posted_share(survey::satisfaction(satisfied, total));
    figure.levels = {{"1", {"Có", "Yes"}, "", true, false, satisfied},
                     {"0", {"Không", "No"}, "", false, false, total - satisfied}};
    for (int i = 1; i <= counters; ++i) {
        const std::string id = "C" + std::to_string(i);
        figure.counters.push_back({id, i, {"Quầy " + id, "Counter " + id}, figure.share});
    }
    return figure;
}

/// October has ended, November runs until the 21st.
Content content_of(std::vector<survey::PostedFigure> figures, int actions) {
    Content content;
    content.center.name = {"Trung tâm", "Center"};
    content.center.counters = {{{"C1"}, {"Quầy Một", "Counter One"}, {"Một", "One"}, 1}};
    for (int i = 1; i <= actions; ++i) {
        content.center.actions.push_back(
            {{"Nói " + std::to_string(i), "Said"}, {"Làm", "Did"}, std::chrono::year{2026} / 10 / 5});
    }
    if (!figures.empty()) {
        content.results =
            survey::PostedResults{{}, std::chrono::year{2026} / 11 / 22, survey::Objective{85}, std::move(figures)};
    }
    return content;
}

LobbyModel page_of(const Content& content, int page, Language language = Language::vi) {
    return make_lobby_model(content.center, content.results, page, kiosk_texts(language), language).value();
}

TEST(LobbyPages, AreNoneWithoutAnythingToShow) {
    const Content nothing = content_of({}, 0);
    EXPECT_EQ(lobby_pages(nothing.results, nothing.center.actions), 0);
    EXPECT_FALSE(make_lobby_model(nothing.center, nothing.results, 0, kiosk_texts(Language::vi), Language::vi));
}

TEST(LobbyPages, AreNoneForAPeriodThatNobodyAnsweredIn) {
    const Content nobody = content_of({figure_of(10, 0, 0, 8), figure_of(11, 0, 0, 8)}, 0);
    EXPECT_EQ(lobby_pages(nobody.results, nobody.center.actions), 0);
    EXPECT_FALSE(make_lobby_model(nobody.center, nobody.results, 0, kiosk_texts(Language::vi), Language::vi))
        << "and so there is no verdict";
    const Content begun = content_of({figure_of(10, 0, 0, 4), figure_of(11, 1, 1, 4)}, 0);
    ASSERT_EQ(lobby_pages(begun.results, begun.center.actions), 2);
    EXPECT_EQ(std::get<LobbyShare>(page_of(begun, 0).shown).title, "Mức độ hài lòng, tháng 11/2026");
    EXPECT_EQ(std::get<LobbyCounters>(page_of(begun, 1).shown).title, "Từng quầy, tháng 11/2026");
}

TEST(LobbyPages, CountSharesCountersAndActions) {
    const auto pages = [](int counters, int actions) {
        const Content content = content_of({figure_of(10, 9, 10, counters), figure_of(11, 9, 10, counters)}, actions);
        return lobby_pages(content.results, content.center.actions);
    };
    EXPECT_EQ(pages(0, 0), 2);
    EXPECT_EQ(pages(4, 0), 3);
    EXPECT_EQ(pages(5, 0), 4);
    EXPECT_EQ(pages(24, 20), 2 + 6 + 20);
    const Content words_alone = content_of({}, 3);
    EXPECT_EQ(lobby_pages(words_alone.results, words_alone.center.actions), 3);
}

TEST(LobbyModel, ShowsTheMonthThatEndedAndThenTheOneThatRuns) {
    const Content content = content_of({figure_of(10, 90, 100, 1), figure_of(11, 40, 50, 1)}, 0);
    const LobbyModel first = page_of(content, 0, Language::en);
    const auto& ended = std::get<LobbyShare>(first.shown);
    EXPECT_EQ(first.center_name, "Center");
    EXPECT_EQ(first.pages, 3);
    EXPECT_EQ(ended.title, "Satisfaction, October 2026");
    EXPECT_EQ(ended.days, "1 October 2026 – 31 October 2026");
    EXPECT_EQ(ended.question, "Satisfied?");
    EXPECT_EQ(ended.objective, survey::Objective{85});
    EXPECT_EQ(ended.share, *content.results->figures[0].share);
    EXPECT_EQ(ended.levels, content.results->figures[0].levels);
    const LobbyModel second = page_of(content, 1);
    const auto& runs = std::get<LobbyShare>(second.shown);
    EXPECT_EQ(runs.title, "Mức độ hài lòng, tháng 11/2026");
    EXPECT_EQ(runs.days, "Tính đến hết ngày 21/11/2026");
    EXPECT_EQ(runs.share.tenths, 800);
}

TEST(LobbyModel, NamesAPeriodThatIsNoMonthByItsDays) {
    survey::PostedFigure quarter = figure_of(10, 9, 10, 0);
    quarter.period = *survey::make_period(survey::PeriodKind::quarter, 2026, 3);
    EXPECT_EQ(std::get<LobbyShare>(page_of(content_of({quarter}, 0), 0).shown).title,
              "Mức độ hài lòng, 01/07/2026 – 30/09/2026");
}

TEST(LobbyModel, ShowsEveryCounterOnceInPagesOfOneLength) {
    const Content content = content_of({figure_of(10, 9, 10, 9)}, 0);
    std::vector<std::int64_t> numbers;
    for (int page = 1; page < 4; ++page) {
        const LobbyModel model = page_of(content, page);
        const auto& shown = std::get<LobbyCounters>(model.shown);
        EXPECT_EQ(shown.counters.size(), 3U);
        for (const LobbyCounter& counter : shown.counters)
            numbers.push_back(counter.number);
    }
    EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(LobbyModel, CallsCountersByTheirShortNamesWhereTheCenterKnowsThem) {
    const LobbyModel model = page_of(content_of({figure_of(10, 9, 10, 2)}, 0), 1);
    const auto& shown = std::get<LobbyCounters>(model.shown);
    EXPECT_EQ(shown.counters.at(0).name, "Một");
    EXPECT_EQ(shown.counters.at(1).name, "Quầy C2") << "known no more";
}

TEST(LobbyModel, CountsItsPagesAround) {
    const Content content = content_of({figure_of(10, 9, 10, 1)}, 2);
    const LobbyModel said = page_of(content, 3);
    EXPECT_EQ(std::get<LobbyAction>(said.shown).said, "Nói 2");
    EXPECT_EQ(std::get<LobbyAction>(said.shown).done, "Làm");
    EXPECT_EQ(std::get<LobbyAction>(said.shown).since, "Từ ngày 05/10/2026");
    EXPECT_EQ(page_of(content, 4).page, 0);
    EXPECT_EQ(page_of(content, -1).page, 3);
}

}  // namespace
}  // namespace hailong::kiosk
