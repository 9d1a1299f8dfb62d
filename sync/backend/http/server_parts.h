// What the server is made of, apart from the server itself: the types of Boost.Asio and Boost.Beast that it runs on,
// what it refuses of a request's headers, and how it reads them. For server.cpp alone.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "sync/backend/http/message.h"
#include "sync/backend/http/peer.h"
#include "sync/backend/http/server.h"

namespace hailong::sync::server {

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

struct Refusal {
    int status;
    std::string reason;
};

/// What the strict parser lets through and we do not.
inline std::optional<Refusal> refuse_headers(const http::fields& fields, unsigned version) {
    const std::size_t hosts = fields.count(http::field::host);
    if (hosts > 1 || (hosts == 0 && version >= 11)) return Refusal{400, "exactly one Host is required"};
    const auto length = fields[http::field::content_length];
    if (fields.count(http::field::content_length) > 1 || length.find(',') != length.npos) {
        return Refusal{400, "one Content-Length at most"};  // two that are equal the parser takes for one
    }
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

/// Empty: nobody is there to answer. A missed deadline has closed the socket already. Without a target it is the first
/// line that is too long.
inline std::optional<Refusal> refusal_of(const error_code& error, bool is_without_target = false) {
    if (error == http::error::body_limit) return Refusal{413, "the body is larger than this server takes"};
    if (error == http::error::header_limit && is_without_target) {
        return Refusal{414, "the address is longer than this server takes"};
    }
    if (error == http::error::header_limit) return Refusal{431, "the headers are larger than this server takes"};
    if (error == http::error::end_of_stream || error == http::error::partial_message) return std::nullopt;
    if (error.category() == make_error_code(http::error::bad_method).category()) {
        return Refusal{400, "malformed request: " + error.message()};
    }
    return std::nullopt;
}

/// What the proxy nearest to us wrote into X-Forwarded-For.
inline std::string_view last_forwarded(const http::fields& fields) {
    const auto [first, last] = fields.equal_range("X-Forwarded-For");
    std::string_view value;
    for (auto field = first; field != last; ++field)
        value = std::string_view(field->value().data(), field->value().size());
    return value;
}

inline HttpRequest converted(const http::request<http::string_body>& message) {
    HttpRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) {
        std::string name(field.name_string());
        for (char& letter : name) {
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        }
        request.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    return request;
}

/// The deadline of what may take long as long as it moves.
class Progress {
  public:
    using Time = Timer::time_point;
    Progress(const HttpLimits& limits, std::chrono::milliseconds whole)
        : limits_(limits), end_(Timer::clock_type::now() + whole) {
        begin();
    }
    [[nodiscard]] Time deadline() const { return deadline_; }
    /// True when so much moved that there is a new deadline.
    [[nodiscard]] bool moved(std::size_t bytes) {
        bytes_ += bytes;
        if (bytes_ < limits_.progress_bytes) return false;
        begin();
        return true;
    }

  private:
    void begin() {
        bytes_ = 0;
        deadline_ = std::min<Time>(Timer::clock_type::now() + limits_.progress_time, end_);
    }
    const HttpLimits& limits_;
    const Time end_;
    Time deadline_;
    std::size_t bytes_ = 0;
};

/// One connection. Lives in its coroutine; the server knows it so that stop() can wake those that only wait.
struct Connection {
    Connection(Socket socket, std::string from)
        : stream(std::move(socket)),
          address(std::move(from)),
          peer(std::make_shared<Peer>(stream.socket().native_handle())) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { peer->leave(); }
    Stream stream;
    const std::string address;         // of who connected
    const std::shared_ptr<Peer> peer;  // outlives it in requests
    beast::flat_buffer buffer{};
    bool is_idle = false;         // between requests: nothing is lost by closing
    std::size_t body_budget = 0;  // bytes of the request's body that came
};

/// What of a request its answer depends on.
struct Form {
    bool is_head = false;
    bool is_kept = false;  // the connection, behind the answer
    unsigned version = 11;
};

using Parser = http::request_parser<http::string_body>;

struct ReadOutcome {
    bool is_read = false;
    std::optional<Refusal> refusal{};  // neither read nor refused: nobody is there any more
};

}  // namespace hailong::sync::server
