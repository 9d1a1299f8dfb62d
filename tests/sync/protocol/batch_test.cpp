#include "sync/protocol/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/json.h"
#include "survey/record.h"
#include "tests/support/replaced.h"
#include "tests/sync/protocol/faults.h"

namespace hailong::sync {
namespace {

using survey::Faults;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::replaced;

BatchHeader header(std::int64_t count) {
    BatchHeader made;
    made.kiosk = {"k-01"};
    made.first_seq = 7;
    made.count = count;
    made.previous_hash = survey::sha256("before");
    made.last_hash = survey::sha256("after");
    made.sent = survey::UtcTime{survey::milliseconds{1'795'309'200'000}};
    made.counters = {9, 6};
    return made;
}

const survey::SignSecretKey kKey = [] {
    survey::SignSecretKey key;
    key.bytes.fill(9);
    return key;
}();

std::string encoded(const BatchHeader& header, const std::vector<std::string>& records,
                    const std::vector<survey::SealedText>& texts = {}) {
    return encode_batch(header, records, texts, kKey);
}

const std::string kTwo = encoded(header(2), {R"({"a":1})", R"({"b":2})"});
const std::vector<survey::SealedText> kTexts = {{7, {"comment"}, "sealed"}, {8, {"phone"}, std::string("\0\xff\n", 3)}};

/// The places of what is refused; empty when it is taken.
std::vector<std::string> places_in_batch(const std::string& body) {
    const auto batch = decode_batch(body);
    return batch ? std::vector<std::string>{} : places_of(batch.error().faults);
}

std::string with(const std::string& from, const std::string& to) {
    return replaced(kTwo, from, to);
}

TEST(Batch, IsAHeaderLineAndOneLineARecord) {
    EXPECT_EQ(kTwo,
              R"({"count":2,"counters":{"collected":9,"delivered":6},"first_seq":7,"kiosk":"k-01","last_hash":")" +
                  survey::to_hex(survey::sha256("after")) + R"(","previous_hash":")" +
                  survey::to_hex(survey::sha256("before")) + R"(","protocol":1,"sent_ms":1795309200000})" + "\n" +
                  R"({"a":1})" + "\n" + R"({"b":2})" + "\n" + kTwo.substr(kTwo.find("{\"signature\"")));
    EXPECT_EQ(kTwo.substr(kTwo.find("{\"signature\"")).size(), std::string("{\"signature\":\"\"}\n").size() + 88);
}

TEST(Header, IsReadAloneAsInItsBatch) {
    const auto batch = decode_batch(kTwo);
    ASSERT_TRUE(batch);
    EXPECT_EQ(decode_header(batch->header_bytes), batch->header);
    EXPECT_FALSE(decode_header("").has_value());
    EXPECT_FALSE(decode_header("{}").has_value());
}

TEST(Batch, IsSignedOverItsHeader) {
    const auto batch = decode_batch(kTwo);
    ASSERT_TRUE(batch);
    const survey::SignPublicKey key = survey::public_half(kKey);
    EXPECT_TRUE(is_signed_by(batch->header_bytes, batch->signature, key));
    EXPECT_FALSE(is_signed_by(batch->header_bytes + " ", batch->signature, key));
    EXPECT_FALSE(is_signed_by(batch->header_bytes, batch->signature, survey::public_half(survey::make_sign_key())));
    // Not the bare header: what is signed says what it is.
    EXPECT_FALSE(survey::verifies(batch->header_bytes, batch->signature, key));
}

TEST(Batch, CarriesTextsBehindItsRecords) {
    const std::string body = encoded(header(2), {"{}", "{}"}, kTexts);
    const auto batch = decode_batch(body);
    ASSERT_TRUE(batch) << survey::describe(batch.error().faults);
    EXPECT_EQ(batch->texts, kTexts);
    EXPECT_EQ(batch->header.texts, 2);
    EXPECT_THAT(body, HasSubstr("\n{\"item\":\"comment\",\"sealed\":\"c2VhbGVk\",\"seq\":7}\n"));
}

