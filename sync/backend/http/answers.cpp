#include "sync/backend/http/answers.h"

#include <utility>

namespace hailong::sync {

HttpResponse answer(int status, std::string_view type, std::string body) {
    return {status,
            {{"Content-Type", std::string(type)},
             {"X-Content-Type-Options", "nosniff"},
             {"Referrer-Policy", "no-referrer"},
             {"Cache-Control", "no-cache"}},
            std::move(body)};
}

void ask_to_come_later(HttpResponse& response) {
    set_header(response, "Retry-After", std::to_string(kRetryAfterS));
}

}  // namespace hailong::sync
