// Rung 1 for the staff: every target of their screens, tapped by name, means what it says.
#include <set>

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "tests/kiosk/screens/bench.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using survey::Language;

template <class Model, class Draw>
void expect_tabs(Bench<Model, Draw>& bench) {
    const std::pair<const char*, StaffTab> tabs[] = {
        {"tab/results", StaffTab::results}, {"tab/device", StaffTab::device}, {"tab/tools", StaffTab::tools}};
    for (const auto& [name, tab] : tabs) {
        const auto chosen = only<TabChosen>(bench.tap(name));
        ASSERT_TRUE(chosen) << name;
        EXPECT_EQ(chosen->tab, tab);
    }
    EXPECT_TRUE(only<StaffClosed>(bench.tap("close")));
}

TEST(PinScreen, DigitsEraseEnterAndClose) {
    Bench bench(scenes::pin(), draw_pin);
    for (int digit = 0; digit <= 9; ++digit) {
        const auto pressed = only<PinDigit>(bench.tap("pin/" + std::to_string(digit)));
        ASSERT_TRUE(pressed) << digit;
        EXPECT_EQ(pressed->digit, digit);
    }
    EXPECT_TRUE(only<PinErased>(bench.tap("pin/erase")));
    EXPECT_TRUE(only<PinEntered>(bench.tap("pin/enter")));
    EXPECT_TRUE(only<StaffClosed>(bench.tap("close")));
}

TEST(PinScreen, RestsWhileItChecksOrWaits) {
    PinModel waits;
    waits.wait_s = 30;
    PinModel checks = scenes::pin();
    checks.checking = true;
    for (const PinModel& model : {waits, checks}) {
        Bench bench(model, draw_pin);
        EXPECT_EQ(bench.names(), std::set<std::string>{"close"});
    }
}

TEST(PinScreen, NothingToEraseOrEnterBeforeTheFirstDigit) {
    Bench bench(PinModel{}, draw_pin);
    EXPECT_TRUE(bench.glass().has_target("pin/5"));
    EXPECT_FALSE(bench.glass().has_target("pin/erase"));
    EXPECT_FALSE(bench.glass().has_target("pin/enter"));
}

TEST(TallyScreen, StepsThroughPeriodsAndOpensTheChoices) {
    TallyModel model = scenes::tally_counters(Language::vi);
    for (int i = 0; i < 60; ++i)
        model.rows.push_back(model.rows[0]);
    model.page = 1;
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(model, draw_tally, panel);
        const auto back = only<PeriodStepped>(bench.tap("period/previous"));
        const auto on = only<PeriodStepped>(bench.tap("period/next"));
        ASSERT_TRUE(back && on) << panel.name;
        EXPECT_EQ(back->steps, -1);
        EXPECT_EQ(on->steps, 1);
        EXPECT_TRUE(only<PeriodsWanted>(bench.tap("periods")));
        EXPECT_TRUE(only<GroupingsWanted>(bench.tap("by")));
        const auto next = only<PageTurned>(bench.tap("page/next"));
        const auto previous = only<PageTurned>(bench.tap("page/previous"));
        ASSERT_TRUE(next && previous);
        EXPECT_EQ(next->page, 2);
        EXPECT_EQ(previous->page, 0);
        expect_tabs(bench);
    }
}

TEST(TallyScreen, OffersNoPeriodThatIsStillToCome) {
    Bench bench(scenes::tally(Language::vi), draw_tally);
    EXPECT_FALSE(bench.glass().has_target("period/next"));
    EXPECT_TRUE(bench.glass().has_target("period/previous"));
}

TEST(TallyScreen, SaysNoFigureOfWhoHasTooFew) {
    TallyModel model = scenes::tally_counters(Language::vi);
    model.by = TallyBy::officers;
    model.rows[1].too_few = true;  // with figures that must not be drawn
    Bench few(model, draw_tally);
    const glass::Image with = few.glass().picture();
    model.rows[1].counts = {9, 9, 9, 9, 9};
    model.rows[1].satisfaction = survey::satisfaction(1, 3);
    Bench other(model, draw_tally);
    EXPECT_EQ(other.glass().picture(), with);
}

TEST(TallyScreen, TellsOfTodayOnlyHowManyResponsesCame) {
    TallyModel model = scenes::tally_today(Language::vi);
    Bench today(model, draw_tally);
    const glass::Image alone = today.glass().picture();
    const TallyModel month = scenes::tally(Language::vi);  // with figures that must not be drawn
    model.total = month.total;
    model.trend = month.trend;
    model.flagged = month.flagged;
    Bench other(model, draw_tally);
    EXPECT_EQ(other.glass().picture(), alone);
    *model.received_today += 1;
    Bench one_more(model, draw_tally);
    EXPECT_NE(one_more.glass().picture(), alone);
}

TEST(TallyScreen, SaysNoFigureOfAWholeWithTooFew) {
    TallyModel model = scenes::tally(Language::vi);
    model.some_untold = true;
    model.flagged = 0;
    const TallyRow figures = model.total;
    model.total = {};
    model.total.too_few = true;
    Bench few(model, draw_tally);
    model.total = figures;
    model.total.too_few = true;
    Bench other(model, draw_tally);
    EXPECT_EQ(other.glass().picture(), few.glass().picture());
}

