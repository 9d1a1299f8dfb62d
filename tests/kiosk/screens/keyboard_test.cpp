// The keyboard: every key of every layer and method types what stands on it; keys are as large and as far apart as the
// panel allows; every character that can be typed has a glyph.
#include "kiosk/widgets/keyboard.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/platform/fonts.h"
#include "kiosk/widgets/text_field.h"
#include "survey/base/utf8.h"
#include "survey/vietnamese.h"
#include "tests/kiosk/screens/panels.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using survey::Tone;

constexpr Method kMethods[] = {Method::tone_keys, Method::telex, Method::vni, Method::none};
constexpr KeyLayer kLayers[] = {KeyLayer::letters, KeyLayer::signs};
constexpr Shift kShifts[] = {Shift::off, Shift::once, Shift::locked};

/// A keyboard alone on a panel.
class Keys {
  public:
    explicit Keys(const scenes::TestPanel& size) : glass_(size.width, size.height) {}

    void show(Method shown, const KeyboardState& now) {
        method = shown;
        state = now;
        glass_.frame([this](DrawContext& draw) { return draw_on(draw); });
    }
    std::vector<KeyboardIntent> tap(const std::string& name) {
        return glass_.tap(name, [this](DrawContext& draw) { return draw_on(draw); });
    }
    [[nodiscard]] const HeadlessGlass& glass() const { return glass_; }

    Method method = Method::tone_keys;
    KeyboardState state;

  private:
    std::optional<KeyboardIntent> draw_on(DrawContext& draw) const {
        Stage stage(draw);
        const Rect area = stage.page.inset(24, 24);
        const KeyboardPlan plan = plan_keyboard(draw.layout, area.width, area.height * 0.74F);
        return draw_keyboard(stage.paint, plan, method, state, area);
    }
    HeadlessGlass glass_;
};

/// What the target of that name is to type; empty for what is no key of the text.
std::optional<Key> key_named(const std::string& name, Shift shift) {
    static const std::map<std::string, Key> named{{"key/space", CharacterKey{U' '}},
                                                  {"key/newline", CharacterKey{U'\n'}},
                                                  {"key/backspace", EditKey::backspace},
                                                  {"key/clear_word", EditKey::clear_word},
                                                  {"key/left", EditKey::left},
                                                  {"key/right", EditKey::right},
                                                  {"key/tone/acute", ToneKey{Tone::acute}},
                                                  {"key/tone/grave", ToneKey{Tone::grave}},
                                                  {"key/tone/hook", ToneKey{Tone::hook}},
                                                  {"key/tone/tilde", ToneKey{Tone::tilde}},
                                                  {"key/tone/dot", ToneKey{Tone::dot}}};
    if (const auto found = named.find(name); found != named.end()) return found->second;
    if (!name.starts_with("key/")) return std::nullopt;
    const std::u32string characters = survey::characters_of(name.substr(4));
    if (characters.size() != 1) return std::nullopt;
    auto letter = survey::letter_of(characters[0]);
    if (!letter || shift == Shift::off) return CharacterKey{characters[0]};
    letter->upper = true;
    return CharacterKey{survey::character_of(*letter).value()};
}

TEST(Keyboard, EveryKeyTypesWhatItSaysOnEveryLayerAndMethod) {
    Keys keys(scenes::kFullSmall);
    for (const Method method : kMethods) {
        for (const KeyLayer layer : kLayers) {
            for (const Shift shift : kShifts) {
                keys.show(method, {layer, shift});
                const std::vector<Target> targets = keys.glass().targets();
                std::size_t typed = 0;
                for (const Target& target : targets) {
                    const auto wanted = key_named(target.name, layer == KeyLayer::letters ? shift : Shift::off);
                    if (!wanted) continue;
                    const auto got = keys.tap(target.name);
                    ASSERT_EQ(got.size(), 1U) << target.name;
                    EXPECT_EQ(got[0], KeyboardIntent(*wanted)) << target.name;
                    EXPECT_FALSE(target.label.empty()) << target.name;
                    ++typed;
                }
                EXPECT_GE(typed, 26U);
            }
        }
    }
}

