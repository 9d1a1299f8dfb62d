// What a visitor may ask of the terminal, by finger, keypad and ear, and that it goes with that visitor.
#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "tests/kiosk/app/terminal.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::Language;

class AccessibilityTest : public TerminalTest {
  protected:
    void expect_standard() {
        EXPECT_EQ(app->accessibility(), AccessibilitySettings{});
        EXPECT_EQ(app->layout_options(), LayoutOptions{});
        EXPECT_EQ(app->theme(), ThemeKind::light);
        EXPECT_EQ(app->language(), Language::vi);
        EXPECT_FALSE(app->visit().more_time);
    }
};

TEST_F(AccessibilityTest, OpensOverTheInvitationAndChangesTheGlassAtOnce) {
    tap_all({"accessibility", "accessibility/text/largest", "accessibility/contrast", "accessibility/seated"});
    EXPECT_EQ(screen(), "accessibility");
    EXPECT_EQ(app->layout_options(), (LayoutOptions{TextSize::largest, true}));
    EXPECT_EQ(app->theme(), ThemeKind::high_contrast);
    tap_all({"accessibility/text/normal", "accessibility/contrast", "accessibility/seated"});
    expect_standard();
    tap("accessibility/close");
    EXPECT_EQ(screen(), "attract");
}

TEST_F(AccessibilityTest, OpensOverAQuestionAndLeavesItAsItWas) {
    tap_all({"wake", "answer/4", "accessibility", "accessibility/text/large", "accessibility/close"});
    EXPECT_EQ(screen(), "asking");
    EXPECT_EQ(app->visit().answers.size(), 1u);
    EXPECT_TRUE(has("officer/tp-01"));
    EXPECT_EQ(app->layout_options().text, TextSize::large);
}

TEST_F(AccessibilityTest, GivesMoreTimeFromTheInvitationAndFromAQuestion) {
    tap_all({"accessibility", "accessibility/more_time", "accessibility/close", "wake"});
    EXPECT_TRUE(app->visit().more_time);
    pass(119s);
    EXPECT_EQ(screen(), "asking");
    tap_all({"accessibility", "accessibility/more_time", "accessibility/close"});
    EXPECT_FALSE(app->visit().more_time);
    pass(30s);
    EXPECT_EQ(screen(), "attract");
}

TEST_F(AccessibilityTest, TakesAwayTheTimeThatTheCenterGivesToEverybody) {
    AppSetup setup = sample_setup();
    setup.more_time = true;
    start(std::move(setup));
    tap_all({"accessibility", "accessibility/more_time", "accessibility/close", "wake"});
    EXPECT_FALSE(app->visit().more_time);
    pass(30s);
    tap("wake");
    EXPECT_TRUE(app->visit().more_time) << "the next visitor finds it again";
}

TEST_F(AccessibilityTest, IsForgottenAfterTheThanks) {
    tap_all({"accessibility", "accessibility/text/large", "accessibility/contrast", "accessibility/seated",
             "accessibility/close"});
    tap_all({"language/en", "answer/5", "officer/none"});
    ASSERT_EQ(screen(), "thanks");
    EXPECT_EQ(app->layout_options().text, TextSize::large) << "until the visitor has read it";
    tap("done");
    EXPECT_EQ(screen(), "attract");
    expect_standard();
}

TEST_F(AccessibilityTest, IsForgottenWhenTheVisitorWentAway) {
    tap_all({"wake", "answer/4", "accessibility", "accessibility/text/largest", "accessibility/contrast"});
    pass(30s);
    EXPECT_EQ(screen(), "attract");
    expect_standard();
    EXPECT_EQ(saver.saved.size(), 1u);
}

TEST_F(AccessibilityTest, IsForgottenAfterAMinuteOfNobodyOnTheInvitation) {
    tap_all({"accessibility", "accessibility/text/large", "accessibility/contrast", "accessibility/more_time"});
    pass(59s);
    EXPECT_EQ(screen(), "accessibility");
    EXPECT_EQ(app->next_deadline(), clock.monotonic() + 1s);
    pass(1s);
    EXPECT_EQ(screen(), "attract");
    expect_standard();
    EXPECT_FALSE(app->next_deadline());
}

TEST_F(AccessibilityTest, ForgetsALanguageThatNobodyWentOnWith) {
    tap_all({"accessibility", "language/en", "accessibility/close"});
    EXPECT_EQ(app->language(), Language::en);
    pass(60s);
    expect_standard();
}

