#include "sync/backend/service/routes.h"

#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::Journal;
using sample::must;
using sample::RouteHost;
using sample::visit;

Journal journal_of(int count, const std::string& kiosk = "K1") {
    Journal journal(kiosk);
    for (int i = 1; i <= count; ++i)
        journal.add(visit(static_cast<std::uint64_t>(i)));
    return journal;
}

std::string body_of(const Batch& batch) {
    return encode_batch(batch.header, batch.records, batch.texts, sample::sign_key(batch.header.kiosk.text));
}

Problem problem_in(const HttpResponse& response) {
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    const auto problem = decode_problem(response.body);
    EXPECT_TRUE(problem) << response.body;
    return problem.value_or(Problem{});
}

TEST(Routes, TakeABatchAndAnswerWithItsReceipt) {
    RouteHost host;
    const Journal journal = journal_of(3);
    const HttpResponse response = host.post_batch(journal.all());
    EXPECT_EQ(response.status, 200);
    const auto receipt = decode_receipt(response.body);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->last_seq, 3);
    EXPECT_EQ(receipt->last_hash, journal.hash_at(3));
}

TEST(Routes, SignEveryReceipt) {
    RouteHost host;
    const Journal journal = journal_of(2);
    for (int i = 0; i < 2; ++i) {
        const auto receipt = decode_receipt(host.post_batch(journal.all()).body);
        ASSERT_TRUE(receipt);
        EXPECT_TRUE(is_signed_by(*receipt, public_halves(host.keys).sign)) << "also of what was stored before";
    }
}

TEST(Routes, SayWithEveryInboxHowFarTheRecordsAreStored) {
    RouteHost host;
    const std::pair<std::string, std::string> token = {"authorization", "Bearer token-K1"};
    const HttpResponse first = host.get(inbox_path({"K1"}), {token});
    EXPECT_EQ(first.header(kStoredSeqHeader), "0");
    host.post_batch(journal_of(3).all());
    EXPECT_EQ(host.get(inbox_path({"K1"}), {token}).header(kStoredSeqHeader), "3");
    const HttpResponse same =
        host.get(inbox_path({"K1"}), {token, {"if-none-match", std::string(first.header("ETag"))}});
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.header(kStoredSeqHeader), "3") << "also when the inbox is the same";
    EXPECT_EQ(host.get(inbox_path({"K1"})).header(kStoredSeqHeader), "") << "not to strangers";
}

TEST(Routes, CountWhatLiesInTheStore) {
    RouteHost host;
    {
        auto transaction = must(host.backend.store->write());
        sample::add_incident(*transaction, {sample::noon(), {"K1"}, IncidentKind::forked, "detail", ""});
        sample::add_text(*transaction, {{{"K1"}, 1, {"comment"}}, "sealed", sample::noon()});
        sample::erase_text(*transaction, {{{"K1"}, 2, {"comment"}}, sample::noon(), "asked to"});
        Terminal second = host.backend.terminal("K2");
        second.totals.skipped = 4;
        must(transaction->terminals().put(second));
        must(transaction->commit());
    }
    Journal journal("K1");
    journal.add_bytes("unreadable");
    host.post_batch(journal.all());
    const std::string body = host.get("/metrics").body;
    for (const char* line :
         {"hailong_store{what=\"incidents\"} 1", "hailong_store{what=\"texts\"} 1", "hailong_store{what=\"erased\"} 1",
          "hailong_store{what=\"skipped\"} 4", "hailong_store{what=\"quarantined\"} 1"}) {
        EXPECT_NE(body.find(line), std::string::npos) << line << "\n" << body;
    }
}

