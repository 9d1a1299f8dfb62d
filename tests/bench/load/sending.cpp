#include "tests/bench/load/sending.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hailong::bench {
namespace {

constexpr std::size_t kAnswerBytesMax = 1u << 20u;

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

int connect_to(std::uint16_t port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) give_up("no socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) give_up("no connection");
    const int on = 1;
    ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return made;
}

std::optional<std::int64_t> number_after(std::string_view text, std::string_view beginning) {
    const std::size_t at = text.find(beginning);
    if (at == std::string_view::npos) return std::nullopt;
    std::int64_t number = 0;
    const char* first = text.data() + at + beginning.size();
    if (std::from_chars(first, text.data() + text.size(), number).ec != std::errc{}) return std::nullopt;
    return number;
}

/// The answer at the beginning of `bytes`; empty while it is not complete.
std::optional<Answer> parse_answer(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view head = bytes.substr(0, end);
    const auto status = number_after(head, "HTTP/1.1 ");
    const auto length = number_after(head, "Content-Length: ");
    if (!status || !length) throw std::runtime_error("not an answer: " + std::string(head));
    const auto whole = end + 4 + static_cast<std::size_t>(*length);
    if (whole > kAnswerBytesMax) throw std::runtime_error("an answer of " + std::to_string(whole) + " bytes");
    if (bytes.size() < whole) return std::nullopt;
    return Answer{static_cast<int>(*status), std::string(bytes.substr(end + 4, static_cast<std::size_t>(*length)))};
}

/// One open connection and the line that it carries at the moment.
class Lane {
  public:
    explicit Lane(std::uint16_t port) : socket_(connect_to(port)) {}
    ~Lane() { ::close(socket_); }
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    bool is_watched_for_writing = false;

    [[nodiscard]] int socket() const { return socket_; }
    /// Has nothing more to send of its line.
    [[nodiscard]] bool is_free() const { return line_ == nullptr; }
    [[nodiscard]] bool wants_to_write() const { return line_ != nullptr && written_ < present().bytes.size(); }

    void carry(const Line& line) {
        line_ = line.requests.empty() ? nullptr : &line;
        next_ = 0;
        written_ = 0;
        write();
    }

    /// Writes what the socket takes.
    void write() {
        while (wants_to_write()) {
            const std::string& bytes = present().bytes;
            const ssize_t count =
                ::send(socket_, bytes.data() + written_, bytes.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
            if (count < 0) give_up("the backend closed a connection");
            written_ += static_cast<std::size_t>(count);
        }
    }

    /// Reads what there is; goes on with the next request when the answer is complete.
    void read(Sent& sent) {
        std::array<char, 16'384> buffer;
        const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (count <= 0) throw std::runtime_error("the backend closed a connection");
        answer_.append(buffer.data(), static_cast<std::size_t>(count));
        const auto answer = parse_answer(answer_);
        if (!answer) return;
        answer_.clear();
        written_ = 0;
        if (answer->status == 503) {
            ++sent.sent_again;
        } else {
            check(*answer);
            ++sent.requests;
            if (++next_ == line_->requests.size()) line_ = nullptr;
        }
        write();
    }

  private:
    [[nodiscard]] const Line::Request& present() const { return line_->requests[next_]; }

    void check(const Answer& answer) const {
        const bool is_whole = answer.status == 200 && number_after(answer.body, "\"last_seq\":") == present().last_seq;
        // A record that was not counted is listed with its reason.
        if (!is_whole || answer.body.find("\"reason\"") != std::string::npos) {
            throw std::runtime_error("status " + std::to_string(answer.status) + ": " + answer.body);
        }
    }

    int socket_;
    const Line* line_ = nullptr;
    std::size_t next_ = 0;
    std::size_t written_ = 0;
    std::string answer_;
};

/// The lanes of one thread. `next` is the first line that nobody carries yet, of all threads together.
class Worker {
  public:
    Worker(std::uint16_t port, int lanes) : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        if (epoll_ < 0) give_up("no epoll");
        for (int i = 0; i < lanes; ++i) {
            lanes_.push_back(std::make_unique<Lane>(port));
            watch(*lanes_.back(), EPOLL_CTL_ADD, false);
        }
    }
    ~Worker() { ::close(epoll_); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void run(const std::vector<Line>& lines, std::atomic<std::size_t>& next) {
        std::size_t busy = 0;
        for (const auto& lane : lanes_)
            busy += go_on(*lane, lines, next) ? 1 : 0;
        std::array<epoll_event, 64> events;
        while (busy > 0) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 60'000);
            if (count == 0) throw std::runtime_error("the backend has said nothing for a minute");
            if (count < 0 && errno != EINTR) give_up("epoll");
            for (int i = 0; i < count; ++i) {
                const epoll_event& event = events[static_cast<std::size_t>(i)];
                Lane& lane = *static_cast<Lane*>(event.data.ptr);
                if ((event.events & EPOLLOUT) != 0) lane.write();
                if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) lane.read(sent_);
                if (!go_on(lane, lines, next)) --busy;
            }
        }
    }

