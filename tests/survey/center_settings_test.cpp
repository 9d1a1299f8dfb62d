// Settings hold from a day on: whatever is changed later, what was before keeps what held then.
#include "survey/center_settings.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/center.h"
#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

Date date(const char* text) {
    return parse_date(text).value();
}
Date plus(Date day, int count) {
    return Date{sys_days{day} + days{count}};
}
CenterSettings settings(std::int64_t percent, std::int64_t cut_off_day = 0, std::int64_t n_min = 10) {
    return {ItemId{"overall"}, {percent}, cut_off_day, n_min};
}
SettingsHistory only(const CenterSettings& first) {
    return {first, {}};
}

/// Of a document with these members.
Expected<SettingsHistory, Faults> read(const std::string& members, const CenterSettings& top = settings(90)) {
    const auto value = parse_json("{" + members + "}");
    if (!value) throw std::invalid_argument("the sample is no JSON");
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    auto history = read_settings(reader, top, faults);
    if (!faults.empty()) return unexpected(faults);
    return history;
}

TEST(CenterSettings, HoldFromTheirDayOn) {
    const auto history = read(R"("settings":[{"from":"2027-01-01","objective":{"more_than_percent":95}},)"
                              R"({"from":"2027-03-01","officer_n_min":12,"headline":"other"}])");
    ASSERT_TRUE(history);
    EXPECT_EQ(history->on(date("1990-01-01")), settings(90));
    EXPECT_EQ(history->on(date("2026-12-31")), settings(90));
    EXPECT_EQ(history->on(date("2027-01-01")), settings(95));
    EXPECT_EQ(history->on(date("2027-02-28")), settings(95));
    const CenterSettings last = history->on(date("2027-03-01"));
    EXPECT_EQ(last.officer_n_min, 12);
    EXPECT_EQ(last.headline.text, "other");
    EXPECT_EQ(last.objective.more_than_percent, 95) << "what an entry leaves out stays as it was";
}

TEST(CenterSettings, JudgeAPeriodByItsFirstDay) {
    const auto history = read(R"("settings":[{"from":"2026-12-01","objective":{"more_than_percent":95}}])");
    ASSERT_TRUE(history);
    const auto of = [&](const char* period) { return history->of(*parse_period(period)).objective.more_than_percent; };
    EXPECT_EQ(of("2026-M11"), 90);
    EXPECT_EQ(of("2026-M12"), 95);
    EXPECT_EQ(of("2026-Q4"), 90) << "it had begun";
    EXPECT_EQ(of("2027"), 95);
}

TEST(CenterSettings, WithoutAListHoldForEver) {
    EXPECT_EQ(read("").value(), only(settings(90)));
    EXPECT_EQ(read(R"("settings":[])").value(), only(settings(90)));
    EXPECT_EQ(read(R"("settings":[{"objective":{"more_than_percent":80}}])").value(), only(settings(80)))
        << "an entry without a day stands for what was before the first";
}

TEST(CenterSettings, NameEveryFaultWithItsPlace) {
    struct Bad {
        const char* list;
        const char* place;
    };
    for (const Bad& bad :
         {Bad{R"([{"from":"2027-02-30"}])", "settings[0].from"}, Bad{R"([{"from":""}])", "settings[0].from"},
          Bad{R"([{"from":"2027-01-01"},{"from":"2027-01-01"}])", "settings[1].from"},
          Bad{R"([{"from":"2027-01-02"},{"from":"2027-01-01"}])", "settings[1].from"},
          Bad{R"([{"from":"2027-01-01"},{}])", "settings[1].from"}, Bad{R"([7])", "settings[0]"},
          Bad{R"({})", "settings"},
          Bad{R"([{"from":"2027-01-01","objective":{"more_than_percent":101}}])",
              "settings[0].objective.more_than_percent"},
          Bad{R"([{"from":"2027-01-01","periods":{"cut_off_day":29}}])", "settings[0].periods.cut_off_day"},
          Bad{R"([{"from":"2027-01-01","officer_n_min":0}])", "settings[0].officer_n_min"}}) {
        const auto history = read(std::string(R"("settings":)") + bad.list);
        ASSERT_FALSE(history) << bad.list;
        EXPECT_EQ(history.error().front().place, bad.place) << bad.list;
    }
}

