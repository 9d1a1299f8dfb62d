// Every syllable that Vietnamese can build, typed by every method.
#include "tests/support/syllables.h"

#include <string>

#include <gtest/gtest.h>

#include "kiosk/typing/typing.h"
#include "survey/vietnamese.h"
#include "tests/kiosk/typing/keys.h"

namespace hailong::kiosk {
namespace {

using survey::Placement;
using survey::Tone;
using tests::all_syllables;
using tests::Syllable;

class EverySyllable : public testing::TestWithParam<Method> {};

TEST_P(EverySyllable, IsTypedWithItsToneAtTheEnd) {
    for (const Syllable& one : all_syllables()) {
        const std::string keys = keys_of_word(survey::characters_of(one.text), GetParam(), ToneTime::at_end);
        ASSERT_EQ(typed(keys, by(GetParam())), one.text) << keys;
    }
}

TEST_P(EverySyllable, IsTypedWithItsToneAfterTheVowelThatCarriesIt) {
    for (const Syllable& one : all_syllables()) {
        const std::string keys = keys_of_word(survey::characters_of(one.text), GetParam(), ToneTime::after_carrier);
        ASSERT_EQ(typed(keys, by(GetParam())), one.text) << keys;
    }
}

TEST_P(EverySyllable, HasItsToneWhereTheOlderHabitHasIt) {
    for (const Syllable& one : all_syllables()) {
        const std::string keys = keys_of_word(survey::characters_of(one.text), GetParam(), ToneTime::at_end);
        ASSERT_EQ(typed(keys, by(GetParam(), Placement::middle)), one.older) << keys;
    }
}

TEST_P(EverySyllable, IsTypedInCapitals) {
    for (const Syllable& one : all_syllables()) {
        std::u32string upper;
        for (const char32_t c : survey::characters_of(one.text)) {
            survey::Letter letter = survey::letter_of(c).value();
            letter.upper = true;
            upper += survey::character_of(letter).value();
        }
        const std::string keys = keys_of_word(upper, GetParam(), ToneTime::at_end);
        ASSERT_EQ(typed(keys, by(GetParam())), survey::utf8_of(upper)) << keys;
    }
}

TEST_P(EverySyllable, LosesOneCharacterForEachBackspaceAndIsTypedOn) {
    const TypingRules rules = by(GetParam());
    for (const Syllable& one : all_syllables()) {
        const std::u32string word = survey::characters_of(one.text);
        const std::string keys = keys_of_word(word, GetParam(), ToneTime::after_carrier);
        Draft draft = press_all({}, keys_of(keys), rules);
        for (std::size_t left = word.size(); left > 0; --left) {
            draft = press(draft, EditKey::backspace, rules);
            ASSERT_EQ(draft.text, survey::utf8_of(word.substr(0, left - 1))) << keys;
        }
        ASSERT_EQ(press_all(draft, keys_of(keys), rules).text, one.text) << keys;
    }
}

// The last letter taken away and typed again, with its mark and, if it was the one that carried it, with its tone.
TEST_P(EverySyllable, IsWholeAgainWhenItsLastLetterIsTypedAgain) {
    const TypingRules rules = by(GetParam());
    for (const Syllable& one : all_syllables()) {
        const std::u32string word = survey::characters_of(one.text);
        const std::string keys = keys_of_word(word, GetParam(), ToneTime::at_end);
        const std::string last = keys_of_word(word.substr(word.size() - 1), GetParam(), ToneTime::at_end);
        const bool is_double_o = word.size() > 2 && word.ends_with(U"oo");
        ASSERT_FALSE(is_double_o);
        Draft draft = press_all({}, keys_of(keys), rules);
        draft = press(draft, EditKey::backspace, rules);
        ASSERT_EQ(press_all(draft, keys_of(last), rules).text, one.text) << keys;
    }
}

TEST_P(EverySyllable, TakesItsToneWhenSomebodyComesBackToIt) {
    const TypingRules rules = by(GetParam());
    for (const Syllable& one : all_syllables()) {
        const std::string letters = keys_of_word(survey::characters_of(one.toneless), GetParam(), ToneTime::at_end);
        Draft draft = press_all({}, keys_of(letters + " a"), rules);
        draft = press_all(draft, {EditKey::left, EditKey::left}, rules);
        const std::string tone(tone_key(static_cast<Tone>(one.tone), GetParam()));
        ASSERT_EQ(press_all(draft, keys_of(tone), rules).text, one.text + " a") << letters;
    }
}

INSTANTIATE_TEST_SUITE_P(By, EverySyllable, testing::Values(Method::telex, Method::vni), [](const auto& tested) {
    return std::string(tested.param == Method::telex ? "Telex" : "Vni");
});

TEST(EverySyllableWithToneKeys, IsTypedWithItsToneAtTheEnd) {
    for (const Syllable& one : all_syllables()) {
        std::vector<Key> keys = keys_of(one.toneless);
        keys.emplace_back(ToneKey{static_cast<Tone>(one.tone)});
        ASSERT_EQ(press_all({}, keys, by(Method::tone_keys)).text, one.text);
        ASSERT_EQ(press_all({}, keys, by(Method::tone_keys, Placement::middle)).text, one.older);
    }
}

TEST(EverySyllableWithToneKeys, IsTypedWithItsToneAfterTheVowelThatCarriesIt) {
    for (const Syllable& one : all_syllables()) {
        std::vector<Key> keys = keys_of(one.toneless);
        keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(one.carrier) + 1, ToneKey{static_cast<Tone>(one.tone)});
        ASSERT_EQ(press_all({}, keys, by(Method::tone_keys)).text, one.text);
    }
}

TEST(EverySyllableWithToneKeys, ChangesFromEachToneToEachOther) {
    for (const Method method : {Method::telex, Method::tone_keys}) {
        Draft draft = press_all({}, keys_of("duong"), by(method));
        for (const Tone from : {Tone::grave, Tone::hook, Tone::tilde, Tone::acute, Tone::dot}) {
            for (const Tone to : {Tone::grave, Tone::hook, Tone::tilde, Tone::acute, Tone::dot}) {
                if (from == to) continue;
                const Draft other = press_all(draft, {ToneKey{from}, ToneKey{to}}, by(method));
                EXPECT_EQ(other.text, press(draft, ToneKey{to}, by(method)).text);
                EXPECT_EQ(press(other, ToneKey{Tone::level}, by(method)).text, "duong");
            }
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
