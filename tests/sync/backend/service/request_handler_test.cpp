#include "sync/backend/service/request_handler.h"

#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::RouteHost;

TEST(RequestHandler, AnswersWithTheStatusThatFits) {
    RouteHost host;
    const std::vector<std::pair<const char*, int>> expected = {
        {"/", 200},
        {"/centers/mau", 200},
        {"/centers/mau?period=2026-Q4&lang=en&live=1", 200},
        {"/centers/mau/results.json?period=2026", 200},
        {"/centers/mau/results.csv", 200},
        {"/style.css?v=1", 200},
        {"/icon.svg", 200},
        {"/centers/none", 404},
        {"/centers/mau/", 302},
        {"/centers", 200},
        {"/centers/mau/results.xml", 404},
        {"/centers/mau/results.json/x", 404},
        {"/centers/mau?period=2026-M13", 400},
        {"/centers/mau/results.json?period=2026-Q5", 400},
        {"/centers/mau?period=%3Cscript%3E", 400},
        {"/centers/mau?period=%", 302},
        {"//", 302},
        {"/../etc/passwd", 404},
        {"http://x/", 400},
        {"*", 400},
    };
    for (const auto& [target, status] : expected)
        EXPECT_EQ(host.get(target).status, status) << target;
    EXPECT_EQ(host.get("/" + std::string(kTargetBytesMax, 'a')).status, 414);
}

TEST(RequestHandler, SaysWhichMethodsAnAddressTakes) {
    RouteHost host;
    const HttpResponse post = host.send({"POST", "/centers/mau", {}, {}});
    EXPECT_EQ(post.status, 405);
    EXPECT_EQ(post.header("Allow"), "GET, HEAD");
    const HttpResponse get = host.get(batches_path({"K1"}));
    EXPECT_EQ(get.status, 405);
    EXPECT_EQ(get.header("Allow"), "POST");
    EXPECT_EQ(host.send({"HEAD", "/", {}, {}}).status, 200);
}

TEST(RequestHandler, NamesAProblemOnlyWhereATerminalCanActOnIt) {
    const RouteHost host;
    const HttpRequest terminal{"POST", batches_path({"K1"}), {{"accept", "*/*"}}, {}};
    for (const int status : {400, 417, 431, 501}) {
        const HttpResponse answer = host.handler.refusal(status, "two lengths", terminal);
        EXPECT_EQ(answer.status, status);
        EXPECT_EQ(answer.body, "two lengths\n");
        EXPECT_EQ(answer.header("Content-Type"), kText);
    }
    for (const ProblemKind kind : {ProblemKind::too_large, ProblemKind::overloaded}) {
        const HttpResponse answer = host.handler.refusal(http_status(kind), "too much", terminal);
        EXPECT_EQ(answer.status, http_status(kind));
        const auto problem = decode_problem(answer.body);
        ASSERT_TRUE(problem);
        EXPECT_EQ(problem->kind, kind);
    }
}

/// A page in both languages that says what to do.
void expect_page(const HttpResponse& answer, int status) {
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.header("Content-Type"), kHtml) << status;
    EXPECT_NE(answer.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
    for (const std::string& text :
         {std::string("<h1>"), std::string("lang=\"vi\""), std::string("lang=\"en\""), std::string("href=\"/\""),
          "Mã lỗi: " + std::to_string(status), "Error code: " + std::to_string(status)}) {
        EXPECT_NE(answer.body.find(text), std::string::npos) << status << text << answer.body;
    }
    EXPECT_EQ(answer.body.find("error."), std::string::npos) << "a text is missing";
}

