// A server on 127.0.0.1 that echoes, and clients that send exactly the bytes they are told to, from any address of this
// machine.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sync/backend/http/server.h"

namespace hailong::sync::wire {

using std::chrono::milliseconds;

/// A client that sends exactly the bytes it is told to.
class Client {
  public:
    /// `from`: an address of this machine, all of 127.0.0.0/8.
    explicit Client(std::uint16_t port, const char* from = "127.0.0.1") : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        inet_pton(AF_INET, from, &own.sin_addr);
        EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own), 0) << from;
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        timeval patience{20, 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        is_connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { close(socket_); }

    [[nodiscard]] bool is_connected() const { return is_connected_; }

    Client& send(std::string_view bytes) {
        static_cast<void>(send_all(bytes));
        return *this;
    }

    /// False when the server closed before it took everything.
    bool send_all(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    /// Until `text` came, or the server closed.
    std::string read_until(std::string_view text) {
        while (received_.find(text) == std::string::npos && receive()) {
        }
        return received_;
    }
    /// Whether the server says something, or closes, within `patience`.
    [[nodiscard]] bool hears(std::chrono::milliseconds patience) const {
        pollfd asked{socket_, POLLIN, 0};
        return poll(&asked, 1, static_cast<int>(patience.count())) > 0;
    }
    /// Everything until the server closes.
    std::string read_all() {
        while (receive()) {
        }
        return received_;
    }
    void forget() { received_.clear(); }

  private:
    bool receive() {
        char buffer[4096];
        const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
        if (count <= 0) return false;
        received_.append(buffer, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    bool is_connected_ = false;
    std::string received_;
};

/// Answers "METHOD target body"; holds back what goes to /later until let go.
class Echo {
  public:
    void operator()(HttpRequest request, Responder respond) {
        if (request.target == "/throw") throw std::runtime_error("a route that throws");
        if (request.target == "/forget") return;
        HttpResponse response{200, {{"Content-Type", "text/plain"}}, request.method + " " + request.target + " "};
        response.body += request.body.size() > 64 ? std::to_string(request.body.size()) : request.body;
        if (request.target == "/empty") response = {204, {}, ""};
        if (request.target == "/whose") response.body = request.client;
        if (request.target == "/big") response.body.assign(32u << 20u, 'x');
        if (request.target != "/later") return respond(std::move(response));
        const std::lock_guard lock(mutex_);
        is_gone_ = request.is_gone;
        waiting_.emplace_back(std::move(respond), std::move(response));
        changed_.notify_all();
    }
    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_.size() >= count; });
    }
    /// The last one that is held back.
    bool is_gone() {
        const std::lock_guard lock(mutex_);
        return is_gone_();
    }
    void let_go() {
        const std::lock_guard lock(mutex_);
        for (auto& [respond, response] : waiting_)
            respond(std::move(response));
        waiting_.clear();
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<bool()> is_gone_;
    std::vector<std::pair<Responder, HttpResponse>> waiting_;
};

/// Lets in what is told to, with a body of a megabyte; "Bearer good" is known.
struct Door {
    void operator()(const HttpRequest& head, const Admit& admit) {
        Admission admission{{}, kBodyMax, head.header("authorization") == "Bearer good"};
        if (head.target == "/refused") admission.refusal = HttpResponse{401, {{"X-Refused", "yes"}}, "no"};
        if (head.target == "/unasked") return;
        if (head.target == "/throw") throw std::runtime_error("a door that throws");
        admit(std::move(admission));
    }
    static constexpr std::size_t kBodyMax = 1u << 20u;
};

class Server {
  public:
    explicit Server(HttpLimits limits = {}) {
        auto listening = HttpServer::listen(
            "127.0.0.1", 0,
            {Door(), [this](HttpRequest request, Responder respond) { echo(std::move(request), std::move(respond)); },
             [](int status, const std::string& reason, const HttpRequest&) {
                 return HttpResponse{status, {{"X-Refused", "yes"}}, reason};
             },
             [this](HttpStrain strain) { ++(strain == HttpStrain::uploads ? uploads_refused : connections_closed); }},
            limits);
        EXPECT_TRUE(listening) << (listening ? "" : listening.error());
        server = std::move(*listening);
        thread = std::thread([this] { server->run(); });
    }
    ~Server() {
        server->stop();
        thread.join();
    }

    [[nodiscard]] std::uint16_t port() const { return server->port(); }
    std::string answer_to(std::string_view bytes) { return Client(port()).send(bytes).read_all(); }

    Echo echo;
    std::atomic<int> uploads_refused = 0;
    std::atomic<int> connections_closed = 0;
    std::unique_ptr<HttpServer> server;
    std::thread thread;
};

inline std::string status_of(const std::string& answer) {
    return answer.substr(0, 12);
}

}  // namespace hailong::sync::wire
