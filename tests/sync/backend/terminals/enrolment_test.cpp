#include "sync/backend/terminals/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/protocol/endpoints.h"
#include "tests/sync/backend/cli/command_fixture.h"
#include "tests/sync/backend/service/service_fixture.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::enrolment_request;
using sample::must;
using sample::Ran;
using sample::RouteHost;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kCode = "K7QM2XRT9FAB";

/// A backend with one code for terminal N1, which nobody knows yet.
class Enrolling : public testing::Test {
  protected:
    Enrolling() { keep(kCode, "N1"); }

    void keep(const std::string& code, const std::string& kiosk, minutes valid = minutes(60),
              const std::string& center = "mau") {
        auto transaction = must(backend().store->write());
        must(keep_code(code, {kiosk}, {center}, host_.clock.now() + valid, *transaction));
        must(transaction->commit());
    }
    HttpResponse post(const std::string& body) { return host_.send({"POST", kEnrolmentsPath, {}, body}); }
    HttpResponse post(const EnrolmentRequest& request) { return post(encode(request)); }
    Enrolment granted(const EnrolmentRequest& request) {
        const HttpResponse response = post(request);
        EXPECT_EQ(response.status, 200) << response.body;
        const auto enrolment = decode_enrolment(response.body);
        EXPECT_TRUE(enrolment);
        return enrolment.value_or(Enrolment{});
    }
    Problem refused(const EnrolmentRequest& request) {
        const HttpResponse response = post(request);
        EXPECT_NE(response.status, 200);
        const auto problem = decode_problem(response.body);
        EXPECT_TRUE(problem) << response.body;
        return problem.value_or(Problem{});
    }
    std::optional<Terminal> terminal(const std::string& kiosk) { return must(reader()->terminals().terminal({kiosk})); }
    std::vector<Incident> incidents() { return must(reader()->incidents().newest(100)); }
    std::unique_ptr<Snapshot> reader() { return must(backend().store->read()); }
    sample::Backend& backend() { return host_.backend; }

    RouteHost host_;
};

TEST_F(Enrolling, MakesATerminalThisBackends) {
    const HttpResponse response = post(enrolment_request(kCode, "N1", "N1"));
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
    const auto enrolment = decode_enrolment(response.body);
    ASSERT_TRUE(enrolment) << response.body;
    EXPECT_EQ(enrolment->kiosk.text, "N1");
    EXPECT_EQ(enrolment->center.text, "mau");
    EXPECT_EQ(enrolment->keys, public_halves(host_.keys));
    EXPECT_EQ(enrolment->last_seq, 0);
    EXPECT_EQ(enrolment->last_hash, survey::kChainStart);
    EXPECT_EQ(enrolment->received, host_.clock.now());
    EXPECT_EQ(enrolment->token.size(), 64) << "256 bits";
    const auto known = terminal("N1");
    ASSERT_TRUE(known);
    EXPECT_EQ(known->token_hash, to_hex(survey::sha256(enrolment->token))) << "the token itself is not kept";
    EXPECT_EQ(known->key, survey::public_half(sample::sign_key("N1")));
    EXPECT_EQ(must(reader()->terminals().keys({"N1"})).size(), 1u);
    EXPECT_THAT(incidents(), IsEmpty());
    sample::Journal journal("N1");
    journal.add(sample::visit(1));
    EXPECT_EQ(host_.post_batch(journal.all(), enrolment->token, "N1").status, 200);
}

TEST_F(Enrolling, TakesTheCodeOnceFromOneKey) {
    granted(enrolment_request(kCode, "N1", "N1"));
    const Problem problem = refused(enrolment_request(kCode, "N1", "thief"));
    EXPECT_EQ(problem.kind, ProblemKind::unauthorized);
    EXPECT_THAT(problem.detail, HasSubstr("used already"));
    EXPECT_EQ(terminal("N1")->key, survey::public_half(sample::sign_key("N1")));
    ASSERT_EQ(incidents().size(), 1u);
    EXPECT_EQ(incidents()[0].kind, IncidentKind::wrong_code);
    EXPECT_EQ(incidents()[0].detail, "on 2026-11-22: the code was used already");
    EXPECT_EQ(incidents()[0].kiosk.text, "N1");
}

