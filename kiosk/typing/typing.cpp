#include "kiosk/typing/typing.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "survey/base/utf8.h"
#include "survey/crypto/sealed_text.h"

namespace hailong::kiosk {
namespace {

using survey::Letter;
using survey::Mark;
using survey::Placement;
using survey::Tone;
using survey::Word;

/// A word that is typed on for longer is settled as it stands: no syllable has a third of these keys.
constexpr std::size_t kWordKeysMax = 32;

/// What a key means within a word. `marks` are tried in their order.
struct MarkOn {
    Mark mark = Mark::none;
    std::string_view bases;
};
struct Meaning {
    std::optional<Tone> tone;
    std::vector<MarkOn> marks;
    bool adds_u_horn = false;  // where there is no vowel to mark, the key is ư itself
};

std::optional<Tone> tone_of(char32_t key, std::u32string_view keys) {
    const std::size_t at = keys.find(key);
    return at == std::u32string_view::npos ? std::nullopt : std::optional(static_cast<Tone>(at));
}

Meaning telex(char32_t key) {
    const char32_t lower = key >= U'A' && key <= U'Z' ? key + 32 : key;
    Meaning meaning;
    meaning.tone = tone_of(lower, U"zfrxsj");
    if (lower == U'a') meaning.marks = {{Mark::circumflex, "a"}};
    if (lower == U'e') meaning.marks = {{Mark::circumflex, "e"}};
    if (lower == U'o') meaning.marks = {{Mark::circumflex, "o"}};
    if (lower == U'd') meaning.marks = {{Mark::stroke, "d"}};
    if (lower == U'w') meaning.marks = {{Mark::breve, "a"}, {Mark::horn, "ou"}};
    meaning.adds_u_horn = lower == U'w';
    return meaning;
}

Meaning vni(char32_t key) {
    Meaning meaning;
    meaning.tone = tone_of(key, U"023415");
    if (key == U'6') meaning.marks = {{Mark::circumflex, "aeo"}};
    if (key == U'7') meaning.marks = {{Mark::horn, "ou"}};
    if (key == U'8') meaning.marks = {{Mark::breve, "a"}};
    if (key == U'9') meaning.marks = {{Mark::stroke, "d"}};
    return meaning;
}

Meaning meaning_of(char32_t key, Method method) {
    switch (method) {
        case Method::telex:
            return telex(key);
        case Method::vni:
            return vni(key);
        case Method::tone_keys:
        case Method::none:
            return {};
    }
    return {};
}

/// The u and o that together sound ươ, uơ or uô; empty when there are none. The u of "qu" is no part of it.
std::optional<std::size_t> pair_of(const Word& word) {
    for (std::size_t at = 0; at + 1 < word.letters.size(); ++at) {
        const bool after_q = at > 0 && word.letters[at - 1].base == 'q';
        if (word.letters[at].base == 'u' && word.letters[at + 1].base == 'o' && !after_q) return at;
    }
    return std::nullopt;
}

/// Before another letter there is no uơ and no ưo, only ươ.
Word with_whole_pair(Word word) {
    const std::optional<std::size_t> at = pair_of(word);
    if (!at || *at + 2 >= word.letters.size()) return word;
    Mark& first = word.letters[*at].mark;
    Mark& second = word.letters[*at + 1].mark;
    if (second == Mark::horn || (first == Mark::horn && second == Mark::none)) first = second = Mark::horn;
    return word;
}

std::optional<Word> if_possible(Word word) {
    return begins_syllable(word) ? std::optional(std::move(word)) : std::nullopt;
}

/// uo, ưo and uô become ươ; only uo at the end becomes uơ (thuở).
std::optional<Word> with_horned_pair(Word word) {
    const std::optional<std::size_t> at = pair_of(word);
    if (!at) return std::nullopt;
    word.letters[*at + 1].mark = Mark::horn;
    return if_possible(with_whole_pair(std::move(word)));
}

std::optional<Word> with_mark_at(Word word, std::size_t at, Mark mark) {
    const std::optional<std::size_t> pair = pair_of(word);
    const bool ends_pair = pair && *pair + 1 == at;
    if (ends_pair && mark == Mark::circumflex) word.letters[*pair].mark = Mark::none;  // ươ becomes uô
    word.letters[at].mark = mark;
    return if_possible(with_whole_pair(std::move(word)));
}

/// The word with a mark on the letter that it was most likely meant for; empty when it would be no syllable's
/// beginning.
std::optional<Word> with_mark(const Word& word, const MarkOn& wanted) {
    if (wanted.mark == Mark::horn) {
        if (auto paired = with_horned_pair(word)) return paired;
    }
    for (const char base : wanted.bases) {
        // Of two vowels alike the later one, but of two u the first: hưu.
        const bool from_front = base == 'u' || base == 'd';
        for (std::size_t step = 0; step < word.letters.size(); ++step) {
            const std::size_t at = from_front ? step : word.letters.size() - 1 - step;
            if (word.letters[at].base != base || word.letters[at].mark == wanted.mark) continue;
            if (auto marked = with_mark_at(word, at, wanted.mark)) return marked;
        }
    }
    return std::nullopt;
}

bool is_marked(const Letter& letter, const std::vector<MarkOn>& marks) {
    return std::any_of(marks.begin(), marks.end(), [&](const MarkOn& one) {
        return letter.mark == one.mark && one.bases.find(letter.base) != std::string_view::npos;
    });
}

/// ưo waits for the key that makes it ươ: no undo.
bool waits_for(const Word& word, const std::vector<MarkOn>& marks) {
    const std::optional<std::size_t> at = pair_of(word);
    return at && marks.back().mark == Mark::horn && word.letters[*at].mark == Mark::horn &&
           word.letters[*at + 1].mark == Mark::none;
}

/// A word while its keys are played.
struct Typed {
    Word word;
    std::size_t at = 0;  // where in the word keys go
    std::u32string raw;  // the keys as they are, in place of the word when it can't be Vietnamese
    std::size_t raw_at = 0;
    bool is_literal = false;     // the word can't be Vietnamese: keys stand for themselves
    bool was_undone = false;     // a mark or tone was taken back by its own key
    bool u_horn_is_key = false;  // the letter before `at` is an ư that one key made

