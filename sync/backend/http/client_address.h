// Whose a request is, as far as an address can tell: what limits by address count by.
#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace hailong::sync {

/// An IP address as limits count it: of version 6 its first 64 bits, which one line has ("2001:db8:1:2::/64"); of
/// version 4 within version 6 the former. Empty when `text` is no address.
[[nodiscard]] std::string client_address(std::string_view text);

/// The proxies whose word is taken for who somebody is: those on this machine, and those that were named.
class TrustedProxies {
  public:
    /// Most that can be named: a pair for each of a few lines.
    static constexpr std::size_t kMost = 16;

    /// False, and nothing is changed: `address` is no IP address, or one too many.
    [[nodiscard]] bool add(std::string_view address);
    /// Whether `peer`, an IP address, is one of them: the whole address, not only the line it has.
    [[nodiscard]] bool contain(std::string_view peer) const;
    [[nodiscard]] std::size_t size() const { return named_.size(); }

  private:
    std::set<std::array<unsigned char, 16>> named_;
};

/// Whose the request is that `peer` brought: its own, or, where that is a trusted proxy, that of the last address in
/// `forwarded` (X-Forwarded-For), which is the one the proxy itself added. Nobody else is believed.
[[nodiscard]] std::string client_address(std::string_view peer, std::string_view forwarded,
                                         const TrustedProxies& proxies = {});

}  // namespace hailong::sync