TEST_F(Enrolling, AnswersTheSameKeyAgainWhenTheAnswerWasLost) {
    const Enrolment first = granted(enrolment_request(kCode, "N1"));
    const Enrolment second = granted(enrolment_request(kCode, "N1"));
    EXPECT_EQ(first.token, second.token) << "a request that arrives twice ends nothing";
    EXPECT_EQ(host_.get(inbox_path({"N1"}), {{"authorization", "Bearer " + first.token}}).status, 200);
    EXPECT_EQ(must(reader()->terminals().keys({"N1"})).size(), 1u);
}

TEST_F(Enrolling, GivesAnotherTokenForAnotherCodeAndOnAnotherBackend) {
    const std::string first = granted(enrolment_request(kCode, "N1")).token;
    keep("0123456789AB", "N1");
    const std::string second = granted(enrolment_request("0123456789AB", "N1")).token;
    EXPECT_NE(first, second);
    EXPECT_EQ(host_.get(inbox_path({"N1"}), {{"authorization", "Bearer " + first}}).status, 401);
    EXPECT_EQ(host_.get(inbox_path({"N1"}), {{"authorization", "Bearer " + second}}).status, 200);
    host_.keys.sign = survey::make_sign_key();
    EXPECT_NE(granted(enrolment_request("0123456789AB", "N1")).token, second) << "nobody else can make it";
}

TEST_F(Enrolling, TellsHowFarTheRecordsAreStored) {
    sample::Journal journal("K1");
    for (std::uint64_t i = 1; i <= 3; ++i)
        journal.add(sample::visit(i));
    ASSERT_EQ(host_.post_batch(journal.all()).status, 200);
    keep("AAAABBBBCCCC", "K1");
    const Enrolment enrolment = granted(enrolment_request("AAAABBBBCCCC", "K1", "new disk"));
    EXPECT_EQ(enrolment.last_seq, 3);
    EXPECT_EQ(enrolment.last_hash, journal.hash_at(3));
    EXPECT_EQ(host_.get(inbox_path({"K1"}), {{"authorization", "Bearer token-K1"}}).status, 401) << "the old token";
    EXPECT_EQ(must(reader()->terminals().keys({"K1"})).size(), 2u) << "what the old key signed can be checked for ever";
}

TEST_F(Enrolling, RefusesAWrongCodeAndTellsPeopleOnceADay) {
    for (int i = 0; i < 3; ++i) {
        const Problem problem = refused(enrolment_request("000000000000", "K1"));
        EXPECT_EQ(problem.kind, ProblemKind::unauthorized);
    }
    refused(enrolment_request("000000000000", "invented-1"));
    refused(enrolment_request("000000000000", "invented-2"));
    ASSERT_EQ(incidents().size(), 2u) << "of a terminal that exists, and of all names that do not";
    EXPECT_EQ(incidents()[0].kind, IncidentKind::wrong_code);
    EXPECT_EQ(incidents()[0].kiosk.text, "K1");
    EXPECT_EQ(incidents()[1].kiosk.text, "");
    EXPECT_EQ(terminal("K1")->key, survey::public_half(sample::sign_key("K1")));
    EXPECT_FALSE(terminal("invented-1"));
}

TEST_F(Enrolling, RefusesACodeThatIsTooOld) {
    host_.clock.set(sample::noon() + minutes(60));
    granted(enrolment_request(kCode, "N1"));
    host_.clock.set(sample::noon() + minutes(60) + std::chrono::milliseconds(1));
    EXPECT_THAT(refused(enrolment_request(kCode, "N1")).detail, HasSubstr("too old"));
}

