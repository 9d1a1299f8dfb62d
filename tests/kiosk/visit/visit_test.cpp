#include "kiosk/visit/visit.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using namespace std::chrono_literals;
using survey::CounterId;
using survey::ItemId;
using survey::Language;
using survey::OfficerId;
using tests::sample_center;
using tests::sample_questionnaire;

/// Drives one terminal through events; time passes only when told.
class Glass {
  public:
    explicit Glass(VisitSetup setup) : setup_(std::move(setup)), state_(initial_state(setup_)) {}

    Glass& after(milliseconds time) {
        clock_.pass(time);
        return *this;
    }
    Glass& does(const VisitEvent& event) {
        VisitNow now{clock_.mono, clock_.utc, std::nullopt, survey::make_uuid7(clock_.utc, {0, ++ids_})};
        VisitStep step = advance(setup_, state_, event, now);
        state_ = std::move(step.state);
        for (VisitEffect& effect : step.effects) {
            auto& save = std::get<SaveResponse>(effect);
            saved.push_back(std::move(save.response));
            texts.push_back(std::move(save.texts));
            tickets.push_back(std::move(save.ticket));
        }
        return *this;
    }
    /// One second later, so that the question had time to be read.
    Glass& then(const VisitEvent& event) { return after(1s).does(event); }
    Glass& answers(const char* item, const char* value) { return then(AnswerChosen{ItemId{item}, value}); }

    [[nodiscard]] const VisitState& state() const { return state_; }
    [[nodiscard]] const VisitSetup& setup() const { return setup_; }
    [[nodiscard]] MonoTime now() const { return clock_.mono; }

    /// A finger that comes down and leaves again, at one place.
    Glass& taps() { return does(Pressed{100, 100}).after(50ms).does(Released{100, 100}); }
    /// The last response reached the disk.
    Glass& is_saved() { return does(Saved{saved.back().id}); }

    std::vector<survey::Response> saved;
    std::vector<std::vector<FreeText>> texts;  // of each response
    std::vector<std::string> tickets;          // of each response

  private:
    VisitSetup setup_;
    VisitState state_;
    tests::FakeClock clock_;
    std::uint8_t ids_ = 0;
};

VisitSetup at_counter(const char* questionnaire = "WARD5") {
    VisitSetup setup;
    setup.questionnaire = sample_questionnaire(questionnaire);
    setup.center = sample_center();
    setup.fixed_counter = CounterId{"TP"};
    setup.boot_id = "boot-1";
    return setup;
}

VisitSetup in_hall() {
    VisitSetup setup = at_counter();
    setup.fixed_counter = {};
    return setup;
}

TEST(Visit, StartsWithATouchThatDoesNotVote) {
    Glass glass(at_counter());
    glass.then(Woken{});
    EXPECT_EQ(glass.state().phase, Phase::asking);
    EXPECT_EQ(glass.state().item, ItemId{"overall"});
    EXPECT_TRUE(glass.state().answers.empty());
}

TEST(Visit, SavesACompleteSatisfiedVisitInThreeTaps) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "5").then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-02"}});
    glass.answers("o_all", "4");
    ASSERT_EQ(glass.saved.size(), 1u);
    const survey::Response& response = glass.saved.front();
    EXPECT_TRUE(response.complete);
    EXPECT_TRUE(response.flags.empty());
    EXPECT_EQ(response.context.counter, CounterId{"TP"});
    EXPECT_EQ(response.context.officer, OfficerId{"tp-02"});
    EXPECT_EQ(response.answers,
              (std::vector<survey::Answer>{{ItemId{"overall"}, {"5"}, {}}, {ItemId{"o_all"}, {"4"}, {}}}));
    EXPECT_TRUE(validate(response, glass.setup().questionnaire).empty());
    EXPECT_EQ(glass.state().phase, Phase::saving);
}

TEST(Visit, ThanksOnlyAfterTheResponseIsSaved) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "5");
    EXPECT_EQ(glass.state().phase, Phase::saving);
    glass.does(Saved{glass.saved.front().id});
    EXPECT_EQ(glass.state().phase, Phase::thanks);
    glass.after(glass.setup().timing.thanks).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
}

TEST(Visit, SaysSoWhenSavingFailsAndThanksWhenItSucceedsLater) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "5");
    glass.does(SaveFailed{glass.saved.front().id});
    EXPECT_EQ(glass.state().phase, Phase::not_saved);
    glass.does(Saved{glass.saved.front().id});
    EXPECT_EQ(glass.state().phase, Phase::thanks);
}

TEST(Visit, SaysSoWhenSavingTakesTooLong) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "5");
    glass.after(glass.setup().timing.saving).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::not_saved);
}

TEST(Visit, IgnoresOutcomesOfAnotherVisit) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "5").does(Saved{survey::Uuid{}});
    EXPECT_EQ(glass.state().phase, Phase::saving);
}

TEST(Visit, AsksForReasonsOnlyWhenNotSatisfied) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "3");
    ASSERT_EQ(glass.state().item, ItemId{"reason"});
    glass.then(OptionToggled{ItemId{"reason"}, "wait"}).then(OptionToggled{ItemId{"reason"}, "fee"});
    glass.then(OptionToggled{ItemId{"reason"}, "wait"}).then(ChoicesDone{ItemId{"reason"}});
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_EQ(glass.saved.front().answers.back().values, std::vector<std::string>{"fee"});
}

TEST(Visit, TakesASecondQuickTapForNothing) {
    Glass glass(at_counter("WARD3"));
    glass.then(Woken{}).answers("overall", "3");
    const VisitState before = glass.state();
    glass.after(50ms).does(AnswerChosen{ItemId{"overall"}, "1"});
    EXPECT_EQ(glass.state().answers, before.answers);
    EXPECT_EQ(glass.state().item, before.item);
}

TEST(Visit, IgnoresAnAnswerToAnotherQuestionHoweverLate) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "5").then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-01"}});
    ASSERT_EQ(glass.state().item, ItemId{"o_all"});
    glass.answers("overall", "1");
    EXPECT_EQ(glass.state().item, ItemId{"o_all"});
    EXPECT_EQ(glass.state().answers.front().values, std::vector<std::string>{"5"});
}