TEST(Batch, TakesNoTextsButThoseThatWereSigned) {
    const std::string body = encoded(header(2), {"{}", "{}"}, kTexts);
    const auto changed = [&](const std::string& from, const std::string& to) {
        return places_in_batch(replaced(body, from, to));
    };
    EXPECT_THAT(changed("\"seq\":7", "\"seq\":8"), ElementsAre("header.texts_hash"));
    EXPECT_THAT(changed("c2VhbGVk", "c2VhbGVL"), ElementsAre("header.texts_hash"));
    EXPECT_THAT(changed("\"comment\"", "\"Comment\""), ElementsAre("header.texts_hash"));
    EXPECT_THAT(changed("c2VhbGVk", "c2VhbGV"), testing::Contains("line 4.sealed"));
    EXPECT_THAT(changed("\"sealed\":", "\"seeled\":"), testing::Contains("line 4.sealed"));
    EXPECT_THAT(changed("\"texts\":2", "\"texts\":1"), ElementsAre("header.count"));
    EXPECT_THAT(changed("\"texts\":2,", ""), ElementsAre("header.count"));
    EXPECT_THAT(changed("\"texts\":2", "\"texts\":2001"), ElementsAre("header.texts"));
    EXPECT_THAT(changed("\"texts_hash\"", "\"texts_hush\""), ElementsAre("header.texts_hash"));
}

TEST(Batch, EndsWithASignature) {
    EXPECT_THAT(places_in_batch(with("{\"signature\":\"", "{\"signature\":\"AA")), ElementsAre("signature.signature"));
    EXPECT_THAT(places_in_batch(with("{\"signature\":", "{\"sign\":")), testing::Contains("signature.signature"));
    EXPECT_THAT(places_in_batch(with("{\"signature\":\"", std::string(300, ' ') + "{\"signature\":\"")),
                ElementsAre("signature"));
    EXPECT_THAT(places_in_batch(kTwo.substr(0, kTwo.find("{\"signature\""))), ElementsAre("header.count"));
}

TEST(Batch, SaysWhichNumbersStandForNoRecord) {
    BatchHeader sent = header(2);
    sent.skipped = {{2, 4, survey::SkipReason::pruned},
                    {5, 6, survey::SkipReason::damaged},
                    {9, 20, survey::SkipReason::renumbered}};
    const auto batch = decode_batch(encoded(sent, {"{}", "{}"}));
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header, sent);
    const auto skipped = [](std::vector<survey::Skip> ranges) {
        BatchHeader other = header(2);
        other.skipped = std::move(ranges);
        return places_in_batch(encoded(other, {"{}", "{}"}));
    };
    EXPECT_THAT(skipped({{8, 8, survey::SkipReason::damaged}}), ElementsAre("header.skipped"));
    EXPECT_THAT(skipped({{1, 7, survey::SkipReason::damaged}}), ElementsAre("header.skipped"));
    EXPECT_THAT(skipped({{4, 3, survey::SkipReason::damaged}}), ElementsAre("header.skipped[0].last_seq"));
    EXPECT_THAT(skipped({{1, 3, survey::SkipReason::damaged}, {3, 4, survey::SkipReason::damaged}}),
                ElementsAre("header.skipped[1].first_seq"));
    EXPECT_THAT(skipped({kSkippedMax + 1, survey::Skip{1, 1, survey::SkipReason::damaged}}),
                ElementsAre("header.skipped"));
    EXPECT_TRUE(places_in_batch(
                    with("\"protocol\":1", R"("protocol":1,"skipped":[{"first_seq":1,"last_seq":2,"reason":"new"}])"))
                    .empty());
}

TEST(Batch, TellsTheDaysOfItsTerminal) {
    BatchHeader sent = header(2);
    sent.counters.days = {{*survey::parse_date("2026-11-21"), 0}, {*survey::parse_date("2026-11-22"), 9}};
    sent.boot = "a-boot";
    sent.sent_monotonic = survey::milliseconds{0};
    const auto batch = decode_batch(encoded(sent, {"{}", "{}"}));
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header, sent);
    EXPECT_THAT(places_in_batch(with(R"("delivered":6)", R"("days":{"2026-11-31":1},"delivered":6)")),
                ElementsAre("header.counters.days.2026-11-31"));
    EXPECT_THAT(places_in_batch(with(R"("delivered":6)", R"("days":[],"delivered":6)")),
                ElementsAre("header.counters.days"));
    EXPECT_THAT(places_in_batch(with(R"("delivered":6)", R"("days":{"2026-11-22":-1},"delivered":6)")),
                ElementsAre("header.counters.days.2026-11-22"));
    EXPECT_THAT(places_in_batch(with(R"("count":2)", R"("boot":")" + std::string(65, 'b') + R"(","count":2)")),
                ElementsAre("header.boot"));
    EXPECT_THAT(places_in_batch(with(R"("count":2)", R"("sent_monotonic_ms":-1,"count":2)")),
                ElementsAre("header.sent_monotonic_ms"));
}

