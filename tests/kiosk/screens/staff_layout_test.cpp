// Rules that the staff's screens keep on every panel, in every language, theme and size of type: targets on the panel,
// large enough, apart, with words; no text cut.
#include <algorithm>

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "kiosk/theme/layout.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Language;

struct Setting {
    const char* name;
    int width;
    int height;
    TextSize text = TextSize::normal;
};
constexpr Setting kSettings[] = {
    {"1080x1920", 1080, 1920},
    {"1080x1920Large", 1080, 1920, TextSize::large},
    {"1080x1920Largest", 1080, 1920, TextSize::largest},
    {"1920x1080", 1920, 1080},
    {"1920x1080Largest", 1920, 1080, TextSize::largest},
    {"1366x768", 1366, 768},
    {"1366x768Large", 1366, 768, TextSize::large},
    {"1366x768Largest", 1366, 768, TextSize::largest},
    {"1280x800", 1280, 800},
    {"1280x800Large", 1280, 800, TextSize::large},
    {"1280x800Largest", 1280, 800, TextSize::largest},
    {"800x480", 800, 480},
    {"800x480Large", 800, 480, TextSize::large},
    {"800x480Largest", 800, 480, TextSize::largest},
};

void expect_good_target(const Target& a, const Layout& layout, const std::string& where) {
    constexpr float kHalfPixel = 0.5F;
    EXPECT_GE(a.x, -kHalfPixel) << where << a.name;
    EXPECT_GE(a.y, -kHalfPixel) << where << a.name;
    EXPECT_LE(a.x + a.width, layout.width * layout.scale + kHalfPixel) << where << a.name;
    EXPECT_LE(a.y + a.height, layout.height * layout.scale + kHalfPixel) << where << a.name;
    EXPECT_GE(std::min(a.width, a.height), layout.target * layout.scale - kHalfPixel) << where << a.name;
    EXPECT_FALSE(a.label.empty()) << where << a.name;
}

void expect_good_targets(const HeadlessGlass& glass, const std::string& where) {
    constexpr float kHalfPixel = 0.5F;
    const float room = glass.layout().apart * glass.layout().scale - kHalfPixel;
    const auto& targets = glass.targets();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const Target& a = targets[i];
        expect_good_target(a, glass.layout(), where);
        for (std::size_t k = i + 1; k < targets.size(); ++k) {
            const Target& b = targets[k];
            EXPECT_NE(a.name, b.name) << where;
            const bool apart = a.x + a.width + room <= b.x || b.x + b.width + room <= a.x ||
                               a.y + a.height + room <= b.y || b.y + b.height + room <= a.y;
            EXPECT_TRUE(apart) << where << a.name << " is too near to " << b.name;
        }
    }
}

class StaffScene : public testing::TestWithParam<Setting> {};

TEST_P(StaffScene, HasLargeTargetsApartOnThePanelAndNoCutText) {
    const Setting panel = GetParam();
    for (const Language language : survey::kLanguages) {
        std::vector<scenes::Scene> all = scenes::staff_ordinary(language);
        for (scenes::Scene& scene : scenes::staff_extreme(language))
            all.push_back(std::move(scene));
        HeadlessGlass glass(panel.width, panel.height, language, {panel.text, false});
        for (const scenes::Scene& scene : all) {
            glass.frame(scene.draw);
            const std::string where = scene.name + " " + std::string(code(language)) + " " + panel.name + ": ";
            expect_good_targets(glass, where);
            for (const std::string& text : glass.misfits())
                ADD_FAILURE() << where << "does not fit: " << text;
        }
    }
}

/// Whoever sits before it reaches every page of every list.
TEST_P(StaffScene, ShowsEveryPage) {
    const Setting panel = GetParam();
    HeadlessGlass glass(panel.width, panel.height, Language::vi, {panel.text, false});
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
    const Setting panel = GetParam();
    HeadlessGlass glass(panel.width, panel.height, Language::vi, {panel.text, false});
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

INSTANTIATE_TEST_SUITE_P(Panels, StaffScene, testing::ValuesIn(kSettings),
                         [](const auto& panel) { return "On" + std::string(panel.param.name); });

/// What the program says in words that a model carries must fit where the screens put them.
TEST(StaffTexts, OfTroublesFitTheResultsAndTheDevice) {
    for (const Setting& panel : kSettings) {
        for (const Language language : survey::kLanguages) {
            HeadlessGlass glass(panel.width, panel.height, language, {panel.text, false});
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
                for (const std::string& text : glass.misfits())
                    ADD_FAILURE() << where << text;
                DeviceModel device = scenes::device(language);
                device.rows.insert(device.rows.begin(), {Health::trouble, device.rows[0].label, words});
                glass.frame([&](DrawContext& draw) { return draw_device(device, draw); });
                for (const std::string& text : glass.misfits())
                    ADD_FAILURE() << where << text;
            }
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
