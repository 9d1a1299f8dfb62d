// The loop that the program runs: what is drawn when, how long it sleeps, what it tells whom.
#include "kiosk/app/loop.h"

#include <chrono>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "tests/kiosk/app/terminal.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;

class LoopTest : public TerminalTest {};

TEST_F(LoopTest, DrawsTwoFramesAfterAChangeAndSleepsOtherwise) {
    EXPECT_EQ(settle(), 0);
    EXPECT_EQ(window->slept_for, kSleepMax);
    saver.more_waiting = 1;
    EXPECT_EQ(settle(), kFramesAfterChange);
    EXPECT_EQ(settle(), 0);
    window->uncovered = true;
    EXPECT_EQ(settle(), kFramesAfterChange);
}

TEST_F(LoopTest, SleepsUntilTheVisitOrTheKeysAreDue) {
    tap("wake");
    EXPECT_EQ(window->slept_for, 20s) << "then the countdown is shown";
    window->keys_due = clock.monotonic() + 80ms;
    turn();
    EXPECT_EQ(window->slept_for, 80ms);
    clock.pass(90ms);
    turn();
    EXPECT_EQ(window->slept_for, 0ms) << "never a negative time";
}

TEST_F(LoopTest, HandsAVisitThatGoesOnToTheSaverWhenItEnds) {
    const auto run_ended_by = [this](bool window_closed, bool asked) {
        window->closed = window_closed;
        return loop->run([asked] { return asked; }).has_value();
    };
    for (const bool window_closed : {true, false}) {
        tap_all({"wake", "answer/4"});
        const std::size_t before = saver.saved.size();
        EXPECT_TRUE(run_ended_by(window_closed, !window_closed));
        ASSERT_EQ(saver.saved.size(), before + 1);
        EXPECT_FALSE(saver.saved.back().complete);
        EXPECT_EQ(saver.saved.back().answers.size(), 1u);
        EXPECT_TRUE(run_ended_by(window_closed, !window_closed));
        EXPECT_EQ(saver.saved.size(), before + 1) << "once";
        window->closed = false;
        settle();
    }
}

TEST_F(LoopTest, DrawsTheVeryKeyThatMovesTheFocus) {
    EXPECT_TRUE(app->focus().empty());
    window->keys.emplace_back(NavKey::next);
    EXPECT_GE(settle(), kFramesAfterChange);
    EXPECT_FALSE(app->focus().empty());
}

TEST_F(LoopTest, TellsTheAppOfATouchOnceBeforeWhatTheFingerDid) {
    tap("wake");
    pass(29s);
    touch_at(2, 2);
    pass(29s);
    EXPECT_EQ(screen(), "asking") << "a touch that hits nothing restarts the idle time";
}

TEST_F(LoopTest, BakesOnlyWhenLettersOrTheirSizeChange) {
    EXPECT_EQ(window->letters_baked.size(), 1u);
    tap_all({"accessibility", "accessibility/seated", "accessibility/contrast"});
    EXPECT_EQ(window->letters_baked.size(), 1u);
    EXPECT_TRUE(loop->layout().seated()) << "laid out anew all the same";
    tap("accessibility/text/large");
    EXPECT_EQ(window->letters_baked.size(), 2u);
    reader.letters.emplace_back(ContentFound{Content{tests::sample_center(), tests::sample_questionnaire("WARD3")}});
    settle();
    EXPECT_EQ(window->letters_baked.size(), 3u);
}

TEST_F(LoopTest, EndsWithTheReasonWhenThereIsNoFont) {
    window->no_fonts_because = "no font; install one";
    reader.letters.emplace_back(ContentFound{Content{tests::sample_center(), tests::sample_questionnaire("WARD3")}});
    const auto ended = loop->run([] { return false; });
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error(), "no font; install one");
}

TEST_F(LoopTest, EndsForWhoeverAsks) {
    EXPECT_TRUE(loop->run([] { return true; }));
    window->closed = true;
    EXPECT_TRUE(loop->run([] { return false; }));
    window->closed = false;
    open_tools();
    tap_all({"tools/close", "tools/close/confirm"});
    EXPECT_TRUE(loop->run([] { return false; }));
}

TEST_F(LoopTest, BeatsWhoeverComesAndIsAliveOnlyWhileTheDiskAnswers) {
    int shown = 0;
    int alive = 0;
    LoopSetup setup;
    setup.pulse = 30s;
    setup.first_frame_shown = [&] { ++shown; };
    setup.alive = [&] { ++alive; };
    start(sample_setup(), setup);
    EXPECT_EQ(shown, 1);
    EXPECT_EQ(alive, 1) << "the first beat comes at once";
    clock.pass(30s);
    EXPECT_EQ(settle(), 1) << "a frame a beat";
    EXPECT_EQ(alive, 2);
    EXPECT_EQ(window->slept_for, 30s);
    saver.hanging = true;
    clock.pass(30s);
    EXPECT_EQ(settle(), 1);
    EXPECT_EQ(alive, 2) << "the service manager is to start it anew";
    EXPECT_EQ(shown, 1);
}

TEST_F(LoopTest, MeasuresFromTheFingerToWhatItMeant) {
    clock.pass(1s);
    const Target wake = target("wake");
    press(wake.x + wake.width / 2, wake.y + wake.height / 2);
    turn();
    clock.pass(30ms);
    release(wake.x + wake.width / 2, wake.y + wake.height / 2);
    settle();
    ASSERT_EQ(screen(), "asking");
    EXPECT_EQ(loop->observation().tap_to_intent_ms, std::vector<std::int64_t>{30});
}

TEST_F(LoopTest, TellsWhenAVisitEnded) {
    int rested = 0;
    LoopSetup setup = without_pulse();
    setup.resting = [&] { ++rested; };
    start(sample_setup("QUICK5"), setup);
    EXPECT_EQ(rested, 1) << "starting took memory, too";
    tap_all({"wake", "answer/5"});
    EXPECT_EQ(rested, 1);
    tap("done");
    EXPECT_EQ(rested, 2);
}

TEST_F(LoopTest, WritesWhatStandsOnThePanelForTools) {
    const tests::TemporaryFolder folder;
    LoopSetup setup = without_pulse();
    setup.observe_file = folder / "observed.json";
    start(sample_setup(), setup);
    tap("wake");
    const auto text = survey::read_file(folder / "observed.json");
    ASSERT_TRUE(text);
    EXPECT_NE(text->find("\"screen\":\"asking\""), std::string::npos) << *text;
    EXPECT_NE(text->find("answer/5"), std::string::npos);
}

}  // namespace
}  // namespace hailong::kiosk