std::set<std::string> names_on(const Keys& keys) {
    std::set<std::string> names;
    for (const Target& target : keys.glass().targets())
        names.insert(target.name);
    return names;
}

TEST(Keyboard, HasEveryLetterOnEveryPanelAndMethod) {
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Keys keys(panel);
        for (const Method method : kMethods) {
            keys.show(method, {});
            const std::set<std::string> names = names_on(keys);
            for (char letter = 'a'; letter <= 'z'; ++letter)
                EXPECT_TRUE(names.contains(std::string("key/") + letter)) << panel.name << letter;
            for (const char* name : {"key/space", "key/backspace", "key/clear_word", "key/left", "key/right", "shift",
                                     "layer/signs", "key/,", "key/."}) {
                EXPECT_TRUE(names.contains(name)) << panel.name << name;
            }
            const bool marks = method == Method::tone_keys;
            for (const char* name : {"key/ă", "key/â", "key/đ", "key/ê", "key/ô", "key/ơ", "key/ư", "key/tone/acute",
                                     "key/tone/grave", "key/tone/hook", "key/tone/tilde", "key/tone/dot"}) {
                EXPECT_EQ(names.contains(name), marks) << panel.name << name;
            }
            for (char digit = '0'; digit <= '9'; ++digit)
                EXPECT_EQ(names.contains(std::string("key/") + digit), method == Method::vni) << panel.name << digit;
            keys.show(method, {KeyLayer::signs, Shift::off});
            const std::set<std::string> signs = names_on(keys);
            for (const char* name : {"key/0", "key/9", "key/?", "key/!", "key/₫", "key/space", "key/backspace",
                                     "key/newline", "layer/letters"}) {
                EXPECT_TRUE(signs.contains(name)) << panel.name << name;
            }
        }
    }
}

TEST(Keyboard, ShiftGoesFromOnceToLockedToOff) {
    Keys keys(scenes::kFullPortrait);
    const Shift after[] = {Shift::once, Shift::locked, Shift::off};
    for (std::size_t i = 0; i < std::size(kShifts); ++i) {
        keys.show(Method::telex, {KeyLayer::letters, kShifts[i]});
        const auto got = keys.tap("shift");
        ASSERT_EQ(got.size(), 1U);
        EXPECT_EQ(got[0], KeyboardIntent(KeyboardState{KeyLayer::letters, after[i]}));
    }
}

TEST(Keyboard, LayersAndMethodsAreReached) {
    Keys tall(scenes::kFullPortrait);
    for (const auto& [name, method] : std::map<std::string, Method>{{"method/tone_keys", Method::tone_keys},
                                                                    {"method/telex", Method::telex},
                                                                    {"method/vni", Method::vni},
                                                                    {"method/none", Method::none}}) {
        tall.show(Method::tone_keys, {});
        EXPECT_EQ(tall.tap(name), std::vector<KeyboardIntent>{method});
    }
    EXPECT_EQ(tall.tap("layer/signs"), (std::vector<KeyboardIntent>{KeyboardState{KeyLayer::signs, Shift::off}}));
    // Where there is no room for four names, one key turns through all of them.
    Keys low(scenes::kFullSmall);
    Method method = Method::tone_keys;
    for (const char* name : {"method/telex", "method/vni", "method/none", "method/tone_keys"}) {
        low.show(method, {});
        const auto got = low.tap(name);
        ASSERT_EQ(got.size(), 1U) << name;
        method = std::get<Method>(got[0]);
    }
    EXPECT_EQ(method, Method::tone_keys);
}

/// The least room between two targets that stand side by side or below each other.
float least_room(const std::vector<Target>& targets) {
    float least = FLT_MAX;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        for (std::size_t k = i + 1; k < targets.size(); ++k) {
            const Target& a = targets[i];
            const Target& b = targets[k];
            const float across = std::max(b.x - a.x - a.width, a.x - b.x - b.width);
            const float down = std::max(b.y - a.y - a.height, a.y - b.y - b.height);
            least = std::min(least, std::max(across, down));
        }
    }
    return least;
}