TEST(Visit, IgnoresATapSoonerThanAQuestionCanBeRead) {
    Glass glass(at_counter("WARD5"));
    glass.then(Woken{}).after(200ms).does(AnswerChosen{ItemId{"overall"}, "1"});
    EXPECT_TRUE(glass.state().answers.empty());
    glass.after(200ms).does(AnswerChosen{ItemId{"overall"}, "1"});
    EXPECT_EQ(glass.state().answers.size(), 1u);
}

TEST(Visit, IgnoresAnAnswerThatIsNoOption) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "6");
    EXPECT_EQ(glass.state().item, ItemId{"overall"});
}

TEST(Visit, AsksForTheCounterOnlyInTheHall) {
    Glass hall(in_hall());
    hall.then(Woken{}).answers("overall", "5");
    ASSERT_EQ(hall.state().item, ItemId{"counter"});
    hall.then(CounterChosen{ItemId{"counter"}, CounterId{"CA"}});
    ASSERT_EQ(hall.state().item, ItemId{"officer"});
    for (const survey::Officer* officer : officers_offered(hall.setup(), hall.state())) {
        EXPECT_EQ(officer->counter, CounterId{"CA"});
    }
    Glass counter(at_counter());
    counter.then(Woken{}).answers("overall", "5");
    EXPECT_EQ(counter.state().item, ItemId{"officer"});
}

TEST(Visit, LearnsTheCounterFromTheOfficer) {
    Glass glass(in_hall());
    glass.then(Woken{}).answers("overall", "5").then(CounterChosen{ItemId{"counter"}, {}});
    EXPECT_EQ(officers_offered(glass.setup(), glass.state()).size(), 24u);
    glass.then(OfficerChosen{ItemId{"officer"}, OfficerId{"dd-01"}});
    EXPECT_EQ(glass.state().context.counter, CounterId{"DD"});
}

TEST(Visit, SkipsTheOfficersRatingWhenNoneIsRemembered) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "5").then(OfficerChosen{ItemId{"officer"}, {}});
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_TRUE(glass.saved.front().complete);
    EXPECT_TRUE(glass.saved.front().context.officer.empty());
}

TEST(Visit, TurnsTheOrderOfOfficersFromVisitToVisit) {
    Glass glass(at_counter());
    std::set<std::string> first_cards;
    for (int visit = 0; visit < 3; ++visit) {
        glass.then(Woken{}).answers("overall", "5");
        first_cards.insert(officers_offered(glass.setup(), glass.state()).front()->id.text);
        glass.then(Ended{}).does(Saved{glass.saved.back().id}).after(5s).does(Ticked{});
    }
    EXPECT_EQ(first_cards.size(), 3u);
}

TEST(Visit, OffersOnlyActiveOfficers) {
    VisitSetup setup = at_counter();
    for (survey::Officer& officer : setup.center.officers)
        officer.active = officer.id.text != "tp-01";
    Glass glass(setup);
    glass.then(Woken{}).answers("overall", "5");
    EXPECT_EQ(officers_offered(glass.setup(), glass.state()).size(), 2u);
    glass.then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-01"}});
    EXPECT_EQ(glass.state().item, ItemId{"officer"});
}

TEST(Visit, LeavesOutTheOfficerWhenTheCounterHasNone) {
    VisitSetup setup = at_counter();
    setup.center.officers.clear();
    Glass glass(setup);
    glass.then(Woken{}).answers("overall", "5");
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_TRUE(glass.saved.front().complete);
}

TEST(Visit, DoesNotSkipARequiredItem) {
    Glass glass(at_counter());
    glass.then(Woken{}).then(Skipped{ItemId{"overall"}});
    EXPECT_EQ(glass.state().item, ItemId{"overall"});
}

TEST(Visit, ForgetsWhatAnEarlierAnswerNoLongerAsksFor) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "1").then(OptionToggled{ItemId{"reason"}, "wait"});
    glass.then(BackTapped{}).answers("overall", "5");
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_EQ(glass.saved.front().answers.size(), 1u);

    Glass other(at_counter());
    other.then(Woken{}).answers("overall", "1").then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-01"}});
    other.answers("o_all", "2").then(OptionToggled{ItemId{"reason"}, "wait"}).then(ChoicesDone{ItemId{"reason"}});
    for (int back = 0; back < 4; ++back)
        other.then(BackTapped{});
    ASSERT_EQ(other.state().item, ItemId{"overall"});
    other.answers("overall", "5").then(Ended{});
    ASSERT_EQ(other.saved.size(), 1u);
    EXPECT_EQ(answer_to(other.saved.front().answers, ItemId{"reason"}), nullptr);
}

TEST(Visit, NeverKeepsOneOfficersRatingForAnother) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "2").then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-01"}});
    glass.answers("o_all", "1").then(BackTapped{}).then(BackTapped{});
    ASSERT_EQ(glass.state().item, ItemId{"officer"});
    glass.then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-02"}}).after(31s).does(Ticked{});
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_EQ(answer_to(glass.saved.front().answers, ItemId{"o_all"}), nullptr);
}

TEST(Visit, ShowsWhatWasTickedWhenGoingBack) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "1").then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-01"}});
    glass.answers("o_all", "2").then(OptionToggled{ItemId{"reason"}, "wait"}).then(ChoicesDone{ItemId{"reason"}});
    ASSERT_EQ(glass.state().item, ItemId{"o_reason"});
    glass.then(BackTapped{});
    EXPECT_EQ(glass.state().item, ItemId{"reason"});
    EXPECT_EQ(glass.state().chosen, std::vector<std::string>{"wait"});
}

TEST(Visit, KeepsAHalfFinishedVisitAsPartialWhenTimeIsUp) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "4").after(29'999ms).does(Ticked{});
    EXPECT_TRUE(glass.saved.empty());
    glass.after(1ms).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_FALSE(glass.saved.front().complete);
    EXPECT_EQ(glass.saved.front().answers.size(), 1u);
}

