#include "kiosk/visit/quality.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::ItemId;

constexpr PanelSize kPanel{268, 476};  // 21.5 inches, portrait
const QualityLimits kLimits;

MonoTime at(milliseconds time) {
    return MonoTime{1'000s + time};
}

/// Presses and releases at one place, one after the other.
class Fingers {
  public:
    Fingers& press(milliseconds time, PressKind kind = PressKind::plain, double x_mm = 100, double y_mm = 100) {
        handling = after_press(std::move(handling), kLimits, {at(time), x_mm, y_mm}, kind);
        return *this;
    }
    Fingers& release(milliseconds time, double x_mm = 100, double y_mm = 100, int patience = 1) {
        handling = after_release(std::move(handling), kLimits, kPanel, {at(time), x_mm, y_mm}, patience);
        return *this;
    }
    Fingers& taps(int count, milliseconds apart, PressKind kind = PressKind::plain) {
        for (int i = 0; i < count; ++i)
            press(apart * i, kind).release(apart * i + 50ms);
        return *this;
    }
    Handling handling;
};

/// The flags of a complete response that took ten seconds.
std::vector<std::string> flags_of(const Handling& handling, std::optional<MonoTime> before = std::nullopt,
                                  milliseconds took = 10s, survey::Began began = survey::Began::walk_up) {
    static const survey::Questionnaire form = tests::sample_questionnaire("QUICK5");
    survey::Response response;
    response.started.monotonic = at(0ms);
    response.finished.monotonic = at(took);
    response.context.began = began;
    response.complete = true;
    return quality_flags({form, response, handling, 1'200ms, before, 1}, kLimits);
}

using Flags = std::vector<std::string>;

TEST(Mashing, IsSixPressesInASecondAndAHalf) {
    EXPECT_EQ(flags_of(Fingers().taps(6, 300ms).handling), Flags{"mashing"});
    EXPECT_EQ(flags_of(Fingers().taps(6, 301ms).handling), Flags{});
    EXPECT_EQ(flags_of(Fingers().taps(5, 100ms).handling), Flags{});
}

TEST(Mashing, IsNotForgottenWhenHandsGrowCalm) {
    Fingers fingers;
    fingers.taps(6, 100ms).press(5s).release(5'100ms).press(8s).release(8'100ms);
    EXPECT_EQ(flags_of(fingers.handling), Flags{"mashing"});
    EXPECT_LE(fingers.handling.presses.size(), 6u);
}

TEST(Mashing, IsFourTapsBeforeTheQuestionsCouldBeRead) {
    EXPECT_EQ(flags_of(Fingers().taps(4, 2s, PressKind::early).handling), Flags{"mashing"});
    EXPECT_EQ(flags_of(Fingers().taps(3, 2s, PressKind::early).taps(9, 2s).handling), Flags{});
}

TEST(Mashing, IsNotHowPeopleType) {
    EXPECT_EQ(flags_of(Fingers().taps(50, 150ms, PressKind::typing).handling), Flags{});
}

TEST(Palm, IsAFingerThatRests) {
    EXPECT_EQ(flags_of(Fingers().press(0ms).release(2'001ms).handling), Flags{"palm"});
    EXPECT_EQ(flags_of(Fingers().press(0ms).release(2s).handling), Flags{});
    EXPECT_EQ(flags_of(Fingers().press(0ms).release(8s, 100, 100, 4).handling), Flags{}) << "with four times the time";
    EXPECT_EQ(flags_of(Fingers().press(0ms).release(8'001ms, 100, 100, 4).handling), Flags{"palm"});
    EXPECT_EQ(flags_of(Fingers().press(0ms).handling), Flags{"palm"}) << "still there at the end";
}

TEST(Palm, IsAWipeAcrossAThirdOfThePanel) {
    EXPECT_EQ(flags_of(Fingers().press(0ms).release(300ms, 100, 260).handling), Flags{"palm"});
    EXPECT_EQ(flags_of(Fingers().press(0ms).release(300ms, 100, 258).handling), Flags{}) << "158 mm of 476";
    Handling unknown = Fingers().press(0ms).handling;
    unknown = after_release(unknown, kLimits, {}, {at(300ms), 100, 400}, 1);
    EXPECT_EQ(flags_of(unknown), Flags{}) << "on a panel of unknown size";
}

TEST(Palm, IsTwoPlacesAtOnce) {
    const auto two = [](milliseconds apart, double x_mm) {
        return flags_of(
            Fingers().press(0ms).release(10ms).press(apart, PressKind::plain, x_mm, 100).release(2s).handling);
    };
    EXPECT_EQ(two(60ms, 251), Flags{"palm"});
    EXPECT_EQ(two(61ms, 251), Flags{});
    EXPECT_EQ(two(60ms, 250), Flags{});
}

TEST(Palm, IsNoReleaseWithoutAPress) {
    EXPECT_EQ(Fingers().release(5s, 0, 0).handling, Handling{});
    EXPECT_EQ(flags_of(Fingers().press(0ms).release(100ms).release(9s, 268, 476).handling), Flags{});
}

TEST(Repeat, IsAVisitRightAfterTheLastOne) {
    EXPECT_EQ(flags_of({}, at(-4'999ms)), Flags{"repeat"});
    EXPECT_EQ(flags_of({}, at(-5s)), Flags{});
    EXPECT_EQ(flags_of({}, std::nullopt), Flags{});
    EXPECT_EQ(flags_of({}, at(-1s), 10s, survey::Began::scanned), Flags{}) << "the ticket says whose it is";
}

TEST(TooFast, IsOnlyWhatIsComplete) {
    EXPECT_EQ(flags_of({}, std::nullopt, 1'199ms), Flags{"too_fast"});
    EXPECT_EQ(flags_of({}, std::nullopt, 1'200ms), Flags{});
    const survey::Questionnaire form = tests::sample_questionnaire("QUICK5");
    survey::Response partial;
    EXPECT_TRUE(quality_flags({form, partial, {}, 1'200ms, std::nullopt, 1}, kLimits).empty());
}

TEST(QualityFlags, AreSortedAndKnownAndEachOnce) {
    Handling handling = Fingers().taps(6, 100ms).press(6s).release(9s).handling;
    handling.early_presses = 9;
    const Flags flags = flags_of(handling, at(-1s), 1s);
    EXPECT_EQ(flags, (Flags{"mashing", "palm", "repeat", "too_fast"}));
    EXPECT_TRUE(std::is_sorted(kVisitFlags.begin(), kVisitFlags.end()));
}

/// A form of levels: five to one, three to one, points; each answered at a place, looked at for `dwell`.
class StraightLine : public testing::Test {
  protected:
    bool answered(const std::vector<std::pair<const char*, std::size_t>>& places, milliseconds dwell) {
        std::vector<survey::Answer> answers;
        std::vector<Dwell> dwells;
        for (const auto& [id, place] : places) {
            const survey::Item* item = form.item(ItemId{id});
            answers.push_back({item->id, {item->options.at(place).value}, std::nullopt});
            dwells.push_back({item->id, dwell});
        }
        return is_straight_line(form, answers, dwells, kLimits);
    }
    survey::Questionnaire form = [] {
        survey::Questionnaire made = tests::sample_questionnaire("WARD5");
        const survey::Item five = *made.item(ItemId{"overall"});
        survey::Item three = tests::sample_questionnaire("WARD3").items.front();
        survey::Item points = *tests::sample_questionnaire("TT01").item(ItemId{"i1"});
        survey::Item single = five;
        single.type = survey::ItemType::single;
        made.items.clear();
        for (const char* id : {"a", "b", "c", "d", "e"}) {
            made.items.push_back(five);
            made.items.back().id = ItemId{id};
        }
        three.id = ItemId{"three"};
        points.id = ItemId{"points"};
        single.id = ItemId{"single"};
        made.items.insert(made.items.end(), {three, points, single});
        return made;
    }();
};

TEST_F(StraightLine, IsFiveEqualAnswersHardlyLookedAt) {
    EXPECT_TRUE(answered({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}}, 999ms));
    EXPECT_FALSE(answered({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}}, 1s)) << "looked at";
    EXPECT_FALSE(answered({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 2}}, 500ms)) << "not all equal";
    EXPECT_FALSE(answered({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}}, 500ms)) << "four";
    EXPECT_FALSE(answered({}, 0ms));
}

TEST_F(StraightLine, ComparesPlacesOnScalesOfAnyLength) {
    EXPECT_TRUE(answered({{"a", 4}, {"b", 4}, {"c", 4}, {"d", 4}, {"three", 2}}, 500ms)) << "the last of each";
    EXPECT_TRUE(answered({{"a", 2}, {"b", 2}, {"c", 2}, {"d", 2}, {"three", 1}}, 500ms)) << "the middle";
    EXPECT_FALSE(answered({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"three", 1}}, 500ms));
    EXPECT_TRUE(answered({{"a", 0}, {"b", 0}, {"c", 0}, {"three", 0}, {"points", 0}}, 500ms));
}

TEST_F(StraightLine, CountsOnlyLevelsAndPoints) {
    EXPECT_FALSE(answered({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"single", 1}}, 500ms));
}

TEST_F(StraightLine, GoesByTheLastLookAtAQuestion) {
    Handling handling = after_answer({}, ItemId{"a"}, 9s);
    handling = after_answer(handling, ItemId{"b"}, 1s);
    handling = after_answer(handling, ItemId{"a"}, 2s);
    EXPECT_EQ(handling.dwells, (std::vector<Dwell>{{ItemId{"b"}, 1s}, {ItemId{"a"}, 2s}}));
}

}  // namespace
}  // namespace hailong::kiosk
