#include "survey/base/utf8.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hailong::survey {
namespace {

constexpr char32_t kReplacement = U'\uFFFD';

std::size_t sequence_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    if (first >= 0xF0 && first <= 0xF4) return 4;
    return 0;
}

/// The character at the beginning of `bytes` and its length; length 0 when it is broken, cut off, too long or a
/// surrogate.
std::pair<char32_t, std::size_t> first_character(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes[0]);
    const std::size_t length = sequence_length(first);
    if (length == 0 || length > bytes.size()) return {kReplacement, 0};
    char32_t c = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t at = 1; at < length; ++at) {
        const auto next = static_cast<unsigned char>(bytes[at]);
        if (!is_continuation(bytes[at])) return {kReplacement, 0};
        c = (c << 6) | (next & 0x3F);
    }
    constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    if (c < kLeast[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return {kReplacement, 0};
    return {c, length};
}

}  // namespace

std::u32string characters_of(std::string_view utf8) {
    std::u32string characters;
    characters.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto [character, length] = first_character(utf8);
        characters += character;
        utf8.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return characters;
}

std::string utf8_of(std::u32string_view characters) {
    std::string bytes;
    bytes.reserve(characters.size() * 2);
    const auto put = [&bytes](char32_t byte) { bytes += static_cast<char>(static_cast<unsigned char>(byte)); };
    for (const char32_t c : characters) {
        constexpr std::array<char32_t, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
        const std::size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        put(kLead[more] | (c >> (6 * more)));
        for (std::size_t left = more; left > 0; --left)
            put(0x80 | ((c >> (6 * (left - 1))) & 0x3F));
    }
    return bytes;
}

std::size_t character_count(std::string_view utf8) {
    return utf8.size() - static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), is_continuation));
}

std::string_view shortened(std::string_view utf8, std::size_t bytes_max) {
    if (utf8.size() <= bytes_max) return utf8;
    std::size_t end = bytes_max;
    while (end > 0 && is_continuation(utf8[end]))
        --end;
    return utf8.substr(0, end);
}

}  // namespace hailong::survey
