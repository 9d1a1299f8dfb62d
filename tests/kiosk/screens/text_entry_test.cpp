// The text entry screen: good Vietnamese typed by taps, by every method; its intents; its layout on every panel; its
// pictures.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/gallery/scenes.h"
#include "survey/base/utf8.h"
#include "survey/questionnaire.h"
#include "survey/vietnamese.h"
#include "tests/kiosk/screens/bench.h"
#include "tests/kiosk/screens/golden.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Language;
using survey::Letter;
using survey::Mark;
using survey::Tone;

/// The screen with somebody before it, and what keeps the draft behind it.
class Typist {
  public:
    explicit Typist(TextEntryModel shown, const scenes::TestPanel& size = scenes::kFullPortrait,
                    Language language = Language::vi)
        : model(std::move(shown)), glass_(size.width, size.height, language) {
        model.keyboard = keyboard_for(model.draft, capitals_of(model.item));
        draw();
    }

    void draw() {
        glass_.frame([this](DrawContext& context) { return draw_text_entry(model, context); });
    }
    std::vector<TextEntryIntent> tap(const std::string& name) {
        return glass_.tap(name, [this](DrawContext& context) { return draw_text_entry(model, context); });
    }
    /// Taps, and does what the intents ask for, as the terminal does.
    void press_key(const std::string& name) {
        for (const TextEntryIntent& intent : tap(name))
            std::visit([this](const auto& one) { apply(one); }, intent);
        draw();
    }
    void write(std::u32string_view text) {
        for (const char32_t character : text)
            write(character);
    }

    [[nodiscard]] const HeadlessGlass& glass() const { return glass_; }
    TextEntryModel model;
    std::vector<TextGiven> given;

  private:
    [[nodiscard]] TypingRules rules() const { return {.method = model.method, .chars_max = model.chars_max}; }
    void changed(Draft draft) {
        model.draft = std::move(draft);
        model.keyboard = keyboard_after(model.keyboard, model.draft, capitals_of(model.item));
    }
    void apply(const KeyPressed& pressed) { changed(kiosk::press(model.draft, pressed.key, rules())); }
    void apply(const PhraseChosen& chosen) { changed(accept(model.draft, chosen.suggestion, rules())); }
    void apply(const MethodChosen& chosen) { model.method = chosen.method; }
    void apply(const KeyboardChanged& change) { model.keyboard = change.keyboard; }
    void apply(const TextGiven& text) { given.push_back(text); }
    template <class Other>
    void apply(const Other& /*intent*/) {
        ADD_FAILURE() << "not meant for the draft";
    }

    /// Taps shift until the next letter is written so.
    void want_capital(bool capital) {
        while ((model.keyboard.shift != Shift::off) != capital)
            press_key("shift");
    }
    void press_mark(const Letter& letter) {
        static const std::map<Mark, std::string> vni{
            {Mark::circumflex, "key/6"}, {Mark::horn, "key/7"}, {Mark::breve, "key/8"}, {Mark::stroke, "key/9"}};
        if (letter.mark == Mark::none) return;
        if (model.method == Method::vni) return press_key(vni.at(letter.mark));
        const bool again = letter.mark == Mark::circumflex || letter.mark == Mark::stroke;
        press_key(again ? std::string("key/") + letter.base : "key/w");
    }
    void press_tone(Tone tone) {
        struct Names {
            const char* key;
            const char* telex;
            const char* vni;
        };
        static const std::map<Tone, Names> names{{Tone::acute, {"key/tone/acute", "key/s", "key/1"}},
                                                 {Tone::grave, {"key/tone/grave", "key/f", "key/2"}},
                                                 {Tone::hook, {"key/tone/hook", "key/r", "key/3"}},
                                                 {Tone::tilde, {"key/tone/tilde", "key/x", "key/4"}},
                                                 {Tone::dot, {"key/tone/dot", "key/j", "key/5"}}};
        if (tone == Tone::level) return;
        const Names& name = names.at(tone);
        press_key(model.method == Method::telex ? name.telex : model.method == Method::vni ? name.vni : name.key);
    }
    void write(char32_t character) {
        if (const auto letter = survey::letter_of(character)) {
            want_capital(letter->upper);
            const bool marked = model.method == Method::tone_keys;
            const char32_t key =
                survey::character_of({letter->base, marked ? letter->mark : Mark::none, Tone::level, false}).value();
            press_key("key/" + survey::utf8_of({&key, 1}));
            if (!marked) press_mark(*letter);
            return press_tone(letter->tone);
        }
        const std::string name = character == U' '    ? "key/space"
                                 : character == U'\n' ? "key/newline"
                                                      : "key/" + survey::utf8_of({&character, 1});
        // VNI's digits are marks: digits are written on the layer of digits.
        const bool digit = character >= U'0' && character <= U'9';
        const bool elsewhere = digit || !glass_.has_target(name);
        if (elsewhere) press_key("layer/signs");
        press_key(name);
        if (elsewhere) press_key("layer/letters");
    }