    [[nodiscard]] std::u32string shown(Placement placement) const { return is_literal ? raw : spell(word, placement); }
    [[nodiscard]] std::size_t shown_at() const { return is_literal ? raw_at : at; }
};

Typed begun(const std::u32string& letters, std::size_t at) {
    Typed typed;
    typed.raw = letters;
    typed.raw_at = typed.at = at;
    const std::optional<Word> word = survey::word_of(letters);
    if (word) typed.word = *word;
    typed.is_literal = !word || !begins_syllable(*word);
    return typed;
}

/// The key stands for itself.
Typed appended(Typed typed, char32_t key) {
    typed.u_horn_is_key = false;
    typed.raw.insert(typed.raw_at++, 1, key);
    if (typed.is_literal) return typed;
    std::optional<Letter> letter = survey::letter_of(key);
    if (!letter || (letter->tone != Tone::level && typed.word.tone != Tone::level)) {
        typed.is_literal = true;
        return typed;
    }
    if (letter->tone != Tone::level) typed.word.tone = letter->tone;
    letter->tone = Tone::level;
    typed.word.letters.insert(typed.word.letters.begin() + static_cast<std::ptrdiff_t>(typed.at++), *letter);
    typed.word = with_whole_pair(std::move(typed.word));
    typed.is_literal = !begins_syllable(typed.word);
    return typed;
}

/// After an undo the keys that led here no longer count: what is seen is what was typed.
Typed settled(Typed typed, Placement placement) {
    typed.raw = spell(typed.word, placement);
    typed.raw_at = typed.at;
    typed.was_undone = true;
    return typed;
}

bool is_plain_d(char32_t c) {
    return c == U'd' || c == U'D';
}

bool is_stroke_key(const Meaning& meaning) {
    return !meaning.marks.empty() && meaning.marks[0].mark == Mark::stroke;
}

/// Abbreviations (QĐ, HĐND, đc) are no syllables, and have their đ all the same: beside its d, and not after a vowel
/// ("add").
bool makes_stroke(const Typed& typed, const Meaning& meaning) {
    if (!is_stroke_key(meaning) || typed.was_undone || typed.raw_at == 0) return false;
    const auto before = typed.raw_at < 2 ? std::nullopt : survey::letter_of(typed.raw[typed.raw_at - 2]);
    return is_plain_d(typed.raw[typed.raw_at - 1]) && !(before && is_vowel(*before));
}

void stroke_raw(Typed& typed) {
    char32_t& before = typed.raw[typed.raw_at - 1];
    before = before == U'D' ? U'Đ' : U'đ';
}

/// A word that can't be Vietnamese: keys stand for themselves, but đ can be made and undone.
Typed played_literally(Typed typed, char32_t key, const Meaning& meaning) {
    const char32_t before = typed.raw_at == 0 ? U' ' : typed.raw[typed.raw_at - 1];
    if (makes_stroke(typed, meaning)) {
        stroke_raw(typed);
        return typed;
    }
    if (is_stroke_key(meaning) && (before == U'đ' || before == U'Đ') && !typed.was_undone) {
        typed.raw[typed.raw_at - 1] = before == U'Đ' ? U'D' : U'd';
        typed.was_undone = true;
    }
    return appended(std::move(typed), key);
}

Typed with_tone(Typed typed, char32_t key, Tone tone, Placement placement) {
    const bool has_vowel = tone_place(typed.word.letters, placement).has_value();
    if (!has_vowel || (tone == Tone::level && typed.word.tone == Tone::level)) return appended(std::move(typed), key);
    if (tone == Tone::level || tone == typed.word.tone) {
        typed.word.tone = Tone::level;
        typed = settled(std::move(typed), placement);
        return tone == Tone::level ? typed : appended(std::move(typed), key);
    }
    Word toned = typed.word;
    toned.tone = tone;
    if (!begins_syllable(toned)) return appended(std::move(typed), key);
    typed.word = std::move(toned);
    typed.raw.insert(typed.raw_at++, 1, key);
    typed.u_horn_is_key = false;
    return typed;
}

Typed without_marks(Typed typed, char32_t key, const std::vector<MarkOn>& marks, Placement placement) {
    std::vector<Letter>& letters = typed.word.letters;
    if (typed.u_horn_is_key) {
        letters.erase(letters.begin() + static_cast<std::ptrdiff_t>(--typed.at));
    } else {
        for (Letter& letter : letters) {
            if (is_marked(letter, marks)) letter.mark = Mark::none;
        }
    }
    return appended(settled(std::move(typed), placement), key);
}

Typed with_u_horn(Typed typed, char32_t key) {
    const bool upper = key == U'W';
    Typed added = appended(typed, upper ? U'Ư' : U'ư');
    if (added.is_literal) return appended(std::move(typed), key);
    added.raw = typed.raw;
    added.raw.insert(typed.raw_at, 1, key);
    added.u_horn_is_key = true;
    return added;
}

Typed with_mark_key(Typed typed, char32_t key, const Meaning& meaning, Placement placement) {
    const auto marked = [&](const Letter& letter) { return is_marked(letter, meaning.marks); };
    const bool is_set = std::any_of(typed.word.letters.begin(), typed.word.letters.end(), marked);
    if (is_set && !waits_for(typed.word, meaning.marks)) {
        return without_marks(std::move(typed), key, meaning.marks, placement);
    }
    for (const MarkOn& mark : meaning.marks) {
        if (auto word = with_mark(typed.word, mark)) {
            typed.word = std::move(*word);
            typed.u_horn_is_key = false;
            if (makes_stroke(typed, meaning)) {
                stroke_raw(typed);  // an abbreviation may come of it
            } else {
                typed.raw.insert(typed.raw_at++, 1, key);
            }
            return typed;
        }
    }
    return meaning.adds_u_horn ? with_u_horn(std::move(typed), key) : appended(std::move(typed), key);
}

Typed played(Typed typed, char32_t key, const TypingRules& rules) {
    const Meaning meaning = meaning_of(key, rules.method);
    if (typed.is_literal) return played_literally(std::move(typed), key, meaning);
    if (meaning.tone) return with_tone(std::move(typed), key, *meaning.tone, rules.placement);
    if (!meaning.marks.empty()) return with_mark_key(std::move(typed), key, meaning, rules.placement);
    return appended(std::move(typed), key);
}

/// A draft taken apart.
struct Text {
    std::u32string characters;
    std::size_t cursor = 0;
};

Text text_of(const Draft& draft) {
    Text text{survey::characters_of(draft.text), draft.cursor};
    text.cursor = std::min(text.cursor, text.characters.size());
    return text;
}

Draft settled_draft(const Text& text) {
    Draft draft;
    draft.text = survey::utf8_of(text.characters);
    draft.cursor = text.cursor;
    return draft;
}

bool is_word_character(char32_t c) {
    return (c >= U'0' && c <= U'9') || survey::letter_of(c).has_value();
}

struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
};

Range word_at(const Text& text) {
    Range word{text.cursor, text.cursor};
    while (word.begin > 0 && is_word_character(text.characters[word.begin - 1]))
        --word.begin;
    while (word.end < text.characters.size() && is_word_character(text.characters[word.end]))
        ++word.end;
    return word;
}

std::u32string characters_in(const Text& text, const Range& range) {
    return text.characters.substr(range.begin, range.end - range.begin);
}

Text replaced(Text text, const Range& range, const std::u32string& by, std::size_t cursor) {
    text.characters.replace(range.begin, range.end - range.begin, by);
    text.cursor = cursor;
    return text;
}

/// Plays all keys of the word again with the new one: a function of the keys, so that nothing else needs to be
/// remembered.
Draft typed_in_word(const Draft& draft, char32_t key, const TypingRules& rules) {
    const Text text = text_of(draft);
    const Range range = word_at(text);
    const bool goes_on = !draft.keys.empty() && draft.keys.size() < kWordKeysMax;
    const std::u32string before = goes_on ? draft.before : characters_in(text, range);
    const std::size_t before_at = goes_on ? draft.before_at : text.cursor - range.begin;
    const std::u32string keys = (goes_on ? draft.keys : std::u32string()) + key;
    Typed typed = begun(before, before_at);
    for (const char32_t one : keys)
        typed = played(std::move(typed), one, rules);
    Draft next = settled_draft(replaced(text, range, typed.shown(rules.placement), range.begin + typed.shown_at()));
    next.before = before;
    next.before_at = before_at;
    next.keys = keys;
    return next;
}

/// A letter goes into the word; the tone that the word has moves to where it now belongs.
Draft put(const Draft& draft, char32_t character, const TypingRules& rules) {
    const Text text = text_of(draft);
    if (rules.method == Method::tone_keys && survey::letter_of(character)) {
        const Range range = word_at(text);
        const Typed typed = appended(begun(characters_in(text, range), text.cursor - range.begin), character);
        return settled_draft(replaced(text, range, typed.shown(rules.placement), text.cursor + 1));
    }
    return settled_draft(replaced(text, {text.cursor, text.cursor}, std::u32string(1, character), text.cursor + 1));
}

Draft pressed(const Draft& draft, const CharacterKey& key, const TypingRules& rules) {
    if (!is_writable(key.character)) return draft;
    const bool composes = rules.method == Method::telex || rules.method == Method::vni;
    Draft next = composes && is_word_character(key.character) ? typed_in_word(draft, key.character, rules)
                                                              : put(draft, key.character, rules);
    return is_within(next.text, rules) ? next : draft;
}

Draft pressed(const Draft& draft, const ToneKey& key, const TypingRules& rules) {
    const Text text = text_of(draft);
    const Range range = word_at(text);
    std::optional<Word> word = survey::word_of(characters_in(text, range));
    if (!word || !tone_place(word->letters, rules.placement)) return draft;
    word->tone = word->tone == key.tone ? Tone::level : key.tone;
    Draft next = settled_draft(replaced(text, range, spell(*word, rules.placement), text.cursor));
    return is_within(next.text, rules) ? next : draft;
}

std::size_t word_begin_before(const Text& text) {
    const auto is_space = [&](std::size_t at) { return text.characters[at] == U' ' || text.characters[at] == U'\n'; };
    std::size_t at = text.cursor;
    while (at > 0 && is_space(at - 1))
        --at;
    while (at > 0 && !is_space(at - 1))
        --at;
    return at;
}

Draft pressed(const Draft& draft, EditKey key, const TypingRules&) {
    Text text = text_of(draft);
    const std::size_t before = text.cursor > 0 ? text.cursor - 1 : 0;
    const auto without = [&](std::size_t begin) { return replaced(text, {begin, text.cursor}, {}, begin); };
    switch (key) {
        case EditKey::backspace:
            text = without(before);
            break;
        case EditKey::clear_word:
            text = without(word_begin_before(text));
            break;
        case EditKey::left:
            text.cursor = before;
            break;
        case EditKey::right:
            text.cursor = std::min(text.cursor + 1, text.characters.size());
            break;
        case EditKey::start:
            text.cursor = 0;
            break;
        case EditKey::end:
            text.cursor = text.characters.size();
            break;
    }
    return text.cursor == draft.cursor ? draft : settled_draft(text);
}

std::size_t bytes_before(const Draft& draft) {
    std::size_t characters = 0;
    for (std::size_t at = 0; at < draft.text.size(); ++at) {
        const bool begins_character = !survey::is_continuation(draft.text[at]);
        if (begins_character && characters++ == draft.cursor) return at;
    }
    return draft.text.size();
}

}  // namespace

