#include <algorithm>
#include <string>
#include <vector>

#include "kiosk/typing/typing.h"

namespace hailong::kiosk {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_alphanumeric(char c) {
    return is_digit(c) || is_letter(c);
}

bool is_domain(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && (is_alphanumeric(text[end]) || text[end] == '.' || text[end] == '-'))
        ++end;
    const std::string_view domain = text.substr(0, end);
    const std::size_t dot = domain.find('.');
    return dot != std::string_view::npos && dot > 0 && dot + 2 < domain.size() && is_letter(domain[dot + 1]);
}

bool has_email(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        if (at > 0 && is_alphanumeric(text[at - 1]) && is_domain(text.substr(at + 1))) return true;
    }
    return false;
}

/// YYMMDD as far as every year has it.
bool is_date(std::string_view digits) {
    if (digits.size() != 6 || !std::all_of(digits.begin(), digits.end(), is_digit)) return false;
    const int month = (digits[2] - '0') * 10 + (digits[3] - '0');
    const int day = (digits[4] - '0') * 10 + (digits[5] - '0');
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// The agency, the date, the serial: "000.00.16.H29-261008-0975".
bool is_dossier_code(std::string_view token) {
    while (!token.empty() && !is_alphanumeric(token.back()))
        token.remove_suffix(1);
    const std::size_t last = token.rfind('-');
    if (last == std::string_view::npos || last < 8 || token[last - 7] != '-') return false;
    const std::string_view agency = token.substr(0, last - 7);
    const std::string_view serial = token.substr(last + 1);
    return std::any_of(agency.begin(), agency.end(), is_digit) && is_date(token.substr(last - 6, 6)) &&
           serial.size() >= 4 && serial.size() <= 12 && std::all_of(serial.begin(), serial.end(), is_alphanumeric);
}

bool has_dossier_code(std::string_view text) {
    const auto belongs = [](char c) { return is_alphanumeric(c) || c == '.' || c == '-'; };
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::size_t end = at;
        while (end < text.size() && belongs(text[end]))
            ++end;
        if (is_dossier_code(text.substr(at, end - at))) return true;
        at = end;
    }
    return false;
}

/// Digits as somebody groups them: "091 234 5678" is three groups.
struct Digits {
    std::vector<std::string> groups;
    bool has_dots = false;
    bool has_plus = false;
};

std::vector<Digits> digits_in(std::string_view text) {
    std::vector<Digits> all;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_digit(text[at])) continue;
        Digits digits;
        digits.has_plus = at > 0 && text[at - 1] == '+';
        for (bool goes_on = true; goes_on;) {
            std::string& group = digits.groups.emplace_back();
            while (at < text.size() && is_digit(text[at]))
                group += text[at++];
            const bool parted = at + 1 < text.size() && (text[at] == ' ' || text[at] == '.' || text[at] == '-');
            goes_on = parted && is_digit(text[at + 1]);
            if (goes_on) digits.has_dots = digits.has_dots || text[at] == '.';
            if (goes_on) ++at;
        }
        all.push_back(std::move(digits));
    }
    return all;
}

bool is_phone(const std::string& digits, std::size_t first_group, bool has_plus) {
    const std::size_t size = digits.size();
    if (has_plus) return digits.starts_with("84") && (size == 11 || size == 12);
    return digits[0] == '0' && first_group >= 3 && (size == 10 || size == 11);
}

/// `least`: digits of the shortest group. "1.500.000.000" and "100000000" are money, not numbers of cards.
bool is_id_number(const std::string& digits, std::size_t groups, std::size_t least, bool has_dots) {
    if (groups == 1) return digits.size() == 12 || (digits.size() == 9 && !digits.ends_with("000"));
    if (least < 3) return false;
    const bool is_old_card = digits.size() == 9 && groups == 3 && !has_dots && !digits.ends_with("000");
    return is_old_card || (digits.size() == 12 && digits[0] == '0');
}

/// Every run of groups that follow each other: two numbers may stand side by side.
std::optional<Personal> number_in(const Digits& digits) {
    for (std::size_t first = 0; first < digits.groups.size(); ++first) {
        std::string joined;
        std::size_t least = 99;
        for (std::size_t last = first; last < digits.groups.size() && joined.size() <= 12; ++last) {
            joined += digits.groups[last];
            least = std::min(least, digits.groups[last].size());
            if (is_phone(joined, digits.groups[first].size(), digits.has_plus && first == 0)) return Personal::phone;
            if (is_id_number(joined, last - first + 1, least, digits.has_dots)) return Personal::id_number;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<Personal> looks_personal(std::string_view text) {
    if (has_email(text)) return Personal::email;
    if (has_dossier_code(text)) return Personal::dossier_code;
    for (const Digits& digits : digits_in(text)) {
        if (const auto found = number_in(digits)) return found;
    }
    return std::nullopt;
}

}  // namespace hailong::kiosk
