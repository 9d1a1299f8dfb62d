#include "kiosk/voice/spoken.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "survey/base/utf8.h"

namespace hailong::kiosk {
namespace {

using survey::Language;
using Text = std::u32string;
using View = std::u32string_view;

// --- Characters -----------------------------------------------------------------------------------------------------

constexpr char32_t kDash = U'–';
constexpr char32_t kDong = U'₫';
constexpr char32_t kNoBreakSpace = U'\u00a0';
constexpr char32_t kThinNoBreakSpace = U'\u202f';

bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}

bool is_space(char32_t c) {
    return c <= U' ' || (c >= 0x7f && c <= kNoBreakSpace) || c == kThinNoBreakSpace;
}

/// Latin letters with and without marks: all that Vietnamese and English are written in.
bool is_letter(char32_t c) {
    const bool ascii = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    return ascii || (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) || (c >= 0x1e00 && c <= 0x1eff);
}

/// Broken UTF-8 becomes spaces, which nobody hears.
Text heard_characters(std::string_view utf8) {
    Text text = survey::characters_of(utf8);
    std::replace(text.begin(), text.end(), U'\uFFFD', U' ');
    return text;
}

/// The letter without its Vietnamese marks; any other character stays.
char32_t unmarked(char32_t c) {
    struct Run {
        char32_t first, last;
        char32_t capital;
    };
    // In the block for Vietnamese capitals are even; in Latin-1 small letters follow 32 later.
    static constexpr std::array<Run, 6> kVietnamese = {{{0x1ea0, 0x1eb7, U'A'},
                                                        {0x1eb8, 0x1ec7, U'E'},
                                                        {0x1ec8, 0x1ecb, U'I'},
                                                        {0x1ecc, 0x1ee3, U'O'},
                                                        {0x1ee4, 0x1ef1, U'U'},
                                                        {0x1ef2, 0x1ef9, U'Y'}}};
    static constexpr std::array<Run, 6> kLatin1 = {{{0xc0, 0xc3, U'A'},
                                                    {0xc8, 0xca, U'E'},
                                                    {0xcc, 0xcd, U'I'},
                                                    {0xd2, 0xd5, U'O'},
                                                    {0xd9, 0xda, U'U'},
                                                    {0xdd, 0xdd, U'Y'}}};
    static constexpr std::array<std::pair<char32_t, char32_t>, 6> kPairs = {
        {{0x102, U'A'}, {0x110, U'D'}, {0x128, U'I'}, {0x168, U'U'}, {0x1a0, U'O'}, {0x1af, U'U'}}};
    constexpr char32_t kToSmall = U'a' - U'A';
    for (const Run& run : kVietnamese) {
        if (c >= run.first && c <= run.last) return c % 2 == 0 ? run.capital : run.capital + kToSmall;
    }
    for (const Run& run : kLatin1) {
        if (c >= run.first && c <= run.last) return run.capital;
        if (c >= run.first + kToSmall && c <= run.last + kToSmall) return run.capital + kToSmall;
    }
    for (const auto& [capital, plain] : kPairs) {
        if (c == capital) return plain;
        if (c == capital + 1) return plain + kToSmall;
    }
    return c;
}

// --- Words ----------------------------------------------------------------------------------------------------------

/// An abbreviation and how it is said; English empty: left as it is.
struct Abbreviation {
    View written;
    std::string_view vi;
    std::string_view en;
};

constexpr std::array<Abbreviation, 15> kAbbreviations = {{
    {U"UBND", "ủy ban nhân dân", "People's Committee"},
    {U"HĐND", "hội đồng nhân dân", "People's Council"},
    {U"TTHC", "thủ tục hành chính", "administrative procedure"},
    {U"TTPVHCC", "trung tâm phục vụ hành chính công", "Public Administration Service Center"},
    {U"BHYT", "bảo hiểm y tế", "health insurance"},
    {U"BHXH", "bảo hiểm xã hội", "social insurance"},
    {U"CCCD", "căn cước công dân", "citizen identity card"},
    {U"CMND", "chứng minh nhân dân", "identity card"},
    {U"TCVN", "tiêu chuẩn Việt Nam", ""},
    {U"TP", "thành phố", "city"},
    {U"ISO", "i sô", ""},
    {U"VNeID", "vê en i đi", "V N E I D"},
    {U"SĐT", "số điện thoại", "phone number"},
    {U"VNĐ", "đồng", "dong"},
    {U"VND", "đồng", "dong"},
}};

/// Roman numbers as grades and quarters have them; eSpeak names them in English.
constexpr std::array<View, 20> kRoman = {U"I",    U"II",  U"III",  U"IV",    U"V",   U"VI",   U"VII",
                                         U"VIII", U"IX",  U"X",    U"XI",    U"XII", U"XIII", U"XIV",
                                         U"XV",   U"XVI", U"XVII", U"XVIII", U"XIX", U"XX"};
/// These may as well be an initial or a word in capitals (VI PHẠM, XI MĂNG), unless one of the words stands before
/// them.
constexpr std::array<View, 5> kDoubtfulRoman = {U"I", U"V", U"X", U"VI", U"XI"};
constexpr std::array<std::string_view, 5> kBeforeRoman = {"cấp", "quý", "Quý", "hạng", "loại"};

constexpr std::array<std::string_view, 10> kDigitWords = {"không", "một", "hai", "ba",  "bốn",
                                                          "năm",   "sáu", "bảy", "tám", "chín"};

void append_word(std::string& words, std::string_view word) {
    if (!words.empty()) words += ' ';
    words += word;
}

std::string_view ones_word(int tens, int ones) {
    if (ones == 1 && tens >= 2) return "mốt";
    if (ones == 4 && tens >= 2) return "tư";
    if (ones == 5 && tens >= 1) return "lăm";
    return kDigitWords[static_cast<std::size_t>(ones)];
}

/// One group of three digits; `with_hundreds` where others stand before it.
void append_group(std::string& words, int group, bool with_hundreds) {
    const int hundreds = group / 100;
    const int tens = group / 10 % 10;
    const int ones = group % 10;
    with_hundreds = with_hundreds || hundreds > 0;
    if (with_hundreds) {
        append_word(words, kDigitWords[static_cast<std::size_t>(hundreds)]);
        append_word(words, "trăm");
    }
    if (tens == 0 && ones > 0 && with_hundreds) append_word(words, "linh");
    if (tens == 1) append_word(words, "mười");
    if (tens >= 2) {
        append_word(words, kDigitWords[static_cast<std::size_t>(tens)]);
        append_word(words, "mươi");
    }
    if (ones > 0) append_word(words, ones_word(tens, ones));
}

std::string digits_as_words(View digits) {
    std::string words;
    for (const char32_t digit : digits)
        append_word(words, kDigitWords[digit - U'0']);
    return words;
}

std::string narrow(View digits) {
    return {digits.begin(), digits.end()};
}

// --- One line -------------------------------------------------------------------------------------------------------

/// Longest run of digits that is a number; a longer one, or one that begins with 0, is a code, said digit by digit.
constexpr std::size_t kNumberDigitsMax = 7;
/// Longest number with its thousands parted, in digits.
constexpr std::size_t kPartedDigitsMax = 12;

class Reader {
  public:
    Reader(View line, Language language) : rest_(line), language_(language) {}

