// Whose a request is, as far as an address can tell: what limits by address count by.
#pragma once

#include <string>
#include <string_view>

namespace hailong::sync {

/// An IP address as limits count it: of version 6 its first 64 bits, which one line has ("2001:db8:1:2::/64"); of
/// version 4 within version 6 the former. Empty when `text` is no address.
[[nodiscard]] std::string client_address(std::string_view text);

/// Whose the request is that `peer` brought: its own, or, where it is this machine, and so perhaps a proxy, that of the
/// last address in `forwarded` (X-Forwarded-For), which is the one the proxy itself added. Nobody else is believed.
[[nodiscard]] std::string client_address(std::string_view peer, std::string_view forwarded);

}  // namespace hailong::sync
