// Tickets, free text, time, pranks: whole visits through the app with what is not a plain tap on an answer.
#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include "tests/kiosk/app/terminal.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::Began;

// ---- Tickets -------------------------------------------------------------------------------------------------------

class ScannerTest : public TerminalTest {};

TEST_F(ScannerTest, BeginsTheVisitWithTheTicketsCounter) {
    scan("DD-0042");
    ASSERT_EQ(screen(), "asking");
    tap_all({"answer/5", "officer/dd-01", "answer/5"});
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_EQ(saver.saved[0].context.began, Began::scanned);
    EXPECT_EQ(saver.saved[0].context.counter, survey::CounterId{"DD"});
    EXPECT_FALSE(saver.tickets[0].empty());
}

TEST_F(ScannerTest, NeverRefusesARatingForABadCode) {
    scan("079123456789 <?>");
    ASSERT_EQ(screen(), "asking");
    tap_all({"answer/5", "officer/none"});
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_EQ(saver.saved[0].context.began, Began::walk_up);
    EXPECT_EQ(saver.tickets[0], "");
}

TEST_F(ScannerTest, ClosesTheAccessibilityScreenAndGoesOnInIt) {
    tap_all({"accessibility", "accessibility/text/large"});
    scan("TP-7");
    EXPECT_EQ(screen(), "asking");
    EXPECT_EQ(app->layout_options().text, TextSize::large);
}

TEST_F(ScannerTest, IsNotHeardOnTheStaffsScreens) {
    tap_emblem();
    scan("TP-7");
    EXPECT_EQ(screen(), "pin");
    EXPECT_EQ(app->visit().phase, Phase::attract);
}

TEST_F(ScannerTest, IsNotHeardWhileOutOfOrder) {
    saver.more_waiting = kUnsavedMax;
    settle();
    scan("TP-7");
    EXPECT_EQ(screen(), "attract");
    saver.more_waiting = 0;
}

TEST_F(TerminalTest, OutOfOrderChangesItsLanguageAndBeginsNothing) {
    saver.more_waiting = kUnsavedMax;
    settle();
    tap("language/en");
    EXPECT_EQ(screen(), "attract");
    EXPECT_EQ(app->language(), survey::Language::en);
    pass(60s);
    EXPECT_EQ(app->language(), survey::Language::vi);
    saver.more_waiting = 0;
}

// ---- Free text
// ---------------------------------------------------------------------------------------------------------

class FreeTextTest : public TerminalTest {
  protected:
    FreeTextTest() {
        AppSetup setup = sample_setup("WARD5.2");
        setup.content.feedback = tests::sample_questionnaire("FEEDBACK.2");
        start(std::move(setup));
    }
    void give_key() {
        reader.letters.emplace_back(TextKeyRead{true});
        settle();
    }
    void type(const std::vector<std::string>& keys) {
        for (const std::string& one : keys)
            ASSERT_NO_FATAL_FAILURE(tap("key/" + one));
    }
};

TEST_F(FreeTextTest, AreAskedOfTheDissatisfiedAndGivenToBeSealed) {
    give_key();
    tap_all({"wake", "answer/2", "officer/none", "option/wait", "continue"});
    ASSERT_EQ(app->visit().item, survey::ItemId{"comment"});
    type({"c", "h", "o", "tone/grave", "space", "l", "a", "tone/hook"});
    ASSERT_NE(draft(app->visit()), nullptr);
    EXPECT_EQ(draft(app->visit())->text, "Chò lả") << "tones by their keys, a capital at the beginning";
    tap("text_entry/done");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_TRUE(saver.saved[0].complete);
    EXPECT_EQ(saver.texts[0], (std::vector<FreeText>{{survey::ItemId{"comment"}, "Chò lả"}}));
    EXPECT_TRUE(saver.saved[0].flags.empty()) << "typing is no mashing";
}

TEST_F(FreeTextTest, AreNotAskedOfTheSatisfied) {
    give_key();
    tap_all({"wake", "answer/5", "officer/none"});
    EXPECT_EQ(screen(), "thanks");
}

TEST_F(FreeTextTest, AreNeverAskedForWithoutAKeyToSealThem) {
    EXPECT_FALSE(has("feedback"));
    tap_all({"wake", "answer/2", "officer/none", "option/wait", "continue"});
    EXPECT_EQ(screen(), "thanks");
    EXPECT_FALSE(has("feedback"));
}

TEST_F(FreeTextTest, AreAskedToTheEndWhenTheKeyGoesInBetween) {
    give_key();
    tap_all({"feedback", "answer/suggest"});
    type({"t"});
    tap_all({"text_entry/done", "answer/phone"});
    reader.letters.emplace_back(TextKeyRead{false});
    tap("answer/agree");
    EXPECT_EQ(app->visit().item, survey::ItemId{"f_phone"}) << "what the form needs is still asked";
    pass(31s);
    EXPECT_EQ(screen(), "attract");
    EXPECT_FALSE(has("feedback")) << "from the next visit on";
}