TEST(Visit, KeepsAHalfFinishedVisitAsPartialWhenTheTerminalEnds) {
    Glass glass(at_counter());
    glass.then(Woken{}).does(TerminalEnds{});
    EXPECT_TRUE(glass.saved.empty()) << "nothing was answered";
    glass.then(Woken{}).answers("overall", "4").does(TerminalEnds{}).does(TerminalEnds{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_FALSE(glass.saved.front().complete);
    EXPECT_EQ(glass.saved.front().answers.size(), 1u);
    glass.then(Woken{}).answers("overall", "2").then(Ended{}).does(TerminalEnds{});
    EXPECT_EQ(glass.saved.size(), 2u) << "what is being saved is saved once";
}

TEST(Visit, SavesNothingWhenNothingWasAnswered) {
    Glass glass(at_counter());
    glass.then(Woken{}).after(30s).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
    EXPECT_TRUE(glass.saved.empty());
    glass.then(Woken{}).then(Ended{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
    EXPECT_TRUE(glass.saved.empty());
}

TEST(Visit, CountsDownVisiblyAndStartsOverWithATouch) {
    Glass glass(at_counter());
    glass.then(Woken{}).after(19'999ms);
    EXPECT_FALSE(countdown_seconds(glass.setup(), glass.state(), glass.now()));
    glass.after(1ms);
    EXPECT_EQ(countdown_seconds(glass.setup(), glass.state(), glass.now()), 10);
    glass.after(9'500ms);
    EXPECT_EQ(countdown_seconds(glass.setup(), glass.state(), glass.now()), 1);
    glass.does(Touched{});
    EXPECT_FALSE(countdown_seconds(glass.setup(), glass.state(), glass.now()));
}

TEST(Visit, WakesTheLoopExactlyWhenTheCountdownChanges) {
    Glass glass(at_counter());
    glass.then(Woken{});
    std::vector<int> shown;
    for (int i = 0; i < 12; ++i) {
        const auto due = next_deadline(glass.setup(), glass.state(), glass.now());
        ASSERT_TRUE(due.has_value());
        ASSERT_GT(*due, glass.now());
        glass.after(*due - glass.now()).does(Ticked{});
        const auto seconds = countdown_seconds(glass.setup(), glass.state(), glass.now());
        if (!seconds) break;
        shown.push_back(*seconds);
    }
    EXPECT_EQ(shown, (std::vector<int>{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}));
    EXPECT_EQ(glass.state().phase, Phase::attract);
}

TEST(Visit, ReturnsToItsOwnLanguageForTheNextVisitor) {
    Glass glass(at_counter("QUICK5"));
    glass.then(LanguageChosen{Language::en});
    EXPECT_EQ(glass.state().phase, Phase::asking);
    EXPECT_EQ(glass.state().language, Language::en);
    glass.answers("overall", "5").does(Saved{glass.saved.front().id}).after(4s).does(Ticked{});
    EXPECT_EQ(glass.saved.front().language, Language::en);
    EXPECT_EQ(glass.state().language, Language::vi);
}

TEST(Visit, FlagsAVisitTooFastToBeMeant) {
    VisitSetup setup = at_counter("QUICK5");
    Glass glass(setup);
    glass.then(Woken{}).after(400ms).does(AnswerChosen{ItemId{"overall"}, "5"});
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_EQ(glass.saved.front().flags, std::vector<std::string>{"too_fast"});
}

TEST(Visit, DoesNotLetADoubleTapCloseTheThanks) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "5").does(Saved{glass.saved.front().id});
    glass.after(100ms).does(Touched{});
    EXPECT_EQ(glass.state().phase, Phase::thanks);
    glass.then(Touched{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
}

TEST(Visit, TellsWhatAnAnswerAsksForAndGivesTimeToReadIt) {
    Glass glass(at_counter());
    glass.then(LanguageChosen{Language::en}).answers("overall", "5");
    glass.then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-01"}}).answers("o_all", "1");
    glass.then(OptionToggled{ItemId{"o_reason"}, "harass"}).then(ChoicesDone{ItemId{"o_reason"}});
    EXPECT_NE(advice(glass.setup(), glass.state()).find("comments and petitions desk"), std::string::npos);
    glass.does(Saved{glass.saved.front().id}).after(glass.setup().timing.thanks).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::thanks);
    glass.after(glass.setup().timing.advice).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
}

TEST(Visit, FollowsAnotherQuestionnaireWithoutAnyChange) {
    Glass glass(at_counter("QUICK3"));
    glass.then(Woken{}).answers("overall", "3").answers("convenience", "2").then(Skipped{ItemId{"on_time"}});
    glass.answers("attitude", "1");
    ASSERT_EQ(glass.saved.size(), 1u);
    EXPECT_TRUE(validate(glass.saved.front(), glass.setup().questionnaire).empty());
    EXPECT_EQ(glass.saved.front().answers.size(), 3u);
}

TEST(Visit, StopsAtTheLargestNumberOfChoices) {
    VisitSetup setup = at_counter("SIPAS_LIKE");
    Glass glass(setup);
    glass.then(Woken{});
    while (glass.state().item != ItemId{"s_need"}) {
        const ItemId item = glass.state().item;
        if (item == ItemId{"s_all"}) {
            glass.answers("s_all", "4");
        } else {
            glass.then(Skipped{item});
        }
    }
    for (const char* value : {"info", "paper", "time", "skill"})
        glass.then(OptionToggled{ItemId{"s_need"}, value});
    EXPECT_EQ(glass.state().chosen, (std::vector<std::string>{"info", "paper", "time"}));
}

TEST(Visit, ShowsHowFarItGoes) {
    Glass glass(at_counter());
    glass.then(Woken{});
    EXPECT_EQ(progress(glass.setup(), glass.state()).step, 1);
    EXPECT_EQ(progress(glass.setup(), glass.state()).steps, 2);
    glass.answers("overall", "1").then(OfficerChosen{ItemId{"officer"}, OfficerId{"tp-01"}});
    EXPECT_EQ(progress(glass.setup(), glass.state()).step, 3);
    EXPECT_EQ(progress(glass.setup(), glass.state()).steps, 4);
}

TEST(CheckAskable, NamesRequiredWordsThatNeedAKeyboard) {
    const survey::Faults faults = check_askable(sample_questionnaire("FEEDBACK"));
    ASSERT_FALSE(faults.empty());
    EXPECT_EQ(faults.front().place, "items[1]");
    EXPECT_TRUE(check_askable(sample_questionnaire("TT01")).empty());
}

/// A form that asks one face and then, optionally, for text.
VisitSetup with_text(bool ask) {
    VisitSetup setup = at_counter();
    survey::Item comment;
    comment.id = ItemId{"comment"};
    comment.type = survey::ItemType::text;
    comment.text = {"Ý kiến khác?", "Anything else?"};
    comment.chars_max = 10;
    survey::Item face = *setup.questionnaire.item(ItemId{"overall"});
    survey::Item phone = comment;
    phone.id = ItemId{"phone"};
    phone.type = survey::ItemType::phone;
    setup.questionnaire.items = {face, comment, phone};
    setup.ask_text = ask;
    return setup;
}

TEST(Visit, AsksForNoWordsWithoutAKeyAndAScreen) {
    Glass glass(with_text(false));
    glass.then(Woken{}).answers("overall", "5");
    EXPECT_EQ(glass.state().phase, Phase::saving);
    ASSERT_EQ(glass.saved.size(), 1U);
}

TEST(Visit, HandsWordsOverBesideTheResponse) {
    const VisitSetup setup = with_text(true);
    VisitState state = initial_state(setup);
    tests::FakeClock clock;
    std::vector<VisitEffect> effects;
    const std::vector<VisitEvent> events{Woken{}, AnswerChosen{ItemId{"overall"}, "5"},
                                         TextGiven{ItemId{"comment"}, "Cảm ơn chị"},
                                         TextGiven{ItemId{"phone"}, "0901"}};
    for (const VisitEvent& event : events) {
        clock.pass(1s);
        VisitStep step = advance(setup, state, event, {clock.mono, clock.utc, std::nullopt, {}});
        state = std::move(step.state);
        effects = std::move(step.effects);
    }
    ASSERT_EQ(effects.size(), 1U);
    const auto& save = std::get<SaveResponse>(effects.front());
    EXPECT_EQ(save.texts, (std::vector{FreeText{ItemId{"comment"}, "Cảm ơn chị"}, FreeText{ItemId{"phone"}, "0901"}}));
    ASSERT_EQ(save.response.answers.size(), 3U);
    EXPECT_TRUE(save.response.answers[1].text);
    EXPECT_TRUE(save.response.answers[1].values.empty());
    EXPECT_TRUE(survey::validate(save.response, setup.questionnaire).empty());
}

/// The sample center with its feedback form, where text can be sealed.
VisitSetup with_feedback() {
    VisitSetup setup = at_counter("QUICK5");
    setup.feedback = sample_questionnaire("FEEDBACK.2");
    setup.ask_text = true;
    return setup;
}

TEST(Patience, GivesFourTimesTheTimeFromThenOn) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "4").after(25s).does(MoreTimeWanted{}).after(99'999ms);
    EXPECT_FALSE(countdown_seconds(glass.setup(), glass.state(), glass.now()));
    glass.after(1ms);
    EXPECT_EQ(countdown_seconds(glass.setup(), glass.state(), glass.now()), 20);
    glass.after(19'999ms).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::asking);
    glass.after(1ms).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
    EXPECT_EQ(glass.saved.size(), 1U);
    EXPECT_FALSE(glass.state().more_time) << "the next visitor begins as everybody";
}

TEST(Patience, HoldsForEveryClosingScreen) {
    VisitSetup setup = at_counter("QUICK5");
    const auto closes_after = [&](const VisitEvent& outcome_of_first, bool patient) {
        Glass glass(setup);
        glass.then(Woken{}).does(MoreTimeChosen{patient}).answers("overall", "5");
        if (std::holds_alternative<Saved>(outcome_of_first))
            glass.is_saved();
        else
            glass.does(SaveFailed{glass.saved.back().id});
        const MonoTime shown = glass.now();
        const auto due = next_deadline(glass.setup(), glass.state(), glass.now());
        glass.after(*due - glass.now() - 1ms).does(Ticked{});
        EXPECT_NE(glass.state().phase, Phase::attract);
        glass.after(1ms).does(Ticked{});
        EXPECT_EQ(glass.state().phase, Phase::attract);
        return glass.now() - shown;
    };
    EXPECT_EQ(closes_after(Saved{}, false), 4s);
    EXPECT_EQ(closes_after(Saved{}, true), 16s);
    EXPECT_EQ(closes_after(SaveFailed{}, false), 8s);
    EXPECT_EQ(closes_after(SaveFailed{}, true), 32s);
}

TEST(Patience, LeavesWhatIsNotAPersonsWait) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).does(MoreTimeWanted{}).after(400ms).does(AnswerChosen{ItemId{"overall"}, "5"});
    EXPECT_EQ(glass.state().phase, Phase::saving) << "a tap counts as soon as for everybody";
    glass.after(glass.setup().timing.saving).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::not_saved);
}

TEST(Patience, CanBeAskedForOnTheThanks) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).answers("overall", "5").is_saved().after(3s).does(MoreTimeWanted{}).after(15'999ms);
    glass.does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::thanks);
    glass.after(1ms).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
}

