// The common shape of answers, and the errors that every room answers in the same way.
#pragma once

#include <string>
#include <string_view>

#include "sync/backend/http/message.h"
#include "sync/backend/http/router.h"

namespace hailong::sync {

inline constexpr std::string_view kHtml = "text/html; charset=utf-8";
inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kText = "text/plain; charset=utf-8";

/// What anybody who is told to come again later waits at least, in seconds.
inline constexpr int kRetryAfterS = 5;

/// With the headers that every answer has: its type is what it says, no address goes on to others, and nobody shows it
/// again without asking.
[[nodiscard]] HttpResponse answer(int status, std::string_view type, std::string body);

/// The header that says when to come again.
void ask_to_come_later(HttpResponse& response);

/// Sends a browser on to `target`, a path of ours with its query. Not for good: an address may get a page later.
[[nodiscard]] HttpResponse redirect(std::string target);

/// Whether whoever asks wants pages: a browser says so, a terminal and a script do not.
[[nodiscard]] bool wants_page(const HttpRequest& request);

/// How errors look to people. Safe to use from any thread.
class ErrorAnswers {
  public:
    virtual ~ErrorAnswers() = default;
    [[nodiscard]] virtual HttpResponse not_found(const Fields& query) const = 0;
    /// The query's field `name` says nothing that there is.
    [[nodiscard]] virtual HttpResponse bad_field(const Fields& query, std::string_view name) const = 0;
    /// What is asked for can't be read now; `why` is for the log.
    [[nodiscard]] virtual HttpResponse unavailable(const RoutedRequest& request, const std::string& why) const = 0;
};

/// Nothing is known under the path's "center": on to `alike`, the one whose id differs in capitals alone, or not found.
[[nodiscard]] HttpResponse other_center(const std::string& alike, const RoutedRequest& routed,
                                        const ErrorAnswers& errors);

}  // namespace hailong::sync
