#include "sync/protocol/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/replaced.h"
#include "tests/sync/protocol/faults.h"

namespace hailong::sync {
namespace {

using testing::Contains;
using testing::ElementsAre;
using tests::replaced;

EnrolmentRequest request() {
    const survey::SignSecretKey key = survey::make_sign_key();
    EnrolmentRequest made{"K7QM2XRT9FAB", {"k-01"}, survey::public_half(key), {}};
    made.proof = survey::sign(proof_text(made), key);
    return made;
}

Enrolment enrolment() {
    Enrolment made;
    made.kiosk = {"k-01"};
    made.center = {"ward"};
    made.token = "abc-DEF.123_~+/=";
    made.keys = {survey::public_half(survey::make_sign_key()), survey::public_half(survey::make_box_key()),
                 survey::public_half(survey::make_box_key())};
    made.last_seq = 12;
    made.last_hash = survey::sha256("x");
    made.received = survey::UtcTime{survey::milliseconds{1'795'309'200'000}};
    return made;
}

TEST(Code, IsReadAsPeopleWriteIt) {
    for (const char* written : {"K7QM2XRT9FAB", "K7QM-2XRT-9FAB", "k7qm 2xrt 9fab\n", " k7-qm2xrt9f-ab"}) {
        EXPECT_EQ(parse_code(written), "K7QM2XRT9FAB") << written;
    }
    EXPECT_EQ(parse_code("OoIi-LlAA-AAAA"), "001111AAAAAA");
    for (const char* wrong :
         {"", "K7QM-2XRT-9FA", "K7QM-2XRT-9FABC", "K7QM-2XRT-9FAU", "K7QM-2XRT-9FÁB", "K7QM_2XRT9FA"}) {
        EXPECT_EQ(parse_code(wrong), std::nullopt) << wrong;
    }
}

TEST(Code, IsShownInGroupsOfFour) {
    EXPECT_EQ(show_code("K7QM2XRT9FAB"), "K7QM-2XRT-9FAB");
}

RC_GTEST_PROP(Code, IsReadAsItIsShown, ()) {
    const auto random = *rc::gen::arbitrary<std::array<std::uint8_t, kCodeCharacters>>();
    const std::string code = make_code(random);
    RC_ASSERT(code.size() == kCodeCharacters);
    RC_ASSERT(parse_code(show_code(code)) == code);
}

TEST(Code, UsesEveryCharacterAlike) {
    // 256 is a multiple of 32, so no character is likelier than another.
    std::map<char, int> seen;
    for (int byte = 0; byte < 256; ++byte) {
        std::array<std::uint8_t, kCodeCharacters> random{};
        random.fill(static_cast<std::uint8_t>(byte));
        seen[make_code(random).front()] += 1;
    }
    EXPECT_EQ(seen.size(), kCodeAlphabet.size());
    for (const auto& [character, count] : seen)
        EXPECT_EQ(count, 8) << character;
}

TEST(EnrolmentMessages, ComeBackAsTheyWereSent) {
    const EnrolmentRequest asked = request();
    EXPECT_EQ(decode_enrolment_request(encode(asked)), asked);
    const Enrolment answered = enrolment();
    EXPECT_EQ(decode_enrolment(encode(answered)), answered);
}

TEST(EnrolmentProof, IsOverKioskCodeAndKey) {
    const EnrolmentRequest good = request();
    EXPECT_TRUE(survey::verifies(proof_text(good), good.proof, good.public_key));
    EnrolmentRequest other = good;
    other.kiosk = {"k-02"};
    EXPECT_FALSE(survey::verifies(proof_text(other), good.proof, good.public_key));
    other = good;
    other.code = "K7QM2XRT9FAC";
    EXPECT_FALSE(survey::verifies(proof_text(other), good.proof, good.public_key));
}

TEST(EnrolmentMessages, NameThePlaceOfEachFault) {
    const std::string asked = encode(request());
    EXPECT_THAT(places(decode_enrolment_request(replaced(asked, "K7QM", "K7Q"))), ElementsAre("code"));
    EXPECT_THAT(places(decode_enrolment_request(replaced(asked, "\"k-01\"", "\"k 01\""))), ElementsAre("kiosk"));
    EXPECT_THAT(places(decode_enrolment_request(replaced(asked, "\"proof\":\"", "\"proof\":\"A"))),
                ElementsAre("proof"));
    EXPECT_THAT(places(decode_enrolment_request(replaced(asked, "\"public_key\":\"", "\"public_key\":\"A"))),
                ElementsAre("public_key"));
    EXPECT_THAT(places(decode_enrolment_request("{}")), ElementsAre("code", "kiosk", "public_key", "proof"));
    EXPECT_FALSE(decode_enrolment_request("[]"));
    EXPECT_FALSE(decode_enrolment_request(asked + std::string(kEnrolmentBytesMax, ' ')));

    const std::string answered = encode(enrolment());
    EXPECT_THAT(places(decode_enrolment(replaced(answered, "abc-DEF", "abc DEF"))), ElementsAre("token"));
    EXPECT_THAT(places(decode_enrolment(replaced(answered, "abc-DEF", "abc\\nDEF"))), ElementsAre("token"));
    EXPECT_THAT(places(decode_enrolment(replaced(answered, "\"sign\":\"", "\"sign\":\"A"))), ElementsAre("keys.sign"));
    EXPECT_THAT(places(decode_enrolment(replaced(answered, "\"keys\"", "\"kays\""))), Contains("keys"));
    EXPECT_THAT(places(decode_enrolment(replaced(answered, "\"last_seq\":12", "\"last_seq\":-1"))),
                ElementsAre("last_seq"));
}

TEST(EnrolmentMessages, BringNoSpoiledKey) {
    const Enrolment given = enrolment();
    const std::string answered = encode(given);
    for (std::size_t at = 0; at < answered.size(); ++at) {
        std::string spoiled = answered;
        spoiled[at] = static_cast<char>(spoiled[at] ^ 1);
        const auto read = decode_enrolment(spoiled);
        EXPECT_EQ(read.value_or(given), given) << at;
    }
}

TEST(EnrolmentMessages, AreRefusedWithNumbersThatHaveNoSum) {
    const std::string answered = encode(enrolment());
    for (const char* number : {"0.5", "1e3", "[[{\"a\":-1.0}]]", "18446744073709551616"}) {
        const std::string more = R"("more":)" + std::string(number) + R"(,"sum")";
        EXPECT_THAT(places(decode_enrolment(replaced(answered, R"("sum")", more))), ElementsAre("sum")) << number;
    }
    EXPECT_FALSE(decode_enrolment("0.5"));
}

TEST(EnrolmentMessages, AreRefusedAtEveryTruncation) {
    const std::string asked = encode(request());
    const std::string answered = encode(enrolment());
    for (std::size_t length = 0; length < asked.size(); ++length)
        EXPECT_FALSE(decode_enrolment_request(asked.substr(0, length))) << length;
    for (std::size_t length = 0; length < answered.size(); ++length)
        EXPECT_FALSE(decode_enrolment(answered.substr(0, length))) << length;
}

}  // namespace
}  // namespace hailong::sync
