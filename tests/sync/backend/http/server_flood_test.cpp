// The server through real sockets, when somebody means it ill or has a poor line: nobody can hold it up.
#include <gtest/gtest.h>

#include "tests/sync/backend/http/server_fixture.h"

namespace hailong::sync {
namespace {

using std::chrono::milliseconds;
using namespace wire;

TEST(HttpServer, RefusesUploadsBeyondWhatAllMayHoldTogether) {
    HttpLimits limits;
    limits.bodies_bytes = 150;
    Server server(limits);
    Client first(server.port());
    first.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n");
    first.read_until("100 Continue");
    first.send(std::string(100, 'x'));
    // What came of the first one is there once this is refused.
    const std::string upload = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n\r\n";
    std::string second;
    while (status_of(second) != "HTTP/1.1 503")
        second = server.answer_to(upload + std::string(100, 'x'));
    EXPECT_EQ(server.uploads_refused, 1);
    first.forget();
    first.send("x");
    EXPECT_EQ(status_of(first.read_until("POST / 101")), "HTTP/1.1 200");
    EXPECT_EQ(status_of(server.answer_to(upload + std::string(100, 'x'))), "HTTP/1.1 200") << "its share is free again";
}

TEST(HttpServer, CountsWhatCameOfABodyAndNotWhatIsSaidOfIt) {
    HttpLimits limits;
    limits.bodies_bytes = 2 * Door::kBodyMax;
    Server server(limits);
    std::vector<std::unique_ptr<Client>> trickling;
    for (int i = 0; i < 32; ++i) {
        trickling.push_back(std::make_unique<Client>(server.port()));
        trickling.back()->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\nExpect: 100-continue\r\n\r\n");
        trickling.back()->read_until("100 Continue");
        trickling.back()->send("x");
    }
    const std::string answer =
        server.answer_to("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n" +
                         std::string(1'000'000, 'x'));
    EXPECT_TRUE(answer.ends_with("POST / 1000000"));
    EXPECT_EQ(server.uploads_refused, 0);
}

TEST(HttpServer, AnswersWhoIsNotLetInWithoutTakingTheBody) {
    Server server;
    Client asks(server.port());
    asks.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");
    const std::string answer = asks.read_all();
    EXPECT_EQ(status_of(answer), "HTTP/1.1 401") << "and never 100";
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    Client kept(server.port());
    kept.send("GET /refused HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer bad\r\n\r\n");
    EXPECT_EQ(status_of(kept.read_until("no")), "HTTP/1.1 401");
    kept.forget();
    kept.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(status_of(kept.read_until("GET /")), "HTTP/1.1 200") << "without a body the connection stays";
}

TEST(HttpServer, LetsAClientThatSendsFirstSeeWhyItIsRefused) {
    HttpLimits limits;
    limits.bodies_bytes = 1'000;
    Server server(limits);
    struct Case {
        const char* what;
        std::string head;
        const char* status;
    };
    const std::string length = "Content-Length: 8000000\r\n";
    for (const auto& [what, head, status] :
         {Case{"not let in", "POST /refused HTTP/1.1\r\nHost: x\r\n" + length, "HTTP/1.1 401"},
          Case{"too long", "POST / HTTP/1.1\r\nHost: x\r\n" + length, "HTTP/1.1 413"},
          Case{"malformed", "POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\n" + length, "HTTP/1.1 400"},
          Case{"too much of all", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n", "HTTP/1.1 503"}}) {
        Client client(server.port());
        client.send(head + "\r\n");
        EXPECT_TRUE(client.send_all(std::string(status == std::string("HTTP/1.1 503") ? 1'000'000 : 8'000'000, 'x')))
            << what << ": the pipe must not break";
        EXPECT_EQ(status_of(client.read_all()), status) << what;
    }
}

TEST(HttpServer, StopsWithoutWaitingForWhoIsOnlyDrained) {
    HttpLimits limits;
    limits.linger_time = limits.linger_pause = limits.stop_time = std::chrono::hours(1);
    Server server(limits);
    Client client(server.port());
    client.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n");
    EXPECT_EQ(status_of(client.read_all()), "HTTP/1.1 401");
    server.server->stop();
    server.thread.join();
    server.thread = std::thread([] {});
}

TEST(HttpServer, DrainsNoMoreThanItsLimit) {
    HttpLimits limits;
    limits.linger_bytes = 100'000;
    Server server(limits);
    Client client(server.port());
    client.send("POST /refused HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n");
    const std::string piece(1u << 20u, 'x');
    constexpr int kPiecesMax = 1'000;
    int pieces = 0;
    while (pieces < kPiecesMax && client.send_all(piece))
        ++pieces;
    EXPECT_LT(pieces, kPiecesMax) << "it would be drained for ever";
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
    limits.progress_time = milliseconds(150);
    Server server(limits);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_EQ(client.read_all(), "");
}

TEST(HttpServer, CutsAClientThatDoesNotReadItsAnswer) {
    HttpLimits limits;
    limits.progress_time = milliseconds(150);
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

TEST(HttpServer, TakesABodyThatIsSlowerThanItsDeadlineAsLongAsItMoves) {
    HttpLimits limits;
    limits.progress_time = milliseconds(700);
    limits.progress_bytes = 1;
    Server server(limits);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 150 && !client.hears(milliseconds(10)); ++i)
        client.send("1\r\nx\r\n");
    EXPECT_EQ(status_of(client.send("0\r\n\r\n").read_all()), "HTTP/1.1 200");
}

TEST(HttpServer, CutsABodyThatMovesWithoutEnd) {
    HttpLimits limits;
    limits.progress_bytes = 1;
    limits.body_time = milliseconds(200);
    Server server(limits);
    Client client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (!client.hears(milliseconds(10)))
        client.send("1\r\nx\r\n");
    EXPECT_EQ(client.read_all(), "");
}

constexpr const char* kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
constexpr const char* kGetOnce = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

HttpLimits few_places() {
    HttpLimits limits;
    limits.connections = 10;
    limits.strangers = 8;
    return limits;
}

using Crowd = std::vector<std::unique_ptr<Client>>;
void come(Crowd& crowd, const Server& server, int count, const char* from) {
    for (int i = 0; i < count; ++i)
        crowd.push_back(std::make_unique<Client>(server.port(), from));
}

TEST(HttpServer, ServesOthersWhileOneAddressHoldsEveryPlace) {
    Server server(few_places());
    Crowd crowd;
    come(crowd, server, 50, "127.0.0.2");
    EXPECT_EQ(status_of(Client(server.port(), "127.0.0.3").send(kGetOnce).read_all()), "HTTP/1.1 200");
    EXPECT_EQ(status_of(Client(server.port(), "127.0.0.2").send(kGetOnce).read_all()), "HTTP/1.1 200")
        << "and others behind the same address";
    EXPECT_GE(server.connections_closed, 42);
}

TEST(HttpServer, ClosesThoseOfTheAddressThatHoldsMostFirst) {
    Server server(few_places());
    Client office(server.port(), "127.0.0.3");
    office.send(kGet).read_until("GET /");
    office.forget();
    Crowd crowd;
    come(crowd, server, 50, "127.0.0.2");
    EXPECT_EQ(crowd.front()->read_all(), "") << "the idlest went";
    EXPECT_EQ(status_of(office.send(kGetOnce).read_all()), "HTTP/1.1 200") << "and who does no harm stayed";
}

TEST(HttpServer, ClosesTheIdlestWhenEveryAddressHoldsAsMuch) {
    Server server(few_places());
    Crowd crowd;
    for (int i = 1; i <= 50; ++i)
        come(crowd, server, 1, ("127.0.1." + std::to_string(i)).c_str());
    EXPECT_EQ(crowd.front()->read_all(), "");
    EXPECT_EQ(status_of(crowd.back()->send(kGetOnce).read_all()), "HTTP/1.1 200");
}

TEST(HttpServer, KeepsThePlaceOfWhoHasShownWhoTheyAre) {
    Server server(few_places());
    Client terminal(server.port());
    const std::string known = "GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n";
    terminal.send(known).read_until("GET /");
    terminal.forget();
    Crowd crowd;
    come(crowd, server, 50, "127.0.0.1");
    EXPECT_EQ(crowd.front()->read_all(), "");
    EXPECT_EQ(status_of(terminal.send(known).read_until("GET /")), "HTTP/1.1 200");
}

TEST(HttpServer, TakesAnUploadWhileStrangersHoldEveryPlaceAndTrickle) {
    Server server(few_places());
    Crowd crowd;
    come(crowd, server, 50, "127.0.0.1");
    for (const auto& client : crowd)
        client->send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx");
    const std::string answer = server.answer_to(
        "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    EXPECT_TRUE(answer.ends_with("POST / ok"));
}

TEST(HttpServer, ClosesAKnownConnectionThatRestsForOneMoreAndNoneThatIsBeingAnswered) {
    HttpLimits limits;
    limits.connections = 2;
    Server server(limits);
    Client busy(server.port());
    busy.send("GET /later HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nConnection: close\r\n\r\n");
    server.echo.wait_for(1);
    Client resting(server.port());
    resting.send("GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n").read_until("GET /");
    resting.forget();
    EXPECT_EQ(status_of(server.answer_to(kGetOnce)), "HTTP/1.1 200");
    EXPECT_EQ(resting.read_all(), "");
    server.echo.let_go();
    EXPECT_EQ(status_of(busy.read_all()), "HTTP/1.1 200");
}

TEST(HttpServer, KnowsWhoHungUpBeforeTheAnswer) {
    Server server;
    {
        Client client(server.port());
        client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\nleft unread");
        server.echo.wait_for(1);
        EXPECT_FALSE(server.echo.is_gone());
    }
    while (!server.echo.is_gone())
        std::this_thread::yield();
    server.echo.let_go();
}

TEST(HttpServer, SaysWhoseARequestIs) {
    Server server;
    const auto asked = [&](const char* from, const std::string& header) {
        return Client(server.port(), from)
            .send("GET /whose HTTP/1.1\r\nHost: x\r\n" + header + "Connection: close\r\n\r\n")
            .read_all();
    };
    EXPECT_TRUE(asked("127.0.0.5", "").ends_with("\r\n\r\n127.0.0.5"));
    EXPECT_TRUE(asked("127.0.0.1", "X-Forwarded-For: 198.51.100.7\r\nx-forwarded-for: 203.0.113.9, 192.0.2.1\r\n")
                    .ends_with("\r\n\r\n192.0.2.1"))
        << "whom the proxy on this machine names last";
}

}  // namespace
}  // namespace hailong::sync
