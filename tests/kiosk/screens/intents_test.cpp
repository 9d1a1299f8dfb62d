// Rung 1: every target of every screen, tapped by name through the program's own touch queue, means what it says.
#include <set>

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "tests/kiosk/screens/bench.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Language;

/// Screens of a visit have one button with the other language, and accessibility.
template <class Model, class Draw>
void expect_accessibility(Bench<Model, Draw>& bench) {
    const auto english = only<LanguageChosen>(bench.tap("language/en"));
    ASSERT_TRUE(english);
    EXPECT_EQ(english->language, Language::en);
    EXPECT_FALSE(bench.glass().has_target("language/vi"));
    EXPECT_TRUE(only<AccessibilityWanted>(bench.tap("accessibility")));
    EXPECT_TRUE(only<SpeakWanted>(bench.tap("speak")));
}

TEST(AttractScreen, WakesAndOffersLanguagesAccessibilityFeedbackAndTheStaffEntrance) {
    Bench bench(scenes::attract(Language::vi), draw_attract);
    EXPECT_EQ(bench.names(), (std::set<std::string>{"wake", "emblem", "language/vi", "language/en", "accessibility",
                                                    "speak", "feedback"}));
    EXPECT_TRUE(only<Woken>(bench.tap("wake")));
    EXPECT_TRUE(only<EmblemTapped>(bench.tap("emblem")));
    EXPECT_TRUE(only<FeedbackWanted>(bench.tap("feedback")));
    EXPECT_TRUE(only<AccessibilityWanted>(bench.tap("accessibility")));
    EXPECT_TRUE(only<SpeakWanted>(bench.tap("speak")));
    const auto vi = only<LanguageChosen>(bench.tap("language/vi"));
    const auto en = only<LanguageChosen>(bench.tap("language/en"));
    ASSERT_TRUE(vi && en);
    EXPECT_EQ(vi->language, Language::vi);
    EXPECT_EQ(en->language, Language::en);
}

TEST(AttractScreen, OffersOnOnePanelWhatItOffersOnAnother) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(scenes::attract(Language::vi), draw_attract, panel);
        for (const char* name : {"wake", "emblem", "language/en", "accessibility", "speak", "feedback"})
            EXPECT_TRUE(bench.glass().has_target(name)) << name << " on " << panel.name;
    }
}

TEST(AttractScreen, OffersOnlyWhatThereIs) {
    AttractModel model = scenes::attract(Language::vi);
    model.feedback_offered = false;
    model.voice_offered = false;
    Bench bench(model, draw_attract);
    EXPECT_EQ(bench.names(), (std::set<std::string>{"wake", "emblem", "language/vi", "language/en", "accessibility"}));
}

TEST(AttractScreen, CannotBeWokenWhileOutOfOrder) {
    AttractModel model = scenes::attract(Language::vi);
    model.out_of_order = "disk";
    Bench bench(model, draw_attract);
    EXPECT_EQ(bench.names(), (std::set<std::string>{"emblem", "language/vi", "language/en", "accessibility", "speak"}));
}

TEST(AttractScreen, SaysItsWordsInTheOrderTheyAreRead) {
    Bench bench(scenes::attract(Language::vi), draw_attract);
    const survey::Messages& text = glass::kiosk_texts(Language::vi);
    const std::vector<std::string> expected{bench.model.counter_name, std::string(text.at("attract.invite")),
                                            std::string(text.at("attract.promise")),
                                            std::string(text.at("attract.ticket"))};
    EXPECT_EQ(bench.glass().traces().spoken, expected);
}

TEST(VisitFrame, HasNoLoudspeakerWithoutAVoice) {
    ChoiceModel model = scenes::overall(Language::vi);
    model.frame.voice_offered = false;
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(model, draw_choice, panel);
        EXPECT_FALSE(bench.glass().has_target("speak")) << panel.name;
        EXPECT_TRUE(bench.glass().has_target("accessibility")) << panel.name;
    }
}

TEST(VisitFrame, TheLoudspeakerSaysWhatATapDoesNow) {
    ChoiceModel model = scenes::overall(Language::vi);
    Bench silent(model, draw_choice);
    model.frame.speaking = true;
    Bench speaking(model, draw_choice);
    const survey::Messages& text = glass::kiosk_texts(Language::vi);
    EXPECT_EQ(silent.glass().target("speak").label, text.at("accessibility.speak"));
    EXPECT_EQ(speaking.glass().target("speak").label, text.at("accessibility.silence"));
}

