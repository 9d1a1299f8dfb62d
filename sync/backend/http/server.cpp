// The only translation unit that knows Boost.Beast. One thread, one coroutine a connection: nothing here is locked.
#include "sync/backend/http/server.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <map>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace hailong::sync {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using beast::error_code;

/// Everything runs on one context, and its types say so: what could run anywhere costs each step a virtual call.
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Stream = beast::basic_stream<Tcp, Executor>;
using Timer = asio::steady_timer::rebind_executor<Executor>::other;
template <class Value>
using Awaitable = asio::awaitable<Value, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;

/// The parser reads in pieces of this size, in bytes; growing in small steps costs uploads four fifths of their speed.
constexpr std::size_t kBufferBytes = 64u << 10u;

/// How long to wait when the system has no socket left to give.
constexpr std::chrono::milliseconds kAcceptPause{100};

/// RFC 9110, section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", in whatever locale the process runs.
std::string http_date() {
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[40];
    std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday], parts.tm_mday,
                  kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return text;
}

struct Refusal {
    int status;
    std::string reason;
};

/// What the strict parser lets through and we do not.
std::optional<Refusal> refuse_headers(const http::fields& fields, unsigned version) {
    const std::size_t hosts = fields.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && version >= 11)) return Refusal{400, "exactly one Host is required"};
    const std::size_t encodings = fields.count(http::field::transfer_encoding);
    if (encodings > 1) return Refusal{400, "one Transfer-Encoding at most"};
    if (encodings == 1) {
        if (!beast::iequals(fields[http::field::transfer_encoding], "chunked")) {
            return Refusal{501, "the only Transfer-Encoding is chunked"};
        }
        if (fields.count(http::field::content_length) > 0 || version < 11) {
            return Refusal{400, "Transfer-Encoding does not go with Content-Length or HTTP/1.0"};
        }
    }
    const auto expect = fields[http::field::expect];
    if (!expect.empty() && !beast::iequals(expect, "100-continue")) return Refusal{417, "unknown expectation"};
    return std::nullopt;
}

/// Empty: nobody is there to answer. A missed deadline has closed the socket already.
std::optional<Refusal> refusal_of(const error_code& error) {
    if (error == http::error::body_limit) return Refusal{413, "the body is larger than this server takes"};
    if (error == http::error::header_limit) return Refusal{431, "the headers are larger than this server takes"};
    if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
    if (error.category() == make_error_code(http::error::bad_method).category()) {
        return Refusal{400, "malformed request: " + error.message()};
    }
    return std::nullopt;
}

}  // namespace

/// Outlives its coroutines: they hold references, and those still waiting are destroyed together with the context,
/// which is declared after everything that they touch.
class HttpServer::Core : public std::enable_shared_from_this<Core> {
  public:
    Core(HttpHandler handler, HttpRefusal refusal, HttpLimits limits)
        : handler_(std::move(handler)), refusal_(std::move(refusal)), limits_(limits), acceptor_(context_) {}

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
    /// One connection. Lives in its coroutine; the server knows it so that stop() can wake those that only wait.
    struct Connection {
        explicit Connection(Socket socket) : stream(std::move(socket)), buffer() {}
        Stream stream;
        beast::flat_buffer buffer;
        bool is_idle = false;  // between requests: nothing is lost by closing
        std::size_t body_budget = 0;
    };

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

    void forget(const Connection* connection) {
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
            if (self.connections_.size() >= self.limits_.connections) continue;  // closes the socket
            auto connection = std::make_shared<Connection>(std::move(socket));
            self.connections_.emplace(connection.get(), connection);
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
        http::request_parser<http::string_body> parser;
        parser.header_limit(self.limits_.header_bytes);
        parser.body_limit(self.limits_.body_bytes);
        const ReadOutcome outcome = co_await read(self, connection, parser);
        if (outcome.refusal) co_await refuse(self, connection, *outcome.refusal);
        if (!outcome.is_read) co_return false;

        HttpRequest request = converted(parser);
        const bool is_head = parser.get().method() == http::verb::head;
        const bool wants_more = parser.get().keep_alive();
        const unsigned version = parser.get().version();
        connection.stream.expires_never();
        const HttpResponse response = co_await self.answer(request);
        self.release_budget(connection);
        const bool is_kept = wants_more && !self.stopping_;
        const bool is_written = co_await write(self, connection, response, is_head, is_kept, version);
        co_return is_written&& is_kept;
    }

    using Parser = http::request_parser<http::string_body>;

    struct ReadOutcome {
        bool is_read = false;
        std::optional<Refusal> refusal;  // neither read nor refused: nobody is there any more
    };

    static Awaitable<ReadOutcome> read(Core& self, Connection& connection, Parser& parser) {
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        Stream& stream = connection.stream;
        ReadOutcome outcome;
        connection.is_idle = connection.buffer.size() == 0;
        stream.expires_after(self.limits_.header_time);
        co_await http::async_read_header(stream, connection.buffer, parser, token);
        connection.is_idle = false;
        outcome.refusal = error ? refusal_of(error) : refuse_headers(parser.get(), parser.get().version());
        if (error || outcome.refusal) co_return outcome;
        const std::size_t expected =
            parser.chunked() ? self.limits_.body_bytes : static_cast<std::size_t>(parser.content_length().value_or(0));
        if (!self.reserve_budget(connection, expected)) {
            outcome.refusal = Refusal{503, "too much is being uploaded; come again later"};
            co_return outcome;
        }
        stream.expires_after(self.limits_.body_time);
        if (!parser.is_done() && !parser.get()[http::field::expect].empty()) {
            static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
            const asio::const_buffer bytes = asio::buffer(kContinue);
            co_await asio::async_write(stream, bytes, token);
            if (error) co_return outcome;
        }
        if (expected > connection.buffer.capacity()) connection.buffer.reserve(kBufferBytes);
        co_await http::async_read(stream, connection.buffer, parser, token);
        if (error) outcome.refusal = refusal_of(error);
        outcome.is_read = !error;
        co_return outcome;
    }