    HeadlessGlass glass_;
};

TextEntryModel empty(Method method) {
    TextEntryModel model = scenes::text_entry(Language::vi);
    model.method = method;
    return model;
}

constexpr std::u32string_view kPage =
    U"Tôi đến từ 7 giờ 30; đường Nguyễn Trãi ngập, quýnh quáng cả lên! Chị Ánh ở quầy số 1 hướng dẫn rất tỉ mỉ, "
    U"nhưng phải chờ đến trưa mới được trả giấy khuyết tật.\nĐề nghị thêm ghế (ít nhất 10 chiếc) - xin cảm ơn…";

class Typing : public testing::TestWithParam<std::tuple<Method, scenes::TestPanel>> {};

TEST_P(Typing, WritesAPageOfVietnameseByTaps) {
    const auto& [method, panel] = GetParam();
    Typist typist(empty(method), panel);
    const std::u32string_view page = kPage.substr(0, kPage.size() - 1);  // no key has the ellipsis
    typist.write(page);
    EXPECT_EQ(typist.model.draft.text, survey::utf8_of(page));
    ASSERT_TRUE(typist.glass().has_target("text_entry/done"));
    typist.press_key("text_entry/done");
    ASSERT_EQ(typist.given.size(), 1U);
    EXPECT_EQ(typist.given[0].item, typist.model.item.id);
    EXPECT_EQ(typist.given[0].text, survey::utf8_of(page));
}

INSTANTIATE_TEST_SUITE_P(Methods, Typing,
                         testing::Combine(testing::Values(Method::tone_keys, Method::telex, Method::vni),
                                          testing::Values(scenes::kFullPortrait, scenes::kFullLandscape,
                                                          scenes::kFullSmall)));

TEST(TextEntryScreen, WritesEnglishAsItIsTyped) {
    Typist typist(empty(Method::none), scenes::kFullSmall, Language::en);
    typist.write(U"The officer was kind; I was glad. Wow, so good!");
    EXPECT_EQ(typist.model.draft.text, "The officer was kind; I was glad. Wow, so good!");
}

TEST(TextEntryScreen, WritesNamesWithACapitalAtEachWord) {
    TextEntryModel model = empty(Method::tone_keys);
    model.item.personal_data = true;
    Typist typist(model);
    for (const char* key : {"key/t", "key/r", "key/â", "key/n", "key/space", "key/a", "key/n", "key/h"})
        typist.press_key(key);
    EXPECT_EQ(typist.model.draft.text, "Trân Anh");
}

TEST(TextEntryScreen, CorrectsWithBackspaceCursorAndErasedWords) {
    Typist typist(empty(Method::tone_keys));
    typist.write(U"Tôi chờ lâau");
    for (int i = 0; i < 2; ++i)
        typist.press_key("key/backspace");
    typist.press_key("key/u");
    EXPECT_EQ(typist.model.draft.text, "Tôi chờ lâu");
    typist.press_key("key/clear_word");
    EXPECT_EQ(typist.model.draft.text, "Tôi chờ ");
    typist.press_key("key/left");
    typist.press_key("key/left");
    typist.press_key("key/right");
    EXPECT_EQ(typist.model.draft.cursor, 7U);
}

TEST(TextEntryScreen, OffersPhrasesThatTakeTheirPlace) {
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Typist typist(scenes::text_entry(Language::vi), panel);
        ASSERT_TRUE(typist.glass().has_target("phrase/0")) << panel.name;
        const std::vector<TextEntryIntent> intents = typist.tap("phrase/0");
        ASSERT_EQ(intents.size(), 1U);
        const auto* chosen = std::get_if<PhraseChosen>(&intents[0]);
        ASSERT_NE(chosen, nullptr);
        EXPECT_EQ(chosen->item, typist.model.item.id);
        EXPECT_EQ(chosen->suggestion, typist.model.phrases[0]);
    }
}

