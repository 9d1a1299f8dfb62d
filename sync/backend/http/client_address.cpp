#include "sync/backend/http/client_address.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "sync/backend/http/header_list.h"

namespace hailong::sync {
namespace {

/// What one subscriber's line has of version 6 (RFC 6177), in bytes.
constexpr std::size_t kLineBytes = 8;

bool is_this_machine(std::string_view address) {
    return address.starts_with("127.") || address == client_address("::1");
}

}  // namespace

std::string client_address(std::string_view text) {
    const std::string address(text.substr(0, INET6_ADDRSTRLEN));
    std::array<unsigned char, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) {
        return inet_ntop(AF_INET, bytes.data(), written.data(), written.size());
    }
    if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return {};
    static constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin())) {
        return inet_ntop(AF_INET, bytes.data() + kMapped.size(), written.data(), written.size());
    }
    std::fill(bytes.begin() + kLineBytes, bytes.end(), static_cast<unsigned char>(0));
    return std::string(inet_ntop(AF_INET6, bytes.data(), written.data(), written.size())) + "/64";
}

std::string client_address(std::string_view peer, std::string_view forwarded) {
    std::string own = client_address(peer);
    if (!is_this_machine(own)) return own;
    const std::size_t comma = forwarded.rfind(',');
    const std::string_view last = comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    std::string named = client_address(trimmed(last));
    return named.empty() ? own : named;
}

}  // namespace hailong::sync