    std::string read() {
        while (!rest_.empty()) {
            if (is_digit(rest_.front())) {
                read_number();
            } else if (is_letter(rest_.front())) {
                read_word();
            } else {
                read_mark();
            }
        }
        return std::move(said_);
    }

  private:
    [[nodiscard]] char32_t ahead(std::size_t by) const { return by < rest_.size() ? rest_[by] : U'\0'; }
    [[nodiscard]] std::string_view in(std::string_view vi, std::string_view en) const {
        return language_ == Language::vi ? vi : en;
    }
    [[nodiscard]] View digits_at(std::size_t from) const {
        const View tail = rest_.substr(std::min(from, rest_.size()));
        const auto end = std::find_if_not(tail.begin(), tail.end(), is_digit);
        return tail.substr(0, static_cast<std::size_t>(end - tail.begin()));
    }

    /// Words of our own stand apart from what is around them.
    void say(std::string_view words) {
        say_space();
        said_ += words;
        needs_space_ = true;
    }
    void say_space() {
        if (!said_.empty() && said_.back() != ' ') said_ += ' ';
    }
    void say_character(char32_t c) {
        if (is_space(c)) return say_space();
        if (needs_space_ && (is_letter(c) || is_digit(c))) say_space();
        needs_space_ = false;
        const char32_t said = language_ == Language::en ? unmarked(c) : c;
        said_ += survey::utf8_of({&said, 1});
    }
    void take(std::size_t count) { rest_.remove_prefix(count); }

