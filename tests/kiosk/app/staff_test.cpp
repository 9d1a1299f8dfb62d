#include "kiosk/app/staff.h"

#include <chrono>

#include <gtest/gtest.h>

#include "survey/base/check.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;

class Staff {
  public:
    Staff& after(milliseconds time) {
        now += time;
        return *this;
    }
    Staff& does(const StaffEvent& event) {
        StaffStep step = advance(state, event, {now, rules});
        state = std::move(step.state);
        effects = std::move(step.effects);
        return *this;
    }
    Staff& comes_in() { return opens_pin().types("2468").does(PinEntered{}).does(PinChecked{true}); }
    /// What the journal answers to the choice of now.
    Staff& reads() {
        const auto* asked = effect<ReadTallies>();
        survey::check(asked != nullptr, "the journal was asked");
        const TallyQuery query = asked->query;
        return does(TalliesRead{query, TallySheet{query, {}, {}, {}, {}}});
    }
    template <class Effect>
    [[nodiscard]] const Effect* effect() const {
        for (const StaffEffect& one : effects) {
            if (const auto* found = std::get_if<Effect>(&one)) return found;
        }
        return nullptr;
    }
    Staff& opens_pin() {
        for (int tap = 0; tap < kEmblemTaps; ++tap)
            after(200ms).does(EmblemTapped{});
        return *this;
    }
    Staff& types(const char* digits) {
        for (const char* digit = digits; *digit != '\0'; ++digit)
            does(PinDigit{*digit - '0'});
        return *this;
    }
    Staff& tries_wrong_pin() { return types("1111").does(PinEntered{}).does(PinChecked{false}); }

