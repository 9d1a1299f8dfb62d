// Typing Vietnamese on the glass: a draft and a key in, a draft out. Pure; any thread.
//
// The text is always composed (NFC). While a word is being typed, its keys are kept, and each further key works on the
// whole word:
// - A mark or tone key works wherever it comes after its vowel: "dduwowngf", "dduongwf" and "duowngdf" are đường. A
//   tone typed early moves to where it belongs (survey/vietnamese.h); "uơ" and "ưo" before another letter are ươ.
// - The same key once more undoes it and stands for itself: "aaa" is aa, "ass" is as.
// - A word that can't be Vietnamese shows the keys as they were typed: "window". Some English words could be Vietnamese
//   and need the undo: "tesst".
// - Abbreviations have their đ: "QDD" is QĐ, "ddc" đc; not "add".
// - Moving the cursor, and taking away a character, settle the word; typing at it again goes on with what is seen.
// As UniKey and Bamboo do in their free mode with spell check. Methods:
//   telex      s f r x j tones, z takes the tone away, aa ee oo â ê ô, w ă ơ ư (alone: ư), dd đ
//   vni        1 to 5 tones, 0 takes the tone away, 6 â ê ô, 7 ơ ư, 8 ă, 9 đ
//   tone_keys  keys of their own for tones and for ă â đ ê ô ơ ư
//   none       every key stands for itself
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "survey/vietnamese.h"

namespace hailong::kiosk {

enum class Method { telex, vni, tone_keys, none };

/// What is being written. Everything but the text and the cursor belongs to press().
struct Draft {
    std::string text;        // composed UTF-8
    std::size_t cursor = 0;  // in characters (code points) from the beginning; at most the number of characters

    // The word at the cursor while it is being typed: its letters before the first of `keys`, the place in it where the
    // keys go, and the keys. No keys: no word is being typed.
    std::u32string before;
    std::size_t before_at = 0;
    std::u32string keys;
    bool operator==(const Draft&) const = default;
};

/// A letter, digit, sign, space or new line, as written on the key. Also the keys ă â đ ê ô ơ ư.
struct CharacterKey {
    char32_t character = U' ';
    bool operator==(const CharacterKey&) const = default;
};
/// Gives the word at the cursor its tone, by any method; the tone it already has, or level, takes the tone away.
/// Without a vowel in the word nothing happens.
struct ToneKey {
    survey::Tone tone = survey::Tone::level;
    bool operator==(const ToneKey&) const = default;
};
enum class EditKey {
    backspace,   // takes away the character before the cursor
    left,        // one character
    right,       // one character
    start,       // of the text
    end,         // of the text
    clear_word,  // takes away the word before the cursor, and the spaces after it
};
using Key = std::variant<CharacterKey, ToneKey, EditKey>;

/// How keys are understood, and how much may be written.
struct TypingRules {
    Method method = Method::telex;
    survey::Placement placement = survey::Placement::main_vowel;
    std::size_t chars_max = 0;  // of the item, in characters; 0: only survey::kFreeTextBytesMax counts
    bool operator==(const TypingRules&) const = default;
};

/// A draft of text that came from elsewhere: composed, what is not writable left out, cut to the limits at a character,
/// cursor at the end.
[[nodiscard]] Draft draft_of(std::string_view text, const TypingRules& rules);

/// The draft after one key. Unchanged where the key can do nothing: at the ends, at the limits (in characters and in
/// bytes, see survey::kFreeTextBytesMax), for what can't be written: see is_writable().
/// ENSURES: composed UTF-8 within the limits, if it was so before. Costs O(length of the text).
[[nodiscard]] Draft press(const Draft& draft, const Key& key, const TypingRules& rules);

/// Whether the glass writes this character: printable ASCII, new line, Latin letters, the dashes, quotes and dots of
/// typography, ₫ and €. All of them are composed whatever stands beside them.
[[nodiscard]] bool is_writable(char32_t character);
/// Whether the text keeps the limits of characters and bytes.
[[nodiscard]] bool is_within(const std::string& text, const TypingRules& rules);

/// Number of characters of the text, for the counter on the screen.
[[nodiscard]] std::size_t length(const Draft& draft);
/// The text before and after the cursor.
[[nodiscard]] std::string_view text_before(const Draft& draft);
[[nodiscard]] std::string_view text_after(const Draft& draft);

enum class Personal { id_number, phone, email, dossier_code };

/// The first thing in the text that looks like somebody's data: for a warning, never for refusing. Empty: nothing
/// found.
/// - id_number: 12 digits (citizen's card, Luật Căn cước 2023) or 9 digits (the identity card before it);
/// - phone: 10 or 11 digits that begin with 0, or +84 and 9 or 10 digits;
/// - email: letters, @, and a domain with a dot;
/// - dossier_code: ...-YYMMDD-NNNN (Thông tư 01/2018/TT-VPCP, article 19), the serial of 4 to 12.
/// Digits may be parted by spaces, dots or dashes as people write them; amounts of money ("1.500.000") and dates are
/// not meant.
[[nodiscard]] std::optional<Personal> looks_personal(std::string_view text);

}  // namespace hailong::kiosk
