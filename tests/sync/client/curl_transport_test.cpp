#include "sync/client/curl_transport.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "survey/record.h"
#include "sync/protocol/compression.h"
#include "tests/sync/client/loopback_server.h"

namespace hailong::sync {
namespace {

using survey::milliseconds;
using test::LoopbackServer;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Then = LoopbackServer::Answer::Then;

std::string ok(const std::string& body, const std::string& headers = "") {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

/// A transport to a server that always gives one answer.
struct Line {
    explicit Line(std::string bytes, Then then = Then::close)
        : server([bytes = std::move(bytes), then](const std::string&) {
              return LoopbackServer::Answer{bytes, then};
          }),
          settings{server.url(), {}, milliseconds{5'000}, milliseconds{20'000}, kReplyBytesMax, -1} {}

    Expected<HttpReply, TransportError> get(const std::string& path = "/v1/x") {
        CurlTransport transport(settings);
        return transport.send({"GET", path, {"Authorization: Bearer secret-token"}, ""});
    }
    CurlLibrary library;
    LoopbackServer server;
    CurlSettings settings;
};

TEST(CurlTransport, GetsAnAnswerWithWhatTheClientReads) {
    Line line(ok("{}", "ETag: \"v7\"\r\nContent-Type: application/json\r\nRetry-After: 12\r\n"));
    const auto reply = line.get();
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->etag, "\"v7\"");
    EXPECT_EQ(reply->content_type, "application/json");
    EXPECT_EQ(reply->retry_after_s, 12);
    EXPECT_EQ(reply->body, "{}");
    const auto requests = line.server.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_THAT(requests[0], StartsWith("GET /v1/x HTTP/1.1\r\n"));
    EXPECT_THAT(requests[0], HasSubstr("\r\nUser-Agent: hailong-sync\r\n"));
    EXPECT_THAT(requests[0], HasSubstr("\r\nAuthorization: Bearer secret-token\r\n"));
}

TEST(CurlTransport, TakesAnswersPacked) {
    const std::string body = R"({"documents":[)" + std::string(5'000, ' ') + "]}";
    Line line(ok(compress(body, Encoding::gzip), "Content-Encoding: gzip\r\nETag: W/\"v7\"\r\n"));
    const auto reply = line.get();
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->body, body);
    EXPECT_EQ(reply->etag, "W/\"v7\"");
    EXPECT_THAT(line.server.requests()[0], HasSubstr("\r\nAccept-Encoding: gzip\r\n"));
}

TEST(CurlTransport, UnpacksNoMoreThanItsLimit) {
    Line line(ok(compress(std::string(50'000'000, 'x'), Encoding::gzip), "Content-Encoding: gzip\r\n"));
    line.settings.reply_bytes_max = 100'000;
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("longer than 100000 bytes"));
}

TEST(CurlTransport, TakesNoAnswerThatIsPackedBadly) {
    const std::string packed = compress(R"({"documents":[]})", Encoding::gzip);
    for (const std::string& bytes : {std::string("no gzip"), packed.substr(0, packed.size() / 2)}) {
        Line line(ok(bytes, "Content-Encoding: gzip\r\n"));
        const auto reply = line.get();
        EXPECT_TRUE(!reply || reply->body.find("]}") == std::string::npos) << reply->body;
    }
}

TEST(CurlTransport, ReadsWhatTheBackendHolds) {
    const auto stored = [](const std::string& value) {
        Line line(ok("", "hailong-stored-seq: " + value + "\r\n"));
        return line.get()->stored_seq;
    };
    EXPECT_EQ(stored("0"), 0);
    EXPECT_EQ(stored("1099511627775"), survey::kSeqMax);
    for (const char* none : {"", "-1", "1099511627776", "99999999999999999999", "1.5", "7x", "0x7", "+7"})
        EXPECT_EQ(stored(none), std::nullopt) << none;
    Line line(ok(""));
    EXPECT_EQ(line.get()->stored_seq, std::nullopt);
}

TEST(CurlTransport, PostsABodyOfAnyBytes) {
    Line line(ok(""));
    CurlTransport transport(line.settings);
    const std::string body("a\0b\n\xff", 5);
    const auto reply = transport.send({"POST", "/v1/y", {"Content-Type: application/x-ndjson"}, body});
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->etag, "");
    EXPECT_EQ(reply->retry_after_s, 0);
    const auto requests = line.server.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_THAT(requests[0], StartsWith("POST /v1/y HTTP/1.1\r\n"));
    EXPECT_THAT(requests[0], HasSubstr("\r\nContent-Type: application/x-ndjson\r\n"));
    EXPECT_THAT(requests[0], Not(HasSubstr("Expect:")));
    EXPECT_EQ(requests[0].substr(requests[0].find("\r\n\r\n") + 4), body);
}

