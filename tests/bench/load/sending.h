// Sends prepared requests over connections that stay open, with as little work of its own as possible: the generator
// shares the machine with what it measures.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hailong::bench {

struct Answer {
    int status = 0;
    std::string body;
};

/// A whole request as it goes over the wire. `encoding`: of the body, empty for none; `token`: empty for none.
[[nodiscard]] std::string post(const std::string& path, const std::string& token, const std::string& encoding,
                               std::string_view body);

/// One connection that asks and waits. Throws when it breaks.
class Connection {
  public:
    explicit Connection(std::uint16_t port);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Answer ask(const std::string& request);

  private:
    int socket_ = -1;
};

/// What one terminal sends: each request after the answer to the one before.
struct Line {
    struct Request {
        std::string bytes;
        std::int64_t last_seq = 0;  // that the receipt must name
    };
    std::vector<Request> requests;
};

struct Sent {
    std::chrono::duration<double> took{};
    std::int64_t requests = 0;
    std::int64_t sent_again = 0;  // after 503
};

/// Sends every line, `connections` of them at a time, on `threads` threads; returns when every request was answered.
/// Throws when an answer is another than a receipt for all that was sent and counted.
[[nodiscard]] Sent send_all(std::uint16_t port, const std::vector<Line>& lines, int connections, int threads);

}  // namespace hailong::bench