TEST(VisitFrame, OffersMoreTimeWhileItCountsDownAndMovesNothing) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        ChoiceModel model = scenes::officer_rating(Language::vi);
        Bench calm(model, draw_choice, panel);
        EXPECT_FALSE(calm.glass().has_target("more_time")) << panel.name;
        model.frame.countdown_s = 7;
        Bench ending(model, draw_choice, panel);
        EXPECT_TRUE(only<MoreTimeWanted>(ending.tap("more_time"))) << panel.name;
        for (const Target& before : calm.glass().targets())
            EXPECT_EQ(ending.glass().target(before.name), before) << before.name << " on " << panel.name;
    }
}

TEST(VisitFrame, SaysTheQuestionAndItsHint) {
    ReasonsModel model = scenes::reasons(Language::vi);
    Bench bench(model, draw_reasons);
    EXPECT_EQ(bench.glass().traces().spoken,
              (std::vector<std::string>{model.item.text.vi, std::string(model.item.hint.vi)}));
}

TEST(AccessibilityScreen, EachSwitchTurnsItsOwnSettingAndNoOther) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        for (const bool on : {false, true}) {
            AccessibilityModel model = scenes::accessibility(Language::vi);
            model.settings = {TextSize::normal, on, on, on};
            model.more_time = on;
            Bench bench(model, draw_accessibility, panel);
            for (const auto& [name, wish] : {std::pair{"accessibility/contrast", &AccessibilitySettings::high_contrast},
                                             std::pair{"accessibility/voice", &AccessibilitySettings::voice},
                                             std::pair{"accessibility/seated", &AccessibilitySettings::seated}}) {
                AccessibilitySettings expected = model.settings;
                expected.*wish = !on;
                const auto changed = only<AccessibilityChanged>(bench.tap(name));
                ASSERT_TRUE(changed) << name << " on " << panel.name;
                EXPECT_EQ(changed->settings, expected) << name;
            }
            const auto time = only<MoreTimeChosen>(bench.tap("accessibility/more_time"));
            ASSERT_TRUE(time) << panel.name;
            EXPECT_EQ(time->more_time, !on);
        }
    }
}

TEST(AccessibilityScreen, ChoosesASizeOfTextAndKeepsTheOtherSettings) {
    AccessibilityModel model = scenes::accessibility(Language::vi);
    model.settings.seated = true;
    Bench bench(model, draw_accessibility);
    for (const auto& [name, size] : {std::pair{"accessibility/text/normal", TextSize::normal},
                                     std::pair{"accessibility/text/large", TextSize::large},
                                     std::pair{"accessibility/text/largest", TextSize::largest}}) {
        const auto changed = only<AccessibilityChanged>(bench.tap(name));
        ASSERT_TRUE(changed) << name;
        EXPECT_EQ(changed->settings, (AccessibilitySettings{size, false, false, true}));
    }
}

TEST(AccessibilityScreen, ClosesSpeaksAndChangesTheLanguageOnEveryPanel) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(scenes::accessibility(Language::vi), draw_accessibility, panel);
        EXPECT_TRUE(only<AccessibilityClosed>(bench.tap("accessibility/close"))) << panel.name;
        EXPECT_TRUE(only<SpeakWanted>(bench.tap("speak"))) << panel.name;
        const auto english = only<LanguageChosen>(bench.tap("language/en"));
        ASSERT_TRUE(english) << panel.name;
        EXPECT_EQ(english->language, Language::en);
    }
}

TEST(AccessibilityScreen, SaysTheStateOfASwitchInWords) {
    AccessibilityModel model = scenes::accessibility(Language::vi);
    model.more_time = true;
    model.settings.text = TextSize::large;
    Bench bench(model, draw_accessibility);
    const survey::Messages& text = glass::kiosk_texts(Language::vi);
    const auto ends_with = [&](const char* name, const char* key) {
        return bench.glass().target(name).label.ends_with(": " + std::string(text.at(key)));
    };
    EXPECT_TRUE(ends_with("accessibility/more_time", "accessibility.on"));
    EXPECT_TRUE(ends_with("accessibility/seated", "accessibility.off"));
    EXPECT_TRUE(ends_with("accessibility/text/large", "accessibility.chosen"));
    EXPECT_FALSE(ends_with("accessibility/text/normal", "accessibility.chosen"));
}

TEST(AccessibilityScreen, OffersNoVoiceWhereThereIsNone) {
    AccessibilityModel model = scenes::accessibility(Language::vi);
    model.voice_offered = false;
    Bench bench(model, draw_accessibility);
    EXPECT_FALSE(bench.glass().has_target("accessibility/voice"));
    EXPECT_FALSE(bench.glass().has_target("speak"));
}

