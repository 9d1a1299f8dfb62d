#include "sync/backend/http/cookies.h"

#include <algorithm>

#include "survey/base/check.h"
#include "survey/base/ids.h"
#include "sync/backend/http/header_list.h"

namespace hailong::sync {
namespace {

constexpr std::string_view kPrefix = "__Host-";

bool is_plain(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '.' || letter == '_' || letter == '-' || letter == '~';
}

}  // namespace

Fields parse_cookies(std::string_view header) {
    Fields cookies;
    if (header.size() > kCookieBytesMax) return cookies;
    while (!header.empty() && cookies.all.size() < kCookiesMax) {
        const std::string_view pair = take_element(header, ';');
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = trimmed(pair.substr(0, equals));
        std::string_view value = trimmed(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (!name.empty()) cookies.all.emplace_back(name, value);
    }
    return cookies;
}

std::string set_cookie(std::string_view name, std::string_view value, std::chrono::seconds max_age,
                       SameSite same_site) {
    survey::check(survey::is_identifier(name), "a cookie's name is an identifier");
    survey::check(std::all_of(value.begin(), value.end(), is_plain), "a cookie's value needs no encoding");
    std::string text = std::string(kPrefix) + std::string(name) + "=" + std::string(value);
    text += "; Max-Age=" + std::to_string(std::max<std::int64_t>(0, max_age.count()));
    text += "; Path=/; Secure; HttpOnly; SameSite=";
    text += same_site == SameSite::strict ? "Strict" : "Lax";
    return text;
}

std::string cookie(std::string_view header, std::string_view name) {
    return parse_cookies(header).get(std::string(kPrefix) + std::string(name));
}

}  // namespace hailong::sync