/// Or it would be good for as long as the clock was ahead.
TEST_F(Enrolling, RefusesACodeThatWasMadeWhileTheClockWasAhead) {
    keep("AAAABBBBCCCC", "N1", minutes(400 * 1'440));
    EXPECT_THAT(refused(enrolment_request("AAAABBBBCCCC", "N1")).detail, HasSubstr("clock was wrong"));
    keep("AAAABBBBCCCC", "N1", minutes(kCodeMinutesMax + 1));
    EXPECT_THAT(refused(enrolment_request("AAAABBBBCCCC", "N1")).detail, HasSubstr("clock was wrong"));
    keep("AAAABBBBCCCC", "N1", minutes(kCodeMinutesMax));
    granted(enrolment_request("AAAABBBBCCCC", "N1"));
}

TEST_F(Enrolling, RefusesACodeForAnotherTerminal) {
    EXPECT_THAT(refused(enrolment_request(kCode, "K1")).detail, HasSubstr("another terminal"));
    EXPECT_FALSE(terminal("N1"));
}

TEST_F(Enrolling, RefusesToMoveATerminalToAnotherCenter) {
    keep("AAAABBBBCCCC", "K1", minutes(60), "elsewhere");
    EXPECT_THAT(refused(enrolment_request("AAAABBBBCCCC", "K1")).detail, HasSubstr("another center"));
    EXPECT_EQ(terminal("K1")->center.text, "mau");
}

TEST_F(Enrolling, RefusesAKeyThatTheAskerDoesNotHold) {
    EnrolmentRequest request = enrolment_request(kCode, "N1", "N1");
    request.public_key = survey::public_half(sample::sign_key("somebody else"));
    EXPECT_EQ(refused(request).kind, ProblemKind::bad_signature);
    request = enrolment_request(kCode, "N1");
    request.kiosk = {"K1"};
    EXPECT_EQ(refused(request).kind, ProblemKind::bad_signature);
    EXPECT_FALSE(terminal("N1"));
}

TEST_F(Enrolling, RefusesWhatIsNoRequest) {
    for (const std::string& body : {std::string(), std::string("{}"), std::string("[1]"), std::string("<html>"),
                                    "\"" + std::string(kEnrolmentBytesMax, 'x') + "\""}) {
        const HttpResponse response = post(body);
        EXPECT_EQ(response.status, 400) << body.substr(0, 20);
        EXPECT_EQ(decode_problem(response.body)->kind, ProblemKind::malformed);
    }
    const std::string good = encode(enrolment_request(kCode, "N1"));
    EXPECT_EQ(host_.send({"POST", kEnrolmentsPath, {{"content-encoding", "zstd"}}, good}).status, 415);
    EXPECT_EQ(host_.get(kEnrolmentsPath).status, 405);
    EXPECT_FALSE(terminal("N1"));
}

TEST_F(Enrolling, LeavesAnAddressThatTriesCodesAloneForAWhile) {
    const std::string wrong = encode(enrolment_request("000000000000", "N1"));
    const auto tries = [&](const std::string& body, const std::string& client) {
        return host_.send({"POST", kEnrolmentsPath, {}, body, client});
    };
    for (std::size_t i = 0; i < WrongCodes::kMost; ++i)
        EXPECT_EQ(tries(encode(enrolment_request("000000000000", "N" + std::to_string(i))), "192.0.2.1").status, 401);
    const HttpResponse later = tries(wrong, "192.0.2.1");
    EXPECT_EQ(later.status, 503);
    EXPECT_EQ(later.header("Retry-After"), "60");
    EXPECT_EQ(tries(wrong, "192.0.2.2").status, 401) << "others mistype, too";
    EXPECT_EQ(tries(encode(enrolment_request(kCode, "N1")), "192.0.2.1").status, 200)
        << "and who has the right one comes in, whoever else sits behind the same address";
}

TEST_F(Enrolling, LeavesATerminalWhoseCodesAreTriedFromEverywhereAloneAndLetsItsOwnIn) {
    for (std::size_t i = 0; i < WrongCodes::kMost; ++i) {
        const std::string client = "192.0.2." + std::to_string(i);
        EXPECT_EQ(
            host_.send({"POST", kEnrolmentsPath, {}, encode(enrolment_request("000000000000", "N1")), client}).status,
            401);
    }
    EXPECT_EQ(post(enrolment_request("000000000000", "N1")).status, 503);
    granted(enrolment_request(kCode, "N1"));
}

TEST_F(Enrolling, WritesNothingMoreForCodesThatAreTriedByMany) {
    for (std::size_t i = 0; i < WrongCodes::kToldMost; ++i) {
        const EnrolmentRequest request = enrolment_request("000000000000", "N" + std::to_string(i));
        host_.send({"POST", kEnrolmentsPath, {}, encode(request), "192.0.2." + std::to_string(i)});
    }
    auto other = must(backend().store->write());  // a transaction would find the store busy
    EXPECT_EQ(refused(enrolment_request("000000000000", "K2")).kind, ProblemKind::unauthorized);
    other.reset();
    granted(enrolment_request(kCode, "N1"));
}

TEST(WrongCodes, AreForgottenAfterAMinute) {
    WrongCodes wrong;
    survey::MonoTime now{std::chrono::seconds(5)};
    for (std::size_t i = 0; i < WrongCodes::kMost; ++i) {
        EXPECT_FALSE(wrong.are_too_many("a", {"N1"}, now)) << i;
        EXPECT_TRUE(wrong.add("a", {"N1"}, now));
    }
    EXPECT_FALSE(wrong.add("b", {"N2"}, now)) << "people were told of enough";
    EXPECT_TRUE(wrong.are_too_many("a", {"N2"}, now));
    EXPECT_TRUE(wrong.are_too_many("b", {"N1"}, now));
    EXPECT_FALSE(wrong.are_too_many("b", {"N2"}, now));
    EXPECT_TRUE(wrong.are_too_many("a", {"N1"}, now + std::chrono::milliseconds(59'999)));
    EXPECT_FALSE(wrong.are_too_many("a", {"N1"}, now + minutes(1)));
}

TEST(WrongCodes, AreRememberedUpToALimit) {
    WrongCodes wrong;
    const survey::MonoTime now{};
    for (std::size_t i = 0; i < WrongCodes::kMost; ++i)
        static_cast<void>(wrong.add("first", {"N1"}, now));
    for (std::size_t i = 0; i < WrongCodes::kKeptMost; ++i)
        static_cast<void>(wrong.add(std::to_string(i), {std::to_string(i)}, now));
    EXPECT_FALSE(wrong.are_too_many("first", {"N1"}, now));
}

TEST_F(Enrolling, SaysLaterWhenNothingCanBeWritten) {
    // Another program writes, and does not end: the service's own store would wait five seconds.
    auto other = must(backend().store->write());
    const HttpResponse response = post(enrolment_request(kCode, "N1"));
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(decode_problem(response.body)->kind, ProblemKind::overloaded);
    other.reset();
    granted(enrolment_request(kCode, "N1"));
}

TEST_F(Enrolling, EndsWithRevoking) {
    granted(enrolment_request(kCode, "N1"));
    {
        auto transaction = must(backend().store->write());
        EXPECT_TRUE(must(revoke({"N1"}, *transaction)));
        EXPECT_FALSE(must(revoke({"N1"}, *transaction))) << "there is nothing left to end";
        must(transaction->commit());
    }
    EXPECT_EQ(terminal("N1")->token_hash, "");
    EXPECT_FALSE(terminal("N1")->key);
    refused(enrolment_request(kCode, "N1"));
    EXPECT_FALSE(terminal("N1")->key) << "a revoked terminal does not come back by its old code";
}

TEST_F(Enrolling, EndsACodeThatNobodyUsedYetWithRevoking) {
    keep("AAAABBBBCCCC", "K1");
    {
        auto transaction = must(backend().store->write());
        EXPECT_TRUE(must(revoke({"K1"}, *transaction)));
        must(transaction->commit());
    }
    EXPECT_THAT(refused(enrolment_request("AAAABBBBCCCC", "K1")).detail, HasSubstr("no such code"));
}

TEST_F(Enrolling, EndsAnEarlierCodeWithTheNextOne) {
    keep("AAAABBBBCCCC", "N1");
    refused(enrolment_request(kCode, "N1"));
    granted(enrolment_request("AAAABBBBCCCC", "N1"));
}

TEST_F(Enrolling, RefusesAUsedCodeOfATerminalWhoseKeyEnded) {
    granted(enrolment_request(kCode, "N1"));
    {
        auto transaction = must(backend().store->write());
        Terminal ended = *terminal("N1");
        ended.key.reset();
        must(transaction->terminals().put(ended));
        must(transaction->commit());
    }
    EXPECT_THAT(refused(enrolment_request(kCode, "N1")).detail, HasSubstr("revoked"));
}

class EnrollCommand : public sample::Commands {
  protected:
    std::vector<std::string> texts(const std::string& kiosk = "K1", const std::string& center = "binh-minh") const {
        return {"enroll", "--data", data(), "--center", center, "--kiosk", kiosk};
    }
    std::string path(const std::string& name) const { return folder_ / name; }
    std::string code() {
        const Ran ran = run(texts());
        EXPECT_EQ(ran.status, 0) << ran.err;
        return ran.out;
    }
    Ran answer(const EnrolmentRequest& request) {
        const std::string file = write("request.json", encode(request)).string();
        return run({"enroll", "--data", data(), "--request", file, "--answer", path("answer.json")});
    }
};

TEST_F(EnrollCommand, PrintsTheCodeAloneAndKeepsOnlyItsHash) {
    ASSERT_EQ(init().status, 0);
    const Ran ran = run(texts());
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, testing::MatchesRegex("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\n"));
    const std::string code = *parse_code(ran.out);
    EXPECT_THAT(ran.err, HasSubstr("hailong-sync enroll"));
    EXPECT_THAT(ran.err, HasSubstr("2026-11-22T09:00:00.000+07:00"));
    const auto kept = must(reader()->terminals().code(to_hex(survey::sha256(code))));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->kiosk.text, "K1");
    EXPECT_EQ(kept->expires, clock_.now() + minutes(60));
    EXPECT_FALSE(must(reader()->terminals().terminal({"K1"}))) << "it is one when it comes with the code";
    const std::string file = survey::read_file(fs::path(data()) / kStoreFile).value_or("") +
                             survey::read_file(fs::path(data()) / (std::string(kStoreFile) + "-wal")).value_or("");
    EXPECT_EQ(file.find(code), std::string::npos);
    EXPECT_EQ(file.find(show_code(code)), std::string::npos);
    EXPECT_NE(run(texts()).out, ran.out);
}

TEST_F(EnrollCommand, AnswersARequestThatWasCarriedHere) {
    ASSERT_EQ(init().status, 0);
    const Ran ran = answer(enrolment_request(code()));
    ASSERT_EQ(ran.status, 0) << ran.err;
    const auto enrolment = decode_enrolment(survey::read_file(path("answer.json")).value_or(""));
    ASSERT_TRUE(enrolment);
    EXPECT_EQ(enrolment->keys, public_halves(*load_keys(data())));
    EXPECT_EQ(must(reader()->terminals().terminal({"K1"}))->token_hash, to_hex(survey::sha256(enrolment->token)));
    EXPECT_EQ(ran.out.find(enrolment->token), std::string::npos) << "not on the screen";
    EXPECT_EQ(fs::status(path("answer.json")).permissions() & (fs::perms::group_all | fs::perms::others_all),
              fs::perms::none);
}

TEST_F(EnrollCommand, RefusesARequestAndWritesNoAnswer) {
    ASSERT_EQ(init().status, 0);
    const Ran wrong = answer(enrolment_request("000000000000"));
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.err, HasSubstr("no such code"));
    EXPECT_FALSE(fs::exists(path("answer.json")));
    EXPECT_EQ(must(reader()->incidents().newest(100)).size(), 1u);
    const std::string file = write("request.json", "{}").string();
    EXPECT_THAT(run({"enroll", "--data", data(), "--request", file, "--answer", path("answer.json")}).err,
                HasSubstr("request.json: code"));
    EXPECT_EQ(run({"enroll", "--data", data(), "--request", "/nonexistent", "--answer", path("a")}).status, 1);
}

TEST_F(EnrollCommand, EnrollsNothingWhenTheAnswerCantBeWritten) {
    ASSERT_EQ(init().status, 0);
    const std::string file = write("request.json", encode(enrolment_request(code()))).string();
    const std::vector<std::string> to_nowhere = {
        "enroll", "--data", data(), "--request", file, "--answer", "/nonexistent/answer"};
    const Ran ran = run(to_nowhere);
    EXPECT_EQ(ran.status, 1);
    EXPECT_THAT(ran.err, HasSubstr("nothing was enrolled"));
    EXPECT_FALSE(must(reader()->terminals().terminal({"K1"})));
    EXPECT_EQ(run({"enroll", "--data", data(), "--request", file, "--answer", path("answer.json")}).status, 0);
}

TEST_F(EnrollCommand, RefusesWhatDoesNotFit) {
    EXPECT_EQ(run(texts()).status, 1);
    ASSERT_EQ(init().status, 0);
    EXPECT_THAT(run(texts("K1", "nowhere")).err, HasSubstr("there is no center"));
    EXPECT_EQ(run(texts("K 1")).status, 2);
    for (const char* bad : {"0", "-1", "1441", "x"}) {
        auto with_minutes = texts();
        with_minutes.insert(with_minutes.end(), {"--valid-minutes", bad});
        EXPECT_EQ(run(with_minutes).status, 2) << bad;
    }
    EXPECT_EQ(run({"enroll", "--data", data()}).status, 2);
    EXPECT_EQ(run({"enroll", "--data", data(), "--kiosk", "K1"}).status, 2);
    EXPECT_EQ(run({"enroll", "--data", data(), "--request", "x"}).status, 2);
    auto mixed = texts();
    mixed.insert(mixed.end(), {"--request", "x"});
    EXPECT_EQ(run(mixed).status, 2);

    ASSERT_EQ(answer(enrolment_request(code())).status, 0);
    std::string json = survey::read_file(sample::kAssets / "demo" / "center.json").value_or("");
    json.replace(json.find("\"binh-minh\""), 11, "\"an-khanh\"");
    ASSERT_EQ(init(write("other.json", json).string()).status, 0);
    const Ran moved = run(texts("K1", "an-khanh"));
    EXPECT_EQ(moved.status, 1);
    EXPECT_THAT(moved.err, HasSubstr("belongs to the center"));

    fs::remove(fs::path(data()) / "keys" / "sign.key");
    EXPECT_THAT(run(texts()).err, HasSubstr("sign.key is missing"));
}

TEST_F(EnrollCommand, RevokeEndsTokenAndKeyAndKeepsTheRecords) {
    ASSERT_EQ(init().status, 0);
    EXPECT_THAT(run({"revoke", "--data", data(), "--kiosk", "K1"}).err, HasSubstr("no terminal \"K1\""));
    const std::string first = code();
    ASSERT_EQ(answer(enrolment_request(first)).status, 0);
    const Ran ran = run({"revoke", "--data", data(), "--kiosk", "K1"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("is revoked"));
    EXPECT_EQ(must(reader()->terminals().terminal({"K1"}))->token_hash, "");
    EXPECT_EQ(must(reader()->terminals().keys({"K1"})).size(), 1u);
    EXPECT_EQ(answer(enrolment_request(first)).status, 1);
    EXPECT_THAT(run({"revoke", "--data", data(), "--kiosk", "K1"}).out, HasSubstr("nothing changed"));
    EXPECT_EQ(answer(enrolment_request(code(), "K1", "new")).status, 0) << "a new code enrols it again";
}

}  // namespace
}  // namespace hailong::sync