TEST(TextEntryScreen, OffersAtLeastThreePhrasesWhereThereIsRoom) {
    for (const scenes::TestPanel& panel : std::span(scenes::kTypingPanels).first(3)) {
        Typist typist(scenes::text_entry(Language::vi), panel);
        EXPECT_TRUE(typist.glass().has_target("phrase/2")) << panel.name;
    }
}

TEST(TextEntryScreen, APhraseTooLongForItsPlaceIsNotOfferedCut) {
    TextEntryModel model = scenes::text_entry(Language::vi);
    model.phrases = {{std::string(79, 'W'), 0}, {"Xin cảm ơn!", 0}};
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Typist typist(model, panel);
        EXPECT_THAT(typist.glass().misfits(), testing::IsEmpty()) << panel.name;
        EXPECT_TRUE(typist.glass().has_target("phrase/0")) << panel.name;
    }
}

TEST(TextEntryScreen, ContactsHaveNoPhrasesAndNoWarning) {
    TextEntryModel model = scenes::text_entry(Language::vi);
    model.item.personal_data = true;
    model.looks_personal = Personal::phone;
    Typist typist(model);
    EXPECT_FALSE(typist.glass().has_target("phrase/0"));
    for (const std::string& line : typist.glass().traces().spoken)
        EXPECT_NE(line, glass::kiosk_texts(Language::vi).at("text_entry.personal"));
}

TEST(TextEntryScreen, WarnsOfPersonalDataAndLetsItBeGiven) {
    TextEntryModel model = scenes::written_text(Language::vi);
    model.looks_personal = Personal::id_number;
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Typist typist(model, panel);
        EXPECT_THAT(typist.glass().traces().spoken,
                    testing::Contains(glass::kiosk_texts(Language::vi).at("text_entry.personal")))
            << panel.name;
        EXPECT_TRUE(typist.glass().has_target("text_entry/done")) << panel.name;
    }
}

TEST(TextEntryScreen, SendRestsWhileThereIsNothingToGive) {
    TextEntryModel blank = scenes::text_entry(Language::vi);
    blank.draft = draft_of("  \n ", {});
    TextEntryModel faulty = scenes::written_text(Language::vi);
    faulty.fault = TextFault::too_long;
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        EXPECT_FALSE(Typist(scenes::text_entry(Language::vi), panel).glass().has_target("text_entry/done"))
            << panel.name;
        EXPECT_FALSE(Typist(blank, panel).glass().has_target("text_entry/done")) << panel.name;
        EXPECT_FALSE(Typist(faulty, panel).glass().has_target("text_entry/done")) << panel.name;
        EXPECT_TRUE(Typist(scenes::written_text(Language::vi), panel).glass().has_target("text_entry/done"))
            << panel.name;
    }
}

TEST(TextEntryScreen, GoesBackAndSkipsWhatNeedNotBeAnswered) {
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        TextEntryModel model = scenes::text_entry(Language::vi);
        EXPECT_FALSE(Typist(model, panel).glass().has_target("skip")) << panel.name;
        model.item.required = false;
        Typist typist(model, panel);
        EXPECT_TRUE(only<Skipped>(typist.tap("skip"))) << panel.name;
        EXPECT_TRUE(only<BackTapped>(typist.tap("back"))) << panel.name;
    }
}

TEST(TextEntryScreen, OffersAccessibilityVoiceAndMoreTime) {
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        TextEntryModel model = scenes::written_text(Language::vi);
        model.frame.voice_offered = true;
        Typist typist(model, panel);
        EXPECT_TRUE(only<AccessibilityWanted>(typist.tap("accessibility"))) << panel.name;
        EXPECT_TRUE(only<SpeakWanted>(typist.tap("speak"))) << panel.name;
        EXPECT_FALSE(typist.glass().has_target("more_time")) << panel.name;
        model.frame.countdown_s = 9;
        Typist ending(model, panel);
        EXPECT_TRUE(only<MoreTimeWanted>(ending.tap("more_time"))) << panel.name;
    }
}

TEST(TextEntryScreen, AskForANumberWithDigitsOnly) {
    TextEntryModel model = scenes::phone_number(Language::vi);
    model.draft = {};
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Typist typist(model, panel);
        for (const Target& target : typist.glass().targets())
            EXPECT_FALSE(target.name.starts_with("key/") && target.name.size() == 5 &&
                         (target.name[4] < '0' || target.name[4] > '9'));
        for (const char digit : std::string("09123456780"))
            typist.press_key(std::string("key/") + digit);
        typist.press_key("key/backspace");
        EXPECT_EQ(typist.model.draft.text, "0912345678") << panel.name;
    }
}