TEST(Batch, KeepsTheHeaderBytesWithMembersItDoesNotKnow) {
    const std::string body = with(R"("count":2)", R"("colour": "red", "count":2)");
    const auto batch = decode_batch(body);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header, header(2));
    EXPECT_EQ(batch->header_bytes, body.substr(0, body.find('\n')));
}

TEST(Batch, TakesRecordsThatItCannotUnderstand) {
    const auto batch = decode_batch(encoded(header(4), {"not json", "", "\xff\xfe", "{\"a\":1}\r "}));
    ASSERT_TRUE(batch);
    EXPECT_THAT(batch->records, ElementsAre("not json", "", "\xff\xfe", "{\"a\":1}\r "));
}

TEST(Batch, RefusesEveryTruncation) {
    for (std::size_t length = 0; length < kTwo.size(); ++length) {
        EXPECT_FALSE(decode_batch(std::string_view(kTwo).substr(0, length))) << length;
    }
}

TEST(Batch, HoldsTheHighestNumberAndNoneBeyond) {
    BatchHeader last = header(2);
    last.first_seq = survey::kSeqMax - 1;
    last.skipped = {{survey::kSeqMax - 9, survey::kSeqMax - 2, survey::SkipReason::unknown}};
    const auto batch = decode_batch(encoded(last, {"{}", "{}"}));
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header.first_seq + batch->header.count - 1, survey::kSeqMax);
    EXPECT_THAT(places_in_batch(with(R"("first_seq":7)", R"("first_seq":1099511627775)")),
                ElementsAre("header.first_seq"))
        << "its second record has no number";
    EXPECT_THAT(places_in_batch(with(R"("first_seq":7)", R"("first_seq":1099511627776)")),
                ElementsAre("header.first_seq"));
}

TEST(Batch, NamesThePlaceOfEachFault) {
    EXPECT_THAT(places_in_batch(with(R"("kiosk":"k-01")", R"("kiosk":"k 01")")), ElementsAre("header.kiosk"));
    EXPECT_THAT(places_in_batch(with(R"("kiosk":"k-01",)", "")), ElementsAre("header.kiosk"));
    EXPECT_THAT(places_in_batch(with(R"("first_seq":7)", R"("first_seq":0)")), ElementsAre("header.first_seq"));
    EXPECT_THAT(places_in_batch(with(R"("first_seq":7)", R"("first_seq":7.0)")), ElementsAre("header.first_seq"));
    EXPECT_THAT(places_in_batch(with(R"("first_seq":7)", R"("first_seq":"7")")), ElementsAre("header.first_seq"));
    EXPECT_THAT(places_in_batch(with(R"("count":2)", R"("count":0)")), ElementsAre("header.count"));
    EXPECT_THAT(places_in_batch(with(R"("count":2)", R"("count":3)")), ElementsAre("header.count"));
    EXPECT_THAT(places_in_batch(with(R"("count":2)", R"("count":1)")), ElementsAre("header.count"));
    EXPECT_THAT(places_in_batch(with(R"("count":2)", R"("count":-9223372036854775808)")), ElementsAre("header.count"));
    EXPECT_THAT(places_in_batch(with(R"("sent_ms":1795309200000)", R"("sent_ms":-1)")), ElementsAre("header.sent_ms"));
    EXPECT_THAT(places_in_batch(with(R"("last_hash":")", R"("last_hash":"0)")), ElementsAre("header.last_hash"));
    EXPECT_THAT(places_in_batch(with(R"("previous_hash":")", R"("previous_hash":"z)")),
                ElementsAre("header.previous_hash"));
    EXPECT_THAT(places_in_batch(with(R"("delivered":6)", R"("delivered":253402300800000)")),
                ElementsAre("header.counters.delivered"));
    EXPECT_THAT(places_in_batch(with(R"("collected":9)", R"("collected":1099511627776)")),
                ElementsAre("header.counters.collected"));
    EXPECT_THAT(places_in_batch(with(R"("delivered":6)", R"("delivered":null)")),
                ElementsAre("header.counters.delivered"));
    EXPECT_THAT(places_in_batch(with(R"({"collected":9,"delivered":6})", "[]")), testing::Contains("header.counters"));
    EXPECT_THAT(places_in_batch(with("{\"count\"", "[\"count\"")), ElementsAre(HasSubstr("header: byte")));
    EXPECT_THAT(places_in_batch(with("{\"a\":1}", std::string(survey::kRecordBytesMax + 1, 'x'))),
                ElementsAre("line 2"));
    EXPECT_THAT(places_in_batch("\n"), ElementsAre(HasSubstr("header")));
    EXPECT_THAT(places_in_batch(kTwo + "\n"), ElementsAre("header.count"));
}