    StaffState state;
    std::vector<StaffEffect> effects;
    MonoTime now{10'000ms};
    TallyRules rules{std::chrono::year{2026} / 11 / 22, {}};
};

TEST(Staff, ComesInWithFiveQuickTapsOnTheEmblem) {
    Staff staff;
    staff.opens_pin();
    EXPECT_EQ(staff.state.phase, StaffPhase::pin);
}

TEST(Staff, DoesNotComeInWithSlowTaps) {
    Staff staff;
    for (int tap = 0; tap < 20; ++tap)
        staff.after(800ms).does(EmblemTapped{});
    EXPECT_EQ(staff.state.phase, StaffPhase::away);
}

TEST(Staff, SeesTodaysResultsWithTheRightPin) {
    Staff staff;
    staff.opens_pin().types("2468").does(PinEntered{});
    ASSERT_NE(staff.effect<CheckPin>(), nullptr);
    EXPECT_EQ(staff.effect<CheckPin>()->pin, "2468");
    EXPECT_TRUE(staff.state.digits.empty());
    staff.does(PinChecked{true});
    EXPECT_EQ(staff.state.phase, StaffPhase::tally);
    EXPECT_NE(staff.effect<ReadOverview>(), nullptr);
    ASSERT_NE(staff.effect<ReadTallies>(), nullptr);
    EXPECT_EQ(staff.effect<ReadTallies>()->query, (TallyQuery{{staff.rules.today, staff.rules.today}, TallyOf::whole}));
}

TEST(Staff, DoesNotCheckAPinThatIsTooShort) {
    Staff staff;
    staff.opens_pin().types("246").does(PinEntered{});
    EXPECT_TRUE(staff.effects.empty());
    EXPECT_EQ(staff.state.phase, StaffPhase::pin);
}

TEST(Staff, WaitsLongerAfterEachWrongPin) {
    Staff staff;
    staff.opens_pin().tries_wrong_pin().tries_wrong_pin();
    EXPECT_FALSE(pin_model(staff.state, staff.now).wait_s);
    staff.tries_wrong_pin();
    EXPECT_EQ(pin_model(staff.state, staff.now).wait_s, 10);
    staff.types("2468").does(PinEntered{});
    EXPECT_TRUE(staff.effects.empty()) << "typing while one has to wait does nothing";
    staff.after(10s).tries_wrong_pin();
    EXPECT_EQ(pin_model(staff.state, staff.now).wait_s, 20);
    staff.after(20s).tries_wrong_pin();
    EXPECT_EQ(pin_model(staff.state, staff.now).wait_s, 40);
}

TEST(Staff, NeverWaitsLongerThanTenMinutes) {
    Staff staff;
    staff.opens_pin();
    for (int i = 0; i < 40; ++i)
        staff.tries_wrong_pin().after(600s);
    staff.tries_wrong_pin();
    EXPECT_EQ(pin_model(staff.state, staff.now).wait_s, 600);
}

TEST(Staff, DoesNotForgetWrongPinsByLeaving) {
    Staff staff;
    staff.opens_pin().tries_wrong_pin().tries_wrong_pin().tries_wrong_pin().does(StaffClosed{}).opens_pin();
    EXPECT_TRUE(pin_model(staff.state, staff.now).wait_s);
}

TEST(Staff, LeavesByItselfWhenNobodyTouches) {
    Staff staff;
    staff.comes_in();
    staff.after(59s).does(Ticked{});
    EXPECT_EQ(staff.state.phase, StaffPhase::tally);
    staff.after(1s).does(Ticked{});
    EXPECT_EQ(staff.state.phase, StaffPhase::away);
}

TEST(Staff, IgnoresAnAnswerToAPinNobodyWaitsFor) {
    Staff staff;
    staff.does(PinChecked{true});
    EXPECT_EQ(staff.state.phase, StaffPhase::away);
}

TEST(Staff, ErasesTheLastDigit) {
    Staff staff;
    staff.opens_pin().types("24").does(PinErased{}).does(PinErased{}).does(PinErased{});
    EXPECT_EQ(pin_model(staff.state, staff.now).digits_entered, 0u);
}

TEST(Staff, StepsThroughPeriodsUpToTheOneThatGoesOn) {
    Staff staff;
    staff.comes_in().does(PeriodsWanted{}).does(PeriodKindChosen{survey::PeriodKind::quarter});
    EXPECT_EQ(staff.state.phase, StaffPhase::tally);
    EXPECT_EQ(staff.state.choice.days, (Days{std::chrono::year{2026} / 10 / 1, std::chrono::year{2026} / 12 / 31}));
    staff.does(PeriodStepped{1});
    EXPECT_TRUE(staff.effects.empty()) << "that one has not begun";
    staff.does(PeriodStepped{-1});
    ASSERT_NE(staff.effect<ReadTallies>(), nullptr);
    EXPECT_EQ(staff.effect<ReadTallies>()->query.days.last, std::chrono::year{2026} / 9 / 30);
}

TEST(Staff, KeepsWhatIsShownUntilTheNextResultsAreRead) {
    Staff staff;
    staff.comes_in().reads();
    const TallyChoice day = staff.state.choice;
    staff.does(PeriodStepped{-1});
    EXPECT_EQ(staff.state.shown, day);
    staff.reads();
    EXPECT_EQ(staff.state.shown, staff.state.choice);
    EXPECT_FALSE(staff.state.shown == day);
}

TEST(Staff, ShowsOtherRowsOfWhatWasReadAtOnce) {
    Staff staff;
    staff.comes_in().does(GroupingsWanted{}).does(GroupingChosen{TallyBy::counters}).reads();
    staff.does(GroupingsWanted{}).does(GroupingChosen{TallyBy::fields});
    ASSERT_TRUE(staff.state.shown);
    EXPECT_EQ(staff.state.shown->by, TallyBy::fields);
    staff.does(GroupingsWanted{}).does(GroupingChosen{TallyBy::officers});
    EXPECT_EQ(staff.state.shown->by, TallyBy::fields) << "officers are read for themselves";
}

TEST(Staff, IgnoresResultsOfWhatIsNotWantedAnyMore) {
    Staff staff;
    staff.comes_in();
    const TallyQuery before{staff.state.choice.days, TallyOf::whole};
    staff.does(PeriodStepped{-1}).does(TalliesRead{before, TallySheet{before, {}, {}, {}, {}}});
    EXPECT_FALSE(staff.state.sheet);
}

TEST(Staff, ChoosesDaysByTappingTheFirstThenTheLast) {
    Staff staff;
    staff.comes_in().does(PeriodsWanted{}).does(CalendarWanted{});
    EXPECT_EQ(staff.state.phase, StaffPhase::calendar);
    EXPECT_EQ(staff.state.calendar_shown, staff.rules.today);
    const survey::Date early = std::chrono::year{2026} / 11 / 3;
    const survey::Date late = std::chrono::year{2026} / 11 / 9;
    staff.does(DayTapped{late}).does(DayTapped{early});
    EXPECT_EQ(staff.state.phase, StaffPhase::tally);
    EXPECT_EQ(staff.state.choice.days, (Days{early, late})) << "in either order";
    EXPECT_FALSE(staff.state.choice.kind);
}

TEST(Staff, TakesNoDayThatIsStillToCome) {
    Staff staff;
    staff.comes_in().does(PeriodsWanted{}).does(CalendarWanted{}).does(DayTapped{std::chrono::year{2026} / 11 / 23});
    EXPECT_FALSE(staff.state.calendar_first);
}

TEST(Staff, OffersNoSingleDaysOfRows) {
    for (const auto& [by, of] :
         {std::pair{TallyBy::officers, TallyOf::officers}, std::pair{TallyBy::counters, TallyOf::rows},
          std::pair{TallyBy::fields, TallyOf::rows}, std::pair{TallyBy::beginnings, TallyOf::rows}}) {
        Staff staff;
        staff.comes_in().does(GroupingsWanted{}).does(GroupingChosen{by});
        ASSERT_NE(staff.effect<ReadTallies>(), nullptr);
        EXPECT_EQ(staff.effect<ReadTallies>()->query,
                  (TallyQuery{{std::chrono::year{2026} / 10 / 1, std::chrono::year{2026} / 10 / 31}, of}));
        staff.does(PeriodsWanted{}).does(CalendarWanted{});
        EXPECT_EQ(staff.state.phase, StaffPhase::periods);
        staff.does(PeriodKindChosen{survey::PeriodKind::day});
        EXPECT_EQ(staff.state.choice.kind, survey::PeriodKind::month);
    }
}

TEST(Staff, ReadsTheDeviceAnewWheneverItIsLookedAt) {
    Staff staff;
    staff.comes_in().does(TabChosen{StaffTab::device});
    EXPECT_EQ(staff.state.phase, StaffPhase::device);
    EXPECT_NE(staff.effect<ReadOverview>(), nullptr);
}

TEST(Staff, GoesNowhereWithoutThePin) {
    for (const StaffEvent& event :
         {StaffEvent{TabChosen{StaffTab::tools}}, StaffEvent{TrainingWanted{true}}, StaffEvent{CleaningWanted{}},
          StaffEvent{CloseWanted{}}, StaffEvent{CloseConfirmed{}}, StaffEvent{ChooserLeft{}},
          StaffEvent{PeriodsWanted{}}}) {
        Staff staff;
        staff.does(event);
        EXPECT_EQ(staff.state.phase, StaffPhase::away);
        EXPECT_TRUE(staff.effects.empty());
        staff.opens_pin().does(event);
        EXPECT_EQ(staff.state.phase, StaffPhase::pin);
        EXPECT_TRUE(staff.effects.empty());
    }
}

TEST(TrainingMode, BeginsWithTheInvitationAndEndsWhenSwitchedOff) {
    Staff staff;
    staff.comes_in().does(TabChosen{StaffTab::tools}).does(TrainingWanted{true});
    EXPECT_NE(staff.effect<StartTraining>(), nullptr);
    EXPECT_EQ(staff.state.phase, StaffPhase::away);
    EXPECT_TRUE(staff.state.training_on);
    staff.comes_in().does(TabChosen{StaffTab::tools}).does(TrainingWanted{false});
    EXPECT_NE(staff.effect<EndTraining>(), nullptr);
    EXPECT_FALSE(staff.state.training_on);
}

TEST(TrainingMode, EndsByItselfAfterAQuarterOfAnHourWithoutATouch) {
    Staff staff;
    staff.comes_in().does(TabChosen{StaffTab::tools}).does(TrainingWanted{true});
    staff.after(10min);
    staff.state.last_touch = staff.now;  // a touch anywhere on the glass
    staff.after(15min - 1s).does(Ticked{});
    EXPECT_TRUE(staff.state.training_on);
    EXPECT_EQ(next_deadline(staff.state, staff.now), staff.now + 1s);
    staff.after(1s).does(Ticked{});
    EXPECT_FALSE(staff.state.training_on);
    EXPECT_NE(staff.effect<EndTraining>(), nullptr);
}

TEST(TrainingMode, GoesOnWhenStaffLeaveTheirScreens) {
    Staff staff;
    staff.comes_in().does(TabChosen{StaffTab::tools}).does(TrainingWanted{true}).comes_in().does(StaffClosed{});
    EXPECT_TRUE(staff.state.training_on);
}

TEST(Tools, WipingLeavesTheStaffScreens) {
    Staff staff;
    staff.comes_in().does(TabChosen{StaffTab::tools}).does(CleaningWanted{});
    EXPECT_NE(staff.effect<StartCleaning>(), nullptr);
    EXPECT_EQ(staff.state.phase, StaffPhase::away);
}

TEST(Tools, CloseTheProgramOnlyWithASecondTap) {
    Staff staff;
    staff.comes_in().does(TabChosen{StaffTab::tools}).does(CloseConfirmed{});
    EXPECT_TRUE(staff.effects.empty());
    staff.does(CloseWanted{});
    EXPECT_TRUE(staff.effects.empty());
    staff.does(TabChosen{StaffTab::device}).does(TabChosen{StaffTab::tools}).does(CloseConfirmed{});
    EXPECT_TRUE(staff.effects.empty()) << "whoever went elsewhere in between is asked again";
    staff.does(CloseWanted{}).does(CloseConfirmed{});
    EXPECT_NE(staff.effect<CloseProgram>(), nullptr);
}

TEST(Pin, IsHashedAndNeverStored) {
    EXPECT_TRUE(is_pin("2468"));
    EXPECT_FALSE(is_pin("24a8"));
    EXPECT_FALSE(is_pin("246"));
    EXPECT_FALSE(is_pin("1234567890123"));
    const std::string hash = hash_pin("2468");
    EXPECT_EQ(hash.rfind("$argon2id$", 0), 0u) << hash;
    EXPECT_NE(hash, hash_pin("2468")) << "each hash has its own salt";
}

}  // namespace
}  // namespace hailong::kiosk