const std::vector<std::pair<std::string, std::string>> kBrowser = {
    {"accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}};

TEST(RequestHandler, NeverShowsBareTextToABrowser) {
    RouteHost host;
    expect_page(host.get("*", kBrowser), 400);
    expect_page(host.get("/centers/mau?period=x", kBrowser), 400);
    expect_page(host.get("/nowhere", kBrowser), 404);
    expect_page(host.get("/centers/none", kBrowser), 404);
    expect_page(host.get("/" + std::string(kTargetBytesMax, 'a'), kBrowser), 414);
    const HttpResponse post = host.send({"POST", "/centers/mau", kBrowser, {}});
    expect_page(post, 405);
    EXPECT_EQ(post.header("Allow"), "GET, HEAD");
    expect_page(host.get(batches_path({"K1"}), kBrowser), 405);
    const HttpRequest head{"GET", "/centers/mau", kBrowser, {}};
    for (const int status : {400, 413, 414, 417, 429, 431, 500, 501, 503}) {
        expect_page(host.handler.refusal(status, "reason", head), status);
        if (status != 413 && status != 503) expect_page(host.handler.refusal(status, "reason", {}), status);
    }
}

TEST(RequestHandler, ShowsABrowserAPageForAnAnswerThatGotLost) {
    RouteHost host;
    HttpResponse seen;
    {
        std::vector<std::function<void()>> never_run;
        const RequestHandler handler(
            {*host.backend.store, host.references, host.inboxes, host.writer, host.metrics, sample::pages(), host.clock,
             host.keys, host.wrong_codes, host.statuses, [](const std::string&) {}, "1"},
            [&](Lane, std::function<void()> job) {
                never_run.push_back(std::move(job));
                return true;
            });
        handler.handle({"GET", "/centers/mau", kBrowser, {}},
                       Responder([&](HttpResponse response) { seen = std::move(response); }));
        never_run.clear();
    }
    expect_page(seen, 500);
}

TEST(RequestHandler, ShowsABrowserAPageWhenTooMuchWaits) {
    RouteHost host;
    const RequestHandler handler(
        {*host.backend.store, host.references, host.inboxes, host.writer, host.metrics, sample::pages(), host.clock,
         host.keys, host.wrong_codes, host.statuses, [](const std::string&) {}, "1"},
        [](Lane, const std::function<void()>&) { return false; });
    HttpResponse seen;
    handler.handle({"GET", "/centers/mau", kBrowser, {}},
                   Responder([&](HttpResponse response) { seen = std::move(response); }));
    expect_page(seen, 503);
    EXPECT_NE(seen.header("Retry-After"), "");
}

TEST(RequestHandler, LeadsOnWhereALinkWasMeantToLead) {
    RouteHost host;
    for (const auto& [target, meant] : std::vector<std::pair<std::string, std::string>>{
             {"/centers/mau/", "/centers/mau"},
             {"//centers//mau", "/centers/mau"},
             {"/centers/mau.", "/centers/mau"},
             {"/centers/mau).", "/centers/mau"},
             {"/centers/mau%29", "/centers/mau"},
             {"/centers/mau%", "/centers/mau"},
             {"/centers/mau%E2%80%9D", "/centers/mau"},
             {"/Centers/Mau", "/centers/mau"},
             {"/CENTERS/MAU?PERIOD=2026-m11&LANG=EN", "/centers/mau?period=2026-M11&lang=en"},
             {"/centers/mau/?period=2026-M11&utm_source=zalo&fbclid=x%", "/centers/mau?period=2026-M11"},
             {"/centers/mau?fbclid=%", "/centers/mau"},
             {"/centers/mau?period=2026-m11).", "/centers/mau?period=2026-M11"},
             {"/centers/mau?period=%", "/centers/mau"},
             {"/centers/mau%3Fperiod=2026-Q4", "/centers/mau?period=2026-Q4"},
             {"/centers/mau?lang=en&amp;period=2026-Q4.", "/centers/mau?period=2026-Q4&lang=en"},
             {"/centers/mau/reconciliation/", "/centers/mau/reconciliation"},
             {"/centers/mau/results.csv/?locale=vi", "/centers/mau/results.csv?locale=vi"},
             {"/centers/mau?fbclid=" + std::string(kTargetBytesMax, 'a'), "/centers/mau"},
             {"/Centers/", "/centers"},
             {"/)", "/"}}) {
        HttpResponse response = host.get(target, kBrowser);
        EXPECT_EQ(response.status, 302) << target;
        EXPECT_EQ(response.header("Location"), meant) << target;
        if (response.header("Location").find("centers/mau") != std::string::npos) {
            EXPECT_EQ(host.get(std::string(response.header("Location")), kBrowser).status, 200) << target;
        }
    }
    for (const char* target : {"/centers/m%61u", "/centers/mau?fbclid=abc&utm_medium=zalo", "/centers",
                               "/centers/mau?lang=xx", "/favicon.ico", "/robots.txt"}) {
        EXPECT_EQ(host.get(target, kBrowser).status, 200) << target;
    }
    EXPECT_EQ(host.get("/centers/MAU").header("Location"), "/centers/mau");
    EXPECT_EQ(host.get("/centers/MAU/results.json?period=2026").header("Location"),
              "/centers/mau/results.json?period=2026");
}

TEST(RequestHandler, LeadsNobodyToOthers) {
    RouteHost host;
    for (const char* target :
         {"//evil.example/", "/%2F%2Fevil.example", "/\\evil.example", "/centers/a/b/c/d/", "/v1/Terminals/K1/inbox/",
          "/centers/%0d%0aSet-Cookie:a", "/../centers", "/centers/mẫu/"}) {
        const HttpResponse response = host.get(target, kBrowser);
        EXPECT_GE(response.status, 400) << target << response.header("Location");
        EXPECT_EQ(response.header("Location"), "") << target;
    }
    EXPECT_EQ(host.send({"POST", "/centers/mau/", {}, {}}).status, 404) << "nothing that writes is sent on";
}

TEST(RequestHandler, SaysLaterWhenTheStoreCantBeRead) {
    class Broken final : public Store {
      public:
        StoreResult<std::unique_ptr<Snapshot>> read() override { return unexpected(error()); }
        StoreResult<std::unique_ptr<Transaction>> write() override { return unexpected(error()); }
        StoreResult<void> check() override { return {}; }
        StoreResult<void> check_log() override { return {}; }
        static StoreError error() { return {StoreErrorKind::io, "/srv/secret/backend.sqlite: gone", "find it"}; }
    };
    Broken store;
    RouteHost host;
    ReferenceCache references;
    std::vector<std::string> logged;
    Writer writer(store, references, host.clock, host.metrics, [](const std::string&) {});
    InboxCache inboxes(references);
    const RequestHandler handler(
        {store, references, inboxes, writer, host.metrics, sample::pages(), host.clock, host.keys, host.wrong_codes,
         host.statuses, [&](const std::string& line) { logged.push_back(line); }, "1"},
        sample::run_at_once);
    const auto status = [&](const std::string& target) {
        HttpResponse result;
        handler.handle({"GET", target, {{"authorization", "Bearer token-K1"}}, {}},
                       Responder([&](HttpResponse response) { result = std::move(response); }));
        EXPECT_EQ(std::string(result.body).find("/srv"), std::string::npos) << target << ": " << result.body;
        return result.status;
    };
    EXPECT_EQ(status("/"), 503);
    EXPECT_EQ(status("/centers/mau"), 503);
    EXPECT_EQ(status("/healthz"), 503);
    EXPECT_EQ(status("/metrics"), 503);
    EXPECT_EQ(status(inbox_path({"K1"})), 500);
    ASSERT_EQ(logged.size(), 1u) << "told once";
    EXPECT_NE(logged[0].find("/srv/secret/backend.sqlite: gone; find it"), std::string::npos) << logged[0];
}

/// Takes jobs in, and runs none until it is told to.
struct HeldJobs {
    bool operator()(Lane lane, std::function<void()> job) {
        if (is_full) return false;
        jobs.emplace_back(lane, std::move(job));
        return true;
    }
    bool is_full = false;
    std::vector<std::pair<Lane, std::function<void()>>> jobs;
};

/// A handler whose jobs are held.
struct HeldHost : RouteHost {
    HeldHost()
        : held_handler({*backend.store, references, inboxes, writer, metrics, pages, clock, keys, wrong_codes, statuses,
                        [](const std::string&) {}, "1"},
                       [this](Lane lane, std::function<void()> job) { return held(lane, std::move(job)); }) {}
    std::optional<HttpResponse> ask(const std::string& method, const std::string& target) {
        auto answered = std::make_shared<std::optional<HttpResponse>>();
        held_handler.handle({method, target, {}, {}},
                            Responder([answered](HttpResponse response) { *answered = std::move(response); }));
        last = answered;
        return *answered;
    }
    const Pages& pages = sample::pages();
    HeldJobs held;
    RequestHandler held_handler;
    std::shared_ptr<std::optional<HttpResponse>> last;
};

TEST(RequestHandler, DoesItsWorkOnTheLaneOfTheRoute) {
    HeldHost host;
    EXPECT_FALSE(host.ask("GET", "/centers/mau")) << "nothing is answered on the thread that asks";
    EXPECT_FALSE(host.ask("GET", "/centers/mau/results.csv"));
    EXPECT_FALSE(host.ask("POST", batches_path({"K1"})));
    EXPECT_FALSE(host.ask("GET", "/nowhere"));
    std::vector<Lane> lanes;
    for (const auto& [lane, job] : host.held.jobs)
        lanes.push_back(lane);
    EXPECT_EQ(lanes, (std::vector<Lane>{Lane::pages, Lane::exports, Lane::terminals, Lane::pages}));
    for (const auto& [lane, job] : host.held.jobs)
        job();
    ASSERT_TRUE(*host.last);
    EXPECT_EQ((*host.last)->status, 404);
}

TEST(RequestHandler, PreparesALargeBatchWhereNoOtherBatchWaitsForIt) {
    for (const bool is_full : {false, true}) {
        HeldHost host;
        sample::Journal journal("K1");
        for (int i = 0; i < 10; ++i)
            journal.add_bytes(std::string(60'000, 'x'));
        const auto answered = std::make_shared<std::promise<HttpResponse>>();
        host.held_handler.handle(
            {"POST", batches_path({"K1"}), {{"authorization", "Bearer token-K1"}}, sample::body_of(journal.all())},
            Responder([answered](HttpResponse response) { answered->set_value(std::move(response)); }));
        ASSERT_EQ(host.held.jobs.size(), 1u);
        host.held.is_full = is_full;
        const auto decode = host.held.jobs[0].second;
        decode();
        if (!is_full) {
            ASSERT_EQ(host.held.jobs.size(), 2u);
            EXPECT_EQ(host.held.jobs[1].first, Lane::large_batches);
            const auto prepare = host.held.jobs[1].second;
            prepare();
        }
        EXPECT_EQ(answered->get_future().get().status, is_full ? 503 : 200);
    }
}

TEST(RequestHandler, TellsWhomItCantServeNowToComeLater) {
    HeldHost host;
    host.held.is_full = true;
    for (const char* target : {"/", "/centers/mau/results.csv", "/nowhere"}) {
        const auto response = host.ask("GET", target);
        ASSERT_TRUE(response) << target;
        EXPECT_EQ(response->status, 503);
        EXPECT_EQ(response->header("Retry-After"), std::to_string(kRetryAfterS));
        EXPECT_EQ(decode_problem(response->body)->kind, ProblemKind::overloaded);
    }
    EXPECT_NE(host.metrics.text({}).find(R"(route="centers",status="503")"), std::string::npos);
}

TEST(RequestHandler, LetsOnlyTheTerminalIn) {
    RouteHost host;
    for (const std::string& path : {inbox_path({"K1"}), inbox_path({"K2"})}) {
        EXPECT_EQ(host.get(path).status, 401) << path;
        EXPECT_EQ(host.get(path, {{"authorization", "Bearer nonsense"}}).status, 401);
    }
    EXPECT_EQ(host.get(inbox_path({"K2"}), {{"authorization", "Bearer token-K1"}}).status, 403);
    EXPECT_EQ(host.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}}).status, 200);
}

TEST(RequestHandler, AnswersAnErrorWhenAnAnswerGotLost) {
    HeldHost host;
    EXPECT_FALSE(host.ask("GET", "/"));
    host.held.jobs.clear();
    ASSERT_TRUE(*host.last);
    EXPECT_EQ((*host.last)->status, 500);
}

}  // namespace
}  // namespace hailong::sync
