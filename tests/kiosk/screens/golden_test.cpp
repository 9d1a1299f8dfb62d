// Every screen, state and language as a picture, compared with the one that people looked at and accepted.
// To accept new ones: HAILONG_UPDATE_GOLDENS=1 ctest -R Golden, then look at what changed.
#include "tests/kiosk/screens/golden.h"

#include <set>

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;

/// How the glass is set, apart from panel and language; `name` is part of the picture's.
struct GlassSetting {
    const char* name = "";
    LayoutOptions options = {};
    ThemeKind theme = ThemeKind::light;
};
constexpr GlassSetting kOrdinary{};
constexpr GlassSetting kContrast{".contrast", {}, ThemeKind::high_contrast};
constexpr GlassSetting kLargest{".largest", {TextSize::largest, false}};
constexpr GlassSetting kSeated{".seated", {TextSize::normal, true}};

void check(const scenes::Scene& scene, const scenes::TestPanel& panel, survey::Language language,
           const GlassSetting& setting = kOrdinary) {
    HeadlessGlass glass(panel.width, panel.height, language, setting.options, setting.theme);
    glass.frame(scene.draw);
    glass.frame(scene.draw);  // a window's first frame may still settle
    const std::string name = scene.name + "." + panel.name + setting.name + "." + std::string(code(language));
    expect_golden(glass, name);
}

/// Those of `scenes` whose names are among `chosen`; each of them must be there.
void check_some(const std::vector<scenes::Scene>& scenes, const std::set<std::string>& chosen,
                const scenes::TestPanel& panel, survey::Language language, const GlassSetting& setting = kOrdinary) {
    std::size_t found = 0;
    for (const auto& scene : scenes) {
        if (!chosen.contains(scene.name)) continue;
        check(scene, panel, language, setting);
        ++found;
    }
    EXPECT_EQ(found, chosen.size());
}

using survey::Language;

TEST(Golden, EveryScreenInPortraitInBothLanguages) {
    for (const Language language : survey::kLanguages) {
        for (const auto& scene : scenes::ordinary(language))
            check(scene, scenes::kPortrait, language);
    }
}

TEST(Golden, ScreensInLandscape) {
    const std::set<std::string> alike_elsewhere{"saving", "not_saved", "pin_wrong"};
    for (const auto& scene : scenes::ordinary(Language::vi)) {
        if (!alike_elsewhere.contains(scene.name)) check(scene, scenes::kLandscape, Language::vi);
    }
}

TEST(Golden, QuestionsOnTheSmallPanel) {
    check_some(scenes::visit_ordinary(Language::vi), {"attract", "overall_countdown", "counter", "reasons"},
               scenes::kSmall, Language::vi);
}

TEST(Golden, ScreensOnThePanelOfSevenInches) {
    check_some(scenes::visit_ordinary(Language::vi),
               {"attract", "overall", "overall_countdown", "counter", "officer", "reasons", "thanks", "accessibility"},
               scenes::kTiny, Language::vi);
    check_some(scenes::visit_extreme(Language::vi), {"choice_long", "officer_many"}, scenes::kTiny, Language::vi);
    check_some(scenes::visit_ordinary(Language::en), {"overall"}, scenes::kTiny, Language::en, kLargest);
}

TEST(Golden, HighContrastInPortrait) {
    check_some(scenes::visit_ordinary(Language::vi),
               {"attract", "overall_countdown", "counter", "officer", "reasons", "thanks", "accessibility"},
               scenes::kPortrait, Language::vi, kContrast);
}

TEST(Golden, LargestTextInPortrait) {
    check_some(scenes::visit_ordinary(Language::vi), {"attract", "overall", "officer", "reasons", "accessibility"},
               scenes::kPortrait, Language::vi, kLargest);
}

TEST(Golden, EverythingWithinReachOfSomebodySeated) {
    check_some(scenes::visit_ordinary(Language::vi),
               {"attract", "overall", "overall_countdown", "officer", "accessibility"}, scenes::kPortrait, Language::vi,
               kSeated);
}

TEST(Golden, ExtremesInPortrait) {
    for (const auto& scene : scenes::extreme(Language::vi))
        check(scene, scenes::kPortrait, Language::vi);
}

TEST(Golden, ExtremesInLandscape) {
    check_some(scenes::visit_extreme(Language::en), {"choice_long", "officer_many", "counter_long"}, scenes::kLandscape,
               Language::en);
}

TEST(Golden, APressShowsInTheFrameItHappensIn) {
    HeadlessGlass glass(scenes::kPortrait.width, scenes::kPortrait.height);
    const ChoiceModel model = scenes::overall(survey::Language::vi);
    const auto draw = [&](DrawContext& context) { static_cast<void>(draw_choice(model, context)); };
    glass.frame(draw);
    const glass::Image before = glass.picture();
    const Target& happy = glass.target("answer/4");
    glass.touches().press(happy.x + happy.width / 2, happy.y + happy.height / 2);
    glass.frame(draw);
    EXPECT_NE(glass.picture(), before);
    expect_golden(glass, "overall_pressed.portrait.vi");
}

}  // namespace
}  // namespace hailong::kiosk
