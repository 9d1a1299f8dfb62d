// The lobby screen: what its targets mean, that its words stand whole at every size, and its pictures.
#include <set>

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "tests/kiosk/screens/golden.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Language;

std::vector<LobbyModel> pages(Language language) {
    return {scenes::lobby_share(language), scenes::lobby_counters(language), scenes::lobby_action(language)};
}

TEST(LobbyScreen, WakesAndOffersLanguagesAndTheStaffEntranceOnEveryPage) {
    for (const LobbyModel& model : pages(Language::vi)) {
        HeadlessGlass glass(540, 960);
        const auto draw = [&](DrawContext& context) { return draw_lobby(model, context); };
        const auto tapped = [&](const std::string& name) {
            const auto intents = glass.tap(name, draw);
            EXPECT_EQ(intents.size(), 1U) << name;
            return intents.at(0);
        };
        glass.frame(draw);
        std::set<std::string> names;
        for (const Target& target : glass.targets())
            names.insert(target.name);
        EXPECT_EQ(names, (std::set<std::string>{"wake", "emblem", "language/vi", "language/en"}));
        EXPECT_TRUE(std::holds_alternative<Woken>(tapped("wake")));
        EXPECT_TRUE(std::holds_alternative<EmblemTapped>(tapped("emblem")));
        EXPECT_EQ(std::get<LanguageChosen>(tapped("language/vi")).language, Language::vi);
        EXPECT_EQ(std::get<LanguageChosen>(tapped("language/en")).language, Language::en);
    }
}

TEST(LobbyScreen, ReadsAloudWhatItShows) {
    HeadlessGlass glass(540, 960, Language::en);
    const auto said = [&](const LobbyModel& model) {
        glass.frame([&](DrawContext& context) { return draw_lobby(model, context); });
        std::string all;
        for (const std::string& line : glass.traces().spoken)
            all += line + "|";
        return all;
    };
    EXPECT_EQ(said(scenes::lobby_share(Language::en)),
              "Satisfaction, October 2026|92.1%|Objective met|1,208 of 1,312 ratings satisfied|"
              "Objective: more than 90%|95% interval: 90.5% – 93.4%|");
    EXPECT_TRUE(said(scenes::lobby_counters(Language::en))
                    .starts_with("Counter by counter, October 2026|Civil status|95.5%|Land and construction|78.3%|"));
    EXPECT_TRUE(said(scenes::lobby_action(Language::en)).starts_with("You said|The guidance boards are hard to read"));
}

class EveryPanel : public testing::TestWithParam<scenes::TestPanel> {};

TEST_P(EveryPanel, ShowsTheLobbyWholeAtEverySizeOfText) {
    const scenes::TestPanel panel = GetParam();
    for (const TextSize text : {TextSize::normal, TextSize::large, TextSize::largest}) {
        for (const Language language : survey::kLanguages) {
            HeadlessGlass glass(panel.width, panel.height, language, LayoutOptions{.text = text});
            std::vector<scenes::Scene> all = scenes::lobby_ordinary(language);
            for (scenes::Scene& scene : scenes::lobby_extreme(language))
                all.push_back(std::move(scene));
            for (const scenes::Scene& scene : all) {
                glass.frame(scene.draw);
                const std::string where = scene.name + " " + std::string(code(language)) + " " + panel.name + " x" +
                                          std::to_string(factor(text)) + ": ";
                for (const std::string& misfit : glass.misfits())
                    ADD_FAILURE() << where << misfit;
                for (const Target& target : glass.targets()) {
                    EXPECT_GE(std::min(target.width, target.height),
                              glass.layout().target * glass.layout().scale - 0.5F)
                        << where << target.name;
                    EXPECT_GE(target.y, -0.5F) << where << target.name;
                    EXPECT_LE(target.y + target.height, static_cast<float>(panel.height) + 0.5F)
                        << where << target.name;
                }
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Lobby, EveryPanel, testing::ValuesIn(scenes::kFullPanels),
                         [](const auto& panel) { return "On" + std::string(panel.param.name); });

/// Pictures at half size of the panels as they are bought.
struct BoughtPanel {
    const char* name;
    Panel panel;
};
constexpr BoughtPanel kStanding{"standing", {540, 960, 546}};
constexpr BoughtPanel kSevenInches{"tiny", {400, 240, 178}};

void check(const scenes::Scene& scene, const BoughtPanel& on, Language language, TextSize text = TextSize::normal,
           ThemeKind theme = ThemeKind::light) {
    HeadlessGlass glass(layout_for(on.panel, {.text = text}), language, theme);
    glass.frame(scene.draw);
    glass.frame(scene.draw);  // a window's first frame may still settle
    const std::string size = text == TextSize::normal ? "" : text == TextSize::large ? ".large" : ".largest";
    const std::string contrast = theme == ThemeKind::light ? "" : "." + std::string(kiosk::name(theme));
    const std::string name = scene.name + "." + on.name + "." + std::string(code(language)) + size + contrast;
    expect_golden(glass, name);
}

// Ordinary pages on the ordinary panels are among all scenes (golden_test.cpp).
TEST(GoldenLobby, InHighContrastAndLargestTextAndOnSevenInches) {
    for (const auto& scene : scenes::lobby_ordinary(Language::vi)) {
        check(scene, kStanding, Language::vi, TextSize::normal, ThemeKind::high_contrast);
        check(scene, kStanding, Language::vi, TextSize::largest);
        check(scene, kSevenInches, Language::vi);
    }
}

}  // namespace
}  // namespace hailong::kiosk
