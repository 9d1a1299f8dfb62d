// Every screen, state and language as a picture, compared with the one that people looked at and accepted.
// To accept new ones: HAILONG_UPDATE_GOLDENS=1 ctest -R Golden, then look at what changed.
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;

const std::filesystem::path kFolder = std::filesystem::path(HAILONG_SOURCE_DIR) / "tests/kiosk/screens/golden";
const std::filesystem::path kOutput = std::filesystem::path(HAILONG_BINARY_DIR) / "golden";

void check(const scenes::Scene& scene, const scenes::TestPanel& panel, survey::Language language) {
    HeadlessGlass glass(panel.width, panel.height, language);
    glass.frame(scene.draw);
    glass.frame(scene.draw);  // a window's first frame may still settle
    const std::string name = scene.name + "." + panel.name + "." + std::string(code(language));
    const auto fault = glass::check_golden(glass.picture(), name, kFolder, kOutput);
    EXPECT_FALSE(fault.has_value()) << *fault;
}

TEST(Golden, EveryScreenInPortraitInBothLanguages) {
    for (const survey::Language language : survey::kLanguages) {
        for (const auto& scene : scenes::ordinary(language))
            check(scene, scenes::kPortrait, language);
    }
}

TEST(Golden, ScreensInLandscape) {
    const std::set<std::string> alike_elsewhere{"overall_countdown", "saving", "not_saved", "pin_wrong"};
    for (const auto& scene : scenes::ordinary(survey::Language::vi)) {
        if (!alike_elsewhere.contains(scene.name)) check(scene, scenes::kLandscape, survey::Language::vi);
    }
}

TEST(Golden, QuestionsOnTheSmallPanel) {
    const std::set<std::string> chosen{"attract", "overall", "counter", "tally"};
    for (const auto& scene : scenes::ordinary(survey::Language::vi)) {
        if (chosen.contains(scene.name)) check(scene, scenes::kSmall, survey::Language::vi);
    }
}

TEST(Golden, ExtremesInPortrait) {
    for (const auto& scene : scenes::extreme(survey::Language::vi)) {
        check(scene, scenes::kPortrait, survey::Language::vi);
    }
}

TEST(Golden, ExtremesInLandscape) {
    const std::set<std::string> chosen{"choice_long", "officer_many", "counter_long", "tally_trouble"};
    for (const auto& scene : scenes::extreme(survey::Language::en)) {
        if (chosen.contains(scene.name)) check(scene, scenes::kLandscape, survey::Language::en);
    }
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
    const auto fault = glass::check_golden(glass.picture(), "overall_pressed.portrait.vi", kFolder, kOutput);
    EXPECT_FALSE(fault.has_value()) << *fault;
}

}  // namespace
}  // namespace hailong::kiosk
