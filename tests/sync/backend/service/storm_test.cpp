// The whole way of a request, from its socket through the pools to the writer, while strangers do their worst.
#include <algorithm>
#include <atomic>
#include <future>
#include <latch>

#include <gtest/gtest.h>

#include "sync/backend/service/pool.h"
#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/http/server_fixture.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::RouteHost;
using wire::Client;
using wire::status_of;

/// The service over a store in memory, as it is put together in the program.
class Storm : public testing::Test {
  protected:
    Storm() {
        auto listening =
            HttpServer::listen("127.0.0.1", 0,
                               {[this](const HttpRequest& head, const Admit& admit) { handler_.admit(head, admit); },
                                [this](HttpRequest request, Responder respond) {
                                    handler_.handle(std::move(request), std::move(respond));
                                },
                                [this](int status, const std::string& reason, const HttpRequest& head) {
                                    return handler_.refusal(status, reason, head);
                                },
                                [this](HttpStrain strain) { handler_.strained(strain); }},
                               limits());
        EXPECT_TRUE(listening);
        server_ = std::move(*listening);
        thread_ = std::thread([this] { server_->run(); });
    }
    ~Storm() override {
        server_->stop();
        thread_.join();
    }
    static HttpLimits limits() {
        HttpLimits limits;
        limits.bodies_bytes = 2 * kBatchBytesMax;
        limits.strangers = 100;
        return limits;
    }