TEST(TextEntryScreen, SaysWhatIsWrongWithANumber) {
    const survey::Messages& text = glass::kiosk_texts(Language::vi);
    TextEntryModel model = scenes::phone_number(Language::vi);
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Typist unfinished(model, panel);
        EXPECT_THAT(unfinished.glass().traces().spoken, testing::Contains(text.at("text_entry.unfinished")))
            << panel.name;
        TextEntryModel wrong = model;
        wrong.draft = draft_of("1912345678", {});
        Typist typist(wrong, panel);
        EXPECT_THAT(typist.glass().traces().spoken, testing::Contains(text.at("text_entry.pattern"))) << panel.name;
    }
}

TEST(TextEntryScreen, SaysItsQuestionFirst) {
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Typist typist(scenes::text_entry(Language::vi), panel);
        ASSERT_FALSE(typist.glass().traces().spoken.empty());
        EXPECT_EQ(typist.glass().traces().spoken[0], typist.model.item.text.in(Language::vi)) << panel.name;
    }
}

TEST(TextEntryScreen, ShowsAPressInTheFrameItHappensIn) {
    HeadlessGlass glass(540, 960);
    const TextEntryModel model = scenes::text_entry(Language::vi);
    const auto draw = [&](DrawContext& context) { return draw_text_entry(model, context); };
    glass.frame(draw);
    const glass::Image before = glass.picture();
    const Target& key = glass.target("key/g");
    glass.touches().press(key.x + key.width / 2, key.y + key.height / 2);
    glass.frame(draw);
    EXPECT_NE(glass.picture(), before);
}

TEST(TextEntryScreen, AKeypadGoesThroughTheKeysRowByRow) {
    Typist typist(scenes::written_text(Language::vi));
    std::vector<std::string> names;
    for (const Target* target : focus_order(typist.glass().targets()))
        names.push_back(target->name);
    const auto place = [&](const char* name) { return std::find(names.begin(), names.end(), name) - names.begin(); };
    EXPECT_LT(place("phrase/0"), place("key/tone/acute"));
    EXPECT_LT(place("key/tone/acute"), place("key/q"));
    EXPECT_EQ(place("key/w"), place("key/q") + 1);
    EXPECT_LT(place("key/p"), place("key/a"));
    EXPECT_LT(place("key/space"), place("text_entry/done"));
}

// ---- Every panel ---------------------------------------------------------------------------------------------------

std::vector<scenes::Scene> all_scenes(Language language) {
    std::vector<scenes::Scene> all = scenes::text_entry_ordinary(language);
    for (scenes::Scene& scene : scenes::text_entry_extreme(language))
        all.push_back(std::move(scene));
    return all;
}

/// 20 mm and 3 mm where ten keys of that size fit side by side (keyboard.h), else 11 mm and half as much.
void expect_keys_as_promised(const HeadlessGlass& glass, const std::string& where) {
    constexpr float kHalfPixel = 0.5F;
    const Layout& layout = glass.layout();
    const float px_per_mm = layout.scale * layout.apart / kApartMin_mm;
    const bool wide_enough = layout.width * layout.scale >= 230 * px_per_mm;
    const float size = wide_enough ? layout.target * layout.scale : kKeyLeast_mm * px_per_mm;
    const float room = (wide_enough ? 1 : 0.5F) * layout.apart * layout.scale;
    const std::vector<Target>& targets = glass.targets();
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const Target& a = targets[i];
        EXPECT_GE(std::min(a.width, a.height), size - kHalfPixel) << where << a.name;
        EXPECT_GE(std::min(a.x, a.y), -kHalfPixel) << where << a.name;
        EXPECT_LE(a.x + a.width, layout.width * layout.scale + kHalfPixel) << where << a.name;
        EXPECT_LE(a.y + a.height, layout.height * layout.scale + kHalfPixel) << where << a.name;
        for (std::size_t k = i + 1; k < targets.size(); ++k) {
            const Target& b = targets[k];
            if (a.zone == Zone::header && b.zone == Zone::header) continue;
            const float across = std::max(b.x - a.x - a.width, a.x - b.x - b.width);
            const float down = std::max(b.y - a.y - a.height, a.y - b.y - b.height);
            EXPECT_GE(std::max(across, down), room - kHalfPixel) << where << a.name << " and " << b.name;
        }
    }
}

