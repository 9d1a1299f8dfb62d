// SHA-256 and the hash chain over a terminal's records.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hailong::survey {

/// 32 bytes of SHA-256 (FIPS 180-4).
struct Digest {
    std::array<std::uint8_t, 32> bytes{};
    bool operator==(const Digest&) const = default;
};

/// What stands before the first record of a chain: 32 zero bytes.
inline constexpr Digest kChainStart{};

[[nodiscard]] Digest sha256(std::string_view bytes);

/// The next link: SHA-256 over the 32 bytes of `previous` followed by the record's bytes exactly as stored and sent.
/// An auditor checks it with `{ printf '<previous as bytes>'; cat record; } | sha256sum`.
[[nodiscard]] Digest chain(const Digest& previous, std::string_view record_bytes);

/// HMAC-SHA-256 (RFC 2104): what nobody without the key can recompute or try out.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view message);

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const Digest& digest);
/// Exactly 64 hexadecimal digits in either case; empty otherwise.
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view hex);

}  // namespace hailong::survey