bool is_writable(char32_t c) {
    const bool is_ascii = c == U'\n' || (c >= U' ' && c <= U'~');
    const bool is_latin = (c >= 0xA0 && c <= 0x17F && c != 0xAD) || survey::letter_of(c);
    const bool is_typography = (c >= 0x2010 && c <= 0x2027) || (c >= 0x2030 && c <= 0x203A);
    return is_ascii || is_latin || is_typography || c == U'₫' || c == U'€';
}

bool is_within(const std::string& text, const TypingRules& rules) {
    if (text.size() > survey::kFreeTextBytesMax) return false;
    return rules.chars_max == 0 || survey::characters_of(text).size() <= rules.chars_max;
}

Draft draft_of(std::string_view text, const TypingRules& rules) {
    Text kept;
    std::size_t bytes = 0;
    for (const char32_t c : survey::characters_of(survey::compose(text))) {
        if (!is_writable(c)) continue;
        bytes += survey::utf8_of({&c, 1}).size();
        const bool is_full = rules.chars_max != 0 && kept.characters.size() == rules.chars_max;
        if (is_full || bytes > survey::kFreeTextBytesMax) break;
        kept.characters += c;
    }
    kept.cursor = kept.characters.size();
    return settled_draft(kept);
}

Draft press(const Draft& draft, const Key& key, const TypingRules& rules) {
    return std::visit([&](const auto& one) { return pressed(draft, one, rules); }, key);
}

std::size_t length(const Draft& draft) {
    return survey::characters_of(draft.text).size();
}

std::string_view text_before(const Draft& draft) {
    return std::string_view(draft.text).substr(0, bytes_before(draft));
}

std::string_view text_after(const Draft& draft) {
    return std::string_view(draft.text).substr(bytes_before(draft));
}

}  // namespace hailong::kiosk
