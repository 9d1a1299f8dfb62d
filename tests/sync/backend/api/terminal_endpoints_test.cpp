#include "sync/backend/api/terminal_endpoints.h"

#include <gtest/gtest.h>

#include "survey/base/json.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/service/batch_bodies.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

using sample::body_of;
using sample::Journal;
using sample::journal_of;
using sample::must;
using sample::RouteHost;

/// More than any inbox of a test, in bytes.
constexpr std::size_t kReplyUnpackedMax = 1u << 20u;

Problem problem_in(const HttpResponse& response) {
    EXPECT_EQ(response.header("Content-Type"), "application/json");
    const auto problem = decode_problem(response.body);
    EXPECT_TRUE(problem) << response.body;
    return problem.value_or(Problem{});
}

TEST(TerminalEndpoints, TakeABatchAndAnswerWithItsReceipt) {
    RouteHost host;
    const Journal journal = journal_of(3);
    const HttpResponse response = host.post_batch(journal.all());
    EXPECT_EQ(response.status, 200);
    const auto receipt = decode_receipt(response.body);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->last_seq, 3);
    EXPECT_EQ(receipt->last_hash, journal.hash_at(3));
}

TEST(TerminalEndpoints, SignEveryReceipt) {
    RouteHost host;
    const Journal journal = journal_of(2);
    for (int i = 0; i < 2; ++i) {
        const auto receipt = decode_receipt(host.post_batch(journal.all()).body);
        ASSERT_TRUE(receipt);
        EXPECT_TRUE(is_signed_by(*receipt, public_halves(host.keys).sign)) << "also of what was stored before";
    }
}

TEST(TerminalEndpoints, SayWithEveryInboxHowFarTheRecordsAreStored) {
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

std::vector<HeardStatus> kept_statuses(RouteHost& host) {
    // One thing after the other on the writer's thread: what was heard before is written then.
    host.post_batch(journal_of(1).all());
    return must(must(host.backend.store->read())->terminals().statuses({}, 9));
}

TEST(TerminalEndpoints, KeepWhatATerminalSaysOfItself) {
    RouteHost host;
    TerminalStatus status;
    status.waiting = 7;
    status.kiosk_version = "0.1.0";
    status.troubles = {"disk"};
    const HttpResponse with =
        host.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}, {"hailong-status", encode(status)}});
    EXPECT_EQ(with.status, 200);
    EXPECT_EQ(kept_statuses(host), (std::vector{HeardStatus{{"K1"}, status, sample::noon()}}));
}

TEST(TerminalEndpoints, KeepNothingThatAStrangerSaysOrThatCantBeUnderstood) {
    RouteHost host;
    const std::pair<std::string, std::string> token = {"authorization", "Bearer token-K1"};
    const HttpResponse without = host.get(inbox_path({"K1"}), {token});
    for (const std::string& text : {std::string("nonsense"), std::string(R"({"waiting":"many"})"),
                                    "{\"x\":\"" + std::string(kStatusBytesMax, 'x') + "\"}"}) {
        const HttpResponse answered = host.get(inbox_path({"K1"}), {token, {"hailong-status", text}});
        EXPECT_EQ(answered.status, 200) << text;
        EXPECT_EQ(answered.body, without.body) << "the answer is the same with and without";
    }
    EXPECT_EQ(host.get(inbox_path({"K2"}), {token, {"hailong-status", "{}"}}).status, 403);
    EXPECT_EQ(host.get(inbox_path({"K1"}), {{"hailong-status", "{}"}}).status, 401);
    EXPECT_TRUE(kept_statuses(host).empty());
}

TEST(TerminalEndpoints, WriteNothingForEveryPoll) {
    RouteHost host;
    TerminalStatus status;
    for (std::int64_t waiting = 0; waiting < 20; ++waiting) {
        status.waiting = waiting;
        host.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}, {"hailong-status", encode(status)}});
    }
    const auto kept = kept_statuses(host);
    ASSERT_EQ(kept.size(), 1u);
    EXPECT_EQ(kept.front().status.waiting, 0) << "numbers that only moved are not written at once";
}