    void read_word() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_letter);
        const View word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        take(word.size());
        const auto known = std::find_if(kAbbreviations.begin(), kAbbreviations.end(),
                                        [&](const Abbreviation& one) { return one.written == word; });
        if (known != kAbbreviations.end() && !in(known->vi, known->en).empty()) {
            say(in(known->vi, known->en));
            // "TP. Hồ Chí Minh": the point belongs to the abbreviation, unless the line ends with it.
            if (word == U"TP" && ahead(0) == U'.' && rest_.size() > 1) take(1);
            return;
        }
        if (const std::int64_t number = roman_value(word); number > 0) {
            say(vietnamese_number(number));
            return read_what_follows(number);
        }
        for (const char32_t c : word)
            say_character(c);
        // "B-01" and "A1": a code, whose digits stand apart.
        if (ahead(0) == U'-' && is_digit(ahead(1))) take(1);
        if (is_digit(ahead(0))) say_space();
    }

    /// 0 where the word is no Roman number, or is left to eSpeak.
    [[nodiscard]] std::int64_t roman_value(View word) const {
        const auto found = std::find(kRoman.begin(), kRoman.end(), word);
        if (language_ != Language::vi || found == kRoman.end()) return 0;
        const bool is_doubtful = std::find(kDoubtfulRoman.begin(), kDoubtfulRoman.end(), word) != kDoubtfulRoman.end();
        const bool is_announced = std::any_of(kBeforeRoman.begin(), kBeforeRoman.end(),
                                              [this](std::string_view before) { return said_ends_with(before); });
        return is_doubtful && !is_announced ? 0 : found - kRoman.begin() + 1;
    }

    void read_mark() {
        const char32_t mark = rest_.front();
        take(1);
        if (mark == kDong) return say(in("đồng", "dong"));
        if (mark == U'&') return say(in("và", "and"));
        say_character(mark);
    }

    void read_number() {
        if (read_date() || read_time()) return;
        const std::size_t parted = parted_length();
        const View whole = parted > 0 ? rest_.substr(0, parted) : digits_at(0);
        take(whole.size());
        say_whole(whole);
        read_fraction();
        read_what_follows(value_of(whole));
    }

    /// dd/mm/yyyy, a real day.
    bool read_date() {
        const View day = digits_at(0);
        const View month = digits_at(day.size() + 1);
        const std::size_t year_at = day.size() + month.size() + 2;
        const View year = digits_at(year_at);
        const bool looks_so = day.size() <= 2 && !month.empty() && month.size() <= 2 && year.size() == 4 &&
                              ahead(day.size()) == U'/' && ahead(year_at - 1) == U'/';
        if (!looks_so) return false;
        const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(value_of(year))},
                                               std::chrono::month{static_cast<unsigned>(value_of(month))},
                                               std::chrono::day{static_cast<unsigned>(value_of(day))}};
        if (!date.ok()) return false;
        take(year_at + year.size());
        if (language_ == Language::en) {
            say(survey::format_date(date, Language::en));
            return true;
        }
        if (!said_ends_with("ngày") && !said_ends_with("Ngày")) say("ngày");
        say(vietnamese_number(value_of(day)));
        say("tháng");
        say(vietnamese_number(value_of(month)));
        say("năm");
        say(vietnamese_number(value_of(year)));
        return true;
    }

    /// 9h30, 9h, 09:30: hours and minutes, in Vietnamese.
    bool read_time() {
        const View hour = digits_at(0);
        const char32_t mark = ahead(hour.size());
        const View minute = digits_at(hour.size() + 1);
        const std::size_t end = hour.size() + 1 + minute.size();
        const bool with_colon = mark == U':' && minute.size() == 2;
        const bool with_letter = (mark == U'h' || mark == U'g') && (minute.empty() || minute.size() == 2);
        if (language_ != Language::vi || hour.size() > 2 || is_letter(ahead(end))) return false;
        if (!(with_colon || with_letter) || value_of(hour) > 24 || value_of(minute) > 59) return false;
        take(end);
        say(vietnamese_number(value_of(hour)));
        say("giờ");
        if (value_of(minute) > 0) {
            say(vietnamese_number(value_of(minute)));
            say("phút");
        }
        return true;
    }

    /// Length of a number whose thousands are parted as the language does; 0 where there is none.
    [[nodiscard]] std::size_t parted_length() const {
        const char32_t mark = language_ == Language::vi ? U'.' : U',';
        std::size_t length = digits_at(0).size();
        if (length > 3 || ahead(0) == U'0') return 0;
        std::size_t groups = 0;
        while (ahead(length) == mark && digits_at(length + 1).size() == 3) {
            length += 4;
            groups += 1;
        }
        return groups > 0 && length - groups <= kPartedDigitsMax ? length : 0;
    }

    [[nodiscard]] static std::int64_t value_of(View digits) {
        std::int64_t value = 0;
        for (const char32_t digit : digits) {
            if (is_digit(digit)) value = value * 10 + static_cast<std::int64_t>(digit - U'0');
        }
        return value;
    }

    void say_whole(View whole) {
        const bool is_parted = std::any_of(whole.begin(), whole.end(), [](char32_t c) { return !is_digit(c); });
        const bool is_code =
            !is_parted && (whole.size() > kNumberDigitsMax || (whole.size() > 1 && whole.front() == U'0'));
        if (language_ == Language::vi) {
            say(is_code ? digits_as_words(whole) : vietnamese_number(value_of(whole)));
        } else if (is_code) {
            for (const char32_t digit : whole)
                say(narrow(View(&digit, 1)));
        } else {
            say(narrow(whole));
        }
    }

    void read_fraction() {
        const char32_t mark = language_ == Language::vi ? U',' : U'.';
        const View digits = digits_at(1);
        if (ahead(0) != mark || digits.empty()) return;
        take(1 + digits.size());
        if (language_ == Language::en) {
            said_ += '.' + narrow(digits);
            return;
        }
        say("phẩy");
        const bool is_short = digits.size() <= 2 && digits.front() != U'0';
        say(is_short ? vietnamese_number(value_of(digits)) : digits_as_words(digits));
    }

    /// What stands behind a number and means something there: a percent sign, another number, money.
    void read_what_follows(std::int64_t value) {
        const auto spaces =
            static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_space) - rest_.begin());
        if (ahead(spaces) == U'%') {
            take(spaces + 1);
            return say(in("phần trăm", "percent"));
        }
        if (ahead(spaces) == U'đ' && !is_letter(ahead(spaces + 1))) {
            take(spaces + 1);
            return say(in("đồng", "dong"));
        }
        if (ahead(0) == U'/' && is_digit(ahead(1))) {
            take(1);
            const std::int64_t other = digits_at(0).size() == 4 ? value_of(digits_at(0)) : 0;
            const bool is_month_of_year = value <= 12 && other >= 1'900 && other < 2'100;
            return say(is_month_of_year ? in("năm", "of") : in("trên", "of"));
        }
        if (ahead(0) == U'-' && is_digit(ahead(1))) {  // a telephone number in groups: no minus
            take(1);
            return say_space();
        }
        if (ahead(spaces) == kDash) read_range(spaces);
    }

    void read_range(std::size_t mark_at) {
        const View behind = rest_.substr(mark_at + 1);
        const auto spaces =
            static_cast<std::size_t>(std::find_if_not(behind.begin(), behind.end(), is_space) - behind.begin());
        if (!is_digit(ahead(mark_at + 1 + spaces))) return;
        take(mark_at + 1 + spaces);
        say(in("đến", "to"));
    }

    [[nodiscard]] bool said_ends_with(std::string_view word) const {
        const std::size_t end = said_.find_last_not_of(' ');
        const std::string_view said = std::string_view(said_).substr(0, end == std::string::npos ? 0 : end + 1);
        return said.size() >= word.size() && said.substr(said.size() - word.size()) == word;
    }

    View rest_;
    Language language_;
    std::string said_;
    bool needs_space_ = false;
};

}  // namespace

std::string spoken(std::string_view line, Language language) {
    const Text characters = heard_characters(line);
    std::string said = Reader(characters, language).read();
    if (!said.empty() && said.back() == ' ') said.pop_back();
    return said;
}

std::string vietnamese_number(std::int64_t number) {
    constexpr std::int64_t kMost = 999'999'999'999;
    if (number < 0 || number > kMost) return std::to_string(number);
    if (number == 0) return std::string(kDigitWords[0]);
    struct Unit {
        std::int64_t size;
        std::string_view word;
    };
    static constexpr std::array<Unit, 4> kUnits = {
        {{1'000'000'000, "tỷ"}, {1'000'000, "triệu"}, {1'000, "nghìn"}, {1, ""}}};
    std::string words;
    for (const Unit& unit : kUnits) {
        const auto group = static_cast<int>(number / unit.size % 1'000);
        if (group == 0) continue;
        append_group(words, group, !words.empty());
        if (!unit.word.empty()) append_word(words, unit.word);
    }
    return words;
}

}  // namespace hailong::kiosk