TEST(MoreTime, ChosenOnTheAttractScreenIsForTheVisitThatBeginsThere) {
    Glass glass(at_counter());
    glass.then(MoreTimeWanted{});
    EXPECT_FALSE(glass.state().more_time) << "no visit that could have more";
    glass.then(MoreTimeChosen{true}).then(Woken{}).after(119s).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::asking);
    glass.after(1s).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::attract);
    EXPECT_FALSE(glass.state().more_time) << "the next visitor begins as everybody";
}

TEST(MoreTime, IsEverybodysWhereTheCenterWantsIt) {
    Glass glass(at_counter());
    EXPECT_FALSE(glass.state().more_time);
    VisitSetup setup = at_counter();
    setup.more_time = true;
    Glass patient(setup);
    patient.then(Woken{}).after(119s).does(Ticked{});
    EXPECT_EQ(patient.state().phase, Phase::asking) << "where the center wants it for everybody";
    patient.does(MoreTimeChosen{false}).after(30s).does(Ticked{});
    EXPECT_EQ(patient.state().phase, Phase::attract);
}

TEST(Feedback, IsAskedOnlyWhereThereIsAFormAndAKey) {
    for (const bool key : {false, true}) {
        for (const bool form : {false, true}) {
            VisitSetup setup = with_feedback();
            setup.ask_text = key;
            if (!form) setup.feedback.reset();
            Glass glass(setup);
            EXPECT_EQ(can_give_feedback(glass.setup(), glass.state()), key && form);
            glass.then(FeedbackWanted{});
            EXPECT_EQ(glass.state().phase, key && form ? Phase::asking : Phase::attract);
        }
    }
}

