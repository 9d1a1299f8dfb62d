#include "sync/backend/http/client_address.h"

#include <algorithm>
#include <array>
#include <optional>

#include <arpa/inet.h>

#include "sync/backend/http/header_list.h"

namespace hailong::sync {
namespace {

/// What one subscriber's line has of version 6 (RFC 6177), in bytes.
constexpr std::size_t kLineBytes = 8;

using Bytes = std::array<unsigned char, 16>;
constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_mapped(const Bytes& bytes) {
    return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

/// An address of version 4 as it stands within version 6; empty when `text` is no address.
std::optional<Bytes> bytes_of(std::string_view text) {
    const std::string address(text.substr(0, INET6_ADDRSTRLEN));
    Bytes bytes{};
    std::copy(kMapped.begin(), kMapped.end(), bytes.begin());
    if (inet_pton(AF_INET, address.c_str(), bytes.data() + kMapped.size()) == 1) return bytes;
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return bytes;
    return std::nullopt;
}

bool is_this_machine(const Bytes& bytes) {
    if (is_mapped(bytes)) return bytes[kMapped.size()] == 127;
    constexpr Bytes kLoopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return bytes == kLoopback;
}

}  // namespace

std::string client_address(std::string_view text) {
    auto bytes = bytes_of(text);
    if (!bytes) return {};
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (is_mapped(*bytes)) return inet_ntop(AF_INET, bytes->data() + kMapped.size(), written.data(), written.size());
    std::fill(bytes->begin() + kLineBytes, bytes->end(), static_cast<unsigned char>(0));
    return std::string(inet_ntop(AF_INET6, bytes->data(), written.data(), written.size())) + "/64";
}

bool TrustedProxies::add(std::string_view address) {
    const auto bytes = bytes_of(address);
    if (!bytes || (named_.size() >= kMost && named_.count(*bytes) == 0)) return false;
    named_.insert(*bytes);
    return true;
}

bool TrustedProxies::contain(std::string_view peer) const {
    const auto bytes = bytes_of(peer);
    return bytes && (is_this_machine(*bytes) || named_.count(*bytes) > 0);
}

std::string client_address(std::string_view peer, std::string_view forwarded, const TrustedProxies& proxies) {
    std::string own = client_address(peer);
    if (!proxies.contain(peer)) return own;
    const std::size_t comma = forwarded.rfind(',');
    const std::string_view last = comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    std::string named = client_address(trimmed(last));
    return named.empty() ? own : named;
}

}  // namespace hailong::sync
