#include "sync/backend/api/spreadsheet_text.h"

#include <algorithm>
#include <array>
#include <string>

#include "survey/base/utf8.h"
#include "survey/vietnamese.h"

namespace hailong::sync {
namespace {

/// Blanks, control characters, and characters that nobody sees.
bool is_unseen(char32_t letter) {
    return letter <= U' ' || (letter >= 0x7f && letter <= 0xa0) || letter == 0xad || letter == 0x61c ||
           letter == 0x1680 || letter == 0x180e || (letter >= 0x2000 && letter <= 0x200f) ||
           (letter >= 0x2028 && letter <= 0x202f) || (letter >= 0x205f && letter <= 0x206f) || letter == 0x3000 ||
           letter == 0xfeff || (letter >= 0xfe00 && letter <= 0xfe0f);
}

bool begins_formula(char32_t letter) {
    static constexpr std::u32string_view kSigns =
        U"=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a"
        U"\u207b\u207c\u208a\u208b\u208c";
    return kSigns.find(letter) != std::u32string_view::npos;
}

bool is_digit(char32_t letter) {
    return (letter >= U'0' && letter <= U'9') || (letter >= 0xff10 && letter <= 0xff19);
}

/// What may stand in a number, a share, an amount, a day or a time beside digits and words.
bool is_of_value(char32_t letter) {
    static constexpr std::u32string_view kSigns = U".,:/'()%-+$\u20ab\u20ac\u00a3\u00a5\u2030\u2212";
    return is_digit(letter) || is_unseen(letter) || kSigns.find(letter) != std::u32string_view::npos;
}

/// The words of numbers, days, times and amounts, in Vietnamese and in English, without their marks.
bool is_word_of_value(const std::string& word) {
    static constexpr std::array kWords = {
        "e",     "am",    "pm",    "sa",   "ch",     "h",         "d",       "vnd",      "usd",
        "eur",   "ngay",  "thang", "thg",  "nam",    "gio",       "jan",     "feb",      "mar",
        "apr",   "may",   "jun",   "jul",  "aug",    "sep",       "oct",     "nov",      "dec",
        "june",  "t",     "z",     "th",   "st",     "nd",        "rd",      "january",  "february",
        "march", "april", "july",  "sept", "august", "september", "october", "november", "december"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace

bool is_like_formula(std::string_view utf8) {
    const std::u32string text = survey::characters_of(utf8);
    if (!text.empty() && (text[0] == U'\t' || text[0] == U'\r' || text[0] == U'\n')) return true;
    const auto first = std::find_if_not(text.begin(), text.end(), is_unseen);
    return first != text.end() && begins_formula(*first);
}

bool is_like_value(std::string_view utf8) {
    const std::string plain = survey::unmarked(utf8);
    std::string word;
    bool has_digit = false;
    std::string whole;
    for (const char32_t letter : survey::characters_of(plain) + U' ') {
        if (!is_of_value(letter)) {
            const bool is_ascii = letter < 0x80;
            if (!is_ascii) return false;
            word += static_cast<char>(letter >= U'A' && letter <= U'Z' ? letter - U'A' + U'a' : letter);
            whole += word.back();
            continue;
        }
        has_digit = has_digit || is_digit(letter);
        if (!word.empty() && word != "true" && word != "false" && !is_word_of_value(word)) return false;
        word.clear();
    }
    return has_digit || whole == "true" || whole == "false";
}

}  // namespace hailong::sync
