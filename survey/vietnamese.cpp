#include "survey/vietnamese.h"

#include <algorithm>
#include <array>
#include <utility>

#include "survey/base/utf8.h"

namespace hailong::survey {
namespace {

/// One base letter with its mark, in every tone, in the order of Tone. Consonants have one form.
struct Row {
    char base;
    Mark mark;
    std::u32string_view lower;
    std::u32string_view upper;
};

constexpr std::array<Row, 13> kRows = {{
    {'a', Mark::none, U"aàảãáạ", U"AÀẢÃÁẠ"},
    {'a', Mark::breve, U"ăằẳẵắặ", U"ĂẰẲẴẮẶ"},
    {'a', Mark::circumflex, U"âầẩẫấậ", U"ÂẦẨẪẤẬ"},
    {'e', Mark::none, U"eèẻẽéẹ", U"EÈẺẼÉẸ"},
    {'e', Mark::circumflex, U"êềểễếệ", U"ÊỀỂỄẾỆ"},
    {'i', Mark::none, U"iìỉĩíị", U"IÌỈĨÍỊ"},
    {'o', Mark::none, U"oòỏõóọ", U"OÒỎÕÓỌ"},
    {'o', Mark::circumflex, U"ôồổỗốộ", U"ÔỒỔỖỐỘ"},
    {'o', Mark::horn, U"ơờởỡớợ", U"ƠỜỞỠỚỢ"},
    {'u', Mark::none, U"uùủũúụ", U"UÙỦŨÚỤ"},
    {'u', Mark::horn, U"ưừửữứự", U"ƯỪỬỮỨỰ"},
    {'y', Mark::none, U"yỳỷỹýỵ", U"YỲỶỸÝỴ"},
    {'d', Mark::stroke, U"đ", U"Đ"},
}};

// Where Unicode has the letters beyond ASCII, for looking one up at once: every key and every search does it often.
constexpr char32_t kLatinFirst = 0xC0;
constexpr char32_t kLatinLast = 0x1B0;
constexpr char32_t kAdditionalFirst = 0x1EA0;
constexpr char32_t kAdditionalLast = 0x1EF9;
constexpr std::size_t kLatinSlots = kLatinLast - kLatinFirst + 1;
constexpr std::size_t kSlots = kLatinSlots + (kAdditionalLast - kAdditionalFirst + 1);

/// kSlots for everything outside.
constexpr std::size_t slot_of(char32_t c) {
    if (c >= kLatinFirst && c <= kLatinLast) return c - kLatinFirst;
    if (c >= kAdditionalFirst && c <= kAdditionalLast) return kLatinSlots + (c - kAdditionalFirst);
    return kSlots;
}

/// base 0: no letter of ours.
constexpr std::array<Letter, kSlots> letters_by_slot() {
    std::array<Letter, kSlots> letters{};
    for (Letter& letter : letters)
        letter.base = 0;
    for (const Row& row : kRows) {
        for (std::size_t tone = 0; tone < row.lower.size(); ++tone) {
            const std::size_t lower = slot_of(row.lower[tone]);
            const std::size_t upper = slot_of(row.upper[tone]);
            if (lower < kSlots) letters[lower] = {row.base, row.mark, static_cast<Tone>(tone), false};
            if (upper < kSlots) letters[upper] = {row.base, row.mark, static_cast<Tone>(tone), true};
        }
    }
    return letters;
}

constexpr std::array<Letter, kSlots> kLetters = letters_by_slot();

bool is_ascii_letter(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

bool is_combining(char32_t c) {
    return c >= 0x300 && c <= 0x36F;
}

/// What one combining mark does to a letter; empty when it is none of ours.
std::optional<Letter> combined(Letter letter, char32_t combining) {
    const auto tone = [&](Tone added) {
        letter.tone = letter.tone == Tone::level ? added : Tone::level;  // a second tone makes no letter
        return letter.tone == Tone::level ? std::optional<Letter>() : letter;
    };
    const auto mark = [&](Mark added) {
        const bool free = letter.mark == Mark::none;
        letter.mark = added;
        return free && character_of(letter) ? std::optional(letter) : std::nullopt;
    };
    if (!is_vowel(letter)) return std::nullopt;
    switch (combining) {
        case 0x300:
        case 0x340:
            return tone(Tone::grave);
        case 0x301:
        case 0x341:
            return tone(Tone::acute);
        case 0x303:
            return tone(Tone::tilde);
        case 0x309:
            return tone(Tone::hook);
        case 0x323:
            return tone(Tone::dot);
        case 0x302:
            return mark(Mark::circumflex);
        case 0x306:
            return mark(Mark::breve);
        case 0x31B:
            return mark(Mark::horn);
        default:
            return std::nullopt;
    }
}

std::u32string composed(std::u32string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        std::optional<Letter> letter = letter_of(text[at]);
        if (!letter) {
            out += text[at++];
            continue;
        }
        std::u32string left;  // marks that the letter can't have
        for (++at; at < text.size() && is_combining(text[at]); ++at) {
            if (const auto next = combined(*letter, text[at])) {
                letter = next;
            } else {
                left += text[at];
            }
        }
        out += character_of(*letter).value();
        out += left;
    }
    return out;
}

struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
};

bool is_base(const std::vector<Letter>& letters, std::size_t at, char base) {
    return at < letters.size() && letters[at].base == base;
}

/// The vowels that can carry the tone: without the u of "qu" and the i of "gi" before another vowel.
Range vowels(const std::vector<Letter>& letters) {
    Range range;
    const bool glide = (is_base(letters, 0, 'q') && is_base(letters, 1, 'u')) ||
                       (is_base(letters, 0, 'g') && is_base(letters, 1, 'i'));
    if (glide && letters.size() > 2 && is_vowel(letters[2])) {
        range.begin = 2;
    } else {
        while (range.begin < letters.size() && !is_vowel(letters[range.begin]))
            ++range.begin;
    }
    range.end = range.begin;
    while (range.end < letters.size() && is_vowel(letters[range.end]))
        ++range.end;
    return range;
}

using Letters = std::vector<Letter>;

Letters letters_of(std::u32string_view text) {
    Letters letters;
    for (const char32_t c : text)
        letters.push_back(letter_of(c).value());
    return letters;
}

std::vector<Letters> lists_of(std::initializer_list<std::u32string_view> texts) {
    std::vector<Letters> lists;
    for (const std::u32string_view text : texts)
        lists.push_back(letters_of(text));
    return lists;
}

/// What a syllable may begin with. "kr" stands in names of places (Krông Pắc).
const std::vector<Letters>& onsets() {
    static const std::vector<Letters> list =
        lists_of({U"",  U"b",  U"c",   U"ch", U"d", U"đ",  U"g", U"gh", U"gi", U"h", U"k", U"kh", U"kr", U"l", U"m",
                  U"n", U"ng", U"ngh", U"nh", U"p", U"ph", U"q", U"qu", U"r",  U"s", U"t", U"th", U"tr", U"v", U"x"});
    return list;
}

/// What a syllable may end with, after its onset; "ăk" in names of places (Đắk Lắk).
const std::vector<Letters>& rhymes() {
    static const std::vector<Letters> list = lists_of(
        {U"a",   U"ac",   U"ach",  U"ai",   U"am",  U"an",   U"ang", U"anh",  U"ao",  U"ap",  U"at",   U"au",   U"ay",
         U"ăc",  U"ăk",   U"ăm",   U"ăn",   U"ăng", U"ăp",   U"ăt",  U"âc",   U"âm",  U"ân",  U"âng",  U"âp",   U"ât",
         U"âu",  U"ây",   U"e",    U"ec",   U"em",  U"en",   U"eng", U"eo",   U"ep",  U"et",  U"ê",    U"êch",  U"êm",
         U"ên",  U"ênh",  U"êp",   U"êt",   U"êu",  U"i",    U"ia",  U"ich",  U"iêc", U"iêm", U"iên",  U"iêng", U"iêp",
         U"iêt", U"iêu",  U"im",   U"in",   U"inh", U"ip",   U"it",  U"iu",   U"o",   U"oa",  U"oac",  U"oach", U"oai",
         U"oam", U"oan",  U"oang", U"oanh", U"oao", U"oap",  U"oat", U"oay",  U"oăc", U"oăm", U"oăn",  U"oăng", U"oăt",
         U"oc",  U"oe",   U"oen",  U"oem",  U"oeo", U"oet",  U"oi",  U"om",   U"on",  U"ong", U"ooc",  U"oong", U"op",
         U"ot",  U"ô",    U"ôc",   U"ôi",   U"ôm",  U"ôn",   U"ông", U"ôp",   U"ôt",  U"ơ",   U"ơi",   U"ơm",   U"ơn",
         U"ơp",  U"ơt",   U"u",    U"ua",   U"uân", U"uâng", U"uât", U"uây",  U"uc",  U"uê",  U"uêch", U"uênh", U"ui",
         U"um",  U"un",   U"ung",  U"uôc",  U"uôi", U"uôm",  U"uôn", U"uông", U"uôt", U"uơ",  U"up",   U"ut",   U"uy",
         U"uya", U"uych", U"uyên", U"uyêt", U"uyn", U"uynh", U"uyp", U"uyt",  U"uyu", U"ư",   U"ưa",   U"ưc",   U"ưi",
         U"ưm",  U"ưn",   U"ưng",  U"ươc",  U"ươi", U"ươm",  U"ươn", U"ương", U"ươp", U"ươt", U"ươu",  U"ưt",   U"ưu",
         U"y",   U"yêm",  U"yên",  U"yêng", U"yêt", U"yêu"});
    return list;
}

/// Whether `count` letters from `from` on are the first of `wanted`; an unmarked letter stands for the marked one.
bool begins(const Letters& letters, std::size_t from, std::size_t count, const Letters& wanted) {
    if (from + count > letters.size() || count > wanted.size()) return false;
    // Before a final k only the marked letter counts: else "task" would be taken for the beginning of a name.
    const bool strict = !wanted.empty() && wanted.back().base == 'k';
    for (std::size_t at = 0; at < count; ++at) {
        const Letter& letter = letters[from + at];
        if (letter.base != wanted[at].base) return false;
        if (letter.mark != wanted[at].mark && (letter.mark != Mark::none || (strict && wanted.size() > 1)))
            return false;
    }
    return true;
}

/// The spelling of k, g and ng sounds before front vowels, and q only with u.
bool may_meet(const Letters& onset, const Letters& rhyme) {
    if (onset.empty()) return true;
    const char last = onset.back().base;
    const char vowel = rhyme.front().base;
    const bool is_front = vowel == 'e' || vowel == 'i' || vowel == 'y';
    if (last == 'q') return vowel == 'u';
    if (last == 'u') return vowel != 'u';  // qu
    if (last == 'i') return vowel != 'i';  // gi
    if (last == 'c') return !is_front;
    if (last == 'g') return !is_front || (vowel == 'i' && onset.size() == 1);  // gì; giêng is read as g and iêng
    if (last == 'h' && onset.size() > 1 && onset[onset.size() - 2].base == 'g') return is_front;
    return true;
}

/// p, t, c and ch end only syllables of two tones.
bool tone_fits(const Word& word) {
    if (word.tone == Tone::level || word.tone == Tone::acute || word.tone == Tone::dot) return true;
    if (std::none_of(word.letters.begin(), word.letters.end(), is_vowel)) return true;
    const char last = word.letters.back().base;
    const bool is_ch = last == 'h' && is_base(word.letters, word.letters.size() - 2, 'c');
    return !(last == 'p' || last == 't' || last == 'c' || last == 'k' || is_ch);
}

bool fits(const Word& word, bool whole) {
    if (!tone_fits(word)) return false;
    const Letters& letters = word.letters;
    for (const Letters& onset : onsets()) {
        if (!begins(letters, 0, onset.size(), onset)) continue;
        const std::size_t left = letters.size() - onset.size();
        if (left == 0 && !whole) return true;
        if (left == 0) continue;
        for (const Letters& rhyme : rhymes()) {
            const bool length_fits = !whole || left == rhyme.size();
            if (length_fits && begins(letters, onset.size(), left, rhyme) && may_meet(onset, rhyme)) return true;
        }
    }
    return false;
}

/// `change` done to each letter of the text; to whole words when they have one tone.
template <class Change>
std::string for_search(std::string_view utf8, Change change) {
    const std::u32string text = composed(characters_of(utf8));
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && letter_of(text[end]))
            ++end;
        if (end == at) {
            out += text[at++];
            continue;
        }
        out += change(std::u32string_view(text).substr(at, end - at));
        at = end;
    }
    return utf8_of(out);
}

