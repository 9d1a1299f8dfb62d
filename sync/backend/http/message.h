// A request and an answer, free of any library: what handlers are written and tested with.
#pragma once

#include <functional>
#include <memory>
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

/// Where the answer goes: once, at any time, from any thread. The first answer counts. When the last copy is gone
/// without an answer, the client gets a 500, so that no connection waits for nothing.
class Responder {
  public:
    using Send = std::function<void(HttpResponse)>;
    explicit Responder(Send send) : state_(std::make_shared<State>(std::move(send))) {}

    void operator()(HttpResponse response) const { state_->answer(std::move(response)); }

  private:
    struct State {
        explicit State(Send to) : send(std::move(to)) {}
        State(const State&) = delete;
        State& operator=(const State&) = delete;
        ~State() { answer({500, {{"Content-Type", "text/plain; charset=utf-8"}}, "internal error\n"}); }
        void answer(HttpResponse response) {
            if (!send) return;
            const Send once = std::exchange(send, nullptr);
            once(std::move(response));
        }
        Send send;
    };
    std::shared_ptr<State> state_;
};

/// Called on the server's thread; must not block.
using HttpHandler = std::function<void(HttpRequest, Responder)>;

}  // namespace hailong::sync
