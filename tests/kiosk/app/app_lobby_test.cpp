// The posted results take turns with the invitation while nobody is there, and get out of the way of whoever comes.
#include <chrono>
#include <set>

#include <gtest/gtest.h>

#include "tests/kiosk/app/terminal.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;

class LobbyTest : public TerminalTest {
  protected:
    LobbyTest() {
        AppSetup setup = sample_setup();
        setup.content.center.actions = tests::sample_center().actions;  // three pages
        setup.content.feedback = tests::sample_questionnaire("FEEDBACK.2");
        start(std::move(setup));
        reader.letters.emplace_back(TextKeyRead{true});
        settle();
    }
};

TEST_F(LobbyTest, AppearsAfterTheTimeWithoutATouchAndTakesTurns) {
    pass(44s);
    EXPECT_EQ(screen(), "attract");
    pass(1s);
    EXPECT_EQ(screen(), "lobby");
    std::set<std::vector<std::string>> pages;
    for (int page = 0; page < 3; ++page) {
        EXPECT_EQ(screen(), "lobby");
        pages.insert(traces().spoken);
        pass(12s);
    }
    EXPECT_EQ(pages.size(), 3u);
    EXPECT_EQ(screen(), "attract") << "the invitation has its turn";
    pass(12s);
    EXPECT_EQ(screen(), "lobby");
}

TEST_F(LobbyTest, SleepsUntilSomethingChanges) {
    for (int i = 0; i < 12; ++i) {
        const auto due = app->next_deadline();
        ASSERT_TRUE(due);
        clock.pass(*due - clock.monotonic() - 1ms);
        EXPECT_EQ(settle(), 0) << "not a moment sooner";
        clock.pass(1ms);
        EXPECT_GT(settle(), 0) << screen();
    }
}

TEST_F(LobbyTest, WakesWithoutAVoteWhereverItIsTouched) {
    ASSERT_TRUE(has("feedback"));
    const Target feedback = target("feedback");
    pass(45s);
    ASSERT_EQ(screen(), "lobby");
    touch_at(feedback.x + feedback.width / 2, feedback.y + feedback.height / 2);
    EXPECT_EQ(screen(), "asking");
    EXPECT_EQ(app->visit().form, Form::rating) << "what lies behind the page was not what was touched";
    EXPECT_TRUE(app->visit().answers.empty());
    EXPECT_TRUE(saver.saved.empty());
}

TEST_F(LobbyTest, GivesWayToTheInvitationAfterATouchThatMeantNothing) {
    pass(45s);
    ASSERT_EQ(screen(), "lobby");
    press(540, 1000);
    settle();
    window->move(540, -50);
    release(540, -50);
    settle();
    EXPECT_EQ(app->next_deadline(), clock.monotonic() + kTouchHeld);
    pass(kTouchHeld);
    EXPECT_EQ(screen(), "attract");
    pass(45s - kTouchHeld);
    EXPECT_EQ(screen(), "lobby");
}

TEST_F(LobbyTest, IsLeftByAScanAndByAKey) {
    pass(45s);
    scan("DD-3");
    EXPECT_EQ(screen(), "asking");
    EXPECT_EQ(app->visit().context.counter, survey::CounterId{"DD"});
    pass(30s);
    pass(45s);
    ASSERT_EQ(screen(), "lobby");
    key(NavKey::press);
    EXPECT_EQ(screen(), "asking");
}

TEST_F(LobbyTest, LetsStaffIn) {
    pass(45s);
    ASSERT_EQ(screen(), "lobby");
    tap_emblem();
    EXPECT_EQ(screen(), "pin");
}

TEST_F(LobbyTest, StaysAwayWhileAccessibilityIsOpen) {
    pass(40s);
    tap("accessibility");
    pass(50s);
    EXPECT_EQ(screen(), "accessibility");
}

}  // namespace
}  // namespace hailong::kiosk
