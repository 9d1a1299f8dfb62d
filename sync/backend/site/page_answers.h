// Pages as answers: with the headers that let a page run nothing and stand in nobody's frame.
#pragma once

#include <functional>
#include <string>

#include "survey/base/time.h"
#include "sync/backend/http/answers.h"
#include "sync/backend/site/pages.h"

namespace hailong::sync {

enum class PageScript { none, own };

/// A page may load its own style and icon and nothing else; one with a script of its own also that, and ask us again.
[[nodiscard]] HttpResponse page_answer(int status, std::string html, PageScript script = PageScript::none);

/// What `query` says of a page: its language and whether it is for a screen in the lobby.
[[nodiscard]] PageRequest page_request(const Fields& query, const survey::Clock& clock);

/// Every error as a page.
class ErrorPages final : public ErrorAnswers {
  public:
    using Log = std::function<void(const std::string&)>;
    /// All of it outlives this.
    ErrorPages(const Pages& pages, const survey::Clock& clock, Log log)
        : pages_(pages), clock_(clock), log_(std::move(log)) {}

    [[nodiscard]] HttpResponse not_found(const Fields& query) const override;
    [[nodiscard]] HttpResponse bad_field(const Fields& query, std::string_view name) const override;
    /// Whatever went wrong, of 400 to 599.
    [[nodiscard]] HttpResponse of_status(int status, const Fields& query) const;
    [[nodiscard]] HttpResponse unavailable(const RoutedRequest& request, const std::string& why) const override;

  private:
    const Pages& pages_;
    const survey::Clock& clock_;
    const Log log_;
};

}  // namespace hailong::sync
