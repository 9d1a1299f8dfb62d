// Cookies (RFC 6265): what a browser sends back, and the one kind that is given out: for this host alone, over TLS
// alone, out of reach for scripts. The prefix __Host- makes the browser hold to that.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "sync/backend/http/url.h"

namespace hailong::sync {

/// Longest Cookie header looked at, in bytes; one that is longer holds no cookie.
inline constexpr std::size_t kCookieBytesMax = 4'096;
/// Most cookies looked at.
inline constexpr std::size_t kCookiesMax = 50;

/// Every cookie of a Cookie header, with its name as it was given out. What is not name=value is passed over.
[[nodiscard]] Fields parse_cookies(std::string_view header);

enum class SameSite { strict, lax };

/// The value of a Set-Cookie header: `name` gets the prefix __Host-. It goes when it is older than `max_age`; with 0 at
/// once.
/// REQUIRES: `name` is an identifier; `value` is of letters, digits and any of . _ - ~ (a token in hexadecimal, a
/// code).
[[nodiscard]] std::string set_cookie(std::string_view name, std::string_view value, std::chrono::seconds max_age,
                                     SameSite same_site);

/// What set_cookie() gave out under `name` and the browser sent back; empty when it sent none.
[[nodiscard]] std::string cookie(std::string_view header, std::string_view name);

}  // namespace hailong::sync
