// Counts as people write them on a command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hailong::sync {

/// Digits alone: no sign, no spaces, no other base. Empty for anything else, and beyond 2^63 - 1.
[[nodiscard]] std::optional<std::int64_t> parse_count(std::string_view text);

}  // namespace hailong::sync