TEST(CleaningScreen, HasNothingToTap) {
    HeadlessGlass glass(scenes::kPortrait.width, scenes::kPortrait.height);
    glass.frame([](DrawContext& context) { draw_cleaning({30}, context); });
    EXPECT_TRUE(glass.targets().empty());
}

TEST(ChoiceScreen, EachFaceAnswersWithItsValueOnEveryPanel) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(scenes::overall(Language::vi), draw_choice, panel);
        for (const survey::Option& option : bench.model.item.options) {
            const auto answer = only<AnswerChosen>(bench.tap("answer/" + option.value));
            ASSERT_TRUE(answer) << option.value << " on " << panel.name;
            EXPECT_EQ(answer->item, bench.model.item.id);
            EXPECT_EQ(answer->value, option.value);
        }
        expect_accessibility(bench);
    }
}

TEST(ChoiceScreen, ARequiredFirstQuestionHasNeitherSkipNorBack) {
    Bench bench(scenes::overall(Language::vi), draw_choice);
    EXPECT_FALSE(bench.glass().has_target("skip"));
    EXPECT_FALSE(bench.glass().has_target("back"));
    EXPECT_FALSE(bench.glass().has_target("finish"));
}

TEST(ChoiceScreen, SkipsGoesBackAndFinishes) {
    ChoiceModel model = scenes::officer_rating(Language::vi);
    model.frame.can_finish = true;
    Bench bench(model, draw_choice);
    const auto skipped = only<Skipped>(bench.tap("skip"));
    ASSERT_TRUE(skipped);
    EXPECT_EQ(skipped->item, model.item.id);
    EXPECT_TRUE(only<BackTapped>(bench.tap("back")));
    EXPECT_TRUE(only<Ended>(bench.tap("finish")));
}

TEST(ChoiceScreen, TwoQuickTapsAreTwoIntents) {
    Bench bench(scenes::overall(Language::vi), draw_choice);
    const Target happy = bench.glass().target("answer/5");
    const Target sad = bench.glass().target("answer/1");
    for (const Target& target : {happy, sad}) {
        bench.glass().touches().press(target.x + 10, target.y + 10);
        bench.glass().touches().release(target.x + 10, target.y + 10);
    }
    const auto intents = bench.glass().settle([&](DrawContext& context) { return draw_choice(bench.model, context); });
    ASSERT_EQ(intents.size(), 2U);
    EXPECT_EQ(std::get<AnswerChosen>(intents[0]).value, "5");
    EXPECT_EQ(std::get<AnswerChosen>(intents[1]).value, "1");
}

TEST(ChoiceScreen, AFingerThatSlidesOffAnswersNothing) {
    Bench bench(scenes::overall(Language::vi), draw_choice);
    const Target from = bench.glass().target("answer/5");
    const Target to = bench.glass().target("answer/1");
    bench.glass().touches().press(from.x + 10, from.y + 10);
    bench.glass().touches().move(to.x + 10, to.y + 10);
    bench.glass().touches().release(to.x + 10, to.y + 10);
    EXPECT_TRUE(bench.glass().settle([&](DrawContext& context) { return draw_choice(bench.model, context); }).empty());
}

TEST(ChoiceScreen, FiftyAnswersAreReachedByTurningPages) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        ChoiceModel model = scenes::points(Language::vi);
        model.item.options.clear();
        for (int i = 0; i < 50; ++i) {
            survey::Option option;
            option.value = "v" + std::to_string(i);
            option.label = {"Câu trả lời", "Answer"};
            model.item.options.push_back(option);
        }
        Bench bench(model, draw_choice, panel);
        std::set<std::string> reached;
        for (int turns = 0; turns < 50; ++turns) {
            const std::set<std::string> names = bench.names();
            reached.insert(names.begin(), names.end());
            if (!names.contains("page/next")) break;
            const auto turned = only<PageTurned>(bench.tap("page/next"));
            ASSERT_TRUE(turned);
            EXPECT_EQ(turned->page, bench.model.page + 1);
            bench.model.page = turned->page;
            bench.glass().frame([&](DrawContext& context) { return draw_choice(bench.model, context); });
        }
        for (const survey::Option& option : model.item.options) {
            EXPECT_TRUE(reached.contains("answer/" + option.value)) << option.value << " on " << panel.name;
        }
        const auto back = only<PageTurned>(bench.tap("page/previous"));
        ASSERT_TRUE(back);
        EXPECT_EQ(back->page, bench.model.page - 1);
    }
}

TEST(ChoiceScreen, APageBeyondTheLastShowsTheLast) {
    OfficerModel model = scenes::many_officers(Language::vi);
    model.page = 1'000;
    Bench bench(model, draw_officer);
    EXPECT_TRUE(bench.glass().has_target("officer/o-39"));
    EXPECT_FALSE(bench.glass().has_target("page/next"));
}