TEST(CurlTransport, SendsSeveralRequestsOneAfterTheOther) {
    Line line(ok("x"));
    CurlTransport transport(line.settings);
    for (int i = 0; i < 3; ++i) {
        const auto posted = transport.send({"POST", "/p", {}, "body"});
        const auto got = transport.send({"GET", "/g", {}, ""});
        ASSERT_TRUE(posted && got);
    }
    EXPECT_THAT(line.server.requests().back(), StartsWith("GET /g"));
    EXPECT_EQ(line.server.requests().size(), 6U);
}

TEST(CurlTransport, GivesErrorStatusesAsAnswers) {
    Line line("HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\ngap");
    const auto reply = line.get();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 409);
    EXPECT_EQ(reply->body, "gap");
}

TEST(CurlTransport, FollowsNoRedirect) {
    Line target(ok("stolen"));
    Line line("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + target.server.url() + "/\r\nContent-Length: 0\r\n\r\n");
    const auto reply = line.get();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 307);
    EXPECT_TRUE(target.server.requests().empty()) << "the token must not go elsewhere";
}

TEST(CurlTransport, GivesUpWhenTheAnswerTakesTooLong) {
    Line line("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Then::hold);
    line.settings.answer_timeout = milliseconds{1'000};
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("too slow"));
    EXPECT_THAT(reply.error().what, HasSubstr("; check the network"));
    EXPECT_FALSE(reply.error().is_cut) << "nothing was to be sent";
}

TEST(CurlTransport, RefusesAnAnswerThatIsTooLong) {
    Line line(ok(std::string(1'001, 'x')));
    line.settings.reply_bytes_max = 1'000;
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("longer than 1000 bytes"));
}

TEST(CurlTransport, TakesAnAnswerOfExactlyTheLimit) {
    Line line(ok(std::string(1'000, 'x')));
    line.settings.reply_bytes_max = 1'000;
    EXPECT_TRUE(line.get());
}

TEST(CurlTransport, RefusesAnEndlessAnswer) {
    std::string chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 64; ++i)
        chunks += "1000\r\n" + std::string(0x1000, 'x') + "\r\n";
    Line line(chunks, Then::hold);
    line.settings.reply_bytes_max = 100'000;
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("longer than"));
}

TEST(CurlTransport, RefusesAnEndlessHead) {
    std::string head = "HTTP/1.1 200 OK\r\n";
    while (head.size() < 2 * kReplyHeadBytesMax)
        head += "X-More: " + std::string(1'000, 'x') + "\r\n";
    Line line(head, Then::hold);
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("head is longer than"));
}

TEST(CurlTransport, RefusesEndlessInterimAnswers) {
    std::string answers;
    while (answers.size() < 2 * kReplyHeadBytesMax)
        answers += "HTTP/1.1 103 Early Hints\r\nX-More: " + std::string(1'000, 'x') + "\r\n\r\n";
    Line line(answers, Then::hold);
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("head is longer than"));
}

TEST(CurlTransport, GivesUpOnAHeadThatDoesNotEnd) {
    Line line("HTTP/1.1 200 OK\r\nContent-Le", Then::hold);
    line.settings.answer_timeout = milliseconds{1'000};
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("too slow"));
}

TEST(CurlTransport, SaysWhenTheLineWasCutUnderABody) {
    for (const auto& [bytes, then] :
         {std::pair(std::string(), Then::close), std::pair(std::string(), Then::hold),
          std::pair(std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), Then::close)}) {
        Line line(bytes, then);
        line.settings.answer_timeout = milliseconds{1'000};
        CurlTransport transport(line.settings);
        const auto reply = transport.send({"POST", "/", {}, "a batch"});
        ASSERT_FALSE(reply);
        EXPECT_TRUE(reply.error().is_cut) << reply.error().what;
    }
}

/// Gives its answer a byte at a time, so that the whole takes longer than the client waits for one of them.
TEST(CurlTransport, WaitsForAnAnswerThatMoves) {
    const std::string answer = ok(std::string(2'000, 'x'));
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
    ASSERT_EQ(listen(listener, 1), 0);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
    std::thread server([&] {
        const int socket = accept(listener, nullptr, nullptr);
        pollfd heard{socket, POLLIN, 0};
        poll(&heard, 1, -1);
        char request[1'000];
        (void)!recv(socket, request, sizeof request, 0);
        for (const char letter : answer) {
            send(socket, &letter, 1, MSG_NOSIGNAL);
            poll(&heard, 1, 1);  // until the client hangs up, or a millisecond
        }
        close(socket);
    });
    const CurlLibrary library;
    CurlTransport transport({"http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
                             {},
                             milliseconds{5'000},
                             milliseconds{1'000},
                             kReplyBytesMax,
                             -1});
    const auto reply = transport.send({"GET", "/", {}, ""});
    server.join();
    close(listener);
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->body, std::string(2'000, 'x'));
}

TEST(CurlTransport, TellsNoProxyOfTheEnvironmentWhatGoesToThisMachine) {
    Line proxy(ok("overheard"));
    Line line(ok("straight"));
    const std::string url = proxy.server.url();
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
        setenv(name, url.c_str(), 1);
    const auto reply = line.get();
    for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"})
        unsetenv(name);
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->body, "straight");
    EXPECT_TRUE(proxy.server.requests().empty());
}

TEST(CurlTransport, DoesNotTakeHalfAnAnswerForAWholeOne) {
    const std::string whole = ok(R"({"accepted":1})");
    for (std::size_t length = 0; length < whole.size(); ++length) {
        Line line(whole.substr(0, length));
        const auto reply = line.get();
        // Cut within its head it may pass for an answer without a body, which is no receipt either.
        if (reply) {
            EXPECT_EQ(reply->body, "") << length;
        }
    }
    Line chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    EXPECT_FALSE(chunked.get());
}

TEST(CurlTransport, RefusesWhatIsNotHttp) {
    Line line("SSH-2.0-OpenSSH_9.2\r\n");
    EXPECT_FALSE(line.get());
}

TEST(CurlTransport, SaysWhenNobodyListens) {
    std::string url;
    {
        const Line line(ok(""));
        url = line.server.url();
    }
    const CurlLibrary library;
    CurlTransport transport({url, {}, milliseconds{5'000}, milliseconds{5'000}, kReplyBytesMax, -1});
    const auto reply = transport.send({"GET", "/", {"Authorization: Bearer secret-token"}, ""});
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr(url));
    EXPECT_THAT(reply.error().what, HasSubstr("whether the backend runs"));
    EXPECT_THAT(reply.error().what, Not(HasSubstr("secret")));
}

TEST(CurlTransport, SpeaksNothingButHttp) {
    const CurlLibrary library;
    CurlTransport transport({"file:///etc", {}, milliseconds{5'000}, milliseconds{5'000}, kReplyBytesMax, -1});
    EXPECT_FALSE(transport.send({"GET", "/hostname", {}, ""}));
}

TEST(CurlTransport, DoesNotTrustAPlainServerAtAnEncryptedAddress) {
    Line line(ok(""));
    line.settings.backend = "https" + line.server.url().substr(4);
    const auto reply = line.get();
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("ca_file"));
}

TEST(CurlTransport, EndsAtOnceWhenAskedToStop) {
    Line line("", Then::hold);
    line.settings.stop_fd = eventfd(1, EFD_CLOEXEC);
    const auto reply = line.get();
    close(line.settings.stop_fd);
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("asked to stop"));
}

}  // namespace
}  // namespace hailong::sync