    static HttpRequest converted(Parser& parser) {
        HttpRequest request;
        request.method = std::string(parser.get().method_string());
        request.target = std::string(parser.get().target());
        for (const auto& field : parser.get()) {
            std::string name(field.name_string());
            for (char& letter : name) {
                if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
            }
            request.headers.emplace_back(std::move(name), std::string(field.value()));
        }
        request.body = std::move(parser.get().body());
        return request;
    }

    /// Hands the request over and waits, without holding a thread, until someone answered.
    Awaitable<HttpResponse> answer(HttpRequest& request) {
        // Captures nothing but references: g++ 12 destroys the captures of a lambda twice in a co_await expression.
        const auto hand_over = [this, &request](auto waiting) {
            // std::function copies what it holds, and the waiting side can't be copied.
            auto shared = std::make_shared<decltype(waiting)>(std::move(waiting));
            // An answer may come after run() returned: the core stays until then, and goes last.
            Responder responder([core = shared_from_this(), shared](HttpResponse response) {
                asio::post(core->context_, [shared, response = std::move(response)]() mutable {
                    std::move (*shared)(std::move(response));
                });
            });
            try {
                handler_(std::move(request), std::move(responder));
            } catch (const std::exception&) {
                // The last copy of the responder answers 500.
            }
        };
        const HttpResponse response =
            co_await asio::async_initiate<const asio::use_awaitable_t<Executor>&, void(HttpResponse)>(hand_over,
                                                                                                      kAwait);
        co_return response;
    }

    /// True when the whole answer went out in time.
    static Awaitable<bool> write(Core& self, Connection& connection, const HttpResponse& response, bool is_head,
                                 bool is_kept, unsigned version) {
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        http::response<http::span_body<const char>> message;
        message.version(version);
        message.result(static_cast<unsigned>(response.status));
        message.set(http::field::date, http_date());
        for (const auto& [name, value] : response.headers)
            message.set(name, value);
        message.keep_alive(is_kept);
        message.body() = beast::span<const char>(response.body.data(), response.body.size());
        const bool is_bodiless = response.status == 204 || response.status == 304;
        if (!is_bodiless) message.content_length(response.body.size());
        http::response_serializer<http::span_body<const char>> serializer(message);
        connection.stream.expires_after(self.limits_.write_time);
        if (is_head || is_bodiless) {
            co_await http::async_write_header(connection.stream, serializer, token);
        } else {
            co_await http::async_write(connection.stream, serializer, token);
        }
        co_return !error;
    }

    /// Answers what can't be served. Reads on for a moment before the connection is closed: closing while the client
    /// still sends would reset the connection and destroy the answer on its way.
    static Awaitable<void> refuse(Core& self, Connection& connection, const Refusal& refusal) {
        self.release_budget(connection);
        const HttpResponse response = self.refusal_(refusal.status, refusal.reason);
        const bool is_written = co_await write(self, connection, response, false, false, 11);
        if (!is_written) co_return;
        error_code error;
        auto token = asio::redirect_error(kAwait, error);
        connection.stream.socket().shutdown(Socket::shutdown_send, error);
        connection.stream.expires_after(self.limits_.linger_time);
        std::array<char, 4096> sink{};
        const asio::mutable_buffer space = asio::buffer(sink);
        std::size_t read = 0;
        while (!error && read < self.limits_.linger_bytes) {
            read += co_await connection.stream.async_read_some(space, token);
        }
    }

    bool reserve_budget(Connection& connection, std::size_t bytes) {
        if (bodies_bytes_ + bytes > limits_.bodies_bytes) return false;
        bodies_bytes_ += bytes;
        connection.body_budget = bytes;
        return true;
    }
    void release_budget(Connection& connection) { bodies_bytes_ -= std::exchange(connection.body_budget, 0); }

    const HttpHandler handler_;
    const HttpRefusal refusal_;
    const HttpLimits limits_;
    std::uint16_t port_ = 0;
    std::map<const Connection*, std::weak_ptr<Connection>> connections_;
    bool stopping_ = false;
    std::size_t bodies_bytes_ = 0;
    asio::io_context context_{1};
    Acceptor acceptor_;
    std::optional<Timer> stop_timer_;
};

Expected<std::unique_ptr<HttpServer>, std::string> HttpServer::listen(const std::string& address, std::uint16_t port,
                                                                      HttpHandler handler, HttpRefusal refusal,
                                                                      HttpLimits limits) {
    error_code error;
    const asio::ip::address parsed = asio::ip::make_address(address, error);
    if (error) return unexpected("\"" + address + "\" is no IP address; write one such as 127.0.0.1");
    const auto core = std::make_shared<Core>(std::move(handler), std::move(refusal), limits);
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
