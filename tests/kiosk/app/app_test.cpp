// The whole terminal without its window: real screens tapped by name through the app's own touch queue (rung 1).
#include "kiosk/app/app.h"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/kiosk/app/terminal.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::ItemId;

TEST_F(TerminalTest, TakesAWholeVisit) {
    tap("wake");
    tap("answer/2");
    tap("officer/tp-02");
    tap("answer/5");
    tap("option/wait");
    tap("continue");
    EXPECT_EQ(app->screen(), "thanks");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_TRUE(saver.saved.front().complete);
    EXPECT_EQ(saver.saved.front().answers.size(), 3u);
    pass(5s);
    EXPECT_EQ(app->screen(), "attract");
}

TEST_F(TerminalTest, SaysSoWhenTheDiskIsFullAndThanksWhenItIsWritten) {
    saver.refusing = StoreError{StoreErrorKind::full, "no room", "make room"};
    start(sample_setup("QUICK5"));
    tap("wake");
    tap("answer/5");
    EXPECT_EQ(app->screen(), "not_saved");
    EXPECT_TRUE(saver.saved.empty());
}

TEST_F(TerminalTest, TakesNoVisitOnceMemoryIsFullOfUnsavedOnes) {
    saver.more_waiting = kUnsavedMax;
    settle();
    for (const char* name : {"wake", "language/en"}) {
        if (has(name)) tap(name);
        EXPECT_EQ(app->screen(), "attract");
    }
}

TEST_F(TerminalTest, ReturnsByItselfAndKeepsTheHalfVisit) {
    tap("wake");
    tap("answer/4");
    pass(31s);
    EXPECT_EQ(app->screen(), "attract");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_FALSE(saver.saved.front().complete);
}

TEST_F(TerminalTest, AnyTouchRestartsTheIdleTime) {
    tap("wake");
    pass(29s);
    app->touched();
    pass(29s);
    EXPECT_EQ(app->screen(), "asking");
}

TEST_F(TerminalTest, ShowsStaffTheTalliesBehindThePin) {
    tap_emblem();
    ASSERT_EQ(app->screen(), "pin");
    for (const char* digit : {"2", "4", "6", "8"})
        tap(std::string("pin/") + digit);
    tap("pin/enter");
    ASSERT_EQ(app->screen(), "tally");
    tap("periods");
    tap("period/month");
    ASSERT_EQ(reader.asked.size(), 2u);
    EXPECT_EQ(reader.asked[0].days.first, reader.asked[0].days.last);
    EXPECT_EQ(reader.asked[1].days.first, std::chrono::year{2026} / 9 / 1);
    tap("by");
    tap("by/officers");
    ASSERT_EQ(reader.asked.size(), 3u);
    EXPECT_EQ(reader.asked[2].of, TallyOf::officers);
    EXPECT_EQ(reader.asked[2].days.last, std::chrono::year{2026} / 8 / 31) << "a month that is over";
    tap("close");
    EXPECT_EQ(app->screen(), "attract");
}

TEST_F(TerminalTest, KeepsStaffOutWithAWrongPin) {
    tap_emblem();
    for (const char* digit : {"1", "1", "1", "1"})
        tap(std::string("pin/") + digit);
    tap("pin/enter");
    EXPECT_EQ(app->screen(), "pin");
}

TEST_F(TerminalTest, TakesNewContentOnlyBetweenVisits) {
    tap("wake");
    Content other{tests::sample_center(), tests::sample_questionnaire("WARD3")};
    reader.letters.emplace_back(ContentFound{other});
    settle();
    EXPECT_NO_FATAL_FAILURE(tap("answer/5")) << "the visit goes on with the questionnaire it began with";
    tap("officer/none");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_EQ(saver.saved.front().questionnaire.id, survey::QuestionnaireId{"WARD5"});
    pass(5s);
    tap("wake");
    tap("answer/3");
    tap("officer/none");
    ASSERT_EQ(saver.saved.size(), 2u);
    EXPECT_EQ(saver.saved.back().questionnaire.id, survey::QuestionnaireId{"WARD3"});
}

TEST_F(TerminalTest, GoesOnWithTheLastGoodContentWhenTheNewIsBroken) {
    reader.letters.emplace_back(ContentFound{unexpected(std::string("broken"))});
    settle();
    tap("wake");
    tap("answer/5");
    tap("officer/none");
    EXPECT_EQ(saver.saved.size(), 1u);
}

TEST_F(TerminalTest, WritesTheServersClockIntoTheRecord) {
    reader.letters.emplace_back(ServerOffsetRead{survey::milliseconds{-1500}});
    settle();
    tap("wake");
    tap("answer/5");
    tap("officer/none");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_EQ(saver.saved.front().server_offset, survey::milliseconds{-1500});
}

TEST_F(TerminalTest, StandsStillWhenNothingHappens) {
    EXPECT_EQ(settle(), 0);
    EXPECT_FALSE(app->next_deadline());
    clock.pass(1h);
    EXPECT_EQ(settle(), 0);
}

TEST_F(TerminalTest, SaysOnTheGlassWhatTheDiskCannotDoBeforeAnybodyCame) {
    const glass::Image well = picture();
    std::vector<glass::Image> seen{well};
    for (const StoreErrorKind kind : {StoreErrorKind::full, StoreErrorKind::read_only, StoreErrorKind::io}) {
        saver.refusing = StoreError{kind, "what", "remedy"};
        EXPECT_GT(settle(), 0) << "the picture changes by itself";
        for (const glass::Image& other : seen)
            EXPECT_NE(picture(), other) << name(kind);
        seen.push_back(picture());
    }
    tap("wake");
    EXPECT_EQ(app->screen(), "asking") << "visits go on";
    saver.refusing.reset();
}

TEST_F(TerminalTest, StaysCalmWhileTheDiskIsOnlyBusy) {
    const glass::Image well = picture();
    saver.refusing = StoreError{StoreErrorKind::busy, "what", "remedy"};
    settle();
    EXPECT_EQ(picture(), well);
}

}  // namespace
}  // namespace hailong::kiosk
