// UTF-8: its characters, how many there are, and cutting that breaks none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hailong::survey {

/// Broken UTF-8 becomes U+FFFD, one for each byte that belongs to no character.
[[nodiscard]] std::u32string characters_of(std::string_view utf8);
/// REQUIRES: code points that UTF-8 can hold (no surrogates, at most U+10FFFF).
[[nodiscard]] std::string utf8_of(std::u32string_view characters);

/// Whether the byte goes on with a character that an earlier one began.
[[nodiscard]] constexpr bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}
/// Of well-formed UTF-8.
[[nodiscard]] std::size_t character_count(std::string_view utf8);
/// The beginning of it, of at most `bytes_max` bytes, not cut within a character.
[[nodiscard]] std::string_view shortened(std::string_view utf8, std::size_t bytes_max);

}  // namespace hailong::survey
