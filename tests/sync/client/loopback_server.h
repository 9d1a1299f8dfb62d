// An HTTP server of one thread on a loopback port that the kernel picks. It answers each connection by a script, byte
// for byte, so that it can also break the rules.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "survey/base/check.h"

namespace hailong::test {

class LoopbackServer {
  public:
    struct Answer {
        std::string bytes;
        enum class Then { close, hold } then = Then::close;  // hold: stay silent with the connection open
    };

    /// `answer` makes the answer for one whole request (its head and body).
    explicit LoopbackServer(std::function<Answer(const std::string&)> answer) : answer_(std::move(answer)) {
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        end_ = eventfd(0, EFD_CLOEXEC);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        survey::check(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "a port is free");
        survey::check(listen(listener_, 16) == 0, "a socket listens");
        socklen_t length = sizeof address;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;
    ~LoopbackServer() {
        const std::uint64_t one = 1;
        (void)!write(end_, &one, sizeof one);
        thread_.join();
        for (const int stored : stored_)
            close(stored);
        close(listener_);
        close(end_);
    }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::vector<std::string> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

  private:
    /// False when the server is to end.
    [[nodiscard]] bool readable(int socket) const {
        pollfd wanted[2] = {{socket, POLLIN, 0}, {end_, POLLIN, 0}};
        poll(wanted, 2, -1);
        return wanted[1].revents == 0;
    }

    void serve() {
        while (readable(listener_)) {
            const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) continue;
            std::string request;
            while (!is_whole(request) && readable(socket)) {
                char piece[65'536];
                const ssize_t got = recv(socket, piece, sizeof piece, 0);
                if (got <= 0) break;
                request.append(piece, static_cast<std::size_t>(got));
            }
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
            }
            const Answer answer = answer_(request);
            for (std::size_t at = 0; at < answer.bytes.size();) {
                const ssize_t sent = send(socket, answer.bytes.data() + at, answer.bytes.size() - at, MSG_NOSIGNAL);
                if (sent <= 0) break;
                at += static_cast<std::size_t>(sent);
            }
            if (answer.then == Answer::Then::hold) {
                stored_.push_back(socket);
            } else {
                close(socket);
            }
        }
    }

    [[nodiscard]] static bool is_whole(const std::string& request) {
        if (!request.empty() && request.front() == '\x16') return true;  // TLS: nothing more comes in plain
        const auto head_end = request.find("\r\n\r\n");
        if (head_end == std::string::npos) return false;
        const auto length_at = request.find("Content-Length: ");
        if (length_at > head_end) return true;
        return request.size() >= head_end + 4 + std::stoul(request.substr(length_at + 16));
    }

    std::function<Answer(const std::string&)> answer_;
    int listener_ = -1;
    int end_ = -1;
    int port_ = 0;
    std::vector<int> stored_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace hailong::test
