// The only translation unit that knows Boost.Beast. One thread, one coroutine a connection: nothing here is locked.
#include "sync/backend/http/server.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>

#include "sync/backend/http/client_address.h"
#include "sync/backend/http/http_date.h"
#include "sync/backend/http/places.h"
#include "sync/backend/http/server_parts.h"

namespace hailong::sync {

using namespace server;

namespace {

/// How long to wait when the system has no socket left to give.
constexpr std::chrono::milliseconds kAcceptPause{100};

}  // namespace

/// Outlives its coroutines: they hold references, and those still waiting are destroyed together with the context,
/// which is declared after everything that they touch.
class HttpServer::Core : public std::enable_shared_from_this<Core> {
  public:
    Core(HttpHandlers handlers, HttpLimits limits, TrustedProxies proxies)
        : handlers_(std::move(handlers)),
          limits_(limits),
          proxies_(std::move(proxies)),
          places_(limits.connections, limits.strangers),
          acceptor_(context_) {}

    error_code open(const asio::ip::address& address, std::uint16_t port) {
        error_code error;
        const Tcp::endpoint endpoint(address, port);
        acceptor_.open(endpoint.protocol(), error);
        if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (!error) port_ = acceptor_.local_endpoint(error).port();
        return error;
    }

    std::uint16_t port() const { return port_; }

    void run() {
        asio::co_spawn(context_, accept_all(*this), asio::detached);
        context_.run();
    }

    void stop() {
        asio::post(context_, [this] { begin_stopping(); });
    }

  private:
    void begin_stopping() {
        if (std::exchange(stopping_, true)) return;
        error_code ignored;
        acceptor_.close(ignored);
        for (const auto& [key, weak] : connections_) {
            const auto connection = weak.lock();
            if (connection && connection->is_idle) connection->stream.cancel();
        }
        stop_timer_.emplace(context_);
        stop_timer_->expires_after(limits_.stop_time);
        stop_timer_->async_wait([this](const error_code& error) {
            if (!error) context_.stop();
        });
        if (connections_.empty()) stop_timer_->cancel();
    }

    /// False: everybody who is here is needed more than one more.
    bool make_place() {
        if (!places_.is_full()) return true;
        handlers_.strained(HttpStrain::connections);
        const Places::Holder holder = places_.least_needed();
        if (holder == nullptr) return false;
        const auto connection = connections_.find(holder)->second.lock();
        if (connection) {
            connection->peer->leave();
            connection->stream.close();
        }
        places_.leave(holder);
        return true;
    }

    void forget(const Connection* connection) {
        places_.leave(connection);
        connections_.erase(connection);
        if (stopping_ && connections_.empty() && stop_timer_) stop_timer_->cancel();
    }

    static Awaitable<void> accept_all(Core& self) {
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        while (!self.stopping_) {
            Socket socket = co_await self.acceptor_.async_accept(token);
            if (self.stopping_ || error == asio::error::operation_aborted) co_return;
            if (error) {
                Timer pause(self.context_, kAcceptPause);
                co_await pause.async_wait(token);
                continue;
            }
            const auto endpoint = socket.remote_endpoint(error);
            if (error || !self.make_place()) continue;  // closes the socket
            auto connection = std::make_shared<Connection>(std::move(socket), endpoint.address().to_string());
            self.connections_.emplace(connection.get(), connection);
            self.places_.enter(connection.get(), client_address(connection->address));
            asio::co_spawn(self.context_, serve(self, std::move(connection)), asio::detached);
        }
    }

    /// Nothing thrown within leaves the server; the connection it happened on is closed.
    static Awaitable<void> serve(Core& self, std::shared_ptr<Connection> connection) {
        try {
            bool is_kept = true;
            while (is_kept && !self.stopping_) {
                is_kept = co_await serve_one(self, *connection);
            }
        } catch (const std::exception&) {
            // Out of memory, most likely: this connection pays for it, the others go on.
        }
        self.release_budget(*connection);
        error_code ignored;
        connection->stream.socket().shutdown(Socket::shutdown_both, ignored);
        self.forget(connection.get());
    }