TEST(Keyboard, KeysAre20MillimetresAnd3ApartOnPanelsWideEnough) {
    constexpr float kHalfPixel = 0.5F;
    for (const scenes::TestPanel& panel : scenes::kTypingPanels) {
        Keys keys(panel);
        const Layout& layout = keys.glass().layout();
        const float px_per_mm = layout.scale * layout.apart / kApartMin_mm;
        const bool wide_enough = static_cast<float>(panel.width) >= 230 * px_per_mm;
        const float size = wide_enough ? layout.target * layout.scale : kKeyLeast_mm * px_per_mm;
        const float room = (wide_enough ? layout.apart : layout.apart / 2) * layout.scale;
        for (const Method method : kMethods) {
            for (const KeyLayer layer : kLayers) {
                keys.show(method, {layer, Shift::off});
                for (const Target& target : keys.glass().targets()) {
                    EXPECT_GE(std::min(target.width, target.height), size - kHalfPixel) << panel.name << target.name;
                    EXPECT_GE(target.y, -kHalfPixel) << panel.name << target.name;
                }
                EXPECT_GE(least_room(keys.glass().targets()), room - kHalfPixel) << panel.name;
                EXPECT_THAT(keys.glass().misfits(), testing::IsEmpty()) << panel.name;
            }
        }
    }
}

TEST(Keyboard, OnlyPanelsTooNarrowForTenKeysHaveSmallerOnes) {
    const Layout seven_inches = layout_for(800, 480);
    const KeyboardPlan small = plan_keyboard(seven_inches, seven_inches.width - 48, 720);
    EXPECT_LT(small.key_width, seven_inches.target);
    EXPECT_GE(small.key_width, kKeyLeast_mm * seven_inches.apart / kApartMin_mm);
    const Layout twelve_inches = layout_for(1280, 800);
    EXPECT_GE(plan_keyboard(twelve_inches, twelve_inches.width - 48, 760).key_width, twelve_inches.target);
}

TEST(Keyboard, EveryCharacterThatCanBeTypedHasAGlyphInEverySize) {
    std::string typed;
    Keys keys(scenes::kFullPortrait);
    for (const Method method : kMethods) {
        for (const KeyLayer layer : kLayers) {
            for (const Shift shift : {Shift::off, Shift::locked}) {
                keys.show(method, {layer, shift});
                for (const Target& target : keys.glass().targets()) {
                    const auto key = key_named(target.name, layer == KeyLayer::letters ? shift : Shift::off);
                    const auto* character = key ? std::get_if<CharacterKey>(&*key) : nullptr;
                    if (character != nullptr) typed += survey::utf8_of({&character->character, 1});
                }
            }
        }
    }
    // And what tones make of them.
    for (char base = 'a'; base <= 'z'; ++base) {
        for (const auto mark : {survey::Mark::none, survey::Mark::breve, survey::Mark::circumflex, survey::Mark::horn,
                                survey::Mark::stroke}) {
            for (const Tone tone : {Tone::level, Tone::grave, Tone::hook, Tone::tilde, Tone::acute, Tone::dot}) {
                for (const bool upper : {false, true}) {
                    const auto made = survey::character_of({base, mark, tone, upper});
                    if (made) typed += survey::utf8_of({&*made, 1});
                }
            }
        }
    }
    const Fonts& fonts = keys.glass().fonts();
    for (const ImFont* font : {fonts.title, fonts.label, fonts.body, fonts.caption, fonts.display}) {
        EXPECT_THAT(missing_glyphs(*font, typed), testing::IsEmpty());
    }
}

Draft draft(const char* text) {
    return draft_of(text, {});
}

TEST(KeyboardState, OffersACapitalWhereASentenceBegins) {
    for (const char* text : {"", "Xong. ", "Sao? ", "Hay! ", "Một dòng\n", "  "}) {
        EXPECT_EQ(keyboard_for(draft(text), Capitals::sentences).shift, Shift::once) << text;
    }
    for (const char* text : {"a", "Xong.", "Tôi ", "1.5", "Tôi, "}) {
        EXPECT_EQ(keyboard_for(draft(text), Capitals::sentences).shift, Shift::off) << text;
    }
}