std::u32string lowered(std::u32string_view letters) {
    std::u32string out;
    for (const char32_t c : letters) {
        Letter letter = letter_of(c).value();
        letter.upper = false;
        out += character_of(letter).value();
    }
    return out;
}

}  // namespace

std::optional<Letter> letter_of(char32_t character) {
    if (character < 0x80) {
        if (!is_ascii_letter(character)) return std::nullopt;
        const bool upper = character < U'a';
        return Letter{static_cast<char>(character | 0x20), Mark::none, Tone::level, upper};
    }
    const std::size_t slot = slot_of(character);
    return slot < kSlots && kLetters[slot].base != 0 ? std::optional(kLetters[slot]) : std::nullopt;
}

std::optional<char32_t> character_of(const Letter& letter) {
    const auto tone = static_cast<std::size_t>(letter.tone);
    for (const Row& row : kRows) {
        if (row.base != letter.base || row.mark != letter.mark) continue;
        const std::u32string_view forms = letter.upper ? row.upper : row.lower;
        return tone < forms.size() ? std::optional(forms[tone]) : std::nullopt;
    }
    if (letter.mark != Mark::none || letter.tone != Tone::level || letter.base < 'a' || letter.base > 'z')
        return std::nullopt;
    return static_cast<char32_t>(letter.upper ? letter.base - 'a' + 'A' : letter.base);
}