TEST(TerminalEndpoints, TakeCompressedBatches) {
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

TEST(TerminalEndpoints, RefuseABatchForEachReasonWithItsOwnStatus) {
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

std::vector<std::string> document_names(const std::string& body) {
    const auto value = survey::parse_json(body);
    EXPECT_TRUE(value) << body;
    std::vector<std::string> names;
    if (!value) return names;
    for (const auto& document : value->at("documents").as_array())
        names.emplace_back(document.at("name").as_string());
    return names;
}

TEST(TerminalEndpoints, SendDownTheCenterAndTheQuestionnairesInEffect) {
    RouteHost host;
    const std::vector<std::pair<std::string, std::string>> token = {{"authorization", "Bearer token-K1"}};
    const HttpResponse response = host.get(inbox_path({"K1"}), token);
    EXPECT_EQ(response.status, 200);
    // Version 2 took the place of version 1 on the same day.
    EXPECT_EQ(document_names(response.body), (std::vector<std::string>{"center", "questionnaire/W5/2", "results"}));
    EXPECT_EQ(host.get(inbox_path({"K1"})).status, 401);
    EXPECT_EQ(host.get(inbox_path({"K2"}), token).status, 403);
}

TEST(TerminalEndpoints, SendTheInboxPackedToWhoTakesGzip) {
    RouteHost host;
    const std::pair<std::string, std::string> token = {"authorization", "Bearer token-K1"};
    const std::pair<std::string, std::string> gzip = {"accept-encoding", "deflate, gzip"};
    const HttpResponse plain = host.get(inbox_path({"K1"}), {token});
    const HttpResponse packed = host.get(inbox_path({"K1"}), {token, gzip});
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
    EXPECT_EQ(decompress(packed.body, Encoding::gzip, kReplyUnpackedMax).value(), plain.body);
    EXPECT_EQ(packed.header("ETag"), "W/" + std::string(plain.header("ETag"))) << "one inbox in two forms";
    for (const HttpResponse* response : {&plain, &packed}) {
        EXPECT_EQ(response->header("Vary"), "Accept-Encoding");
        EXPECT_EQ(response->header("Content-Type"), "application/json");
        const std::pair<std::string, std::string> known = {"if-none-match", std::string(response->header("ETag"))};
        const HttpResponse same = host.get(inbox_path({"K1"}), {token, known});
        EXPECT_EQ(same.status, 304);
        const HttpResponse same_packed = host.get(inbox_path({"K1"}), {token, gzip, known});
        EXPECT_EQ(same_packed.status, 304);
        EXPECT_EQ(same_packed.header("Content-Encoding"), "");
        EXPECT_EQ(same_packed.header("Vary"), "Accept-Encoding");
    }
}

TEST(TerminalEndpoints, SendAnInboxOfItsOwnAsItIs) {
    RouteHost host;
    {
        auto transaction = must(host.backend.store->write());
        sample::erase_text(*transaction, {{{"K1"}, 4, {"comment"}}, sample::noon(), "asked to"});
        must(transaction->commit());
    }
    const HttpResponse response =
        host.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}, {"accept-encoding", "gzip"}});
    EXPECT_EQ(response.header("Content-Encoding"), "");
    EXPECT_NE(response.body.find("\"erased\""), std::string::npos);
}

TEST(TerminalEndpoints, SendDownWhatTheQuestionnaireOpensAndWhatIsToCome) {
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
    }
    const HttpResponse response = host.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}});
    EXPECT_EQ(document_names(response.body),
              (std::vector<std::string>{"center", "questionnaire/MORE/1", "questionnaire/W5/2", "questionnaire/W5/3",
                                        "results"}));
}

TEST(TerminalEndpoints, SendDownTheCentersFeedbackForm) {
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

TEST(TerminalEndpoints, SendTheInboxOnlyWhenItChanged) {
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
    EXPECT_NE(changed.body.find("\"note\":\"new\""), std::string::npos) << "what is not known here goes down too";
}

}  // namespace
}  // namespace hailong::sync