TEST(KeyboardState, OffersACapitalAtEveryWordOfAName) {
    EXPECT_EQ(keyboard_for(draft("Nguyễn "), Capitals::words).shift, Shift::once);
    EXPECT_EQ(keyboard_for(draft("Nguyễn"), Capitals::words).shift, Shift::off);
}

TEST(KeyboardState, UsesUpOneCapitalAndKeepsLockedOnesAndTheLayer) {
    const KeyboardState once{KeyLayer::letters, Shift::once};
    EXPECT_EQ(keyboard_after(once, draft("T"), Capitals::sentences).shift, Shift::off);
    const KeyboardState locked{KeyLayer::signs, Shift::locked};
    EXPECT_EQ(keyboard_after(locked, draft("T"), Capitals::sentences), locked);
}

/// The characters of all lines in a row; a line feed stands between two lines where the text has one.
std::string joined(std::string_view text, const WrittenText& written) {
    std::string result;
    for (const WrittenText::Line& line : written.lines) {
        if (line.first > result.size()) result += '\n';
        result += text.substr(line.first, line.last - line.first);
    }
    return result;
}

TEST(TextField, LosesNoCharacterWhenItBreaksLines) {
    HeadlessGlass glass(1080, 1920);
    DrawContext draw = glass.draw_context();
    for (const std::string& text :
         {std::string(), std::string("Tôi"), std::string("Tôi   phải  chờ lâu   "), std::string(300, 'w'),
          std::string("một\n\nhai\n"), std::string("Đường Nguyễn Trãi ") + std::string(80, 'm') + " hết"}) {
        for (const float width : {30.F, 200.F, 900.F}) {
            const WrittenText written = lay_out_text(draw, TextStep::body, text, text.size(), width);
            EXPECT_EQ(joined(text, written), text) << width;
        }
    }
}

TEST(TextField, BreaksWithinItsWidthAndBetweenWords) {
    HeadlessGlass glass(1080, 1920);
    DrawContext draw = glass.draw_context();
    const std::string text = "Tôi phải chờ lâu vì phần mềm bị lỗi, mong Trung tâm khắc phục sớm.";
    const WrittenText written = lay_out_text(draw, TextStep::body, text, 0, 300);
    ASSERT_GT(written.lines.size(), 2U);
    for (std::size_t i = 0; i < written.lines.size(); ++i) {
        const auto [first, last] = written.lines[i];
        std::string line = text.substr(first, last - first);
        if (i + 1 < written.lines.size()) {
            EXPECT_EQ(line.back(), ' ');
            line.pop_back();
        }
        EXPECT_LE(text_width(draw, TextStep::body, line), 300.F) << line;
    }
}

TEST(TextField, KnowsWhereTheCursorStands) {
    HeadlessGlass glass(1080, 1920);
    DrawContext draw = glass.draw_context();
    const std::string text = "một\nhai ba";
    const WrittenText at_start = lay_out_text(draw, TextStep::body, text, 0, 500);
    EXPECT_EQ(at_start.cursor_line, 0U);
    EXPECT_EQ(at_start.cursor_x, 0.F);
    const std::size_t before_feed = text.find('\n');
    EXPECT_EQ(lay_out_text(draw, TextStep::body, text, before_feed, 500).cursor_line, 0U);
    EXPECT_EQ(lay_out_text(draw, TextStep::body, text, before_feed + 1, 500).cursor_line, 1U);
    const WrittenText at_end = lay_out_text(draw, TextStep::body, text, text.size(), 500);
    EXPECT_EQ(at_end.cursor_line, 1U);
    EXPECT_NEAR(at_end.cursor_x, text_width(draw, TextStep::body, "hai ba"), 1);
}

TEST(TextField, KeepsTheCursorInSight) {
    for (std::size_t count = 1; count < 30; ++count) {
        for (std::size_t room = 1; room < 8; ++room) {
            for (std::size_t cursor = 0; cursor < count; ++cursor) {
                const std::size_t first = first_line_shown(count, room, cursor);
                EXPECT_LE(first, cursor);
                EXPECT_LT(cursor, first + room);
                EXPECT_LE(first, count > room ? count - room : 0);
            }
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
