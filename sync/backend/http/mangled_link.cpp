#include "sync/backend/http/mangled_link.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "survey/base/utf8.h"

namespace hailong::sync {
namespace {

/// Most of a target that is looked at, in bytes: what trackers add is long, what they are added to is not.
constexpr std::size_t kLookedAtBytes = 8u << 10u;
constexpr std::size_t kSegmentsMax = 10;

std::optional<char> digit_value(char letter) {
    if (letter >= '0' && letter <= '9') return static_cast<char>(letter - '0');
    if (letter >= 'a' && letter <= 'f') return static_cast<char>(letter - 'a' + 10);
    if (letter >= 'A' && letter <= 'F') return static_cast<char>(letter - 'A' + 10);
    return std::nullopt;
}

/// Escapes decoded; a "%" that leads to no two digits is left out.
std::string decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        const auto high = i + 2 < text.size() ? digit_value(text[i + 1]) : std::nullopt;
        const auto low = i + 2 < text.size() ? digit_value(text[i + 2]) : std::nullopt;
        if (!high || !low) continue;
        result += static_cast<char>(*high * 16 + *low);
        i += 2;
    }
    return result;
}

/// What people and programs put behind a link: the end of a sentence, a closing bracket or quote, marks of emphasis.
bool is_tail(char32_t letter) {
    static constexpr std::u32string_view kTail =
        U".,;:!?)]}>'\"*_~`|\\<({[&=+\u2026\u2019\u201d\u00bb\u3002\uff0c\uff09\ufffd";
    return letter <= U' ' || (letter >= 0x7f && letter <= 0xa0) || (letter >= 0x2000 && letter <= 0x200f) ||
           (letter >= 0x2028 && letter <= 0x202f) || (letter >= 0x2060 && letter <= 0x206f) || letter == 0xfeff ||
           letter == 0x3000 || kTail.find(letter) != std::u32string_view::npos;
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.';
    });
}

std::vector<std::string> parts_of(std::string_view text, std::string_view separators) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

/// Empty when it is no path of ours.
std::optional<std::string> mended_path(std::string_view raw) {
    std::vector<std::string> segments = parts_of(decoded(raw), "/");
    while (!segments.empty()) {
        segments.back() = without_tail(segments.back());
        if (!segments.back().empty()) break;
        segments.pop_back();
    }
    if (segments.size() > kSegmentsMax) return std::nullopt;
    std::string path;
    for (const std::string& segment : segments) {
        if (!is_plain(segment)) return std::nullopt;
        path += "/" + lower_case(segment);
    }
    return path.empty() ? "/" : path;
}

constexpr std::array<std::string_view, 4> kKnown = {"period", "lang", "locale", "live"};

/// Which of the fields above it is, also in capitals and where "&" has become "&amp;"; their number when none.
std::size_t field_meant(std::string_view name) {
    std::string plain = lower_case(name);
    if (plain.starts_with("amp;")) plain.erase(0, 4);
    return static_cast<std::size_t>(std::find(kKnown.begin(), kKnown.end(), plain) - kKnown.begin());
}

/// Empty when nothing that a field could hold is left of it.
std::string mended_value(std::string_view field, std::string_view value) {
    const std::string rest = without_tail(value);
    if (rest.empty() || !is_plain(rest)) return {};
    if (field == "locale") return rest;  // read in any case
    if (field != "period") return lower_case(rest);
    // Every period begins with its year; what does not is said back as it is.
    return rest.front() >= '0' && rest.front() <= '9' ? upper_case(rest) : std::string();
}

/// The fields of a page in the order that pages write them.
std::string mended_query(std::string_view raw) {
    std::array<std::string, kKnown.size()> values;
    for (const std::string& part : parts_of(raw, "&;?#")) {
        const std::size_t equals = part.find('=');
        if (equals == std::string::npos) continue;
        const std::size_t field = field_meant(decoded(part.substr(0, equals)));
        if (field == kKnown.size() || !values.at(field).empty()) continue;
        values.at(field) = mended_value(kKnown.at(field), decoded(part.substr(equals + 1)));
    }
    std::string query;
    for (std::size_t i = 0; i < kKnown.size(); ++i) {
        if (values.at(i).empty()) continue;
        query += (query.empty() ? "?" : "&") + std::string(kKnown.at(i)) + "=" + values.at(i);
    }
    return query;
}

std::string with_case(std::string_view text, char first, char last, int by) {
    std::string result(text);
    for (char& letter : result) {
        if (letter >= first && letter <= last) letter = static_cast<char>(letter + by);
    }
    return result;
}

}  // namespace

std::string lower_case(std::string_view text) {
    return with_case(text, 'A', 'Z', 'a' - 'A');
}

std::string upper_case(std::string_view text) {
    return with_case(text, 'a', 'z', 'A' - 'a');
}

std::string without_tail(std::string_view utf8) {
    std::u32string letters = survey::characters_of(utf8);
    while (!letters.empty() && is_tail(letters.back()))
        letters.pop_back();
    return survey::utf8_of(letters);
}

bool has_mangled_field(const Fields& query) {
    return std::any_of(query.all.begin(), query.all.end(), [](const auto& field) {
        const std::size_t meant = field_meant(field.first);
        if (meant == kKnown.size()) return false;
        const std::string value = mended_value(kKnown.at(meant), field.second);
        return !value.empty() && (field.first != kKnown.at(meant) || field.second != value);
    });
}

std::optional<std::string> with_segment(std::string target, const std::string& asked, const std::string& meant) {
    const std::size_t at = target.find("/" + asked);
    if (at == std::string::npos || at > target.find('?')) return std::nullopt;
    return target.replace(at + 1, asked.size(), meant);
}

std::optional<std::string> mended_target(std::string_view target) {
    if (target.empty() || target.front() != '/' || target.size() > kLookedAtBytes) return std::nullopt;
    // A "?" that was escaped, and what a fragment left behind.
    const std::size_t end = std::min(
        {target.find('?'), target.find("%3F"), target.find("%3f"), target.find('#'), target.find('&'), target.size()});
    const auto path = mended_path(target.substr(0, end));
    if (!path) return std::nullopt;
    std::string_view query = target.substr(end);
    if (query.starts_with("%3")) query.remove_prefix(3);
    std::string mended = *path + mended_query(query);
    if (mended == target) return std::nullopt;
    return mended;
}

}  // namespace hailong::sync
