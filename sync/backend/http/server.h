// The HTTP/1.1 server that carries the routes: strict, with a deadline on every read and write and a limit on
// everything a client can make it hold. Speaks plain HTTP; TLS ends in front of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "survey/base/expected.h"
#include "sync/backend/http/message.h"

namespace hailong::sync {

/// Every limit of one server. The defaults are what the service runs with; tests shorten the times.
struct HttpLimits {
    /// From the first moment of waiting for a request to the end of its headers; also how long an idle connection
    /// stays.
    std::chrono::milliseconds header_time{10'000};
    /// For the whole body, however it trickles.
    std::chrono::milliseconds body_time{20'000};
    /// For the whole answer.
    std::chrono::milliseconds write_time{20'000};
    /// After a refusal: how long, and how much, is still read so that the client sees the answer.
    std::chrono::milliseconds linger_time{2'000};
    std::size_t linger_bytes = 1u << 20u;
    /// How long stop() lets requests finish.
    std::chrono::milliseconds stop_time{10'000};

    std::uint32_t header_bytes = 8u << 10u;  // ours need less than one
    std::size_t body_bytes = 4u << 20u;      // one request's body as sent
    std::size_t bodies_bytes = 128u << 20u;  // of all connections together: bounds memory; beyond it 503
    std::size_t connections = 1'000;         // open at once; one more is closed unanswered
};

/// What a client reads whose request never reached the handler; the server closes the connection behind it.
using HttpRefusal = std::function<HttpResponse(int status, const std::string& reason)>;

class HttpServer {
  public:
    /// Starts listening; port 0: the kernel picks. The error is a sentence with the remedy.
    [[nodiscard]] static Expected<std::unique_ptr<HttpServer>, std::string> listen(const std::string& address,
                                                                                   std::uint16_t port,
                                                                                   HttpHandler handler,
                                                                                   HttpRefusal refusal,
                                                                                   HttpLimits limits = {});
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    ~HttpServer();

    [[nodiscard]] std::uint16_t port() const;

    /// Serves on this thread until stop(); returns when every request that was being answered is answered, or stop_time
    /// is over.
    void run();
    /// From any thread, also before run(); harmless when repeated.
    void stop();

  private:
    class Core;
    explicit HttpServer(std::shared_ptr<Core> core);
    std::shared_ptr<Core> core_;
};

}  // namespace hailong::sync