    [[nodiscard]] const Sent& sent() const { return sent_; }

  private:
    /// Gives a free lane the next line, and waits for what the lane needs; false when there is no line left for it.
    bool go_on(Lane& lane, const std::vector<Line>& lines, std::atomic<std::size_t>& next) {
        while (lane.is_free()) {
            const std::size_t index = next++;
            if (index >= lines.size()) {
                watch(lane, EPOLL_CTL_DEL, false);
                return false;
            }
            lane.carry(lines[index]);
        }
        if (lane.wants_to_write() != lane.is_watched_for_writing) watch(lane, EPOLL_CTL_MOD, lane.wants_to_write());
        return true;
    }

    void watch(Lane& lane, int operation, bool for_writing) {
        epoll_event event{};
        event.events = EPOLLIN;
        if (for_writing) event.events |= EPOLLOUT;
        event.data.ptr = &lane;
        if (::epoll_ctl(epoll_, operation, lane.socket(), &event) != 0) give_up("epoll");
        lane.is_watched_for_writing = for_writing;
    }

    int epoll_;
    std::vector<std::unique_ptr<Lane>> lanes_;
    Sent sent_;
};

}  // namespace

std::string post(const std::string& path, const std::string& token, const std::string& encoding,
                 std::string_view body) {
    std::string request = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n";
    if (!token.empty()) request += "Authorization: Bearer " + token + "\r\n";
    if (!encoding.empty()) request += "Content-Encoding: " + encoding + "\r\n";
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return request.append(body);
}

Connection::Connection(std::uint16_t port) : socket_(connect_to(port)) {}

Connection::~Connection() {
    ::close(socket_);
}

Answer Connection::ask(const std::string& request) {
    for (std::size_t written = 0; written < request.size();) {
        const ssize_t count = ::send(socket_, request.data() + written, request.size() - written, MSG_NOSIGNAL);
        if (count < 0) give_up("the backend closed a connection");
        written += static_cast<std::size_t>(count);
    }
    std::string bytes;
    std::array<char, 16'384> buffer;
    while (true) {
        const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (count <= 0) throw std::runtime_error("the backend closed a connection");
        bytes.append(buffer.data(), static_cast<std::size_t>(count));
        if (auto answer = parse_answer(bytes)) return std::move(*answer);
    }
}

Sent send_all(std::uint16_t port, const std::vector<Line>& lines, int connections, int threads) {
    std::vector<std::unique_ptr<Worker>> workers;
    for (int i = 0; i < threads; ++i)
        workers.push_back(std::make_unique<Worker>(port, std::max(1, connections / threads)));
    std::vector<std::exception_ptr> failures(workers.size());
    std::atomic<std::size_t> next{0};
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < workers.size(); ++i) {
        running.emplace_back([&, i] {
            try {
                workers[i]->run(lines, next);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        });
    }
    for (std::thread& thread : running)
        thread.join();
    Sent sent;
    sent.took = std::chrono::steady_clock::now() - start;
    for (std::size_t i = 0; i < workers.size(); ++i) {
        if (failures[i]) std::rethrow_exception(failures[i]);
        sent.requests += workers[i]->sent().requests;
        sent.sent_again += workers[i]->sent().sent_again;
    }
    return sent;
}

}  // namespace hailong::bench
