#include "sync/protocol/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/replaced.h"
#include "tests/sync/protocol/faults.h"

namespace hailong::sync {
namespace {

using testing::ElementsAre;
using tests::replaced;

constexpr ProblemKind kKinds[] = {ProblemKind::malformed,      ProblemKind::unauthorized, ProblemKind::bad_signature,
                                  ProblemKind::forbidden,      ProblemKind::gap,          ProblemKind::altered,
                                  ProblemKind::chain_mismatch, ProblemKind::too_large,    ProblemKind::unsupported,
                                  ProblemKind::overloaded,     ProblemKind::internal};

Receipt receipt() {
    Receipt made;
    made.kiosk = {"k-01"};
    made.last_seq = 12;
    made.last_hash = survey::sha256("x");
    made.accepted = 3;
    made.duplicates = 2;
    made.quarantined = {{11, QuarantineReason::unknown_officer, "officer \"tp-99\" is not in the center"}};
    made.received = survey::UtcTime{survey::milliseconds{1'795'309'200'000}};
    return made;
}

TEST(Receipt, IsCanonicalJson) {
    EXPECT_EQ(encode(receipt()),
              R"({"accepted":3,"duplicates":2,"kiosk":"k-01","last_hash":")" + survey::to_hex(survey::sha256("x")) +
                  R"(","last_seq":12,"quarantined":[{"detail":"officer \"tp-99\" is not in the center",)"
                  R"("reason":"unknown_officer","seq":11}],"received_ms":1795309200000})");
}

TEST(Receipt, ComesBackAsItWasSent) {
    EXPECT_EQ(decode_receipt(encode(receipt())), receipt());
    Receipt signed_one = receipt();
    const survey::SignSecretKey key = survey::make_sign_key();
    signed_one.signature = survey::sign(receipt_text(signed_one), key);
    EXPECT_EQ(decode_receipt(encode(signed_one)), signed_one);
    EXPECT_TRUE(is_signed_by(signed_one, survey::public_half(key)));
    EXPECT_FALSE(is_signed_by(receipt(), survey::public_half(key)));
    EXPECT_FALSE(is_signed_by(signed_one, survey::public_half(survey::make_sign_key())));
}

TEST(Receipt, KeepsTheWordOfAReasonThatIsNotKnown) {
    const auto with = [](const std::string& reason, const std::string& detail) {
        Receipt made = receipt();
        made.quarantined[0].detail = detail;
        return decode_receipt(replaced(encode(made), "unknown_officer", reason))->quarantined.at(0);
    };
    EXPECT_EQ(with("of_later", "what is new"), (Quarantined{11, QuarantineReason::other, "of_later: what is new"}));
    EXPECT_EQ(with("of_later", ""), (Quarantined{11, QuarantineReason::other, "of_later"}));
    EXPECT_EQ(with("other", "x"), (Quarantined{11, QuarantineReason::other, "x"}));
}

TEST(QuarantineReason, HasStableNames) {
    for (const std::string_view word :
         {"unknown_format", "unreadable", "wrong_place", "duplicate_id", "unknown_questionnaire", "unknown_center",
          "unknown_counter", "unknown_officer", "unknown_procedure", "unknown_field", "invalid", "other"}) {
        const auto reason = parse_quarantine_reason(word);
        ASSERT_TRUE(reason) << word;
        EXPECT_EQ(name(*reason), word);
    }
    EXPECT_EQ(parse_quarantine_reason("of_later"), std::nullopt);
    EXPECT_EQ(parse_quarantine_reason(""), std::nullopt);
}

TEST(Receipt, IsSignedOverAllThatItConfirms) {
    const survey::SignSecretKey key = survey::make_sign_key();
    Receipt made = receipt();
    made.signature = survey::sign(receipt_text(made), key);
    const auto with = [&](auto&& change) {
        Receipt changed = made;
        change(changed);
        return is_signed_by(changed, survey::public_half(key));
    };
    EXPECT_FALSE(with([](Receipt& r) { r.kiosk = {"k-02"}; }));
    EXPECT_FALSE(with([](Receipt& r) { r.last_seq += 1; }));
    EXPECT_FALSE(with([](Receipt& r) { r.last_hash = survey::sha256("y"); }));
    EXPECT_FALSE(with([](Receipt& r) { r.received += survey::milliseconds{1}; }));
}

TEST(Receipt, RefusesEveryTruncation) {
    const std::string text = encode(receipt());
    for (std::size_t length = 0; length < text.size(); ++length)
        EXPECT_FALSE(decode_receipt(text.substr(0, length)));
}

TEST(Receipt, NamesThePlaceOfEachFault) {
    const std::string text = encode(receipt());
    const auto faults = [&](const std::string& from, const std::string& to) {
        return places(decode_receipt(replaced(text, from, to)));
    };
    EXPECT_THAT(faults(R"("last_seq":12)", R"("last_seq":0)"), ElementsAre("last_seq"));
    EXPECT_THAT(faults(R"("last_seq":12)", R"("last_seq":"12")"), ElementsAre("last_seq"));
    EXPECT_THAT(faults(R"("last_hash":")", R"("last_hash":"0)"), ElementsAre("last_hash"));
    EXPECT_THAT(faults(R"("quarantined":)", R"("signature":"AA==","quarantined":)"), ElementsAre("signature"));
    EXPECT_THAT(faults(R"("kiosk":"k-01")", R"("kiosk":"")"), ElementsAre("kiosk"));
    EXPECT_THAT(faults(R"("seq":11)", R"("seq":-1)"), ElementsAre("quarantined[0].seq"));
    EXPECT_THAT(faults(R"("quarantined":[)", R"("quarantined":[7,)"), ElementsAre("quarantined[0]"));
    EXPECT_THAT(places(decode_receipt("{}")),
                ElementsAre("kiosk", "last_seq", "last_hash", "accepted", "duplicates", "received_ms", "quarantined"));
    EXPECT_FALSE(decode_receipt("<html><body>Please log in</body></html>"));
}

TEST(Receipt, IgnoresMembersItDoesNotKnow) {
    EXPECT_EQ(decode_receipt(replaced(encode(receipt()), "{", R"({"mood":"fine",)")), receipt());
}

TEST(Problem, ComesBackAsItWasSent) {
    for (const ProblemKind kind : kKinds) {
        const Problem sent{kind, "chi tiết", 5, 6};
        EXPECT_EQ(decode_problem(encode(sent)), sent) << name(kind);
    }
    const Problem plain{ProblemKind::overloaded, "", std::nullopt, std::nullopt};
    EXPECT_EQ(encode(plain), R"({"detail":"","problem":"overloaded"})");
    EXPECT_EQ(decode_problem(encode(plain)), plain);
}

TEST(Problem, HasAWordAndAStatusOfItsOwn) {
    std::map<std::string, int> statuses;
    for (const ProblemKind kind : kKinds)
        statuses.emplace(name(kind), http_status(kind));
    EXPECT_THAT(statuses, ElementsAre(std::pair("altered", 409), std::pair("bad_signature", 401),
                                      std::pair("chain_mismatch", 422), std::pair("forbidden", 403),
                                      std::pair("gap", 409), std::pair("internal", 500), std::pair("malformed", 400),
                                      std::pair("overloaded", 503), std::pair("too_large", 413),
                                      std::pair("unauthorized", 401), std::pair("unsupported", 415)));
}

TEST(Problem, NeedsTheNumberItIsAbout) {
    EXPECT_THAT(places(decode_problem(R"({"problem":"gap"})")), ElementsAre("wanted_seq"));
    EXPECT_THAT(places(decode_problem(R"({"problem":"gap","wanted_seq":0})")), ElementsAre("wanted_seq"));
    EXPECT_THAT(places(decode_problem(R"({"problem":"altered"})")), ElementsAre("seq"));
    EXPECT_THAT(places(decode_problem(R"({"problem":"on_fire"})")), ElementsAre("problem"));
    EXPECT_THAT(places(decode_problem("{}")), ElementsAre("problem"));
    EXPECT_FALSE(decode_problem("502 Bad Gateway"));
}

}  // namespace
}  // namespace hailong::sync