TEST(Routes, TakeCompressedBatches) {
    RouteHost host;
    const Journal journal = journal_of(2);
    std::int64_t seq = 1;
    for (const Encoding encoding : {Encoding::gzip, Encoding::zstd}) {
        const Batch batch = journal.batch(seq, seq);
        ++seq;
        const HttpResponse response =
            host.send({"POST",
                       batches_path({"K1"}),
                       {{"authorization", "bearer token-K1"}, {"content-encoding", std::string(name(encoding))}},
                       compress(body_of(batch), encoding)});
        EXPECT_EQ(response.status, 200) << response.body;
    }
}

TEST(Routes, RefuseABatchForEachReasonWithItsOwnStatus) {
    RouteHost host;
    const Journal journal = journal_of(3);
    const Batch good = journal.all();
    const std::string body = body_of(good);
    const auto post = [&](std::vector<std::pair<std::string, std::string>> headers, std::string bytes,
                          const std::string& kiosk = "K1") {
        return host.send({"POST", batches_path({kiosk}), std::move(headers), std::move(bytes)});
    };
    const std::pair<std::string, std::string> token = {"authorization", "Bearer token-K1"};

    const HttpResponse anonymous = post({}, body);
    EXPECT_EQ(anonymous.status, 401);
    EXPECT_EQ(anonymous.header("WWW-Authenticate"), "Bearer");
    EXPECT_EQ(problem_in(anonymous).kind, ProblemKind::unauthorized);
    EXPECT_EQ(post({{"authorization", "Bearer nonsense"}}, body).status, 401);
    EXPECT_EQ(post({{"authorization", "Basic token-K1"}}, body).status, 401);
    EXPECT_EQ(post({{"authorization", "Bearer "}}, body).status, 401);

    EXPECT_EQ(problem_in(post({{"authorization", "Bearer token-K2"}}, body)).kind, ProblemKind::forbidden);
    EXPECT_EQ(problem_in(post({token}, body, "K2")).kind, ProblemKind::forbidden);
    const Batch foreign = journal_of(1, "K2").all();
    EXPECT_EQ(problem_in(post({token}, body_of(foreign))).kind, ProblemKind::forbidden);

    EXPECT_EQ(post({token}, "").status, 400);
    EXPECT_EQ(post({token}, "no batch\n").status, 400);
    EXPECT_EQ(post({token, {"content-encoding", "br"}}, body).status, 415);
    EXPECT_EQ(post({token, {"content-encoding", "zstd"}}, body).status, 400);
    for (const Encoding encoding : {Encoding::gzip, Encoding::zstd}) {
        const HttpResponse large = post({token, {"content-encoding", std::string(name(encoding))}},
                                        compress(std::string(kBatchBytesMax + 1, ' '), encoding));
        EXPECT_EQ(large.status, 413);
        EXPECT_EQ(problem_in(large).kind, ProblemKind::too_large);
    }
    Batch future = good;
    future.header.protocol = 2;
    EXPECT_EQ(problem_in(post({token}, body_of(future))).kind, ProblemKind::unsupported);

    const HttpResponse gap = host.post_batch(journal.batch(2, 3));
    EXPECT_EQ(gap.status, 409);
    EXPECT_EQ(problem_in(gap).wanted_seq, 1);
    Batch damaged = good;
    damaged.records[1][10] ^= 1;
    EXPECT_EQ(host.post_batch(damaged).status, 422);
    EXPECT_EQ(must(must(host.backend.store->read())->terminals().totals({"mau"})).records.stored, 0);
}

TEST(Routes, CountWhatTheyDid) {
    RouteHost host;
    Journal journal("K1");
    journal.add(visit(1));
    journal.add_bytes("unreadable");
    host.post_batch(journal.all());
    host.post_batch(journal.all());
    host.send({"POST", batches_path({"K1"}), {}, {}});
    const HttpResponse response = host.get("/metrics");
    EXPECT_EQ(response.status, 200);
    for (const char* line :
         {"hailong_batches_total{outcome=\"taken\"} 2", "hailong_batches_total{outcome=\"unauthorized\"} 1",
          "hailong_records_total{fate=\"counted\"} 1", "hailong_records_total{fate=\"quarantined\"} 1",
          "hailong_records_total{fate=\"duplicate\"} 2", "hailong_commits_total{outcome=\"durable\"} 2"}) {
        EXPECT_NE(response.body.find(line), std::string::npos) << line << "\n" << response.body;
    }
    EXPECT_NE(response.body.find("hailong_terminal_stored_records{"), std::string::npos);
    EXPECT_NE(response.body.find("hailong_request_seconds_count{"), std::string::npos);
}