    /// Reads one request and answers it. True when another may follow on this connection.
    static Awaitable<bool> serve_one(Core& self, Connection& connection) {
        Parser parser;
        ReadOutcome outcome = co_await read_head(self, connection, parser);
        if (!outcome.is_read) {
            if (outcome.refusal) {
                const HttpResponse said = self.refusal(*outcome.refusal, converted(parser.get()));
                co_await refuse(self, connection, said, {});
            }
            co_return false;
        }
        const auto& message = parser.get();
        Form form{message.method() == http::verb::head, message.keep_alive(), message.version()};
        HttpRequest request = converted(message);
        request.client = client_address(connection.address, last_forwarded(message), self.proxies_);
        request.is_gone = [peer = connection.peer] { return peer->is_gone(); };
        const bool has_body = !parser.is_done();
        connection.stream.expires_never();
        Admission admission;  // without a body and without a name anybody may ask
        if (has_body || message.count(http::field::authorization) > 0) admission = co_await self.admit(request);
        if (admission.is_known) self.places_.make_known(&connection);
        if (has_body && admission.refusal) {
            co_await refuse(self, connection, *admission.refusal, form);
            co_return false;
        }
        if (has_body) outcome = co_await read_body(self, connection, parser, admission.body_bytes);
        if (outcome.refusal) co_await refuse(self, connection, self.refusal(*outcome.refusal, request), form);
        if (!outcome.is_read) co_return false;

        request.body = std::move(parser.get().body());
        connection.stream.expires_never();
        HttpResponse response;
        if (admission.refusal) {
            response = std::move(*admission.refusal);
        } else {
            response = co_await self.answer(request);
        }
        self.release_budget(connection);
        form.is_kept = form.is_kept && !self.stopping_;
        const bool is_written = co_await write(self, connection, response, form);
        self.places_.rest(&connection);
        co_return is_written&& form.is_kept;
    }

    static Awaitable<ReadOutcome> read_head(Core& self, Connection& connection, Parser& parser) {
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        parser.header_limit(self.limits_.header_bytes);
        parser.body_limit(boost::none);  // who asks for what decides it
        connection.is_idle = connection.buffer.size() == 0;
        connection.stream.expires_after(self.limits_.header_time);
        co_await http::async_read_header(connection.stream, connection.buffer, parser, token);
        connection.is_idle = false;
        self.places_.begin(&connection);
        ReadOutcome outcome;
        const bool is_without_target = parser.get().target().empty();
        outcome.refusal =
            error ? refusal_of(error, is_without_target) : refuse_headers(parser.get(), parser.get().version());
        outcome.is_read = !error && !outcome.refusal;
        co_return outcome;
    }

    static Awaitable<ReadOutcome> read_body(Core& self, Connection& connection, Parser& parser, std::size_t bytes_max) {
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        Stream& stream = connection.stream;
        ReadOutcome outcome;
        if (parser.content_length().value_or(0) > bytes_max) {
            outcome.refusal = refusal_of(http::error::body_limit);
            co_return outcome;
        }
        parser.body_limit(bytes_max);
        parser.eager(!parser.chunked());  // or it reads on from chunk to chunk, and we hear of none
        Progress progress(self.limits_, self.limits_.body_time);
        stream.expires_at(progress.deadline());
        if (!parser.get()[http::field::expect].empty()) {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            const asio::const_buffer bytes = asio::buffer(kContinue);
            co_await asio::async_write(stream, bytes, token);
            if (error) co_return outcome;
        }
        connection.buffer.reserve(std::min(kBufferBytes, bytes_max));
        while (!parser.is_done()) {
            const std::size_t bytes = co_await http::async_read_some(stream, connection.buffer, parser, token);
            if (error) {
                outcome.refusal = refusal_of(error);
                co_return outcome;
            }
            if (!self.reserve_budget(connection, parser.get().body().size())) {
                self.handlers_.strained(HttpStrain::uploads);
                outcome.refusal = Refusal{503, "too much is being uploaded; come again later"};
                co_return outcome;
            }
            if (progress.moved(bytes)) stream.expires_at(progress.deadline());
        }
        outcome.is_read = true;
        co_return outcome;
    }

    Awaitable<Admission> admit(const HttpRequest& request) {
        const auto ask = [this, &request](Admit answer) { handlers_.admit(request, std::move(answer)); };
        return answer_to<Admission>(ask);
    }
    Awaitable<HttpResponse> answer(HttpRequest& request) {
        const auto ask = [this, &request](Responder answer) {
            handlers_.answer(std::move(request), std::move(answer));
        };
        return answer_to<HttpResponse>(ask);
    }
    HttpResponse refusal(const Refusal& refusal, const HttpRequest& head) const {
        return handlers_.refusal(refusal.status, refusal.reason, head);
    }

    /// Asks and waits, without holding a thread, until someone answered.
    template <class Answer, class Ask>
    Awaitable<Answer> answer_to(Ask ask) {
        // Captures nothing but references: g++ 12 destroys the captures of a lambda twice in a co_await expression.
        const auto hand_over = [this, &ask](auto waiting) {
            // std::function copies what it holds, and the waiting side can't be copied.
            auto shared = std::make_shared<decltype(waiting)>(std::move(waiting));
            // An answer may come after run() returned: the core stays until then, and goes last.
            AnswerOnce<Answer> once([core = shared_from_this(), shared](Answer given) {
                asio::post(core->context_,
                           [shared, given = std::move(given)]() mutable { std::move (*shared)(std::move(given)); });
            });
            try {
                ask(std::move(once));
            } catch (const std::exception&) {
                // The last copy of it answers 500.
            }
        };
        Answer given =
            co_await asio::async_initiate<const asio::use_awaitable_t<Executor>&, void(Answer)>(hand_over, kAwait);
        co_return given;
    }

