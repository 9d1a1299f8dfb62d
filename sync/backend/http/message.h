// A request and an answer, free of any library: what handlers are written and tested with.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hailong::sync {

struct HttpRequest {
    std::string method;                                        // "GET"
    std::string target;                                        // as sent: path and query
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::string client{};             // whose it is: an IP address, of version 6 its first 64 bits; empty: not known
    std::function<bool()> is_gone{};  // whether nobody waits for the answer any more; from any thread; empty: not known

    /// Empty when there is none; the first when there are several. `name` in lower case.
    [[nodiscard]] std::string_view header(std::string_view name) const {
        for (const auto& [key, value] : headers) {
            if (key == name) return value;
        }
        return {};
    }
};

/// Content-Length, Connection, Date and, for HEAD, leaving the body out are the server's business.
struct HttpResponse {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    [[nodiscard]] std::string_view header(std::string_view name) const {
        for (const auto& [key, value] : headers) {
            if (key == name) return value;
        }
        return {};
    }
};

/// Sets or replaces the header of that name.
inline void set_header(HttpResponse& response, std::string_view name, std::string value) {
    for (auto& [known, old] : response.headers) {
        if (known == name) {
            old = std::move(value);
            return;
        }
    }
    response.headers.emplace_back(name, std::move(value));
}

/// What is decided when the headers of a request have come, before a byte of its body is taken.
struct Admission {
    std::optional<HttpResponse> refusal{};  // empty: it is let in
    std::size_t body_bytes = 0;             // most that its body may have
    bool is_known = false;                  // who asks has shown who they are
};

/// What a server that is asked for too much gives up.
enum class HttpStrain {
    uploads,     // a body was refused for want of memory
    connections  // a connection was closed for want of places
};

/// What is answered where an answer got lost.
[[nodiscard]] inline HttpResponse lost_answer(const HttpResponse*) {
    return {500, {{"Content-Type", "text/plain; charset=utf-8"}}, "internal error\n"};
}
[[nodiscard]] inline Admission lost_answer(const Admission*) {
    return {lost_answer(static_cast<const HttpResponse*>(nullptr))};
}

/// Where an answer goes: once, at any time, from any thread. The first answer counts. When the last copy is gone
/// without an answer, the client gets a 500, so that no connection waits for nothing.
template <class Answer>
class AnswerOnce {
  public:
    using Send = std::function<void(Answer)>;
    explicit AnswerOnce(Send send) : state_(std::make_shared<State>(std::move(send))) {}

    void operator()(Answer given) const { state_->answer(std::move(given)); }

  private:
    struct State {
        explicit State(Send to) : send(std::move(to)) {}
        State(const State&) = delete;
        State& operator=(const State&) = delete;
        ~State() { answer(lost_answer(static_cast<const Answer*>(nullptr))); }
        void answer(Answer given) {
            if (!send) return;
            const Send once = std::exchange(send, nullptr);
            once(std::move(given));
        }
        Send send;
    };
    std::shared_ptr<State> state_;
};
using Responder = AnswerOnce<HttpResponse>;
using Admit = AnswerOnce<Admission>;

/// Called on the server's thread; must not block.
using HttpHandler = std::function<void(HttpRequest, Responder)>;
/// The same, of a request that has no body yet.
using HttpAdmission = std::function<void(const HttpRequest&, Admit)>;

}  // namespace hailong::sync