TEST_F(FreeTextTest, StayWhileTheAccessibilityScreenIsOpen) {
    give_key();
    tap_all({"wake", "answer/2", "officer/none", "skip"});
    type({"h", "a", "y"});
    tap_all({"accessibility", "accessibility/contrast", "accessibility/close"});
    ASSERT_NE(draft(app->visit()), nullptr);
    EXPECT_EQ(draft(app->visit())->text, "Hay");
}

TEST_F(FreeTextTest, KeepTheVisitAwake) {
    give_key();
    tap_all({"wake", "answer/2", "officer/none", "skip"});
    for (int i = 0; i < 5; ++i) {
        pass(18s);
        ASSERT_NO_FATAL_FAILURE(tap("key/a"));
    }
    EXPECT_EQ(screen(), "asking");
}

TEST_F(FreeTextTest, ComeAsFeedbackFromTheInvitationWithConsentAndPhone) {
    give_key();
    tap_all({"feedback", "answer/suggest"});
    type({"t", "o", "t"});
    tap_all({"text_entry/done", "answer/phone", "answer/agree"});
    type({"0", "9", "1", "2", "3", "4", "5", "6", "7", "8"});
    tap("text_entry/done");
    EXPECT_EQ(screen(), "thanks");
    EXPECT_FALSE(has("feedback")) << "once is enough";
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_EQ(saver.saved[0].questionnaire.id, survey::QuestionnaireId{"FEEDBACK"});
    EXPECT_EQ(saver.texts[0].back(), (FreeText{survey::ItemId{"f_phone"}, "0912345678"}));
}

TEST_F(FreeTextTest, AskForNoContactWithoutConsent) {
    give_key();
    tap_all({"feedback", "answer/suggest"});
    type({"t"});
    tap_all({"text_entry/done", "answer/phone"});
    EXPECT_FALSE(has("skip")) << "consent is required by a condition";
    tap("answer/disagree");
    EXPECT_EQ(screen(), "thanks");
    ASSERT_EQ(saver.texts.size(), 1u);
    EXPECT_EQ(saver.texts[0].size(), 1u);
}

TEST_F(FreeTextTest, ComeAsFeedbackAfterTheThanksTiedToNoTicket) {
    give_key();
    scan("TP-7");
    tap_all({"answer/5", "officer/none", "feedback", "answer/praise"});
    type({"o", "k"});
    tap_all({"text_entry/done", "answer/no"});
    ASSERT_EQ(saver.saved.size(), 2u);
    EXPECT_FALSE(saver.tickets[0].empty());
    EXPECT_EQ(saver.tickets[1], "");
    EXPECT_NE(saver.saved[0].id, saver.saved[1].id);
    EXPECT_EQ(saver.saved[1].context.began, Began::walk_up);
}

TEST_F(FreeTextTest, AreForgottenWithTheVisitWhenTheyWereNotSent) {
    give_key();
    tap_all({"wake", "answer/2", "officer/none", "skip"});
    type({"h", "a", "y"});
    pass(31s);
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_TRUE(saver.texts[0].empty());
    EXPECT_TRUE(app->visit().drafts.empty());
}

// ---- Time ----------------------------------------------------------------------------------------------------------

TEST_F(TerminalTest, GivesMoreTimeToWhoAsksAtTheCountdown) {
    tap_all({"wake", "answer/4"});
    pass(21s);
    tap("more_time");
    EXPECT_TRUE(app->visit().more_time);
    EXPECT_FALSE(has("more_time"));
    pass(100s);
    EXPECT_EQ(screen(), "asking");
    EXPECT_TRUE(has("more_time"));
    pass(20s);
    EXPECT_EQ(screen(), "attract");
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_FALSE(saver.saved[0].complete);
    tap("wake");
    EXPECT_FALSE(app->visit().more_time);
}

TEST_F(TerminalTest, TakesTheCountdownAwayAfterATouchBesideItsButton) {
    tap("wake");
    pass(21s);
    ASSERT_TRUE(has("more_time"));
    touch_at(2, 2);
    EXPECT_EQ(app->next_deadline(), clock.monotonic() + kTouchHeld);
    pass(kTouchHeld);
    EXPECT_FALSE(has("more_time"));
    EXPECT_FALSE(app->visit().more_time);
    pass(30s - kTouchHeld);
    EXPECT_EQ(screen(), "attract");
}

TEST_F(TerminalTest, GivesMoreTimeByKeypad) {
    tap("wake");
    pass(21s);
    for (int i = 0; i < 30 && !app->visit().more_time; ++i) {
        input(NavKey::next);
        if (app->focus() == "more_time") key(NavKey::press);
    }
    EXPECT_TRUE(app->visit().more_time);
}

// ---- Pranks --------------------------------------------------------------------------------------------------------

TEST_F(TerminalTest, FlagsMashingAndDropsNothing) {
    tap("wake");
    for (int i = 0; i < 8; ++i) {
        clock.pass(100ms);
        touch_at(3, 3);
    }
    tap_all({"answer/5", "officer/none"});
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_TRUE(saver.saved[0].complete);
    EXPECT_EQ(saver.saved[0].flags, std::vector<std::string>{std::string(kFlagMashing)});
}