TEST(Feedback, BeginsFromTheAttractScreenWithItsOwnQuestions) {
    Glass glass(with_feedback());
    glass.then(FeedbackWanted{});
    EXPECT_EQ(form(glass.setup(), glass.state()).ref.id, survey::QuestionnaireId{"FEEDBACK"});
    EXPECT_EQ(glass.state().item, ItemId{"f_type"});
    glass.answers("f_type", "suggest").then(TextGiven{ItemId{"f_text"}, "Thêm ghế chờ"}).answers("f_reply", "no");
    ASSERT_EQ(glass.saved.size(), 1U);
    const survey::Response& response = glass.saved.front();
    EXPECT_EQ(response.questionnaire, (survey::QuestionnaireRef{{"FEEDBACK"}, 2}));
    EXPECT_TRUE(response.complete);
    EXPECT_EQ(response.context.counter, CounterId{"TP"});
    EXPECT_TRUE(survey::validate(response, *glass.setup().feedback).empty());
    EXPECT_EQ(glass.texts.front(), (std::vector{FreeText{ItemId{"f_text"}, "Thêm ghế chờ"}}));
    glass.is_saved();
    EXPECT_EQ(glass.state().phase, Phase::thanks);
    EXPECT_FALSE(can_give_feedback(glass.setup(), glass.state())) << "not again and again";
}

TEST(Feedback, AfterARatingIsAResponseThatNothingTiesToIt) {
    VisitSetup setup = with_feedback();
    setup.questionnaire = sample_questionnaire("WARD5");
    setup.fixed_counter = {};
    Glass glass(setup);
    const Ticket ticket = parse_ticket("DD-7", setup.center);
    glass.then(TicketScanned{ticket}).then(LanguageChosen{Language::en}).answers("overall", "5");
    glass.then(OfficerChosen{ItemId{"officer"}, OfficerId{"dd-01"}}).answers("o_all", "5").is_saved();
    ASSERT_TRUE(can_give_feedback(glass.setup(), glass.state()));
    glass.then(FeedbackWanted{});
    EXPECT_EQ(glass.state().language, Language::en);
    glass.answers("f_type", "praise").then(Ended{});
    ASSERT_EQ(glass.saved.size(), 2U);
    const survey::Response& rating = glass.saved[0];
    const survey::Response& feedback = glass.saved[1];
    EXPECT_NE(feedback.id, rating.id);
    EXPECT_EQ(feedback.context.counter, CounterId{"DD"}) << "where it was is all that is taken along";
    EXPECT_TRUE(feedback.context.officer.empty());
    EXPECT_TRUE(feedback.context.procedure.empty());
    EXPECT_EQ(feedback.context.began, survey::Began::walk_up);
    EXPECT_EQ(feedback.answers, (std::vector<survey::Answer>{{ItemId{"f_type"}, {"praise"}, {}}}));
    EXPECT_EQ(feedback.flags, std::vector<std::string>{}) << "right after a rating is when people have more to say";
    EXPECT_FALSE(glass.tickets[0].empty());
    EXPECT_TRUE(glass.tickets[1].empty());
}

TEST(Feedback, IsTakenOnlyOnceTheThanksHadTimeToBeRead) {
    Glass glass(with_feedback());
    glass.then(Woken{}).answers("overall", "5").is_saved().after(200ms).does(FeedbackWanted{});
    EXPECT_EQ(glass.state().phase, Phase::thanks);
    glass.after(200ms).does(FeedbackWanted{});
    EXPECT_EQ(glass.state().phase, Phase::asking);
}

TEST(Feedback, TellsWhoComplainsFormallyWhereToGo) {
    Glass glass(with_feedback());
    glass.then(FeedbackWanted{}).answers("f_type", "denounce");
    ASSERT_EQ(glass.saved.size(), 1U) << "nothing more is asked";
    EXPECT_FALSE(advice(glass.setup(), glass.state()).empty());
    glass.is_saved().after(glass.setup().timing.thanks).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::thanks) << "there is time to read it";
}

TEST(Feedback, AsksForNoContactOfWhoDoesNotConsent) {
    Glass glass(with_feedback());
    glass.then(FeedbackWanted{}).answers("f_type", "conduct").then(TextGiven{ItemId{"f_text"}, "Chờ lâu"});
    glass.answers("f_reply", "phone");
    ASSERT_EQ(glass.state().item, ItemId{"f_consent"});
    EXPECT_TRUE(glass.state().chosen.empty()) << "never ticked beforehand";
    glass.answers("f_consent", "disagree");
    ASSERT_EQ(glass.saved.size(), 1U);
    EXPECT_TRUE(glass.saved.front().complete);
    EXPECT_TRUE(survey::validate(glass.saved.front(), *glass.setup().feedback).empty());
}

TEST(Feedback, DropsTheContactOfWhoTakesConsentBack) {
    Glass glass(with_feedback());
    glass.then(FeedbackWanted{}).answers("f_type", "conduct").then(TextGiven{ItemId{"f_text"}, "Chờ lâu"});
    glass.answers("f_reply", "formal").answers("f_consent", "agree").then(TextGiven{ItemId{"f_name"}, "Lê Thị Na"});
    glass.then(BackTapped{}).then(BackTapped{}).answers("f_consent", "disagree");
    ASSERT_EQ(glass.saved.size(), 1U);
    EXPECT_EQ(answer_to(glass.saved.front().answers, ItemId{"f_name"}), nullptr);
    EXPECT_EQ(glass.texts.front(), (std::vector{FreeText{ItemId{"f_text"}, "Chờ lâu"}}));
}

TEST(Visit, AsksNothingThatHangsOnAnAnswerNoLongerShown) {
    Glass glass(with_feedback());
    glass.then(FeedbackWanted{}).answers("f_type", "conduct").then(TextGiven{ItemId{"f_text"}, "Chờ lâu"});
    glass.answers("f_reply", "phone");
    for (int back = 0; back < 3; ++back)
        glass.then(BackTapped{});
    glass.answers("f_type", "complaint");
    EXPECT_EQ(glass.state().phase, Phase::saving) << "no consent is asked for a reply that is not offered";
    EXPECT_EQ(progress(glass.setup(), glass.state()).steps, 1);
}

