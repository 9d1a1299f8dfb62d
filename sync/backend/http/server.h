// The HTTP/1.1 server that carries the routes: strict, with a deadline on every read and write and a limit on
// everything a client can make it hold. Headers first: a body is taken only of who was let in with it. Speaks plain
// HTTP; TLS ends in front of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "survey/base/expected.h"
#include "sync/backend/http/client_address.h"
#include "sync/backend/http/message.h"

namespace hailong::sync {

/// Every limit of one server. The defaults are what the service runs with; tests shorten the times.
struct HttpLimits {
    /// From the first moment of waiting for a request to the end of its headers; also how long an idle connection
    /// stays.
    std::chrono::milliseconds header_time{10'000};
    /// A body and an answer may take long as long as they move: at least so many bytes within that time. A line of
    /// 3 kB/s carries thirty times as much.
    std::chrono::milliseconds progress_time{20'000};
    std::size_t progress_bytes = 2'000;
    /// For the whole body: the largest comes over such a line.
    std::chrono::milliseconds body_time{1'800'000};
    /// For the whole answer.
    std::chrono::milliseconds write_time{300'000};
    /// After a refusal: how long, and how much, is still read so that a client that sends first sees the answer; and
    /// how long it is waited for more of it.
    std::chrono::milliseconds linger_time{30'000};
    std::chrono::milliseconds linger_pause{2'000};
    std::size_t linger_bytes = 16u << 20u;
    /// How long stop() lets requests finish.
    std::chrono::milliseconds stop_time{10'000};

    std::uint32_t header_bytes = 8u << 10u;  // ours need less than one
    std::size_t bodies_bytes = 128u << 20u;  // that came, of all connections together: bounds memory; beyond it 503
    std::size_t connections = 1'000;         // open at once
    std::size_t strangers = 800;             // of them, by who has not shown who they are; see Places
};

/// What the server asks of whoever knows the routes; all but `strained` is called for every request it is about.
struct HttpHandlers {
    /// Decides of a request that has a body, or says who it comes from, before its body is taken.
    HttpAdmission admit;
    HttpHandler answer;
    /// What a client reads whose request never reached the two above; the server closes the connection behind it.
    /// `head` is what of it could be read: often no header, perhaps not even a target.
    std::function<HttpResponse(int status, const std::string& reason, const HttpRequest& head)> refusal;
    /// Hears of each time that something was given up. On the server's thread; must not block.
    std::function<void(HttpStrain)> strained;
};

class HttpServer {
  public:
    /// Starts listening; port 0: the kernel picks. `proxies` say who it is that comes through them. The error is a
    /// sentence with the remedy.
    [[nodiscard]] static Expected<std::unique_ptr<HttpServer>, std::string> listen(const std::string& address,
                                                                                   std::uint16_t port,
                                                                                   HttpHandlers handlers,
                                                                                   HttpLimits limits = {},
                                                                                   TrustedProxies proxies = {});
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
