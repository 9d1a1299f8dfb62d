// The server through real sockets on 127.0.0.1: what it takes, and what it refuses.
#include "sync/backend/http/server.h"

#include <gtest/gtest.h>

#include "tests/sync/backend/http/server_fixture.h"

namespace hailong::sync {
namespace {

using std::chrono::milliseconds;
using namespace wire;

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
        {"two equal lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
         "HTTP/1.1 400"},
        {"a list of lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc", "HTTP/1.1 400"},
        {"a signed length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", "HTTP/1.1 400"},
        {"a length with a tail", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3abc\r\n\r\nabc", "HTTP/1.1 400"},
        {"space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "HTTP/1.1 400"},
        {"bare line feeds", "GET / HTTP/1.1\nHost: x\n\n", "HTTP/1.1 400"},
        {"a bare line feed behind one header", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", "HTTP/1.1 400"},
        {"a bare carriage return", "GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", "HTTP/1.1 400"},
        {"carriage returns alone", "GET / HTTP/1.1\rHost: x\r\r", "HTTP/1.1 400"},
        {"a chunk that ends in a line feed",
         "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\na\n0\n\n", "HTTP/1.1 400"},
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
    Server server(limits);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 5; ++i)
        client.send("40000\r\n" + std::string(0x40000, 'x') + "\r\n");
    EXPECT_EQ(status_of(client.read_all()), "HTTP/1.1 413");
}

TEST(HttpServer, TakesABodyOfExactlyTheLimit) {
    Server server;
    const std::string answer =
        server.answer_to("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1048576\r\n\r\n" +
                         std::string(Door::kBodyMax, 'x'));
    EXPECT_TRUE(answer.ends_with("POST / 1048576"));
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
    const auto again = HttpServer::listen("127.0.0.1", server.port(), {});
    ASSERT_FALSE(again);
    EXPECT_NE(again.error().find("is in use"), std::string::npos);
    EXPECT_NE(again.error().find("choose another port"), std::string::npos);
    const auto nonsense = HttpServer::listen("localhost", 0, {});
    ASSERT_FALSE(nonsense);
    EXPECT_NE(nonsense.error().find("no IP address"), std::string::npos);
}

}  // namespace
}  // namespace hailong::sync