    std::string answer_to_batch(const Batch& batch) {
        const std::string body = sample::body_of(batch);
        return client()
            .send("POST " + batches_path({"K1"}) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-K1\r\n" +
                  "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
            .read_all();
    }
    Client& client() { return *clients_.emplace_back(std::make_unique<Client>(server_->port())); }
    std::string metrics() { return host_.metrics.text({}); }
    void log(const std::string& line) {
        const std::lock_guard lock(mutex_);
        logged_.push_back(line);
    }
    std::vector<std::string> logged() {
        const std::lock_guard lock(mutex_);
        return logged_;
    }
    WorkerPool& pool(Lane lane) { return lane == Lane::terminals ? terminals_ : pages_; }

    RouteHost host_;
    WorkerPool pages_{1, 20, Turn::behind_batches};
    WorkerPool terminals_{1, 1'000, Turn::behind_writer};
    std::mutex mutex_;
    std::vector<std::string> logged_;
    std::atomic<int> pages_taken_ = 0;
    RequestHandler handler_{{*host_.backend.store, host_.references, host_.inboxes, host_.writer, host_.metrics,
                             sample::pages(), host_.clock, host_.keys, host_.wrong_codes, host_.statuses,
                             [this](const std::string& line) { log(line); }, "9.9.9"},
                            [this](Lane lane, std::function<void()> job) {
                                const bool is_taken = pool(lane).run(std::move(job));
                                if (is_taken && lane != Lane::terminals) ++pages_taken_;
                                return is_taken;
                            }};
    std::unique_ptr<HttpServer> server_;
    std::thread thread_;
    std::vector<std::unique_ptr<Client>> clients_;
};

TEST_F(Storm, TakesABatchWhileBodiesOfStrangersTrickleOnEveryAddress) {
    const sample::Journal journal = sample::journal_of(3);
    struct Stranger {
        std::string request;
        const char* status;
    };
    const std::string batches = "POST " + batches_path({"K1"});
    for (const auto& [request, status] :
         {Stranger{"POST /nowhere", "HTTP/1.1 404"}, Stranger{"GET /nowhere", "HTTP/1.1 404"},
          Stranger{"POST /centers/mau", "HTTP/1.1 405"}, Stranger{"PUT " + batches_path({"K1"}), "HTTP/1.1 405"},
          Stranger{"GET /centers/mau", "HTTP/1.1 413"}, Stranger{batches, "HTTP/1.1 401"},
          Stranger{batches + " HTTP/1.1\r\nAuthorization: Bearer nonsense", "HTTP/1.1 401"},
          Stranger{"POST " + batches_path({"K2"}) + " HTTP/1.1\r\nAuthorization: Bearer token-K1", "HTTP/1.1 403"},
          Stranger{std::string("POST ") + kEnrolmentsPath, "HTTP/1.1 413"}}) {
        const std::string version = request.find("HTTP/") == std::string::npos ? " HTTP/1.1" : "";
        for (int i = 0; i < 8; ++i) {
            Client& stranger = client().send(request + version + "\r\nHost: x\r\nContent-Length: 4194304\r\n\r\nx");
            ASSERT_EQ(status_of(stranger.read_until("\r\n\r\n")), status) << request << ": before its body came";
        }
    }
    for (int i = 0; i < 32; ++i)
        client().send(std::string("POST ") + kEnrolmentsPath +
                      " HTTP/1.1\r\nHost: x\r\nContent-Length: 16384\r\n\r\nx");
    EXPECT_EQ(status_of(answer_to_batch(journal.all())), "HTTP/1.1 200");
    EXPECT_NE(metrics().find("hailong_request_seconds_count{route=\"batches\",status=\"200\"} 1"), std::string::npos);
    EXPECT_EQ(metrics().find("status=\"500\""), std::string::npos) << "who is let in is counted once, when answered";
    EXPECT_NE(metrics().find("hailong_given_up_total{what=\"uploads\"} 0"), std::string::npos);
}

TEST_F(Storm, SaysWhenUploadsAreRefusedForWantOfRoom) {
    // All but a byte of three bodies, where there is room for two.
    for (int i = 0; i < 3; ++i) {
        client()
            .send("POST " + batches_path({"K1"}) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-K1\r\n" +
                  "Content-Length: 4194304\r\n\r\n")
            .send(std::string(kBatchBytesMax - 1, 'x'));
    }
    const auto answered = [](const auto& one) { return one->hears(std::chrono::milliseconds(1)); };
    auto one = clients_.end();
    while (one == clients_.end())
        one = std::find_if(clients_.begin(), clients_.end(), answered);
    const std::string refused = (*one)->read_all();
    EXPECT_EQ(status_of(refused), "HTTP/1.1 503");
    EXPECT_NE(refused.find("Retry-After"), std::string::npos);
    EXPECT_NE(metrics().find("hailong_given_up_total{what=\"uploads\"} 1"), std::string::npos);
    ASSERT_EQ(logged().size(), 1u);
    EXPECT_NE(logged()[0].find("too much was being uploaded"), std::string::npos);
}

TEST_F(Storm, MakesNoPageForWhoHungUpAndTakesBatchesMeanwhile) {
    std::latch begun(1);
    std::latch go_on(1);
    ASSERT_TRUE(pages_.run([&] {
        begun.count_down();
        go_on.wait();
    }));
    begun.wait();
    for (int i = 0; i < 20; ++i)
        client().send("GET /centers/mau?period=" + std::to_string(2000 + i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    while (pages_taken_ < 20)
        std::this_thread::yield();
    const std::string later = client().send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").read_all();
    EXPECT_EQ(status_of(later), "HTTP/1.1 503") << "all that can wait do";
    EXPECT_NE(later.find("Retry-After"), std::string::npos);
    EXPECT_EQ(status_of(answer_to_batch(sample::journal_of(3).all())), "HTTP/1.1 200");
    clients_.clear();
    go_on.count_down();
    std::promise<void> all_done;
    while (!pages_.run([&] { all_done.set_value(); }))
        std::this_thread::yield();
    all_done.get_future().wait();
    EXPECT_NE(metrics().find("hailong_request_seconds_count{route=\"results\",status=\"499\"} 20"), std::string::npos);
    EXPECT_EQ(metrics().find("route=\"results\",status=\"200\""), std::string::npos);
}

TEST_F(Storm, TakesBatchesOnTheSameConnectionWhileStrangersHoldEveryPlace) {
    Client terminal(server_->port());
    const sample::Journal journal = sample::journal_of(2);
    const auto send = [&](const Batch& batch) {
        terminal.forget();
        const std::string body = sample::body_of(batch);
        return terminal
            .send("POST " + batches_path({"K1"}) + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token-K1\r\n" +
                  "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
            .read_until("signature");
    };
    EXPECT_EQ(status_of(send(journal.batch(1, 1))), "HTTP/1.1 200");
    for (int i = 0; i < 150; ++i)
        client();
    EXPECT_EQ(clients_.front()->read_all(), "") << "the idlest of them goes";
    EXPECT_EQ(status_of(send(journal.batch(2, 2))), "HTTP/1.1 200");
    EXPECT_EQ(status_of(client().send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").read_until("\r\n")), "HTTP/1.1 200");
}

}  // namespace
}  // namespace hailong::sync
