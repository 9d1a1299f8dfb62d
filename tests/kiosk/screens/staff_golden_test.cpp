// The staff's screens as pictures, beyond those that golden_test.cpp takes of every screen: extremes in landscape, and
// the panel of seven inches, where a target is a quarter of its height.

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "tests/kiosk/screens/golden.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Language;

void check(HeadlessGlass& glass, const scenes::Scene& scene, const std::string& kind) {
    glass.frame(scene.draw);
    glass.frame(scene.draw);  // a window's first frame may still settle
    expect_golden(glass, scene.name + "." + kind);
}

TEST(StaffGolden, ExtremesInLandscape) {
    HeadlessGlass glass(scenes::kLandscape.width, scenes::kLandscape.height, Language::en);
    for (const auto& scene : scenes::staff_extreme(Language::en))
        check(glass, scene, "landscape.en");
}

TEST(StaffGolden, ThePanelOfSevenInches) {
    HeadlessGlass glass(scenes::kTiny.width, scenes::kTiny.height, Language::vi);
    for (const auto& scene : scenes::staff_ordinary(Language::vi))
        check(glass, scene, "tiny.vi");
}

TEST(StaffGolden, HighContrast) {
    HeadlessGlass glass(scenes::kPortrait.width, scenes::kPortrait.height, Language::vi, {}, ThemeKind::high_contrast);
    for (const auto& scene : scenes::staff_ordinary(Language::vi)) {
        if (scene.name == "tally" || scene.name == "tally_counters" || scene.name == "device") {
            check(glass, scene, "high_contrast.vi");
        }
    }
}

TEST(StaffGolden, LargestText) {
    HeadlessGlass glass(scenes::kLandscape.width, scenes::kLandscape.height, Language::vi, {TextSize::largest, false});
    for (const auto& scene : scenes::staff_ordinary(Language::vi)) {
        if (scene.name == "tally" || scene.name == "tally_today" || scene.name == "tally_counters" ||
            scene.name == "device") {
            check(glass, scene, "largest.vi");
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
