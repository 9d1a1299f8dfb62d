#include "sync/backend/cli/parse_count.h"

#include <algorithm>
#include <charconv>

namespace hailong::sync {

std::optional<std::int64_t> parse_count(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (error != std::errc() || end != text.data() + text.size() || !digits) return std::nullopt;
    return value;
}

}  // namespace hailong::sync