TEST(PeriodsScreen, OffersEachKindAndAnyDays) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(scenes::periods(), draw_periods, panel);
        const std::pair<const char*, survey::PeriodKind> kinds[] = {{"period/day", survey::PeriodKind::day},
                                                                    {"period/month", survey::PeriodKind::month},
                                                                    {"period/quarter", survey::PeriodKind::quarter},
                                                                    {"period/year", survey::PeriodKind::year}};
        for (const auto& [name, kind] : kinds) {
            const auto chosen = only<PeriodKindChosen>(bench.tap(name));
            ASSERT_TRUE(chosen) << name << panel.name;
            EXPECT_EQ(chosen->kind, kind);
        }
        EXPECT_TRUE(only<CalendarWanted>(bench.tap("period/range")));
        EXPECT_TRUE(only<ChooserLeft>(bench.tap("back")));
    }
}

TEST(PeriodsScreen, OffersOnlyMonthsWhereOnlyMonthsMayBeSeen) {
    PeriodsModel model = scenes::periods();
    model.whole_months_only = true;
    Bench bench(model, draw_periods);
    EXPECT_EQ(bench.names(), (std::set<std::string>{"back", "period/month", "period/quarter", "period/year"}));
}

TEST(GroupingsScreen, OffersEveryKindOfRow) {
    Bench bench(scenes::groupings(), draw_groupings);
    const std::pair<const char*, TallyBy> choices[] = {{"by/all", TallyBy::all},
                                                       {"by/counters", TallyBy::counters},
                                                       {"by/fields", TallyBy::fields},
                                                       {"by/officers", TallyBy::officers},
                                                       {"by/beginnings", TallyBy::beginnings}};
    for (const auto& [name, by] : choices) {
        const auto chosen = only<GroupingChosen>(bench.tap(name));
        ASSERT_TRUE(chosen) << name;
        EXPECT_EQ(chosen->by, by);
    }
    EXPECT_TRUE(only<ChooserLeft>(bench.tap("back")));
}

TEST(CalendarScreen, TakesDaysUpToTodayAndTurns) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(scenes::calendar(), draw_calendar, panel);
        const auto day = only<DayTapped>(bench.tap("day/2026-11-22"));
        ASSERT_TRUE(day) << panel.name;
        EXPECT_EQ(day->day, std::chrono::year{2026} / 11 / 22);
        EXPECT_FALSE(bench.glass().has_target("day/2026-11-23"));
        EXPECT_FALSE(bench.glass().has_target("calendar/later"));
        const auto turned = only<CalendarTurned>(bench.tap("calendar/earlier"));
        ASSERT_TRUE(turned);
        EXPECT_LT(turned->shown, bench.model.shown);
        EXPECT_TRUE(only<ChooserLeft>(bench.tap("back")));
    }
}

TEST(DeviceScreen, HasTabsAndPages) {
    DeviceModel model = scenes::device(Language::vi);
    for (int i = 0; i < 40; ++i)
        model.rows.push_back(model.rows[0]);
    Bench bench(model, draw_device);
    const auto next = only<PageTurned>(bench.tap("page/next"));
    ASSERT_TRUE(next);
    EXPECT_EQ(next->page, 1);
    expect_tabs(bench);
}

TEST(ToolsScreen, AsksOnceMoreBeforeItCloses) {
    Bench bench(scenes::tools(), draw_tools);
    const auto training = only<TrainingWanted>(bench.tap("tools/training"));
    ASSERT_TRUE(training);
    EXPECT_TRUE(training->on);
    EXPECT_TRUE(only<CleaningWanted>(bench.tap("tools/cleaning")));
    EXPECT_TRUE(only<CloseWanted>(bench.tap("tools/close")));
    expect_tabs(bench);
    ToolsModel asked = scenes::tools();
    asked.closing_asked = true;
    asked.training_on = true;
    Bench confirms(asked, draw_tools);
    EXPECT_TRUE(only<CloseConfirmed>(confirms.tap("tools/close/confirm")));
    EXPECT_FALSE(only<TrainingWanted>(confirms.tap("tools/training"))->on);
}

TEST(TrendChart, BeginsBelowEveryShareAndTheObjective) {
    EXPECT_EQ(trend_foot_percent({}, 90), 80);
    const TrendPoint points[] = {{"a", 10, 955, true}, {"b", 0, {}, false}, {"c", 10, 634, false}};
    EXPECT_EQ(trend_foot_percent(points, 90), 60);
    EXPECT_EQ(trend_foot_percent(points, 50), 40);
}

TEST(TrendChart, TellsByFormWhatMetTheObjective) {
    TallyModel model = scenes::tally(Language::vi);
    Bench met(model, draw_tally);
    const glass::Image before = met.glass().picture();
    for (TrendPoint& point : model.trend)
        point.met = !point.met;
    Bench other(model, draw_tally);
    EXPECT_NE(other.glass().picture(), before);
}

}  // namespace
}  // namespace hailong::kiosk