TEST(Routes, ShowTheFourTotals) {
    RouteHost host;
    Journal journal = journal_of(3);
    journal.add_bytes("unreadable");
    journal.add(visit(9));
    const Batch part = journal.batch(1, 4);
    EXPECT_EQ(host.post_batch(part).status, 200);
    const HttpResponse vi = host.get("/centers/mau/reconciliation?period=2026-M11");
    EXPECT_EQ(vi.status, 200);
    EXPECT_NE(vi.body.find("Chưa về hệ thống (1): số 5"), std::string::npos) << vi.body;
    EXPECT_NE(vi.body.find("Để riêng, chưa tính (1): số 4"), std::string::npos);
    const HttpResponse en = host.get("/centers/mau/reconciliation?period=2026-11-22&lang=en");
    EXPECT_NE(en.body.find("Not arrived yet (1): numbers 5"), std::string::npos);
    EXPECT_NE(en.body.find("By terminal on this day"), std::string::npos);
    EXPECT_NE(host.get("/centers/mau?period=2026-M11").body.find("/centers/mau/reconciliation?period=2026-M11"),
              std::string::npos);
    const HttpResponse json = host.get("/centers/mau/reconciliation.json?period=2026-M11");
    EXPECT_EQ(json.header("Content-Type"), "application/json");
    EXPECT_NE(json.body.find(R"("missing":1,"missing_from":5)"), std::string::npos) << json.body;
    EXPECT_EQ(host.get("/centers/mau/reconciliation?period=x").status, 400);
    EXPECT_EQ(host.get("/centers/none/reconciliation").status, 404);
    EXPECT_EQ(host.send({"POST", "/centers/mau/reconciliation", {}, {}}).status, 405);
}

TEST(Routes, TellAMovedDayFromALostRating) {
    RouteHost host;
    Journal journal("K1");
    survey::Response response = visit(1, "5", sample::noon() - std::chrono::days(1));
    response.server_offset = std::chrono::days(1);
    journal.add(response);
    EXPECT_EQ(host.post_batch(journal.all()).status, 200);
    for (const char* target : {"/centers/mau/reconciliation?period=2026-11-21&lang=en",
                               "/centers/mau/reconciliation?period=2026-11-22&lang=en"}) {
        const std::string body = host.get(target).body;
        EXPECT_NE(body.find("some days were moved"), std::string::npos) << target;
        EXPECT_EQ(body.find("The totals differ"), std::string::npos) << target;
    }
    const std::string month = host.get("/centers/mau/reconciliation?period=2026-M11&lang=en").body;
    EXPECT_NE(month.find("The four totals agree"), std::string::npos);
    EXPECT_NE(month.find("counted on another day, by a corrected clock"), std::string::npos);
}

TEST(Routes, SayThatTheyAreWell) {
    RouteHost host;
    host.post_batch(journal_of(2).all());
    const HttpResponse response = host.get("/healthz");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body,
              "{\"version\":\"9.9.9\",\"status\":\"ok\",\"centers\":1,\"stored\":2,\"counted\":2,\"quarantined\":0}\n");
}