TEST_F(TerminalTest, CountsNoPressOnTheAccessibilityScreenAsMashing) {
    tap_all({"wake", "accessibility"});
    for (int i = 0; i < 8; ++i) {
        clock.pass(100ms);
        touch_at(3, 3);
    }
    tap_all({"accessibility/close", "answer/5", "officer/none"});
    ASSERT_EQ(saver.saved.size(), 1u);
    EXPECT_TRUE(saver.saved[0].flags.empty());
}

// ---- Staff's tools -------------------------------------------------------------------------------------------------

class ToolsTest : public TerminalTest {
  protected:
    [[nodiscard]] bool has_banner() const { return says(text("training.banner")); }
    void begin_training() {
        ASSERT_NO_FATAL_FAILURE(open_tools());
        ASSERT_NO_FATAL_FAILURE(tap("tools/training"));
        ASSERT_EQ(screen(), "attract");
    }
};

TEST_F(ToolsTest, TrainingKeepsNothingAndSaysSoOnEveryScreen) {
    EXPECT_FALSE(has_banner());
    begin_training();
    EXPECT_TRUE(has_banner());
    tap("accessibility");
    EXPECT_TRUE(has_banner());
    tap("accessibility/close");
    for (const char* name : {"wake", "answer/2", "officer/tp-01", "answer/5", "option/wait", "continue"}) {
        tap(name);
        EXPECT_TRUE(has_banner()) << name;
    }
    EXPECT_EQ(screen(), "thanks");
    tap("done");
    EXPECT_TRUE(saver.saved.empty());
    tap_all({"wake", "answer/5"});
    pass(31s);
    EXPECT_TRUE(saver.saved.empty()) << "nor half a visit";
    tap_emblem();
    EXPECT_TRUE(has_banner());
}

TEST_F(ToolsTest, TrainingEndsAfterAQuarterOfAnHourOfNobody) {
    begin_training();
    pass(kTrainingIdle - 1s);
    EXPECT_TRUE(has_banner());
    EXPECT_EQ(app->next_deadline(), clock.monotonic() + 1s);
    pass(1s);
    EXPECT_FALSE(has_banner());
    tap_all({"wake", "answer/5", "officer/none"});
    EXPECT_EQ(saver.saved.size(), 1u);
}

TEST_F(ToolsTest, AVisitBegunInTrainingStaysOneWhenTrainingEnds) {
    AppSetup setup = sample_setup();
    setup.timing.idle = kTrainingIdle + 60s;
    start(std::move(setup));
    begin_training();
    tap_all({"wake", "answer/5"});
    pass(kTrainingIdle);
    ASSERT_EQ(screen(), "asking");
    EXPECT_TRUE(has_banner());
    tap("officer/none");
    EXPECT_EQ(screen(), "thanks");
    EXPECT_TRUE(saver.saved.empty());
    tap("done");
    EXPECT_FALSE(has_banner());
}

TEST_F(ToolsTest, TrainingIsEndedByTheStaff) {
    begin_training();
    open_tools();
    tap_all({"tools/training", "close"});
    EXPECT_FALSE(has_banner());
    tap_all({"wake", "answer/5", "officer/none"});
    EXPECT_EQ(saver.saved.size(), 1u);
}

TEST_F(ToolsTest, CleaningTakesNoTapForAMinute) {
    open_tools();
    tap("tools/cleaning");
    ASSERT_EQ(screen(), "cleaning");
    EXPECT_TRUE(traces().targets.empty());
    for (int i = 1; i < 60; ++i) {
        const auto due = app->next_deadline();
        ASSERT_TRUE(due);
        EXPECT_EQ(*due - clock.monotonic(), 1s) << "the seconds are counted down";
        pass(*due - clock.monotonic());
        touch_at(500, 900);
        input(NavKey::press);
        input(Scan{"TP-7"});
        ASSERT_EQ(screen(), "cleaning");
    }
    pass(1s);
    EXPECT_EQ(screen(), "attract");
    EXPECT_EQ(app->visit().visit_number, 0u);
}

TEST_F(ToolsTest, CloseNeedsASecondTap) {
    open_tools();
    tap("tools/close");
    EXPECT_FALSE(app->close_requested());
    tap("tools/close/confirm");
    EXPECT_TRUE(app->close_requested());
}

TEST_F(ToolsTest, TellWhatIsMissingOrBroken) {
    AppSetup setup = sample_setup();
    setup.notices = {"notice.font", "notice.texts"};
    start(std::move(setup));
    voice.wrong = VoiceTrouble{VoiceTroubleKind::no_sound, "no card", "plug one in"};
    enter_pin();
    tap("tab/device");
    std::string all;
    for (int page = 0; page < 9; ++page) {
        for (const std::string& line : traces().spoken)
            all += line + '\n';
        if (!has("page/next")) break;
        tap("page/next");
    }
    for (const char* key : {"notice.font", "notice.texts", "voice.no_sound"})
        EXPECT_NE(all.find(text(key)), std::string::npos) << key;
}

}  // namespace
}  // namespace hailong::kiosk
