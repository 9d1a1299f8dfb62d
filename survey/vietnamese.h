// Vietnamese text: its letters, its syllables, where the tone is written, and text as it is looked up. Pure; any
// thread.
//
// A letter is a base letter, a vowel mark (ă â đ ê ô ơ ư) and a tone. Text is kept composed (NFC): one code point a
// letter. The tables here are our own because they cover all of Vietnamese in 134 letters beyond ASCII; ICU would bring
// 30 MB of data to the terminal for them. Tests compare with ICU.
//
// Where the tone is written (Placement). Both ways agree except in open oa, oe, uy:
//   main_vowel   hoà, khoẻ, thuỷ: over the letter of the main vowel. The rule in force: Quyết định 1989/QĐ-BGDĐT of
//                25 May 2018, article 8 (hoà nhạc, quý hoá, thuỷ thủ, mạnh khoẻ, trí tuệ; ia, ua, ưa on the first
//                letter; iê, yê, uô, ươ on the second).
//   middle       hòa, khỏe, thủy: the older habit, which laws ("Luật Thủy sản"), the press and the texts of this
//                product still follow, and which readers take for as good.
// As one rule, over the vowels that are left when the u of "qu" and the i of "gi" before a vowel are put aside:
//   1. a vowel with a mark carries it, the last one if there are two (huế, thuở, chứa, biển, được);
//   2. a single vowel carries it (gì, quý); of three, the middle one (ngoài, khuỷu);
//   3. of two, the second when a consonant follows (toán, huýt), else the first (mía, của, cáo), but in oa, oe, uy:
//      by Placement.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailong::survey {

enum class Tone { level, grave, hook, tilde, acute, dot };  // ngang, huyền, hỏi, ngã, sắc, nặng
enum class Mark { none, breve, circumflex, horn, stroke };  // as in a, ă, â, ơ, đ

struct Letter {
    char base = 'a';  // a to z
    Mark mark = Mark::none;
    Tone tone = Tone::level;
    bool upper = false;
    bool operator==(const Letter&) const = default;
};

/// Of a to z and the Vietnamese letters, upper case as well; empty for everything else.
[[nodiscard]] std::optional<Letter> letter_of(char32_t character);
/// The composed character; empty when there is no such letter (b with a horn, n with a tone).
[[nodiscard]] std::optional<char32_t> character_of(const Letter& letter);
[[nodiscard]] bool is_vowel(const Letter& letter);

/// Decomposed Vietnamese letters put together, in whatever order their marks stand. Marks that make no Vietnamese
/// letter stay.
[[nodiscard]] std::string compose(std::string_view utf8);
/// Whether the text is whole UTF-8 without combining marks (U+0300 to U+036F), so that the glass can draw it.
[[nodiscard]] bool is_composed(std::string_view utf8);

enum class Placement { main_vowel, middle };

/// The letters of one word, and the tone of the whole. The letters themselves have Tone::level.
struct Word {
    std::vector<Letter> letters;
    Tone tone = Tone::level;
    bool operator==(const Word&) const = default;
};

/// Empty when a character is no letter, or more than one has a tone.
[[nodiscard]] std::optional<Word> word_of(std::u32string_view characters);
/// The letter that carries the tone; empty when there is no vowel. Goes by the rule above for any letters, syllable or
/// not.
[[nodiscard]] std::optional<std::size_t> tone_place(const std::vector<Letter>& letters, Placement placement);
/// The word as it is written; its tone is left out when there is no vowel.
[[nodiscard]] std::u32string spell(const Word& word, Placement placement);

/// Whether the word is a Vietnamese syllable, or the beginning of one, by its onset, its rhyme and its tone (after p,
/// t, c, ch: acute or dot). A letter without its mark stands for the one with it, and no tone for every tone: unmarked
/// typing. Knows how syllables are built, not which of them are words. Also knows Đắk, Lắk and Krông.
[[nodiscard]] bool is_syllable(const Word& word);
[[nodiscard]] bool begins_syllable(const Word& word);
/// For one word; false for empty text and for everything that is not a word.
[[nodiscard]] bool is_syllable(std::string_view utf8);

/// For comparing and searching: composed, lower case, tones at one place, so that hoà, hòa and HÒA are equal.
/// Letters that are not Vietnamese keep their case.
[[nodiscard]] std::string search_key(std::string_view utf8);
/// As search_key, without vowel marks, tones and the stroke of đ: what somebody types who types no marks.
[[nodiscard]] std::string unmarked(std::string_view utf8);

}  // namespace hailong::survey
