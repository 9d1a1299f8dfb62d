// SHA-256 and HMAC-SHA-256.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace hailong::survey {

/// 32 bytes of SHA-256 (FIPS 180-4).
struct Digest {
    std::array<std::uint8_t, 32> bytes{};
    bool operator==(const Digest&) const = default;
};

[[nodiscard]] Digest sha256(std::string_view bytes);
/// The same of several parts, one right behind the other, without joining them.
[[nodiscard]] Digest sha256_of(std::initializer_list<std::string_view> parts);

/// HMAC-SHA-256 (RFC 2104): what nobody without the key can recompute or try out.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view message);

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const Digest& digest);
/// Exactly 64 hexadecimal digits in either case; empty otherwise.
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view hex);

}  // namespace hailong::survey