bool is_vowel(const Letter& letter) {
    return std::string_view("aeiouy").find(letter.base) != std::string_view::npos;
}

std::string compose(std::string_view utf8) {
    return utf8_of(composed(characters_of(utf8)));
}

bool is_composed(std::string_view utf8) {
    const std::u32string characters = characters_of(utf8);
    return std::none_of(characters.begin(), characters.end(), is_combining) && utf8_of(characters) == utf8;
}

std::optional<Word> word_of(std::u32string_view characters) {
    Word word;
    for (const char32_t c : characters) {
        std::optional<Letter> letter = letter_of(c);
        if (!letter || (letter->tone != Tone::level && word.tone != Tone::level)) return std::nullopt;
        if (letter->tone != Tone::level) word.tone = letter->tone;
        letter->tone = Tone::level;
        word.letters.push_back(*letter);
    }
    return word;
}

std::optional<std::size_t> tone_place(const std::vector<Letter>& letters, Placement placement) {
    const Range range = vowels(letters);
    const std::size_t count = range.end - range.begin;
    if (count == 0) return std::nullopt;
    for (std::size_t at = range.end; at > range.begin; --at) {
        if (letters[at - 1].mark != Mark::none) return at - 1;
    }
    if (count == 1) return range.begin;
    if (count > 2 || range.end < letters.size()) return range.begin + 1;
    const char first = letters[range.begin].base;
    const char second = letters[range.begin + 1].base;
    const bool glide = (first == 'o' && (second == 'a' || second == 'e')) || (first == 'u' && second == 'y');
    return glide && placement == Placement::main_vowel ? range.begin + 1 : range.begin;
}

std::u32string spell(const Word& word, Placement placement) {
    const std::optional<std::size_t> place = tone_place(word.letters, placement);
    std::u32string text;
    for (std::size_t at = 0; at < word.letters.size(); ++at) {
        Letter letter = word.letters[at];
        if (place == at) letter.tone = word.tone;
        text += character_of(letter).value();
    }
    return text;
}

bool is_syllable(const Word& word) {
    return fits(word, true);
}

bool begins_syllable(const Word& word) {
    return fits(word, false);
}

bool is_syllable(std::string_view utf8) {
    const std::optional<Word> word = word_of(composed(characters_of(utf8)));
    return word && is_syllable(*word);
}

std::string search_key(std::string_view utf8) {
    return for_search(utf8, [](std::u32string_view letters) {
        const std::u32string lower = lowered(letters);
        const std::optional<Word> word = word_of(lower);
        return word ? spell(*word, Placement::main_vowel) : lower;
    });
}

std::string unmarked(std::string_view utf8) {
    return for_search(utf8, [](std::u32string_view letters) {
        std::u32string out;
        for (const char32_t c : letters)
            out += static_cast<char32_t>(letter_of(c).value().base);
        return out;
    });
}

}  // namespace hailong::survey