    /// True when the whole answer went out in time.
    static Awaitable<bool> write(Core& self, Connection& connection, const HttpResponse& response, Form form) {
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        http::response<http::span_body<const char>> message;
        message.version(form.version);
        message.result(static_cast<unsigned>(response.status));
        message.set(http::field::date, http_date());
        for (const auto& [name, value] : response.headers)
            message.set(name, value);
        message.keep_alive(form.is_kept);
        message.body() = beast::span<const char>(response.body.data(), response.body.size());
        const bool is_bodiless = response.status == 204 || response.status == 304;
        if (!is_bodiless) message.content_length(response.body.size());
        http::response_serializer<http::span_body<const char>> serializer(message);
        serializer.split(form.is_head || is_bodiless);
        Progress progress(self.limits_, self.limits_.write_time);
        connection.stream.expires_at(progress.deadline());
        while (!error && !(serializer.split() ? serializer.is_header_done() : serializer.is_done())) {
            const std::size_t bytes = co_await http::async_write_some(connection.stream, serializer, token);
            if (progress.moved(bytes)) connection.stream.expires_at(progress.deadline());
        }
        co_return !error;
    }

    /// Answers what can't be served. Reads on for a moment before the connection is closed: closing while the client
    /// still sends would reset the connection and destroy the answer on its way.
    static Awaitable<void> refuse(Core& self, Connection& connection, const HttpResponse& response, Form form) {
        self.release_budget(connection);
        form.is_kept = false;
        const bool is_written = co_await write(self, connection, response, form);
        if (!is_written) co_return;
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        connection.stream.socket().shutdown(Socket::shutdown_send, error);
        const Progress::Time end = Timer::clock_type::now() + self.limits_.linger_time;
        std::array<char, 16'384> sink{};
        const asio::mutable_buffer space = asio::buffer(sink);
        std::size_t read = 0;
        connection.is_idle = true;  // the answer went out: stop() need not wait
        while (!error && !self.stopping_ && read < self.limits_.linger_bytes) {
            const Progress::Time pause = Timer::clock_type::now() + self.limits_.linger_pause;
            connection.stream.expires_at(std::min(pause, end));
            read += co_await connection.stream.async_read_some(space, token);
        }
    }

    /// False: all bodies together would be too much.
    bool reserve_budget(Connection& connection, std::size_t bytes) {
        const std::size_t others = bodies_bytes_ - connection.body_budget;
        if (others + bytes > limits_.bodies_bytes) return false;
        bodies_bytes_ = others + bytes;
        connection.body_budget = bytes;
        return true;
    }
    void release_budget(Connection& connection) { bodies_bytes_ -= std::exchange(connection.body_budget, 0); }

    const HttpHandlers handlers_;
    const HttpLimits limits_;
    const TrustedProxies proxies_;
    std::uint16_t port_ = 0;
    std::map<Places::Holder, std::weak_ptr<Connection>> connections_;
    Places places_;
    bool stopping_ = false;
    std::size_t bodies_bytes_ = 0;
    asio::io_context context_{1};
    Acceptor acceptor_;
    std::optional<Timer> stop_timer_;
};

Expected<std::unique_ptr<HttpServer>, std::string> HttpServer::listen(const std::string& address, std::uint16_t port,
                                                                      HttpHandlers handlers, HttpLimits limits,
                                                                      TrustedProxies proxies) {
    error_code error;
    const asio::ip::address parsed = asio::ip::make_address(address, error);
    if (error) return unexpected("\"" + address + "\" is no IP address; write one such as 127.0.0.1");
    const auto core = std::make_shared<Core>(std::move(handlers), limits, std::move(proxies));
    error = core->open(parsed, port);
    const std::string place = address + ":" + std::to_string(port);
    if (error == asio::error::address_in_use) {
        return unexpected("the address " + place +
                          " is in use; stop the program that listens there or choose another port (0: any free one)");
    }
    if (error == asio::error::access_denied) {
        return unexpected("no permission to listen on " + place + "; choose a port above 1023");
    }
    if (error) return unexpected("can't listen on " + place + ": " + error.message() + "; choose another address");
    return std::unique_ptr<HttpServer>(new HttpServer(core));
}

HttpServer::HttpServer(std::shared_ptr<Core> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() {
    core_->stop();
}
std::uint16_t HttpServer::port() const {
    return core_->port();
}
void HttpServer::run() {
    core_->run();
}
void HttpServer::stop() {
    core_->stop();
}

}  // namespace hailong::sync