TEST(TextFault, SaysWhyWordsCantBeGiven) {
    Glass glass(with_feedback());
    const auto fault = [&](const std::string& text) { return text_fault(glass.setup(), glass.state(), text); };
    glass.then(FeedbackWanted{}).answers("f_type", "conduct");
    EXPECT_EQ(fault(" \n "), TextFault::empty_required);
    EXPECT_EQ(fault(std::string(1'001, 'a')), TextFault::too_long);
    EXPECT_EQ(fault("  " + std::string(1'000, 'a') + "\n"), std::nullopt) << "blanks at the ends do not count";
    glass.then(TextGiven{ItemId{"f_text"}, "  "});
    EXPECT_EQ(glass.state().item, ItemId{"f_text"});
    glass.then(TextGiven{ItemId{"f_text"}, "Chờ lâu"}).answers("f_reply", "phone").answers("f_consent", "agree");
    ASSERT_EQ(glass.state().item, ItemId{"f_phone"});
    EXPECT_EQ(fault("0912345678"), std::nullopt);
    EXPECT_EQ(fault("091234567"), TextFault::pattern);
    EXPECT_EQ(fault("0912 345 678"), TextFault::pattern);
    EXPECT_EQ(fault("+84912345678"), TextFault::pattern);
    EXPECT_EQ(fault("091234567a"), TextFault::pattern);
    EXPECT_EQ(fault(std::string(21, '0')), TextFault::too_long);
    EXPECT_EQ(fault(""), TextFault::empty_required);
    glass.then(TextGiven{ItemId{"f_phone"}, "12345"});
    EXPECT_EQ(glass.state().item, ItemId{"f_phone"}) << "it stays until it is right or skipped";
    glass.then(TextGiven{ItemId{"f_phone"}, " 0912345678 "});
    ASSERT_EQ(glass.saved.size(), 1U);
    EXPECT_EQ(glass.texts.front().back(), (FreeText{ItemId{"f_phone"}, "0912345678"}));
}

TEST(TextFault, OfANumberGoesByDigitsAloneWithoutAPattern) {
    VisitSetup setup = with_text(true);
    Glass glass(setup);
    glass.then(Woken{}).answers("overall", "5").then(Skipped{ItemId{"comment"}});
    ASSERT_EQ(glass.state().item, ItemId{"phone"});
    EXPECT_EQ(text_fault(glass.setup(), glass.state(), "113"), std::nullopt);
    EXPECT_EQ(text_fault(glass.setup(), glass.state(), "một"), TextFault::pattern);
    EXPECT_EQ(text_fault(glass.setup(), glass.state(), ""), std::nullopt) << "it need not be answered";
}

/// At the feedback form's first item of text.
Glass at_text(VisitSetup setup = with_feedback()) {
    Glass glass(std::move(setup));
    glass.then(FeedbackWanted{}).answers("f_type", "suggest").after(1s);
    return glass;
}

void types(Glass& glass, const char* item, const char* keys) {
    for (const char* key = keys; *key != '\0'; ++key)
        glass.does(KeyPressed{ItemId{item}, CharacterKey{static_cast<char32_t>(*key)}}).after(200ms);
}

std::string written(const Glass& glass) {
    const Draft* now = draft(glass.state());
    return now == nullptr ? "no draft" : now->text;
}

TEST(Typing, WritesVietnameseIntoADraft) {
    Glass glass = at_text();
    EXPECT_EQ(written(glass), "");
    types(glass, "f_text", "ghees chowf");
    EXPECT_EQ(written(glass), "ghế chờ");
    glass.does(KeyPressed{ItemId{"f_text"}, EditKey::backspace});
    EXPECT_EQ(written(glass), "ghế ch");
    EXPECT_TRUE(glass.state().texts.empty()) << "nothing is given yet";
}

TEST(Typing, GoesByTheMethodChosenForThisVisit) {
    Glass glass = at_text();
    glass.does(MethodChosen{Method::vni});
    types(glass, "f_text", "ghe61");
    EXPECT_EQ(written(glass), "ghế");
    glass.then(Ended{}).is_saved().after(30s).does(Ticked{});
    ASSERT_EQ(glass.state().phase, Phase::attract);
    EXPECT_EQ(glass.state().method, glass.setup().method);
}

TEST(Typing, TakesAPhraseForWhatItStandsFor) {
    Glass glass = at_text();
    types(glass, "f_text", "cam on");
    glass.does(PhraseChosen{ItemId{"f_text"}, Suggestion{"Cảm ơn", 6}});
    EXPECT_EQ(written(glass), "Cảm ơn");
}

TEST(Typing, OfAnotherItemOrTooSoonIsIgnored) {
    Glass glass(with_feedback());
    glass.then(FeedbackWanted{});
    types(glass, "f_type", "a");
    EXPECT_EQ(written(glass), "no draft") << "this item takes no text";
    glass.answers("f_type", "suggest").does(KeyPressed{ItemId{"f_text"}, CharacterKey{U'a'}});
    EXPECT_EQ(written(glass), "") << "the finger was still on its way";
    glass.after(1s);
    types(glass, "f_phone", "0");
    glass.does(PhraseChosen{ItemId{"f_name"}, Suggestion{"Cảm ơn", 0}});
    EXPECT_EQ(written(glass), "");
}

TEST(Typing, KeepsTheVisitAwake) {
    Glass glass = at_text();
    for (int i = 0; i < 5; ++i)
        glass.after(29s).does(KeyPressed{ItemId{"f_text"}, CharacterKey{U'a'}}).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::asking);
}

TEST(Typing, StopsAtWhatTheItemTakes) {
    EXPECT_EQ(typing_rules(at_text().setup(), at_text().state()).chars_max, 1'000U);
    Glass glass = at_text();
    glass.then(TextGiven{ItemId{"f_text"}, std::string(1'000, 'b')}).then(BackTapped{}).after(1s);
    types(glass, "f_text", "c");
    EXPECT_EQ(written(glass), std::string(1'000, 'b'));
}

TEST(Typing, OfAPhoneNumberTakesDigitsAlone) {
    Glass glass(with_text(true));
    glass.then(Woken{}).answers("overall", "5").then(Skipped{ItemId{"comment"}}).after(1s);
    types(glass, "phone", "09a-1 2s+");
    glass.does(KeyPressed{ItemId{"phone"}, ToneKey{survey::Tone::acute}});
    glass.does(PhraseChosen{ItemId{"phone"}, Suggestion{"Cảm ơn", 0}});
    EXPECT_EQ(written(glass), "0912");
    glass.does(KeyPressed{ItemId{"phone"}, EditKey::backspace});
    EXPECT_EQ(written(glass), "091");
    types(glass, "phone", "0123456789012345678901234567890");
    EXPECT_EQ(written(glass).size(), kPhoneCharsMax);
}

TEST(Typing, ThatWasNotConfirmedIsNoAnswer) {
    Glass glass = at_text();
    types(glass, "f_text", "nghix laij");
    glass.after(30s).does(Ticked{});
    ASSERT_EQ(glass.saved.size(), 1U);
    EXPECT_FALSE(glass.saved.front().complete);
    EXPECT_EQ(answer_to(glass.saved.front().answers, ItemId{"f_text"}), nullptr);
    EXPECT_TRUE(glass.texts.front().empty());
    EXPECT_TRUE(glass.state().drafts.empty()) << "it goes with the visitor";
}

TEST(Typing, IsThereAgainWhenSomebodyGoesBack) {
    Glass glass = at_text();
    types(glass, "f_text", "hay");
    glass.then(BackTapped{}).answers("f_type", "praise").after(1s);
    EXPECT_EQ(written(glass), "hay") << "also what was not confirmed yet";
    glass.then(TextGiven{ItemId{"f_text"}, "rất hay "}).then(BackTapped{}).after(1s);
    ASSERT_EQ(glass.state().item, ItemId{"f_text"});
    EXPECT_EQ(written(glass), "rất hay");
    types(glass, "f_text", "!");
    glass.then(TextGiven{ItemId{"f_text"}, written(glass)}).answers("f_reply", "no");
    EXPECT_EQ(glass.texts.front(), (std::vector{FreeText{ItemId{"f_text"}, "rất hay!"}}));
}

TEST(Typing, ThatWasSkippedIsForgotten) {
    Glass glass(with_text(true));
    glass.then(Woken{}).answers("overall", "5").after(1s);
    types(glass, "comment", "hay");
    glass.then(Skipped{ItemId{"comment"}}).then(BackTapped{});
    EXPECT_EQ(written(glass), "");
}

TEST(Typing, OfTheRatingIsNotThereInTheFeedback) {
    VisitSetup setup = with_text(true);
    setup.feedback = sample_questionnaire("FEEDBACK.2");
    setup.feedback->items[1].id = ItemId{"comment"};
    Glass glass(setup);
    glass.then(Woken{}).answers("overall", "5").then(TextGiven{ItemId{"comment"}, "hay"});
    glass.then(Skipped{ItemId{"phone"}}).is_saved().then(FeedbackWanted{}).answers("f_type", "praise");
    ASSERT_EQ(glass.state().item, ItemId{"comment"});
    EXPECT_EQ(written(glass), "");
}

TEST(Scan, BeginsAVisitThatKnowsWhatItIsAbout) {
    VisitSetup setup = in_hall();
    setup.center.tickets = {{"KS", {"TP"}, {"p-001"}}};
    Glass glass(setup);
    glass.then(TicketScanned{parse_ticket("KS-12", setup.center)});
    EXPECT_EQ(glass.state().phase, Phase::asking);
    EXPECT_TRUE(glass.state().answers.empty()) << "a ticket never votes";
    glass.answers("overall", "4");
    EXPECT_EQ(glass.state().item, ItemId{"officer"}) << "the counter is known";
    glass.then(Ended{});
    ASSERT_EQ(glass.saved.size(), 1U);
    const survey::Context& context = glass.saved.front().context;
    EXPECT_EQ(context.counter, CounterId{"TP"});
    EXPECT_EQ(context.procedure, survey::ProcedureId{"p-001"});
    EXPECT_EQ(context.field, setup.center.procedure({"p-001"})->field);
    EXPECT_EQ(context.began, survey::Began::scanned);
    EXPECT_EQ(glass.tickets.front(), "KS-12@2026-09-21");
}

TEST(Scan, NamesTheCounterOverTheOneTheTerminalStandsAt) {
    Glass glass(at_counter());
    glass.then(TicketScanned{parse_ticket("DD-1", glass.setup().center)});
    EXPECT_EQ(glass.state().context.counter, CounterId{"DD"});
    Glass dossier(at_counter());
    dossier.then(TicketScanned{parse_ticket("H15.50-261008-0975", dossier.setup().center)});
    EXPECT_EQ(dossier.state().context.counter, CounterId{"TP"}) << "where the ticket names none";
    EXPECT_EQ(dossier.state().context.began, survey::Began::scanned);
}

TEST(Scan, OfAnythingElseBeginsAnOrdinaryVisit) {
    Glass glass(at_counter());
    glass.then(TicketScanned{parse_ticket("079090001234|Nguyễn Văn A", glass.setup().center)});
    glass.answers("overall", "4").then(Ended{});
    ASSERT_EQ(glass.saved.size(), 1U);
    EXPECT_EQ(glass.saved.front().context.began, survey::Began::walk_up);
    EXPECT_TRUE(glass.tickets.front().empty());
}

TEST(Scan, FillsInWhileNothingIsAnsweredAndIsIgnoredAfterwards) {
    Glass glass(at_counter());
    const Ticket dd = parse_ticket("DD-1", glass.setup().center);
    glass.then(Woken{}).then(TicketScanned{dd});
    EXPECT_EQ(glass.state().context.counter, CounterId{"DD"});
    EXPECT_EQ(glass.state().item, ItemId{"overall"});
    glass.then(TicketScanned{{}});
    EXPECT_EQ(glass.state().context.counter, CounterId{"DD"}) << "what is not known changes nothing";
    glass.answers("overall", "4").then(TicketScanned{parse_ticket("KT-1", glass.setup().center)});
    glass.then(BackTapped{}).then(TicketScanned{parse_ticket("KT-1", glass.setup().center)});
    EXPECT_EQ(glass.state().context.counter, CounterId{"DD"});
    glass.answers("overall", "4").then(Ended{});
    const VisitState closing = glass.state();
    glass.then(TicketScanned{dd});
    EXPECT_EQ(glass.state(), closing);
}

TEST(Scan, LeavesAQuestionThatItAnswers) {
    VisitSetup setup = in_hall();
    setup.questionnaire = sample_questionnaire("WARD5");
    std::rotate(setup.questionnaire.items.begin(), setup.questionnaire.items.begin() + 1,
                setup.questionnaire.items.end());
    Glass glass(setup);
    glass.then(Woken{});
    ASSERT_EQ(glass.state().item, ItemId{"counter"});
    glass.then(TicketScanned{parse_ticket("TP-3", setup.center)});
    EXPECT_EQ(glass.state().item, ItemId{"officer"});
    EXPECT_TRUE(glass.state().asked.empty());
}

TEST(Scan, IsNotTakenSoonerThanTheScreenCanBeSeenNorByTheFeedbackForm) {
    Glass glass(with_feedback());
    const Ticket ticket = parse_ticket("DD-1", glass.setup().center);
    glass.then(Woken{}).then(Ended{}).after(100ms).does(TicketScanned{ticket});
    EXPECT_EQ(glass.state().phase, Phase::attract);
    glass.then(FeedbackWanted{}).then(TicketScanned{ticket});
    EXPECT_EQ(glass.state().context.began, survey::Began::walk_up);
    EXPECT_FALSE(glass.state().ticket.recognised);
}

TEST(Handling, OfTheWholeVisitIsJudgedWhenItIsSaved) {
    Glass glass(at_counter("QUICK5"));
    glass.then(Woken{}).after(1s);
    for (int i = 0; i < 6; ++i)
        glass.taps().after(100ms);
    glass.answers("overall", "5");
    EXPECT_EQ(glass.saved.front().flags, std::vector<std::string>{"mashing"});
    glass.is_saved().after(4s).does(Ticked{}).after(10s).does(Woken{}).after(1s).answers("overall", "5");
    EXPECT_EQ(glass.saved.back().flags, std::vector<std::string>{}) << "the next visitor begins anew";
}

TEST(Handling, OfTheRatingIsNotHeldAgainstTheFeedback) {
    Glass glass(with_feedback());
    glass.then(Woken{}).after(1s);
    for (int i = 0; i < 6; ++i)
        glass.taps().after(100ms);
    glass.answers("overall", "5").is_saved().then(FeedbackWanted{}).answers("f_type", "praise").then(Ended{});
    ASSERT_EQ(glass.saved.size(), 2U);
    EXPECT_EQ(glass.saved[1].flags, std::vector<std::string>{});
}

TEST(Handling, CountsTapsSoonerThanAQuestionCanBeRead) {
    Glass glass(at_counter("SIPAS_LIKE"));
    glass.then(Woken{});
    for (int i = 0; i < 4; ++i)
        glass.taps().then(Skipped{glass.state().item}).taps();
    glass.then(Ended{});
    EXPECT_TRUE(glass.saved.empty()) << "nothing was answered";
    glass.then(Woken{}).taps().after(1s);
    for (int i = 0; i < 3; ++i)
        glass.then(Skipped{glass.state().item}).taps().after(1s);
    while (glass.state().item != ItemId{"s_all"})
        glass.then(Skipped{glass.state().item});
    glass.answers("s_all", "4").then(Ended{});
    ASSERT_EQ(glass.saved.size(), 1U);
    EXPECT_EQ(glass.saved.front().flags, std::vector<std::string>{"mashing"});
}

TEST(Handling, OfKeysIsNotMashing) {
    Glass glass(with_feedback());
    glass.then(FeedbackWanted{}).answers("f_type", "suggest");
    for (int i = 0; i < 40; ++i)
        glass.taps().after(100ms);
    glass.then(TextGiven{ItemId{"f_text"}, "Thêm ghế"}).answers("f_reply", "no");
    EXPECT_EQ(glass.saved.front().flags, std::vector<std::string>{});
}

TEST(Handling, FlagsAStraightLineThroughAForm) {
    for (const milliseconds dwell : {900ms, 1'100ms}) {
        Glass glass(at_counter("SIPAS_LIKE"));
        glass.then(Woken{});
        for (int i = 0; i < 6; ++i) {
            const survey::Item& item = *glass.setup().questionnaire.item(glass.state().item);
            ASSERT_EQ(item.type, survey::ItemType::scale);
            glass.after(dwell).does(AnswerChosen{item.id, item.options.front().value});
        }
        glass.then(Ended{});
        const std::vector<std::string> flags = glass.saved.front().flags;
        EXPECT_EQ(flags, dwell < 1s ? std::vector<std::string>{"straight_line"} : std::vector<std::string>{});
    }
}

TEST(Handling, FlagsAVisitRightBehindAnother) {
    Glass glass(at_counter("QUICK5"));
    const auto rates = [&] { glass.then(Woken{}).after(1s).answers("overall", "5"); };
    rates();
    glass.is_saved().then(Touched{});
    rates();
    glass.is_saved().after(5s).does(Ticked{});
    rates();
    ASSERT_EQ(glass.saved.size(), 3U);
    EXPECT_EQ(glass.saved[0].flags, std::vector<std::string>{});
    EXPECT_EQ(glass.saved[1].flags, std::vector<std::string>{"repeat"});
    EXPECT_EQ(glass.saved[2].flags, std::vector<std::string>{});
}

TEST(Handling, DoesNotHoldAgainstAnybodyThatOneBeforeWentAway) {
    Glass glass(at_counter());
    glass.then(Woken{}).answers("overall", "4").after(30s).does(Ticked{});
    ASSERT_EQ(glass.saved.size(), 1U);
    glass.then(Woken{}).answers("overall", "5").then(Ended{});
    EXPECT_EQ(glass.saved.back().flags, std::vector<std::string>{});
}

TEST(Handling, KeepsTheVisitAwake) {
    Glass glass(at_counter());
    glass.then(Woken{}).after(29s).does(Pressed{1, 1}).after(29s).does(Released{1, 1}).after(29s).does(Ticked{});
    EXPECT_EQ(glass.state().phase, Phase::asking);
}

TEST(Visit, IgnoresWordsThatDoNotFitAndSkipsEmptyOnes) {
    Glass glass(with_text(true));
    glass.then(Woken{}).answers("overall", "5");
    glass.then(TextGiven{ItemId{"comment"}, "mười một chữ"});
    EXPECT_EQ(glass.state().item, ItemId{"comment"}) << "twelve characters, ten are allowed";
    glass.then(TextGiven{ItemId{"comment"}, ""});
    EXPECT_EQ(glass.state().item, ItemId{"phone"});
    glass.then(BackTapped{}).then(TextGiven{ItemId{"comment"}, "một"}).then(BackTapped{});
    glass.then(TextGiven{ItemId{"comment"}, "hai"}).then(Skipped{ItemId{"phone"}});
    EXPECT_EQ(glass.state().texts, (std::vector{FreeText{ItemId{"comment"}, "hai"}})) << "what was written last";
    EXPECT_EQ(glass.state().phase, Phase::saving);
}

}  // namespace
}  // namespace hailong::kiosk