TEST(Routes, ShowPagesThatRunNothingAndStandInNoFrame) {
    RouteHost host;
    for (const char* target : {"/", "/centers/mau", "/centers/none", "/centers/mau?period=x", "/nowhere"}) {
        const HttpResponse response = host.get(target);
        EXPECT_EQ(response.header("Content-Type"), "text/html; charset=utf-8") << target;
        EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
        EXPECT_NE(response.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
        EXPECT_EQ(response.body.find("<script"), std::string::npos);
        EXPECT_EQ(response.body.find(" style="), std::string::npos) << "the policy would drop it";
    }
}

TEST(Routes, AnswerWithTheStatusThatFits) {
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
        {"/centers/mau/", 404},
        {"/centers", 404},
        {"/centers/mau/results.xml", 404},
        {"/centers/mau/results.json/x", 404},
        {"/centers/mau?period=2026-M13", 400},
        {"/centers/mau/results.json?period=2026-Q5", 400},
        {"/centers/mau?period=%3Cscript%3E", 400},
        {"/centers/mau?period=%", 400},
        {"//", 404},
        {"/../etc/passwd", 404},
        {"http://x/", 400},
        {"*", 400},
    };
    for (const auto& [target, status] : expected)
        EXPECT_EQ(host.get(target).status, status) << target;
    EXPECT_EQ(host.get("/" + std::string(kTargetBytesMax, 'a')).status, 400);
}

TEST(Routes, SayWhichMethodsAnAddressTakes) {
    RouteHost host;
    const HttpResponse post = host.send({"POST", "/centers/mau", {}, {}});
    EXPECT_EQ(post.status, 405);
    EXPECT_EQ(post.header("Allow"), "GET, HEAD");
    const HttpResponse get = host.get(batches_path({"K1"}));
    EXPECT_EQ(get.status, 405);
    EXPECT_EQ(get.header("Allow"), "POST");
    EXPECT_EQ(host.send({"HEAD", "/", {}, {}}).status, 200);
}

TEST(Routes, ExplainABadPeriodWithoutRunningIt) {
    RouteHost host;
    const std::string body = host.get("/centers/mau?period=%3Cb%3E2026-M13").body;
    EXPECT_EQ(body.find("<b>"), std::string::npos);
    EXPECT_NE(body.find("&lt;b&gt;2026-M13"), std::string::npos);
    EXPECT_NE(body.find("2026-Q4"), std::string::npos);
}

std::vector<std::string> document_names(const std::string& body) {
    const auto value = survey::parse_json(body);
    EXPECT_TRUE(value) << body;
    std::vector<std::string> names;
    if (!value) return names;
    for (const auto& document : value->at("documents").as_array())
        names.emplace_back(document.at("name").as_string());
    return names;
}

TEST(Routes, SendDownTheCenterAndTheQuestionnairesInEffect) {
    RouteHost host;
    const std::vector<std::pair<std::string, std::string>> token = {{"authorization", "Bearer token-K1"}};
    const HttpResponse response = host.get(inbox_path({"K1"}), token);
    EXPECT_EQ(response.status, 200);
    // Version 2 took the place of version 1 on the same day.
    EXPECT_EQ(document_names(response.body), (std::vector<std::string>{"center", "questionnaire/W5/2", "results"}));
    EXPECT_EQ(host.get(inbox_path({"K1"})).status, 401);
    EXPECT_EQ(host.get(inbox_path({"K2"}), token).status, 403);
}