TEST(TextEntryScreen, KeepsItsTargetsLargeAndApartAndItsWordsWholeOnEveryPanel) {
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        for (const Language language : survey::kLanguages) {
            HeadlessGlass glass(panel.width, panel.height, language);
            for (const scenes::Scene& scene : all_scenes(language)) {
                glass.frame(scene.draw);
                const std::string where = scene.name + " " + panel.name + " " + std::string(code(language)) + ": ";
                expect_keys_as_promised(glass, where);
                EXPECT_THAT(glass.misfits(), testing::IsEmpty()) << where;
            }
        }
    }
}

TEST(TextEntryScreen, CutsNothingOfItsOwnWhenWordsAreWrittenLarge) {
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        for (const TextSize size : {TextSize::large, TextSize::largest}) {
            for (const Language language : survey::kLanguages) {
                HeadlessGlass glass(panel.width, panel.height, language, {.text = size});
                for (const scenes::Scene& scene : all_scenes(language)) {
                    if (scene.name == "text_entry_long_question")
                        continue;  // 300 characters twice as large fit nowhere
                    glass.frame(scene.draw);
                    const std::string where = scene.name + " " + panel.name + " " + std::string(code(language)) + ": ";
                    expect_keys_as_promised(glass, where);
                    if (glass.layout().portrait()) continue;  // the frame around it is not this screen's
                    EXPECT_THAT(glass.misfits(), testing::IsEmpty()) << where;
                }
            }
        }
    }
}

TEST(TextEntryScreen, KeepsItsKeysWithinReachOfSomebodySeated) {
    HeadlessGlass glass(1080, 1920, Language::vi, {.seated = true});
    for (const scenes::Scene& scene : all_scenes(Language::vi)) {
        glass.frame(scene.draw);
        for (const Target& target : glass.targets()) {
            if (target.zone == Zone::header) continue;
            EXPECT_GE(target.y, glass.layout().reach_top() * glass.layout().scale) << scene.name << target.name;
        }
    }
}

TEST(TextEntryScreen, ShowsEveryShippedQuestionForWordsWhole) {
    const std::filesystem::path path =
        std::filesystem::path(HAILONG_SOURCE_DIR) / "assets/questionnaires/FEEDBACK.json";
    std::ifstream file(path, std::ios::binary);
    const auto form = survey::parse_questionnaire(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_TRUE(form) << survey::describe(form.error(), path.string());
    std::size_t shown = 0;
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        for (const Language language : survey::kLanguages) {
            for (const survey::Item& item : form->items) {
                if (item.type != survey::ItemType::text && item.type != survey::ItemType::phone) continue;
                TextEntryModel model = scenes::text_entry(language);
                model.item = item;
                Typist typist(model, panel, language);
                EXPECT_THAT(typist.glass().misfits(), testing::IsEmpty()) << item.id.text << panel.name;
                ++shown;
            }
        }
    }
    EXPECT_GE(shown, 4 * std::size(scenes::kTypingPanels) * 2);
}

// ---- Pictures ------------------------------------------------------------------------------------------------------

TEST(GoldenTextEntry, OnLowPanels) {
    const std::set<std::string> chosen{"text_entry", "text_entry_written", "text_entry_warned", "text_entry_full",
                                       "text_entry_phone"};
    for (const scenes::TestPanel& panel : {scenes::kSmall, scenes::kTiny}) {
        HeadlessGlass glass(panel.width, panel.height);
        for (const scenes::Scene& scene : all_scenes(Language::vi)) {
            if (!chosen.contains(scene.name)) continue;
            glass.frame(scene.draw);
            expect_golden(glass, scene.name + "." + panel.name + ".vi");
        }
    }
}

TEST(GoldenTextEntry, InHighContrastAndWrittenLargest) {
    const auto written = [model = scenes::written_text(Language::vi)](DrawContext& draw) {
        return draw_text_entry(model, draw);
    };
    HeadlessGlass contrast(540, 960, Language::vi, {}, ThemeKind::high_contrast);
    contrast.frame(written);
    expect_golden(contrast, "text_entry_written.portrait.high_contrast.vi");
    HeadlessGlass landscape(960, 540, Language::vi, {.text = TextSize::largest});
    landscape.frame(written);
    expect_golden(landscape, "text_entry_written.landscape.largest.vi");
    HeadlessGlass low(640, 400, Language::vi, {.text = TextSize::largest}, ThemeKind::high_contrast);
    low.frame(written);
    expect_golden(low, "text_entry_written.small.largest.vi");
}

}  // namespace
}  // namespace hailong::kiosk
