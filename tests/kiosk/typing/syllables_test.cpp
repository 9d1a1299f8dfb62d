// Every syllable that Vietnamese can build, typed by every method.
#include "tests/support/syllables.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "kiosk/typing/typing.h"
#include "survey/base/utf8.h"
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

/// The letters of a syllable without any mark, and the keys that its marks and tone need, each after its letter.
struct FreeKeys {
    std::string letters;
    struct Late {
        std::string key;
        std::size_t after = 0;  // at least so many letters
    };
    std::vector<Late> late;
};

FreeKeys free_keys_of(const Syllable& one, Method method) {
    FreeKeys keys;
    for (const char32_t c : survey::characters_of(one.toneless)) {
        const survey::Letter letter = survey::letter_of(c).value();
        keys.letters += letter.base;
        const std::string key = mark_key(letter, method);
        const bool ends_pair = !keys.late.empty() && keys.late.back().key == key;  // one key for both letters of ươ
        if (ends_pair) keys.late.back().after = keys.letters.size();
        if (!key.empty() && !ends_pair) keys.late.push_back({key, keys.letters.size()});
    }
    const std::string tone(tone_key(static_cast<Tone>(one.tone), method));
    if (!tone.empty()) keys.late.push_back({tone, one.carrier + 1});
    return keys;
}

TEST_P(EverySyllable, IsTypedWithAllMarksAtTheEndInAnyOrder) {
    for (const Syllable& one : all_syllables()) {
        if (one.toneless.find("oo") != std::string::npos) continue;  // needs its third o at once
        FreeKeys keys = free_keys_of(one, GetParam());
        std::sort(keys.late.begin(), keys.late.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
        do {
            std::string all = keys.letters;
            for (const FreeKeys::Late& late : keys.late)
                all += late.key;
            ASSERT_EQ(typed(all, by(GetParam())), one.text) << all;
        } while (std::next_permutation(keys.late.begin(), keys.late.end(),
                                       [](const auto& a, const auto& b) { return a.key < b.key; }));
    }
}

void type_with_marks_anywhere(Method method) {
    const std::size_t index = *rc::gen::inRange<std::size_t>(0, all_syllables().size());
    const Syllable& one = all_syllables()[index];
    if (one.toneless.find("oo") != std::string::npos) return;
    const FreeKeys keys = free_keys_of(one, method);
    std::vector<std::string> after(keys.letters.size() + 1);
    for (const FreeKeys::Late& late : keys.late)
        after[*rc::gen::inRange(late.after, keys.letters.size() + 1)] += late.key;
    std::string all;
    for (std::size_t at = 0; at < after.size(); ++at)
        all += (at == 0 ? "" : keys.letters.substr(at - 1, 1)) + after[at];
    RC_ASSERT(typed(all, by(method)) == one.text);
}

RC_GTEST_PROP(AnySyllable, IsTypedByTelexWithItsMarksAnywhereAfterTheirLetters, ()) {
    type_with_marks_anywhere(Method::telex);
}

RC_GTEST_PROP(AnySyllable, IsTypedByVniWithItsMarksAnywhereAfterTheirLetters, ()) {
    type_with_marks_anywhere(Method::vni);
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
