#include "kiosk/journal/sums.h"

#include <algorithm>

namespace hailong::kiosk {
namespace {

constexpr std::size_t kSumBytes = 8;

}  // namespace

std::string record_sum(std::string_view bytes) {
    const survey::Digest digest = survey::sha256(bytes);
    return {reinterpret_cast<const char*>(digest.bytes.data()), kSumBytes};
}

std::string key_with_sum(const KeyBytes& key) {
    const std::string bytes(reinterpret_cast<const char*>(key.data()), key.size());
    return bytes + record_sum(bytes);
}

std::optional<KeyBytes> parse_key_with_sum(std::string_view bytes) {
    KeyBytes key{};
    if (bytes.size() != key.size() + kSumBytes) return std::nullopt;
    std::copy_n(bytes.begin(), key.size(), key.begin());
    if (key_with_sum(key) != bytes) return std::nullopt;
    return key;
}

}  // namespace hailong::kiosk
