// UUIDs of version 7 (RFC 9562, section 5.7): time-ordered, so that indexes grow at their end.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "survey/base/time.h"

namespace hailong::survey {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const Uuid&) const = default;
};

/// Random bits for one UUID; the version and variant bits are overwritten.
using UuidEntropy = std::array<std::uint8_t, 10>;

/// Version 7 from wall time and 74 random bits. Times before 1970 count as 1970.
[[nodiscard]] Uuid make_uuid7(UtcTime time, const UuidEntropy& entropy);

/// Lower-case 8-4-4-4-12.
[[nodiscard]] std::string to_string(const Uuid& uuid);
/// The same form in either case, any version; empty otherwise.
[[nodiscard]] std::optional<Uuid> parse_uuid(std::string_view text);

}  // namespace hailong::survey
