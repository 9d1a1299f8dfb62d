// Fingers for the tests of typing: text to the keys that somebody presses for it, and keys pressed one after the other.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiosk/typing/typing.h"
#include "survey/base/utf8.h"
#include "survey/vietnamese.h"

namespace hailong::kiosk {

inline std::vector<Key> keys_of(std::string_view utf8) {
    std::vector<Key> keys;
    for (const char32_t c : survey::characters_of(utf8))
        keys.emplace_back(CharacterKey{c});
    return keys;
}

inline Draft press_all(Draft draft, const std::vector<Key>& keys, const TypingRules& rules) {
    for (const Key& key : keys)
        draft = press(draft, key, rules);
    return draft;
}

inline TypingRules by(Method method, survey::Placement placement = survey::Placement::main_vowel) {
    return {method, placement, 0};
}

/// What stands there after `keys` were typed into an empty draft.
inline std::string typed(std::string_view keys, const TypingRules& rules) {
    return press_all({}, keys_of(keys), rules).text;
}
inline std::string telex(std::string_view keys) {
    return typed(keys, by(Method::telex));
}
inline std::string vni(std::string_view keys) {
    return typed(keys, by(Method::vni));
}

inline std::string_view tone_key(survey::Tone tone, Method method) {
    static constexpr std::string_view kTelex[] = {"", "f", "r", "x", "s", "j"};
    static constexpr std::string_view kVni[] = {"", "2", "3", "4", "1", "5"};
    return (method == Method::telex ? kTelex : kVni)[static_cast<std::size_t>(tone)];
}

inline std::string mark_key(const survey::Letter& letter, Method method) {
    const bool is_vni = method == Method::vni;
    switch (letter.mark) {
        case survey::Mark::none:
            return "";
        case survey::Mark::breve:
            return is_vni ? "8" : "w";
        case survey::Mark::horn:
            return is_vni ? "7" : "w";
        case survey::Mark::stroke:
            return is_vni ? "9" : "d";
        case survey::Mark::circumflex:
            return is_vni ? "6" : std::string(1, letter.base);
    }
    return "";
}

/// When the tone key comes.
enum class ToneTime { at_end, after_carrier };

/// The keys of one word of letters: each mark after its letter. Two letters o that are no ô need a third under Telex.
inline std::string keys_of_word(std::u32string_view word, Method method, ToneTime time) {
    std::string keys;
    std::string tone;
    bool was_o = false;
    for (const char32_t c : word) {
        survey::Letter letter = survey::letter_of(c).value();
        if (letter.tone != survey::Tone::level) tone = tone_key(letter.tone, method);
        const bool carries = letter.tone != survey::Tone::level;
        const bool is_o = letter.base == 'o' && letter.mark == survey::Mark::none;
        const std::string key(1, static_cast<char>(letter.upper ? letter.base - 'a' + 'A' : letter.base));
        keys += key + mark_key(letter, method);
        if (method == Method::telex && is_o && was_o) keys += key;
        if (carries && time == ToneTime::after_carrier) keys += tone;
        was_o = is_o;
    }
    return time == ToneTime::at_end ? keys + tone : keys;
}

}  // namespace hailong::kiosk
