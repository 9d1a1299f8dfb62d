#include "sync/backend/http/answers.h"

#include <optional>
#include <utility>

#include "sync/backend/http/mangled_link.h"

namespace hailong::sync {

HttpResponse answer(int status, std::string_view type, std::string body) {
    return {status,
            {{"Content-Type", std::string(type)},
             {"X-Content-Type-Options", "nosniff"},
             {"Referrer-Policy", "no-referrer"},
             {"Cache-Control", "no-cache"}},
            std::move(body)};
}

HttpResponse redirect(std::string target) {
    HttpResponse response = answer(302, kText, {});
    response.headers.emplace_back("Location", std::move(target));
    return response;
}

bool wants_page(const HttpRequest& request) {
    return request.header("accept").find("text/html") != std::string_view::npos;
}

void ask_to_come_later(HttpResponse& response) {
    set_header(response, "Retry-After", std::to_string(kRetryAfterS));
}

HttpResponse other_center(const std::string& alike, const RoutedRequest& routed, const ErrorAnswers& errors) {
    const std::string& target = routed.request.target;
    const std::string asked = routed.path.get("center");
    std::optional<std::string> meant;
    if (!alike.empty()) meant = with_segment(target, asked, alike);
    // "/centers/mau." is an identifier, too.
    if (alike.empty() && without_tail(asked) != asked) meant = mended_target(target);
    return meant ? redirect(std::move(*meant)) : errors.not_found(routed.query);
}

}  // namespace hailong::sync
