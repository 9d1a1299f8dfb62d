#include "kiosk/app/staff.h"

#include <chrono>

#include <gtest/gtest.h>

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
        StaffStep step = advance(state, event, now);
        state = std::move(step.state);
        effect = std::move(step.effect);
        return *this;
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
    std::optional<StaffEffect> effect;
    MonoTime now{10'000ms};
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

TEST(Staff, SeesTheTalliesWithTheRightPin) {
    Staff staff;
    staff.opens_pin().types("2468").does(PinEntered{});
    ASSERT_TRUE(staff.effect);
    EXPECT_EQ(std::get<CheckPin>(*staff.effect).pin, "2468");
    EXPECT_TRUE(staff.state.digits.empty());
    staff.does(PinChecked{true});
    EXPECT_EQ(staff.state.phase, StaffPhase::tally);
    EXPECT_EQ(std::get<ReadOverview>(*staff.effect).period, TallyPeriod::today);
}

TEST(Staff, DoesNotCheckAPinThatIsTooShort) {
    Staff staff;
    staff.opens_pin().types("246").does(PinEntered{});
    EXPECT_FALSE(staff.effect);
    EXPECT_EQ(staff.state.phase, StaffPhase::pin);
}

TEST(Staff, WaitsLongerAfterEachWrongPin) {
    Staff staff;
    staff.opens_pin().tries_wrong_pin().tries_wrong_pin();
    EXPECT_FALSE(pin_model(staff.state, staff.now).wait_s);
    staff.tries_wrong_pin();
    EXPECT_EQ(pin_model(staff.state, staff.now).wait_s, 10);
    staff.types("2468").does(PinEntered{});
    EXPECT_FALSE(staff.effect) << "typing while one has to wait does nothing";
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
    staff.opens_pin().types("2468").does(PinEntered{}).does(PinChecked{true});
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