TEST(CenterSettings, RefuseAMonthOfAFewDays) {
    const auto cut = [](const char* from, int day) {
        return read(R"("settings":[{"from":")" + std::string(from) + R"(","periods":{"cut_off_day":)" +
                    std::to_string(day) + "}}]");
    };
    EXPECT_FALSE(cut("2027-01-01", 1)) << "January would be one day";
    EXPECT_FALSE(cut("2027-01-01", 6));
    EXPECT_TRUE(cut("2027-01-01", 7));
    EXPECT_TRUE(cut("2027-01-15", 14)) << "January keeps its end, February ends on the 14th";
}

TEST(SettingsAfter, HoldFromTheNextMonthWhereNoDayIsNamed) {
    const auto history = settings_after(only(settings(90)), only(settings(95)), date("2026-11-22"), date("2026-12-01"));
    EXPECT_EQ(history.first, settings(90));
    ASSERT_EQ(history.changes.size(), 1U);
    EXPECT_EQ(history.changes[0], (SettingsChange{date("2026-12-01"), settings(95)}));
    EXPECT_EQ(settings_after(history, only(settings(95)), date("2026-11-25"), date("2026-12-01")), history)
        << "again changes nothing";
    EXPECT_EQ(settings_after(history, only(settings(95)), date("2027-05-05"), date("2027-06-01")), history)
        << "nor a year later";
    EXPECT_EQ(settings_after(history, only(settings(90)), date("2026-11-25"), date("2026-12-01")), only(settings(90)))
        << "what has not begun can be taken back";
}

TEST(SettingsAfter, HoldFromTheDayThatTheDocumentNames) {
    const SettingsHistory wanted{settings(90),
                                 {{date("2026-11-25"), settings(95)}, {date("2027-01-01"), settings(97)}}};
    const auto history = settings_after(only(settings(90)), wanted, date("2026-11-22"), date("2026-12-01"));
    EXPECT_EQ(history, wanted);
    EXPECT_EQ(settings_after(history, only(settings(97)), date("2027-01-05"), date("2027-02-01")), history)
        << "a document that forgets the past takes nothing from it";
}

TEST(SettingsAfter, RefusesAnotherPast) {
    const SettingsHistory known{settings(90), {{date("2026-06-01"), settings(92)}}};
    const auto faults = [&](const char* from, std::int64_t percent) {
        return past_faults(known, {settings(90), {{date(from), settings(percent)}}}, date("2026-11-22")).size();
    };
    EXPECT_EQ(faults("2026-06-01", 92), 0U) << "it stands there exactly so";
    EXPECT_EQ(faults("2026-06-01", 93), 1U);
    EXPECT_EQ(faults("2026-11-21", 95), 1U);
    EXPECT_EQ(faults("2026-11-22", 95), 0U);
    EXPECT_EQ(faults("2027-01-01", 95), 0U);
}

/// Whatever documents come on whatever days, no day that is over gets other settings, and no period that has begun
/// another end.
RC_GTEST_PROP(SettingsAfter, NeverMovesWhatIsOver, ()) {
    const auto some_settings = [] {
        return settings(*rc::gen::inRange<std::int64_t>(0, 101), *rc::gen::inRange<std::int64_t>(0, 29),
                        *rc::gen::inRange<std::int64_t>(1, 30));
    };
    SettingsHistory history = only(some_settings());
    Date today = date("2024-01-01");
    for (int step = 0; step < 12; ++step) {
        today = plus(today, *rc::gen::inRange(0, 50));
        SettingsHistory wanted = only(some_settings());
        Date from = plus(today, -20);
        for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
            from = plus(from, *rc::gen::inRange(1, 60));
            wanted.changes.push_back({from, some_settings()});
        }
        if (!past_faults(history, wanted, today).empty()) continue;
        const Period running = period_of(today, PeriodKind::month, history.periods());
        const auto after = settings_after(history, wanted, today, plus(running.last, 1));
        const PeriodScheme before_scheme = history.periods();
        const PeriodScheme after_scheme = after.periods();
        for (int back = 1; back < 200; ++back)
            RC_ASSERT(after.on(plus(today, -back)) == history.on(plus(today, -back)));
        for (Date day = plus(today, -200); day < today; day = plus(day, 1)) {
            for (const PeriodKind kind : {PeriodKind::month, PeriodKind::quarter}) {
                const Period was = period_of(day, kind, before_scheme);
                if (was.last < today) RC_ASSERT(period_of(day, kind, after_scheme) == was);
            }
        }
        RC_ASSERT(settings_after(after, wanted, today, plus(running.last, 1)) == after);
        history = after;
    }
}

}  // namespace
}  // namespace hailong::survey
