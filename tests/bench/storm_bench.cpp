// How long terminals wait for their receipts while strangers do what they can to the shipped backend: 900 at a time ask
// for years and hang up, 1,000 connections stand open and say nothing, 32 bodies without a token trickle. All from one
// address, and on the same machine as the backend, whose processor they take as well.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/load/backend.h"
#include "tests/bench/load/batches.h"
#include "tests/bench/load/sending.h"
#include "tests/bench/report.h"

namespace {

using namespace hailong::bench;

constexpr int kAsking = 900;
constexpr std::size_t kIdle = 1'000;
constexpr std::size_t kTrickling = 32;
constexpr int kTerminals = 4;
/// What lies in the store before, so that a year is worth the name.
constexpr int kCollecting = 20;
constexpr std::int64_t kCollected = 5'000;
/// Batches of each terminal, and records in one.
constexpr std::int64_t kBatches = 150;
constexpr std::int64_t kBatch = 30;

/// A connection of somebody who never waits for an answer; -1 where there was no room for it.
class Stranger {
  public:
    Stranger(std::uint16_t port, std::string_view says) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        (void)::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        say(says);
    }
    Stranger(Stranger&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    Stranger& operator=(Stranger&& other) noexcept {
        std::swap(socket_, other.socket_);
        return *this;
    }
    ~Stranger() { ::close(socket_); }

    void say(std::string_view bytes) const {
        (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    /// Whether the server closed it, or answered.
    [[nodiscard]] bool is_done() const {
        pollfd asked{socket_, POLLIN, 0};
        return ::poll(&asked, 1, 0) != 0;
    }

  private:
    int socket_;
};

/// Until it is told to stop; whatever the server closes comes again.
class Storm {
  public:
    explicit Storm(std::uint16_t port) : port_(port), thread_([this] { rage(); }) {}
    ~Storm() {
        is_over_ = true;
        thread_.join();
    }
    Storm(const Storm&) = delete;
    Storm& operator=(const Storm&) = delete;
    [[nodiscard]] bool has_begun() const { return rounds_ > 0; }
    [[nodiscard]] int rounds() const { return rounds_; }

  private:
    void rage() {
        static constexpr std::string_view kBody =
            "POST /v1/terminals/load-0/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 4194304\r\n\r\nx";
        std::vector<Stranger> idle;
        std::vector<Stranger> trickling;
        while (!is_over_) {
            come_again(idle, kIdle, "");
            come_again(trickling, kTrickling, kBody);
            for (const Stranger& one : trickling)
                one.say("x");
            std::vector<Stranger> asking;
            for (int i = 0; i < kAsking && !is_over_; ++i) {
                asking.emplace_back(port_, "GET /centers/binh-minh?period=" + std::to_string(2000 + i % 30) +
                                               (i % 2 == 0 ? "&lang=en" : "&live=1") + " HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            ++rounds_;
        }
    }
    void come_again(std::vector<Stranger>& crowd, std::size_t count, std::string_view says) const {
        while (crowd.size() < count)
            crowd.emplace_back(port_, says);
        for (Stranger& one : crowd) {
            if (one.is_done()) one = Stranger(port_, says);
        }
    }

    const std::uint16_t port_;
    std::atomic<bool> is_over_ = false;
    std::atomic<int> rounds_ = 0;
    std::thread thread_;
};

/// How long each receipt of this terminal took, in milliseconds.
std::vector<double> waits_of(std::uint16_t port, const Line& line, std::atomic<int>& sent_again) {
    Connection connection(port);
    std::vector<double> waits;
    for (const Line::Request& request : line.requests) {
        const auto began = std::chrono::steady_clock::now();
        Answer answer = connection.ask(request.bytes);
        while (answer.status == 503) {
            ++sent_again;
            answer = connection.ask(request.bytes);
        }
        if (answer.status != 200)
            throw std::runtime_error("status " + std::to_string(answer.status) + ": " + answer.body);
        waits.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    }
    return waits;
}

/// The value that a `share` of them stays below.
double quantile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

std::vector<double> all_waits(std::uint16_t port, const std::vector<Line>& lines, std::atomic<int>& sent_again) {
    std::vector<std::vector<double>> waits(lines.size());
    std::vector<std::exception_ptr> failures(lines.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        threads.emplace_back([&, i] {
            try {
                waits[i] = waits_of(port, lines[i], sent_again);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    std::vector<double> all;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (failures[i]) std::rethrow_exception(failures[i]);
        all.insert(all.end(), waits[i].begin(), waits[i].end());
    }
    return all;
}

void measure(const std::string& bin) {
    LoadBackend backend(bin, kCollecting + kTerminals);
    const Visited where = sample_center();
    std::vector<Line> before;
    std::vector<Line> lines;
    for (const Enrolled& terminal : backend.terminals()) {
        if (before.size() < kCollecting) {
            before.push_back(collected(terminal, where, kCollected, 500));
        } else {
            lines.push_back(collected(terminal, where, kBatches * kBatch, kBatch));
        }
    }
    (void)send_all(backend.port(), before, kCollecting, 1);
    std::atomic<int> sent_again = 0;
    std::vector<double> waits;
    int rounds = 0;
    {
        const Storm storm(backend.port());
        while (!storm.has_begun())
            std::this_thread::yield();
        waits = all_waits(backend.port(), lines, sent_again);
        rounds = storm.rounds();
    }
    std::fprintf(stderr,
                 "%zu receipts in the storm: median %.1f ms, p99 %.1f ms, longest %.1f ms, %d sent again; the %d came "
                 "%d times; %.0f MB\n",
                 waits.size(), quantile(waits, 0.5), quantile(waits, 0.99), quantile(waits, 1), sent_again.load(),
                 kAsking, rounds, backend.usage().resident_max_mb);
    report("storm_receipt_p99", quantile(waits, 0.99), "ms", 250, Better::less);
    backend.stop();
}

}  // namespace

int main(int argc, char** argv) {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = std::max(files.rlim_cur, std::min<rlim_t>(files.rlim_max, 8'192));
        setrlimit(RLIMIT_NOFILE, &files);
    }
    try {
        measure(argc > 1 ? argv[1] : std::string(HAILONG_BINARY_DIR) + "/bin");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "storm_bench: %s\n", error.what());
        return 1;
    }
    return 0;
}
