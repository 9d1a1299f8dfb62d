// Rules that every screen keeps on every panel, in every size of type, seated or not, in every language, with every
// sample model: targets stay on the panel, within reach, apart from each other and large enough; no text is cut.
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "kiosk/theme/theme.h"
#include "survey/center.h"
#include "survey/questionnaire.h"
#include "tests/kiosk/screens/layout_rules.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"
#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Language;

constexpr PanelSetting kSettings[] = {
    {"1080x1920", 1080, 1920},
    {"1080x1920Large", 1080, 1920, {TextSize::large}},
    {"1080x1920Largest", 1080, 1920, {TextSize::largest}},
    {"1080x1920Seated", 1080, 1920, {TextSize::normal, true}},
    {"1080x1920SeatedLarge", 1080, 1920, {TextSize::large, true}},
    {"1080x1920SeatedLargest", 1080, 1920, {TextSize::largest, true}},
    {"1920x1080", 1920, 1080},
    {"1920x1080Large", 1920, 1080, {TextSize::large}},
    {"1920x1080SeatedLargest", 1920, 1080, {TextSize::largest, true}},
    {"1366x768", 1366, 768},
    {"1366x768Large", 1366, 768, {TextSize::large}},
    {"1366x768SeatedLargest", 1366, 768, {TextSize::largest, true}},
    {"1280x800", 1280, 800},
    {"1280x800Large", 1280, 800, {TextSize::large}},
    {"1280x800SeatedLargest", 1280, 800, {TextSize::largest, true}},
    {"800x480", 800, 480},
    {"800x480Large", 800, 480, {TextSize::large}},
    {"800x480SeatedLargest", 800, 480, {TextSize::largest, true}},
};

class EveryScene : public testing::TestWithParam<PanelSetting> {};

TEST_P(EveryScene, HasLargeTargetsApartOnThePanelAndNoCutText) {
    const PanelSetting panel = GetParam();
    for (const Language language : survey::kLanguages) {
        std::vector<scenes::Scene> all = scenes::visit_ordinary(language);
        for (scenes::Scene& scene : scenes::visit_extreme(language))
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

std::vector<survey::Questionnaire> shipped_questionnaires() {
    std::vector<survey::Questionnaire> all;
    const std::filesystem::path folder = std::filesystem::path(HAILONG_SOURCE_DIR) / "assets/questionnaires";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json")
            all.push_back(tests::sample_questionnaire(entry.path().stem().string()));
    }
    return all;
}

using Show = std::function<void(const std::string& where, const std::function<void(DrawContext&)>& draw)>;

/// The officer screen page by page, then with those of each counter alone.
void show_officers(OfficerModel model, const survey::Center& center, const std::string& where, const Show& show) {
    const auto draw = [&](DrawContext& context) { static_cast<void>(draw_officer(model, context)); };
    model.officers = center.officers;
    for (model.page = 0; model.page < 6; ++model.page)
        show(where, draw);
    model.page = 0;
    for (const survey::Counter& counter : center.counters) {
        model.officers.clear();
        for (const survey::Officer& officer : center.officers) {
            if (officer.counter == counter.id) model.officers.push_back(officer);
        }
        show(where + counter.id.text, draw);
    }
}

/// Whatever screen asks `item`; those with a keyboard have a test of their own (text_entry_test.cpp).
void show_item(const survey::Item& item, const VisitFrame& frame, const survey::Center& center,
               const std::string& where, const Show& show) {
    switch (item.type) {
        case survey::ItemType::scale:
        case survey::ItemType::points:
        case survey::ItemType::single:
        case survey::ItemType::consent: {
            ChoiceModel model{frame, item, {}, 0, 0};
            if (item.about == survey::About::officer) model.officer_name = center.officers[0].name;
            return show(where, [&](DrawContext& draw) { static_cast<void>(draw_choice(model, draw)); });
        }
        case survey::ItemType::multi: {
            const ReasonsModel model{frame, item, {}, 0};
            return show(where, [&](DrawContext& draw) { static_cast<void>(draw_reasons(model, draw)); });
        }
        case survey::ItemType::counter: {
            const CounterModel model{frame, item, center.counters, 0};
            return show(where, [&](DrawContext& draw) { static_cast<void>(draw_counter(model, draw)); });
        }
        case survey::ItemType::officer:
            return show_officers({frame, item, {}, 0}, center, where, show);
        case survey::ItemType::text:
        case survey::ItemType::phone:
            return;
    }
}

/// The questionnaires and the center that ship with the product, screen by screen.
TEST_P(EveryScene, ShowsEveryShippedQuestionWhole) {
    const PanelSetting panel = GetParam();
    const survey::Center center = tests::sample_center();
    std::size_t shown = 0;
    for (const Language language : survey::kLanguages) {
        HeadlessGlass glass(panel.width, panel.height, language, panel.options);
        VisitFrame frame;
        frame.voice_offered = true;
        frame.center_name = center.name.in(language);
        frame.progress = {.step = 2, .steps = 6};
        frame.can_go_back = true;
        const Show show = [&](const std::string& where, const std::function<void(DrawContext&)>& draw) {
            glass.frame(draw);
            expect_good_targets(glass, where);
            expect_no_misfits(glass, where);
            ++shown;
        };
        for (const survey::Questionnaire& questionnaire : shipped_questionnaires()) {
            for (const survey::Item& item : questionnaire.items) {
                const std::string where = questionnaire.ref.id.text + " " + item.id.text + " " +
                                          std::string(code(language)) + " " + panel.name + ": ";
                show_item(item, frame, center, where, show);
            }
        }
    }
    EXPECT_GT(shown, 100U);
}

INSTANTIATE_TEST_SUITE_P(Panels, EveryScene, testing::ValuesIn(kSettings),
                         [](const auto& panel) { return "On" + std::string(panel.param.name); });

/// What the program says in words that a model carries must fit where the screens put them.
TEST(Texts, OfTheReasonsFitTheirScreen) {
    for (const PanelSetting& panel : kSettings) {
        if (!(panel.options == LayoutOptions{})) continue;
        for (const Language language : survey::kLanguages) {
            HeadlessGlass glass(panel.width, panel.height, language);
            const survey::Messages& texts = glass::kiosk_texts(language);
            for (const auto& [key, unused] : texts.all()) {
                const std::string words = texts.format(
                    key,
                    {{"name", "SIPAS_LIKE"}, {"count", "1.234"}, {"time", "22 September 2026 14:05"}, {"why", "-"}});
                const std::string where = key + " " + std::string(code(language)) + " " + panel.name + ": ";
                if (key.starts_with("out_of_order.")) {
                    AttractModel model = scenes::attract(language);
                    model.out_of_order = words;
                    glass.frame([&](DrawContext& draw) { return draw_attract(model, draw); });
                } else {
                    continue;
                }
                expect_no_misfits(glass, where);
            }
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
