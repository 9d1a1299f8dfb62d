#include "sync/backend/site/page_answers.h"

#include <utility>

namespace hailong::sync {
namespace {

/// Longest text of a request that is said back to whoever sent it, in bytes.
constexpr std::size_t kEchoBytesMax = 40;

/// What is safe to say back: printable ASCII alone, and not much of it.
std::string echo(std::string_view text) {
    std::string result;
    for (const char letter : text.substr(0, kEchoBytesMax))
        result += letter >= ' ' && letter < '\x7f' ? letter : '?';
    return result;
}

}  // namespace

HttpResponse page_answer(int status, std::string html, PageScript script) {
    HttpResponse response = answer(status, kHtml, std::move(html));
    response.headers.emplace_back("Content-Security-Policy",
                                  std::string("default-src 'none'; style-src 'self'; img-src 'self'; ") +
                                      (script == PageScript::own ? "script-src 'self'; connect-src 'self'; " : "") +
                                      "base-uri 'none'; "
                                      "form-action 'none'; frame-ancestors 'none'");
    response.headers.emplace_back("X-Frame-Options", "DENY");
    response.headers.emplace_back("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    return response;
}

PageRequest page_request(const Fields& query, const survey::Clock& clock) {
    PageRequest request;
    request.language = survey::parse_language(query.get("lang")).value_or(survey::Language::vi);
    request.live = query.get("live") == "1";
    request.today = survey::local_date(clock.now());
    return request;
}

HttpResponse ErrorPages::not_found(const Fields& query) const {
    return of_status(404, query);
}

HttpResponse ErrorPages::of_status(int status, const Fields& query) const {
    return page_answer(status, pages_.error(status, page_request(query, clock_)));
}

HttpResponse ErrorPages::bad_field(const Fields& query, std::string_view name) const {
    return page_answer(400, pages_.bad_field(name, echo(query.get(name)), page_request(query, clock_)));
}

HttpResponse ErrorPages::unavailable(const RoutedRequest& request, const std::string& why) const {
    log_(why);
    HttpResponse response = of_status(503, request.query);
    ask_to_come_later(response);
    return response;
}

}  // namespace hailong::sync