TEST(ReasonsScreen, EachTileTogglesAndContinueEnds) {
    Bench bench(scenes::reasons(Language::vi), draw_reasons);
    for (const survey::Option& option : bench.model.item.options) {
        const auto toggled = only<OptionToggled>(bench.tap("option/" + option.value));
        ASSERT_TRUE(toggled) << option.value;
        EXPECT_EQ(toggled->value, option.value);
        EXPECT_EQ(toggled->item, bench.model.item.id);
    }
    const auto done = only<ChoicesDone>(bench.tap("continue"));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->item, bench.model.item.id);
    EXPECT_TRUE(only<Skipped>(bench.tap("skip")));
    EXPECT_TRUE(only<BackTapped>(bench.tap("back")));
    expect_accessibility(bench);
}

TEST(ReasonsScreen, ContinueRestsUntilSomethingIsTicked) {
    ReasonsModel model = scenes::reasons(Language::vi);
    model.chosen.clear();
    Bench bench(model, draw_reasons);
    EXPECT_FALSE(bench.glass().has_target("continue"));
    EXPECT_TRUE(bench.glass().has_target("skip"));
}

TEST(CounterScreen, EachCounterAndNone) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(scenes::counter(Language::vi), draw_counter, panel);
        for (const survey::Counter& counter : bench.model.counters) {
            const auto chosen = only<CounterChosen>(bench.tap("counter/" + counter.id.text));
            ASSERT_TRUE(chosen) << counter.id.text << " on " << panel.name;
            EXPECT_EQ(chosen->counter, counter.id);
            EXPECT_EQ(chosen->item, bench.model.item.id);
        }
        const auto none = only<CounterChosen>(bench.tap("counter/none"));
        ASSERT_TRUE(none);
        EXPECT_TRUE(none->counter.empty());
        EXPECT_TRUE(only<Skipped>(bench.tap("skip")));
        EXPECT_TRUE(only<BackTapped>(bench.tap("back")));
    }
}

TEST(OfficerScreen, EachOfficerAndNone) {
    for (const scenes::TestPanel& panel : scenes::kPanels) {
        Bench bench(scenes::officer(Language::vi), draw_officer, panel);
        for (const survey::Officer& officer : bench.model.officers) {
            const auto chosen = only<OfficerChosen>(bench.tap("officer/" + officer.id.text));
            ASSERT_TRUE(chosen) << officer.id.text << " on " << panel.name;
            EXPECT_EQ(chosen->officer, officer.id);
            EXPECT_EQ(chosen->item, bench.model.item.id);
        }
        const auto none = only<OfficerChosen>(bench.tap("officer/none"));
        ASSERT_TRUE(none);
        EXPECT_TRUE(none->officer.empty());
        EXPECT_TRUE(only<Skipped>(bench.tap("skip")));
        EXPECT_TRUE(only<BackTapped>(bench.tap("back")));
    }
}

TEST(OfficerScreen, KeepsTheOrderItIsGiven) {
    OfficerModel model = scenes::officer(Language::vi);
    std::swap(model.officers[0], model.officers[2]);
    Bench bench(model, draw_officer);
    EXPECT_LT(bench.glass().target("officer/tp-03").y, bench.glass().target("officer/tp-02").y);
    EXPECT_LT(bench.glass().target("officer/tp-02").y, bench.glass().target("officer/tp-01").y);
}

TEST(ClosingScreens, AnyTouchEndsThem) {
    Bench thanks(ThanksModel{"Trung tâm"}, draw_thanks);
    EXPECT_EQ(thanks.names(), std::set<std::string>{"done"});
    EXPECT_TRUE(only<Touched>(thanks.tap("done")));
    Bench offering(ThanksModel{"Trung tâm", {}, true}, draw_thanks);
    EXPECT_TRUE(only<FeedbackWanted>(offering.tap("feedback")));
    EXPECT_TRUE(only<Touched>(offering.tap("done")));
    Bench not_saved(NotSavedModel{"Trung tâm"}, draw_not_saved);
    EXPECT_EQ(not_saved.names(), std::set<std::string>{"done"});
    EXPECT_TRUE(only<Touched>(not_saved.tap("done")));
}

TEST(SavingScreen, HasNothingToTap) {
    HeadlessGlass glass(scenes::kPortrait.width, scenes::kPortrait.height);
    glass.frame([](DrawContext& context) { draw_saving({"Trung tâm"}, context); });
    EXPECT_TRUE(glass.targets().empty());
}

}  // namespace
}  // namespace hailong::kiosk