// ---- The keypad ----------------------------------------------------------------------------------------------------

class KeypadTest : public TerminalTest {
  protected:
    void go_to(const std::string& name) {
        ASSERT_TRUE(has(name)) << name << " on " << screen();
        for (std::size_t i = 0; i <= traces().targets.size() && app->focus() != name; ++i) {
            key(NavKey::next);
            ASSERT_TRUE(has(app->focus()));
        }
        ASSERT_EQ(app->focus(), name) << "the keypad does not reach it";
    }
    void choose(const std::string& name) {
        ASSERT_NO_FATAL_FAILURE(go_to(name));
        key(NavKey::press);
        ASSERT_TRUE(app->focus().empty() || has(app->focus())) << app->focus() << " on " << screen();
    }
};

TEST_F(KeypadTest, TakesAWholeVisitAndGoesBack) {
    key(NavKey::press);
    ASSERT_EQ(screen(), "asking") << "the invitation takes it at once";
    choose("answer/5");
    ASSERT_EQ(app->visit().answers.size(), 1u);
    key(NavKey::back);
    EXPECT_TRUE(has("answer/2"));
    choose("answer/2");
    choose("officer/tp-01");
    choose("answer/4");
    choose("option/wait");
    choose("continue");
    EXPECT_EQ(screen(), "thanks");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_TRUE(saver.saved[0].complete);
    EXPECT_EQ(saver.saved[0].answers.size(), 3u);
    EXPECT_EQ(saver.saved[0].answers[0].values, std::vector<std::string>{"2"});
}

TEST_F(KeypadTest, ShowsWhereItWouldPressBeforeItPresses) {
    tap("wake");
    key(NavKey::press);
    EXPECT_TRUE(app->visit().answers.empty()) << "nobody saw what would be pressed";
    key(NavKey::press);
    EXPECT_EQ(app->visit().answers.size(), 1u);
}

TEST_F(KeypadTest, IsPutAsideByATouch) {
    tap("wake");
    const glass::Image plain = picture();
    key(NavKey::next);
    EXPECT_NE(picture(), plain) << "the ring";
    touch_at(2, 2);
    EXPECT_EQ(picture(), plain);
    key(NavKey::press);
    EXPECT_TRUE(app->visit().answers.empty()) << "it only shows the ring again";
}

TEST_F(KeypadTest, LeavesNoRingOnTheInvitationForTheNextVisitor) {
    const glass::Image plain = picture();
    key(NavKey::next);
    EXPECT_NE(picture(), plain);
    pass(60s);
    EXPECT_EQ(picture(), plain);
}

TEST_F(KeypadTest, GoesThroughEveryTargetButTheStaffsWayIn) {
    std::vector<std::string> reached;
    std::vector<std::string> there;
    for (const Target& target : traces().targets) {
        if (target.name != "emblem") there.push_back(target.name);
        key(NavKey::next);
        reached.push_back(app->focus());
    }
    std::sort(there.begin(), there.end());
    std::sort(reached.begin(), reached.end());
    reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
    EXPECT_EQ(reached, there);
}

TEST_F(KeypadTest, HearsWhereItIs) {
    tap("wake");
    key(NavKey::speak);
    key(NavKey::next);
    EXPECT_EQ(voice.said.back().first, std::vector<std::string>{target(app->focus()).label});
    key(NavKey::previous);
    EXPECT_EQ(voice.said.back().first, std::vector<std::string>{target(app->focus()).label});
}

TEST_F(KeypadTest, TypesThePin) {
    tap_emblem();
    ASSERT_EQ(screen(), "pin");
    for (const char* name : {"pin/2", "pin/4", "pin/6", "pin/8", "pin/enter"})
        choose(name);
    EXPECT_EQ(screen(), "tally");
    key(NavKey::back);
    EXPECT_EQ(screen(), "attract");
}

TEST_F(KeypadTest, OpensAndClosesAccessibility) {
    tap("wake");
    key(NavKey::accessibility);
    EXPECT_EQ(screen(), "accessibility");
    key(NavKey::back);
    EXPECT_EQ(screen(), "asking");
}

// ---- The voice -----------------------------------------------------------------------------------------------------

class ListeningTest : public TerminalTest {
  protected:
    bool heard(const std::string& line) const {
        if (voice.said.empty()) return false;
        const auto& lines = voice.said.back().first;
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }
    std::string question() const {
        return form(app->setup(), app->visit()).item(app->visit().item)->text.in(app->language());
    }
};