TEST(Routes, SendDownWhatTheQuestionnaireOpensAndWhatIsToCome) {
    RouteHost host;
    {
        auto transaction = must(host.backend.store->write());
        const auto put = [&](const std::string& id, int version, const std::string& from, const std::string& opens) {
            std::string json = sample::questionnaire_json(id, version);
            json.replace(json.find("2026-01-01"), 10, from);
            if (!opens.empty()) {
                const std::size_t at = json.find("\"icon\":\"face_1\"");
                json.insert(at, "\"opens\":\"" + opens + "\",");
            }
            must(transaction->documents().put_questionnaire({{{id}, version}, json}));
        };
        put("W5", 3, "2027-01-01", "MORE");
        put("MORE", 1, "2026-01-01", "W5");
        put("ALONE", 1, "2026-01-01", "");
        must(transaction->commit());
        } const HttpResponse response = host.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}});
        EXPECT_EQ(document_names(response.body),
                  (std::vector<std::string>{"center", "questionnaire/MORE/1", "questionnaire/W5/2",
                                            "questionnaire/W5/3", "results"}));
    }

    TEST(Routes, SendDownTheCentersFeedbackForm) {
        RouteHost host;
        {
            auto transaction = must(host.backend.store->write());
            must(transaction->documents().put_center({"mau"}, sample::center_json("mau", R"(,"feedback":"TALK")")));
        must(transaction->documents().put_questionnaire({{{"TALK"}, 1}, sample::questionnaire_json("TALK", 1)}));
        must(transaction->documents().put_questionnaire({{{"ALONE"}, 1}, sample::questionnaire_json("ALONE", 1)}));
                    must(transaction->commit());
    }
    const HttpResponse response = host.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}});
    EXPECT_EQ(document_names(response.body),
              (std::vector<std::string>{"center", "questionnaire/TALK/1", "questionnaire/W5/2", "results"}));
}

TEST(Routes, SendTheInboxOnlyWhenItChanged) {
                RouteHost host;
                const std::pair<std::string, std::string> token = {"authorization", "Bearer token-K1"};
                const std::string etag(host.get(inbox_path({"K1"}), {token}).header("ETag"));
                ASSERT_FALSE(etag.empty());
                host.post_batch(journal_of(2).all());
                const HttpResponse same = host.get(inbox_path({"K1"}), {token, {"if-none-match", etag}});
                EXPECT_EQ(same.status, 304);
                EXPECT_EQ(same.body, "");
                EXPECT_EQ(host.get(inbox_path({"K1"}), {token, {"if-none-match", "W/\"x\", W/" + etag}}).status, 304);
                {
                    auto transaction = must(host.backend.store->write());
                    must(transaction->documents().put_center({"mau"}, sample::center_json("mau", ",\"note\":\"new\"")));
                    must(transaction->commit());
                }
                const HttpResponse changed = host.get(inbox_path({"K1"}), {token, {"if-none-match", etag}});
                EXPECT_EQ(changed.status, 200);
                EXPECT_NE(changed.body.find("\"note\":\"new\""), std::string::npos)
                    << "what is not known here goes down too";
}

TEST(Routes, SayLaterWhenTheStoreCantBeRead) {
                class Broken final : public Store {
                  public:
                    StoreResult<std::unique_ptr<Snapshot>> read() override { return unexpected(error()); }
                    StoreResult<std::unique_ptr<Transaction>> write() override { return unexpected(error()); }
                    static StoreError error() { return {StoreErrorKind::io, "the disk is gone", "find it"}; }
                };
                Broken store;
                RouteHost host;
                ReferenceCache references;
                std::vector<std::string> logged;
                Writer writer(store, references, host.clock, host.metrics, [](const std::string&) {});
                InboxCache inboxes(references);
                Routes routes({store, references, inboxes, writer, host.metrics, sample::pages(), host.clock, host.keys,
                               host.wrong_codes, [&](const std::string& line) { logged.push_back(line); }, "1"});
                const auto status = [&](const std::string& target) {
                    int result = 0;
                    routes.handle({"GET", target, {{"authorization", "Bearer token-K1"}}, {}},
                                  Responder([&](HttpResponse response) { result = response.status; }));
                    return result;
                };
                EXPECT_EQ(status("/"), 503);
                EXPECT_EQ(status("/centers/mau"), 503);
                EXPECT_EQ(status("/healthz"), 503);
                EXPECT_EQ(status("/metrics"), 503);
                EXPECT_EQ(status(inbox_path({"K1"})), 500);
                EXPECT_EQ(logged.size(), 2u);
}

        }  // namespace
    }      // namespace hailong::sync
