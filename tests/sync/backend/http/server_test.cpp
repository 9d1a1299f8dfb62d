// The server through real sockets on 127.0.0.1: what it takes, what it refuses, and that nobody can hold it up.
#include "sync/backend/http/server.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hailong::sync {
namespace {

using std::chrono::milliseconds;

/// A client that sends exactly the bytes it is told to.
class Client {
  public:
    explicit Client(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
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
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) break;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return *this;
    }

    /// Until `text` came, or the server closed.
    std::string read_until(std::string_view text) {
        while (received_.find(text) == std::string::npos && receive()) {
        }
        return received_;
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
        if (request.target == "/big") response.body.assign(32u << 20u, 'x');
        if (request.target != "/later") return respond(std::move(response));
        const std::lock_guard lock(mutex_);
        waiting_.emplace_back(std::move(respond), std::move(response));
        changed_.notify_all();
    }
    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_.size() >= count; });
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
    std::vector<std::pair<Responder, HttpResponse>> waiting_;
};

class Server {
  public:
    explicit Server(HttpLimits limits = {}) {
        auto listening = HttpServer::listen(
            "127.0.0.1", 0,
            [this](HttpRequest request, Responder respond) { echo(std::move(request), std::move(respond)); },
            [](int status, const std::string& reason) {
                return HttpResponse{status, {{"X-Refused", "yes"}}, reason};
            },
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
    std::unique_ptr<HttpServer> server;
    std::thread thread;
};

std::string status_of(const std::string& answer) {
    return answer.substr(0, 12);
}

TEST(HttpServer, AnswersARequest) {
    Server server;
    const std::string answer = server.answer_to("GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(answer), "HTTP/1.1 200");
    EXPECT_NE(answer.find("\r\nContent-Type: text/plain\r\n"), std::string::npos);
    EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /a?b=c "));
}

TEST(HttpServer, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
    Server server;
    Client client(server.port());
    client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    client.read_until("POST /2 abc");
    client.send("GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const std::string all = client.read_all();
    const auto at = [&](const char* text) { return all.find(text); };
    EXPECT_LT(at("GET /1 "), at("POST /2 abc"));
    EXPECT_LT(at("POST /2 abc"), at("GET /3 "));
    EXPECT_NE(at("GET /3 "), std::string::npos);
}

TEST(HttpServer, ReadsAChunkedBody) {
    Server server;
    const std::string answer = server.answer_to(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: "
        "close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_TRUE(answer.ends_with("POST / abcde"));
}

TEST(HttpServer, SendsNoBodyToHead) {
    Server server;
    const std::string answer = server.answer_to("HEAD /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_NE(answer.find("Content-Length: 10\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(HttpServer, SendsNoLengthWithoutContent) {
    Server server;
    const std::string answer = server.answer_to("GET /empty HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(answer), "HTTP/1.1 204");
    EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
}

TEST(HttpServer, AnswersTheOldVersionAndCloses) {
    Server server;
    EXPECT_EQ(status_of(server.answer_to("GET / HTTP/1.0\r\n\r\n")), "HTTP/1.0 200");
}

TEST(HttpServer, TellsAClientThatAsksToSendItsBody) {
    Server server;
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(client.read_until("\r\n\r\n")), "HTTP/1.1 100");
    client.forget();
    EXPECT_EQ(status_of(client.send("ok").read_all()), "HTTP/1.1 200");
}

struct Probe {
    const char* what;
    std::string bytes;
    const char* status;  // empty: closed without an answer
};

TEST(HttpServer, RefusesMalformedRequestsAndCloses) {
    const std::vector<Probe> probes = {
        {"no Host", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400"},
        {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "HTTP/1.1 400"},
        {"another transfer coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
         "HTTP/1.1 501"},
        {"two transfer codings", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
         "HTTP/1.1 501"},
        {"chunked and a length",
         "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "HTTP/1.1 400"},
        {"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
         "HTTP/1.1 400"},
        {"a signed length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", "HTTP/1.1 400"},
        {"a length with a tail", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3abc\r\n\r\nabc", "HTTP/1.1 400"},
        {"space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "HTTP/1.1 400"},
        {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", "HTTP/1.1 400"},
        {"a NUL", std::string("GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", 29), "HTTP/1.1 400"},
        {"another version", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", "HTTP/1.1 400"},
        {"no version", "GET /\r\n\r\n", "HTTP/1.1 400"},
        {"noise", "\x16\x03\x01\x02\x00 tls", "HTTP/1.1 400"},
        {"a bad chunk size", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n0\r\n\r\n",
         "HTTP/1.1 400"},
        {"an unknown expectation", "GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n", "HTTP/1.1 417"},
        {"headers without end", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a'), "HTTP/1.1 431"},
        {"a body larger than allowed", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc",
         "HTTP/1.1 413"},
    };
    Server server;
    for (const Probe& probe : probes) {
        // What follows on the same connection must not be taken for a request of its own.
        const std::string answer = server.answer_to(probe.bytes + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(status_of(answer), probe.status) << probe.what;
        EXPECT_NE(answer.find("X-Refused: yes"), std::string::npos) << probe.what;
        EXPECT_NE(answer.find("Connection: close"), std::string::npos) << probe.what;
        EXPECT_EQ(answer.find("smuggled"), std::string::npos) << probe.what;
    }
    EXPECT_EQ(status_of(server.answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), "HTTP/1.1 200");
}

TEST(HttpServer, RefusesABodyThatGrowsBeyondTheLimit) {
    HttpLimits limits;
    limits.body_bytes = 1'000;
    Server server(limits);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 5; ++i)
        client.send("100\r\n" + std::string(256, 'x') + "\r\n");
    EXPECT_EQ(status_of(client.read_all()), "HTTP/1.1 413");
}

TEST(HttpServer, TakesABodyOfExactlyTheLimit) {
    HttpLimits limits;
    limits.body_bytes = 100'000;
    Server server(limits);
    const std::string answer =
        server.answer_to("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" +
                         std::string(100'000, 'x'));
    EXPECT_TRUE(answer.ends_with("POST / 100000"));
}

TEST(HttpServer, RefusesUploadsBeyondWhatAllMayHoldTogether) {
    HttpLimits limits;
    limits.bodies_bytes = 150;
    Server server(limits);
    Client first(server.port());
    first.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
    first.read_until("100 Continue");
    const std::string second =
        server.answer_to("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x'));
    EXPECT_EQ(status_of(second), "HTTP/1.1 503");
    first.forget();
    first.send(std::string(100, 'x'));
    EXPECT_EQ(status_of(first.read_until("POST / 100")), "HTTP/1.1 200");
    // The first one's share is free again.
    const std::string third = server.answer_to(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x'));
    EXPECT_EQ(status_of(third), "HTTP/1.1 200");
}

TEST(HttpServer, CutsAClientThatTricklesItsHeaders) {
    HttpLimits limits;
    limits.header_time = milliseconds(150);
    Server server(limits);
    Client client(server.port());
    client.send("GET / HTTP/1.1\r\nHo");
    EXPECT_EQ(client.read_all(), "");
}

TEST(HttpServer, CutsAClientThatSaysNothing) {
    HttpLimits limits;
    limits.header_time = milliseconds(150);
    Server server(limits);
    Client fresh(server.port());
    EXPECT_EQ(fresh.read_all(), "");
    Client used(server.port());
    used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(used.read_all()), "HTTP/1.1 200");
}

TEST(HttpServer, CutsAClientThatTricklesItsBody) {
    HttpLimits limits;
    limits.body_time = milliseconds(150);
    Server server(limits);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_EQ(client.read_all(), "");
}

TEST(HttpServer, CutsAClientThatDoesNotReadItsAnswer) {
    HttpLimits limits;
    limits.write_time = milliseconds(150);
    limits.connections = 1;
    Server server(limits);
    Client client(server.port());
    client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    // Its place is free again once it was cut, and only then.
    std::string answer;
    while (answer.empty())
        answer = server.answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(answer), "HTTP/1.1 200");
    EXPECT_LT(client.read_all().size(), 32u << 20u);
}

TEST(HttpServer, ServesOthersWhileManyHoldTheirRequestsOpen) {
    Server server;
    std::vector<std::unique_ptr<Client>> slow;
    for (int i = 0; i < 200; ++i) {
        slow.push_back(std::make_unique<Client>(server.port()));
        slow.back()->send("GET / HTTP/1.1\r\nHo");
    }
    EXPECT_EQ(status_of(server.answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), "HTTP/1.1 200");
}

TEST(HttpServer, ClosesConnectionsBeyondTheCapAndServesAgainWhenOneEnds) {
    HttpLimits limits;
    limits.connections = 2;
    Server server(limits);
    auto first = std::make_unique<Client>(server.port());
    Client second(server.port());
    first->send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").read_until("GET / ");
    second.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").read_until("GET / ");
    EXPECT_EQ(Client(server.port()).read_all(), "");
    first.reset();
    std::string answer;
    while (answer.empty())  // until the server has noticed
        answer = server.answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(answer), "HTTP/1.1 200");
}

TEST(HttpServer, AnswersLaterWithoutHoldingAThread) {
    Server server;
    std::vector<std::unique_ptr<Client>> waiting;
    for (int i = 0; i < 20; ++i) {
        waiting.push_back(std::make_unique<Client>(server.port()));
        waiting.back()->send("GET /later HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
    server.echo.wait_for(20);
    EXPECT_EQ(status_of(server.answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), "HTTP/1.1 200");
    server.echo.let_go();
    for (const auto& client : waiting)
        EXPECT_TRUE(client->read_all().ends_with("GET /later "));
}

TEST(HttpServer, AnswersForARouteThatForgetsOrThrows) {
    Server server;
    EXPECT_EQ(status_of(server.answer_to("GET /forget HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")),
              "HTTP/1.1 500");
    EXPECT_EQ(status_of(server.answer_to("GET /throw HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")),
              "HTTP/1.1 500");
}

TEST(HttpServer, SurvivesAClientThatLeavesBeforeItsAnswer) {
    Server server;
    {
        Client client(server.port());
        client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
        server.echo.wait_for(1);
    }
    server.echo.let_go();
    EXPECT_EQ(status_of(server.answer_to("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")), "HTTP/1.1 200");
}

TEST(HttpServer, FinishesWhatItIsAnsweringWhenItStops) {
    auto server = std::make_unique<Server>();
    Client idle(server->port());
    idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").read_until("GET / ");
    idle.forget();
    Client busy(server->port());
    busy.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    server->echo.wait_for(1);
    server->server->stop();
    EXPECT_EQ(idle.read_all(), "");
    server->echo.let_go();
    EXPECT_TRUE(busy.read_all().ends_with("GET /later "));
    server.reset();
}

TEST(HttpServer, GivesUpOnAnswersThatDoNotComeWhenItStops) {
    HttpLimits limits;
    limits.stop_time = milliseconds(100);
    Server server(limits);
    Client client(server.port());
    client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
    server.echo.wait_for(1);
    server.server->stop();
    server.thread.join();
    server.echo.let_go();  // too late, and harmless
    server.thread = std::thread([] {});
}

TEST(HttpServer, SaysWhatToDoWhenThePortIsTaken) {
    Server server;
    const auto again = HttpServer::listen(
        "127.0.0.1", server.port(), [](HttpRequest, Responder) {},
        [](int, const std::string&) { return HttpResponse{}; });
    ASSERT_FALSE(again);
    EXPECT_NE(again.error().find("is in use"), std::string::npos);
    EXPECT_NE(again.error().find("choose another port"), std::string::npos);
    const auto nonsense = HttpServer::listen(
        "localhost", 0, [](HttpRequest, Responder) {}, [](int, const std::string&) { return HttpResponse{}; });
    ASSERT_FALSE(nonsense);
    EXPECT_NE(nonsense.error().find("no IP address"), std::string::npos);
}

}  // namespace
}  // namespace hailong::sync