TEST(Batch, TakesARecordOfTheGreatestLength) {
    EXPECT_TRUE(decode_batch(with("{\"a\":1}", std::string(survey::kRecordBytesMax, 'x'))));
}

TEST(Batch, NamesEveryFaultOfTheHeaderAtOnce) {
    EXPECT_THAT(places_in_batch("{\"protocol\":1}\n"),
                ElementsAre("header.kiosk", "header.first_seq", "header.count", "header.previous_hash",
                            "header.last_hash", "header.sent_ms", "header.counters"));
}

TEST(Batch, SaysNothingButTheVersionOfAnotherProtocol) {
    for (const char* body :
         {"{\"protocol\":2}\n", "{\"protocol\":2}", "{\"protocol\":2}\r\n", "{\"protocol\":2}\r\nmore",
          "{\"protocol\":2,\"kiosk\":7}\nmore", "{\"protocol\":18446744073709551615}"}) {
        EXPECT_THAT(places_in_batch(body), ElementsAre("header.protocol")) << body;
        EXPECT_EQ(decode_batch(body).error().kind, ProblemKind::unsupported) << body;
    }
    EXPECT_THAT(places_in_batch("{}\n"), testing::Contains("header.protocol"));
}

TEST(Batch, HoldsAtMost500Records) {
    const std::vector<std::string> records(kBatchRecordsMax + 1, "{}");
    EXPECT_TRUE(decode_batch(encoded(header(500), {records.begin(), records.end() - 1})));
    const auto batch = decode_batch(encoded(header(501), records));
    ASSERT_FALSE(batch);
    EXPECT_EQ(problem_of(batch.error()).kind, ProblemKind::too_large);
}

TEST(Batch, HoldsAtMost4MiB) {
    const auto batch = decode_batch(std::string(kBatchBytesMax + 1, '\n'));
    ASSERT_FALSE(batch);
    EXPECT_EQ(problem_of(batch.error()).kind, ProblemKind::too_large);
}

TEST(Batch, BoundsTheHeaderLine) {
    const auto batch = decode_batch(std::string(kHeaderBytesMax + 1, ' ') + "\n");
    ASSERT_FALSE(batch);
    EXPECT_EQ(batch.error().faults.front().place, "header");
}

TEST(Batch, TellsWhatToAnswer) {
    const auto kind = [](const std::string& body) { return problem_of(decode_batch(body).error()).kind; };
    EXPECT_EQ(kind("{\"protocol\":2}\n"), ProblemKind::unsupported);
    EXPECT_EQ(kind("{\"protocol\":0}\n"), ProblemKind::unsupported);
    EXPECT_EQ(kind("{\"protocol\":-1}\n"), ProblemKind::unsupported);
    EXPECT_EQ(kind("{\"protocol\":null}\n"), ProblemKind::malformed);
    EXPECT_EQ(kind("{\"protocol\":1.0}\n"), ProblemKind::malformed);
    EXPECT_EQ(kind("{\"protocol\":\"1\"}\n"), ProblemKind::malformed);
    EXPECT_EQ(kind("{}\n"), ProblemKind::malformed);
    EXPECT_EQ(kind("<html>\n"), ProblemKind::malformed);
    EXPECT_THAT(problem_of(decode_batch("{}\n").error()).detail, HasSubstr("header.kiosk: is missing"));
}

