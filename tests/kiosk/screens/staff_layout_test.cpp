// Rules that the staff's screens keep on every panel, in every language, theme and size of type: targets on the panel,
// large enough, apart, with words; no text cut.
#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "kiosk/theme/layout.h"
#include "tests/kiosk/screens/layout_rules.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Language;

constexpr PanelSetting kStaffSettings[] = {
    {"1080x1920", 1080, 1920},
    {"1080x1920Large", 1080, 1920, {TextSize::large}},
    {"1080x1920Largest", 1080, 1920, {TextSize::largest}},
    {"1920x1080", 1920, 1080},
    {"1920x1080Largest", 1920, 1080, {TextSize::largest}},
    {"1366x768", 1366, 768},
    {"1366x768Large", 1366, 768, {TextSize::large}},
    {"1366x768Largest", 1366, 768, {TextSize::largest}},
    {"1280x800", 1280, 800},
    {"1280x800Large", 1280, 800, {TextSize::large}},
    {"1280x800Largest", 1280, 800, {TextSize::largest}},
    {"800x480", 800, 480},
    {"800x480Large", 800, 480, {TextSize::large}},
    {"800x480Largest", 800, 480, {TextSize::largest}},
};

class StaffScene : public testing::TestWithParam<PanelSetting> {};

TEST_P(StaffScene, HasLargeTargetsApartOnThePanelAndNoCutText) {
    const PanelSetting panel = GetParam();
    for (const Language language : survey::kLanguages) {
        std::vector<scenes::Scene> all = scenes::staff_ordinary(language);
        for (scenes::Scene& scene : scenes::staff_extreme(language))
            all.push_back(std::move(scene));
        HeadlessGlass glass(panel.width, panel.height, language, panel.options);
        for (const scenes::Scene& scene : all) {
            glass.frame(scene.draw);
            const std::string where = scene.name + " " + std::string(code(language)) + " " + panel.name + ": ";
            expect_good_targets(glass, where);
            expect_no_misfits(glass, where);
        }
    }
}

/// Whoever sits before it reaches every page of every list.
TEST_P(StaffScene, ShowsEveryPage) {
    const PanelSetting panel = GetParam();
    HeadlessGlass glass(panel.width, panel.height, Language::vi, panel.options);
    TallyModel model = scenes::tally_counters(Language::vi);
    for (int i = 0; i < 40; ++i)
        model.rows.push_back(model.rows[static_cast<std::size_t>(i) % 8]);
    const auto draw = [&](DrawContext& context) { return draw_tally(model, context); };
    glass.frame(draw);
    int pages = 1;
    while (glass.has_target("page/next") && pages < 100) {
        const auto intents = glass.tap("page/next", draw);
        ASSERT_EQ(intents.size(), 1U);
        model.page = std::get<PageTurned>(intents[0]).page;
        EXPECT_EQ(model.page, pages);
        ++pages;
        glass.frame(draw);
        expect_good_targets(glass, std::string(panel.name) + " page " + std::to_string(pages) + ": ");
    }
    EXPECT_GT(pages, 1);
    EXPECT_LT(pages, 100);
}

TEST_P(StaffScene, OffersEveryDayOfAMonthByTurningTheCalendar) {
    const PanelSetting panel = GetParam();
    HeadlessGlass glass(panel.width, panel.height, Language::vi, panel.options);
    CalendarModel model = scenes::calendar();
    model.shown = std::chrono::year{2026} / 11 / 1;
    model.today = std::chrono::year{2026} / 12 / 5;
    const auto draw = [&](DrawContext& context) { return draw_calendar(model, context); };
    unsigned found = 0;
    while (model.shown.month() == std::chrono::November) {
        glass.frame(draw);
        for (unsigned day = 1; day <= 30; ++day) {
            const survey::Date date = std::chrono::year{2026} / 11 / static_cast<int>(day);
            if (glass.has_target("day/" + survey::to_string(date))) ++found;
        }
        const auto intents = glass.tap("calendar/later", draw);
        ASSERT_EQ(intents.size(), 1U);
        model.shown = std::get<CalendarTurned>(intents[0]).shown;
    }
    EXPECT_EQ(found, 30U);
}

INSTANTIATE_TEST_SUITE_P(Panels, StaffScene, testing::ValuesIn(kStaffSettings),
                         [](const auto& panel) { return "On" + std::string(panel.param.name); });

/// What the program says in words that a model carries must fit where the screens put them.
TEST(StaffTexts, OfTroublesFitTheResultsAndTheDevice) {
    for (const PanelSetting& panel : kStaffSettings) {
        for (const Language language : survey::kLanguages) {
            HeadlessGlass glass(panel.width, panel.height, language, panel.options);
            const survey::Messages& texts = glass::kiosk_texts(language);
            for (const auto& [key, unused] : texts.all()) {
                const std::string words = texts.format(key, {{"count", "1.234"},
                                                             {"time", "14:05, 22 September 2026"},
                                                             {"why", "-"},
                                                             {"minutes", "1.440"},
                                                             {"room", "840 MB"}});
                const bool trouble = key.starts_with("trouble.");
                if (!trouble && !key.starts_with("sync.") && !key.starts_with("clock.") && !key.starts_with("store."))
                    continue;
                TallyModel results = scenes::tally_counters(language);
                results.trouble = words;
                if (trouble) glass.frame([&](DrawContext& draw) { return draw_tally(results, draw); });
                const std::string where = key + " " + std::string(code(language)) + " " + panel.name + ": ";
                expect_no_misfits(glass, where);
                DeviceModel device = scenes::device(language);
                device.rows.insert(device.rows.begin(), {Health::trouble, device.rows[0].label, words});
                glass.frame([&](DrawContext& draw) { return draw_device(device, draw); });
                expect_no_misfits(glass, where);
            }
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
