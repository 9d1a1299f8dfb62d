#include "kiosk/fill/visitors.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <gtest/gtest.h>

#include "survey/tally.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;

// Monday 23 November 2026, 16:00 in Vietnam.
const survey::UtcTime kUntil = survey::start_of_day(std::chrono::year{2026} / 11 / 23) + 16h;

VisitSetup at_counter(const char* questionnaire) {
    VisitSetup setup;
    setup.questionnaire = tests::sample_questionnaire(questionnaire);
    setup.center = tests::sample_center();
    setup.fixed_counter = survey::CounterId{"TP"};
    return setup;
}

TEST(Arrivals, FallIntoOpeningHoursInOrder) {
    std::mt19937_64 random(1);
    const auto times = arrivals(1'000, 60, kUntil, random);
    ASSERT_EQ(times.size(), 1'000u);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    std::set<std::string> days;
    for (const survey::UtcTime time : times) {
        EXPECT_LE(time, kUntil);
        const survey::Date day = survey::local_date(time);
        days.insert(survey::to_string(day));
        const auto of_day = time - survey::start_of_day(day);
        const bool morning = of_day >= 7h + 30min && of_day < 11h + 30min;
        const bool afternoon = of_day >= 13h + 30min && of_day <= 17h;
        const std::chrono::weekday weekday{std::chrono::sys_days{day}};
        EXPECT_NE(weekday, std::chrono::Sunday);
        EXPECT_TRUE(morning || (afternoon && weekday != std::chrono::Saturday)) << survey::to_rfc3339(time);
    }
    EXPECT_GT(days.size(), 40u);
}

TEST(Arrivals, AreTheSameForTheSameSeed) {
    std::mt19937_64 first(7);
    std::mt19937_64 second(7);
    EXPECT_EQ(arrivals(50, 10, kUntil, first), arrivals(50, 10, kUntil, second));
}

TEST(Visitors, AnswerEveryAskableQuestionnaireValidly) {
    for (const char* id :
         {"WARD5", "WARD5.2", "WARD3", "QUICK3", "QUICK5", "TT01", "OFFICER", "SIPAS_LIKE", "ABOUT_YOU"}) {
        const VisitSetup setup = at_counter(id);
        std::mt19937_64 random(3);
        int answered = 0;
        for (std::uint64_t visit = 0; visit < 50; ++visit) {
            const auto response = play_visit(setup, kUntil, visit, random);
            if (!response) continue;
            ++answered;
            const survey::Faults faults = validate(*response, setup.questionnaire);
            EXPECT_TRUE(faults.empty()) << id << ": " << survey::describe(faults);
        }
        EXPECT_GT(answered, 40) << id;
    }
}

TEST(Visitors, AreAboutAsSatisfiedAsPeopleAre) {
    const VisitSetup setup = at_counter("WARD5");
    std::mt19937_64 random(5);
    survey::OptionCounts counts;
    std::int64_t flagged = 0;
    std::int64_t partial = 0;
    for (std::uint64_t visit = 0; visit < 2'000; ++visit) {
        const auto response = play_visit(setup, kUntil, visit, random);
        if (!response) continue;
        flagged += response->flags.empty() ? 0 : 1;
        partial += response->complete ? 0 : 1;
        if (const auto* answer = answer_to(response->answers, survey::ItemId{"overall"}))
            counts[answer->values[0]] += 1;
    }
    const survey::Item* overall = setup.questionnaire.item(survey::ItemId{"overall"});
    const survey::ItemCounts figure = count(*overall, counts);
    const double share = static_cast<double>(figure.satisfied) / static_cast<double>(figure.valid);
    EXPECT_GT(share, 0.88);
    EXPECT_LT(share, 0.97);
    EXPECT_GT(flagged, 0);
    EXPECT_GT(partial, 0);
}

}  // namespace
}  // namespace hailong::kiosk