TEST(Batch, EndsEveryLineWithALineFeedAlone) {
    std::vector<std::string> places;
    for (std::size_t at = kTwo.find('\n'); at != std::string::npos; at = kTwo.find('\n', at + 1)) {
        std::string body = kTwo;
        body.insert(at, 1, '\r');
        const auto batch = decode_batch(body);
        ASSERT_FALSE(batch);
        EXPECT_EQ(batch.error().kind, ProblemKind::malformed);
        EXPECT_THAT(problem_of(batch.error()).detail, HasSubstr("carriage return"));
        places.push_back(batch.error().faults.front().place);
    }
    EXPECT_THAT(places, ElementsAre("header", "line 2", "line 3", "line 4"));
}

TEST(Batch, SaysThatItsLinesEndWrongWhenAllOfThemDo) {
    std::string body;
    for (const char c : kTwo)
        body += c == '\n' ? "\r\n" : std::string(1, c);
    EXPECT_THAT(problem_of(decode_batch(body).error()).detail, HasSubstr("carriage return"));
}

TEST(Batch, HasNoMemberTwice) {
    std::string body = kTwo;
    body.insert(1, R"("first_seq":1,)");
    EXPECT_THAT(problem_of(decode_batch(body).error()).detail, HasSubstr("a second time"));
}

TEST(Batch, UsesUpNoMoreNumbersThanATerminalCanNeed) {
    const auto skipping = [](std::int64_t last_seq, std::vector<survey::Skip> more = {}) {
        BatchHeader made = header(1);
        made.first_seq = survey::kSeqMax - 5;
        made.skipped = {{1, last_seq, survey::SkipReason::damaged}};
        made.skipped.insert(made.skipped.end(), more.begin(), more.end());
        return decode_batch(encoded(made, {"{}"}));
    };
    EXPECT_TRUE(skipping(kSkippedNumbersMax));
    EXPECT_FALSE(skipping(kSkippedNumbersMax + 1));
    const std::int64_t after = kSkippedNumbersMax + 7;
    const auto refused = skipping(kSkippedNumbersMax, {{after, after, survey::SkipReason::unknown}});
    ASSERT_FALSE(refused) << "all ranges together";
    EXPECT_EQ(refused.error().kind, ProblemKind::malformed);
    EXPECT_EQ(refused.error().faults.front().place, "header.skipped");
}

RC_GTEST_PROP(Batch, ComesBackAsItWasSent, ()) {
    auto records = *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>());
    for (std::string& record : records)
        std::replace_if(
            record.begin(), record.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    if (records.empty()) records.emplace_back("{}");
    BatchHeader sent = header(static_cast<std::int64_t>(records.size()));
    sent.first_seq = *rc::gen::inRange<std::int64_t>(1, survey::kSeqMax - 1'000);
    sent.counters.collected = *rc::gen::inRange<std::int64_t>(0, survey::kSeqMax);
    std::vector<survey::SealedText> texts;
    for (const auto& bytes : *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>()))
        texts.push_back({sent.first_seq, {"comment"}, bytes});
    const auto batch = decode_batch(encoded(sent, records, texts));
    RC_ASSERT(batch.has_value());
    sent.texts = batch->header.texts;
    sent.texts_hash = batch->header.texts_hash;
    RC_ASSERT(batch->header == sent);
    RC_ASSERT(batch->records == records);
    RC_ASSERT(batch->texts == texts);
    RC_ASSERT(is_signed_by(batch->header_bytes, batch->signature, survey::public_half(kKey)));
}

RC_GTEST_PROP(Batch, NeverTripsOverDamagedBytes, ()) {
    std::string body = kTwo;
    const int changes = *rc::gen::inRange(1, 6);
    for (int i = 0; i < changes; ++i)
        body.at(*rc::gen::inRange<std::size_t>(0, body.size())) = *rc::gen::arbitrary<char>();
    const auto batch = decode_batch(body);
    if (batch) RC_ASSERT(static_cast<std::int64_t>(batch->records.size()) == batch->header.count);
    if (!batch) RC_ASSERT(!batch.error().faults.empty());
}

TEST(BatchDeathTest, RefusesToFrameARecordOfTwoLines) {
    EXPECT_DEATH((void)encoded(header(1), {"a\nb"}), "one line");
    EXPECT_DEATH((void)encoded(header(2), {"a"}), "as many records");
}

}  // namespace
}  // namespace hailong::sync