TEST_F(ListeningTest, HearsNothingUnasked) {
    tap_all({"wake", "answer/5", "officer/none"});
    EXPECT_TRUE(voice.said.empty());
}

TEST_F(ListeningTest, HearsAScreenWhenItAppearsWithItsAnswers) {
    tap("wake");
    tap("speak");
    ASSERT_EQ(voice.said.size(), 1u);
    EXPECT_TRUE(heard(question()));
    EXPECT_TRUE(heard(target("answer/5").label));
    pass(3s);
    EXPECT_EQ(voice.said.size(), 1u) << "once";
    tap("answer/4");
    ASSERT_EQ(voice.said.size(), 2u);
    EXPECT_TRUE(heard(question()));
    EXPECT_TRUE(heard(target("officer/tp-01").label));
    EXPECT_FALSE(heard(text("attract.invite")));
}

TEST_F(ListeningTest, HearsOnlyWhatIsNewWhileAScreenStays) {
    tap_all({"wake", "speak"});
    voice.speaking = false;
    pass(21s);
    ASSERT_EQ(voice.said.size(), 2u);
    EXPECT_EQ(voice.said.back().first, std::vector<std::string>{text("visit.countdown")});
    voice.speaking = false;
    pass(2s);
    EXPECT_EQ(voice.said.size(), 2u) << "not every second";
}

TEST_F(ListeningTest, HearsTheOtherLanguageAtOnce) {
    tap_all({"wake", "speak", "language/en"});
    ASSERT_EQ(voice.said.size(), 2u);
    EXPECT_EQ(voice.said.back().second, Language::en);
    EXPECT_TRUE(heard(question()));
}

TEST_F(ListeningTest, SilencesAndRepeatsByTheLoudspeaker) {
    tap_all({"wake", "speak"});
    EXPECT_TRUE(voice.speaking);
    tap("speak");
    EXPECT_FALSE(voice.speaking);
    tap("answer/4");
    EXPECT_EQ(voice.said.size(), 1u) << "silence lasts";
    tap("speak");
    EXPECT_EQ(voice.said.size(), 2u);
    key(NavKey::silence);
    EXPECT_FALSE(voice.speaking);
    key(NavKey::speak);
    EXPECT_EQ(voice.said.size(), 3u);
    EXPECT_TRUE(heard(question()));
}

TEST_F(ListeningTest, IsNotIdle) {
    tap_all({"wake", "speak"});
    for (int i = 0; i < 20; ++i) {
        const auto due = app->next_deadline();
        ASSERT_TRUE(due);
        pass(*due - clock.monotonic());
        ASSERT_EQ(screen(), "asking");
        ASSERT_FALSE(has("more_time")) << "no countdown";
    }
    voice.speaking = false;
    pass(30s);
    EXPECT_EQ(screen(), "attract");
}

TEST_F(ListeningTest, HearsNothingAfterTheVisit) {
    tap_all({"wake", "speak", "answer/5", "officer/none"});
    ASSERT_EQ(screen(), "thanks");
    EXPECT_TRUE(heard(text("thanks.title")));
    const std::size_t said = voice.said.size();
    tap("done");
    EXPECT_FALSE(voice.speaking);
    EXPECT_TRUE(voice.newest.first.empty()) << "nothing that the next visitor could have repeated";
    tap("wake");
    EXPECT_EQ(voice.said.size(), said);
}

TEST_F(ListeningTest, HasNoVoiceWhereNoneIsOffered) {
    AppSetup setup = sample_setup();
    setup.voice.offered = false;
    start(std::move(setup));
    tap("wake");
    EXPECT_FALSE(has("speak"));
    key(NavKey::speak);
    key(NavKey::next);
    EXPECT_TRUE(voice.said.empty());
}

TEST_F(ListeningTest, HearsTapsWhereTheCenterWantsIt) {
    tap("wake");
    EXPECT_EQ(voice.taps, 0);
    AppSetup setup = sample_setup();
    setup.voice.tap_sound = true;
    start(std::move(setup));
    tap("wake");
    EXPECT_EQ(voice.taps, 1);
    touch_at(2, 2);
    EXPECT_EQ(voice.taps, 1) << "nothing was tapped";
}

}  // namespace
}  // namespace hailong::kiosk
