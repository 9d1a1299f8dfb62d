#include "sync/protocol/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/record.h"

namespace hailong::sync {
namespace {

using survey::Faults;
using testing::ElementsAre;
using testing::HasSubstr;

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

const std::string kTwo = encode_batch(header(2), {R"({"a":1})", R"({"b":2})"});

/// The places of what is refused; empty when it is taken.
std::vector<std::string> places(const std::string& body) {
    const auto batch = decode_batch(body);
    std::vector<std::string> found;
    if (batch) return found;
    for (const survey::Fault& fault : batch.error()) {
        EXPECT_FALSE(fault.what.empty());
        EXPECT_FALSE(fault.remedy.empty()) << fault.what;
        found.push_back(fault.place);
    }
    return found;
}

std::string with(const std::string& from, const std::string& to) {
    std::string body = kTwo;
    const auto at = body.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return body.replace(at, from.size(), to);
}

TEST(Batch, IsAHeaderLineAndOneLineARecord) {
    EXPECT_EQ(kTwo,
              R"({"count":2,"counters":{"collected":9,"delivered":6},"first_seq":7,"kiosk":"k-01","last_hash":")" +
                  survey::to_hex(survey::sha256("after")) + R"(","previous_hash":")" +
                  survey::to_hex(survey::sha256("before")) + R"(","protocol":1,"sent_ms":1795309200000})" + "\n" +
                  R"({"a":1})" + "\n" + R"({"b":2})" + "\n");
}

TEST(Batch, KeepsTheHeaderBytesWithMembersItDoesNotKnow) {
    const std::string body = with(R"("count":2)", R"("colour": "red", "count":2)");
    const auto batch = decode_batch(body);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header, header(2));
    EXPECT_EQ(batch->header_bytes, body.substr(0, body.find('\n')));
}

TEST(Batch, TakesRecordsThatItCannotUnderstand) {
    const auto batch = decode_batch(encode_batch(header(4), {"not json", "", "\xff\xfe", "{\"a\":1}\r"}));
    ASSERT_TRUE(batch);
    EXPECT_THAT(batch->records, ElementsAre("not json", "", "\xff\xfe", "{\"a\":1}\r"));
}

TEST(Batch, RefusesEveryTruncation) {
    for (std::size_t length = 0; length < kTwo.size(); ++length) {
        EXPECT_FALSE(decode_batch(std::string_view(kTwo).substr(0, length))) << length;
    }
}

TEST(Batch, NamesThePlaceOfEachFault) {
    EXPECT_THAT(places(with(R"("kiosk":"k-01")", R"("kiosk":"k 01")")), ElementsAre("header.kiosk"));
    EXPECT_THAT(places(with(R"("kiosk":"k-01",)", "")), ElementsAre("header.kiosk"));
    EXPECT_THAT(places(with(R"("first_seq":7)", R"("first_seq":0)")), ElementsAre("header.first_seq"));
    EXPECT_THAT(places(with(R"("first_seq":7)", R"("first_seq":9007199254740991)")), ElementsAre("header.first_seq"));
    EXPECT_THAT(places(with(R"("first_seq":7)", R"("first_seq":7.0)")), ElementsAre("header.first_seq"));
    EXPECT_THAT(places(with(R"("first_seq":7)", R"("first_seq":"7")")), ElementsAre("header.first_seq"));
    EXPECT_THAT(places(with(R"("count":2)", R"("count":0)")), ElementsAre("header.count"));
    EXPECT_THAT(places(with(R"("count":2)", R"("count":3)")), ElementsAre("header.count"));
    EXPECT_THAT(places(with(R"("count":2)", R"("count":1)")), ElementsAre("header.count"));
    EXPECT_THAT(places(with(R"("count":2)", R"("count":-9223372036854775808)")), ElementsAre("header.count"));
    EXPECT_THAT(places(with(R"("sent_ms":1795309200000)", R"("sent_ms":-1)")), ElementsAre("header.sent_ms"));
    EXPECT_THAT(places(with(R"("last_hash":")", R"("last_hash":"0)")), ElementsAre("header.last_hash"));
    EXPECT_THAT(places(with(R"("previous_hash":")", R"("previous_hash":"z)")), ElementsAre("header.previous_hash"));
    EXPECT_THAT(places(with(R"("delivered":6)", R"("delivered":null)")), ElementsAre("header.counters.delivered"));
    EXPECT_THAT(places(with(R"({"collected":9,"delivered":6})", "[]")), testing::Contains("header.counters"));
    EXPECT_THAT(places(with("{\"count\"", "[\"count\"")), ElementsAre(HasSubstr("header: byte")));
    EXPECT_THAT(places(with("{\"a\":1}", std::string(survey::kRecordBytesMax + 1, 'x'))), ElementsAre("line 2"));
    EXPECT_THAT(places("\n"), ElementsAre(HasSubstr("header")));
    EXPECT_THAT(places(kTwo + "\n"), ElementsAre("header.count"));
}

TEST(Batch, TakesARecordOfTheGreatestLength) {
    EXPECT_TRUE(decode_batch(with("{\"a\":1}", std::string(survey::kRecordBytesMax, 'x'))));
}

TEST(Batch, NamesEveryFaultOfTheHeaderAtOnce) {
    EXPECT_THAT(places("{\"protocol\":1}\n"),
                ElementsAre("header.kiosk", "header.first_seq", "header.count", "header.previous_hash",
                            "header.last_hash", "header.sent_ms", "header.counters"));
}

TEST(Batch, SaysNothingButTheVersionOfAnotherProtocol) {
    EXPECT_THAT(places("{\"protocol\":2}\n"), ElementsAre("header.protocol"));
    EXPECT_THAT(places("{}\n"), testing::Contains("header.protocol"));
}

TEST(Batch, HoldsAtMost500Records) {
    const std::vector<std::string> records(kBatchRecordsMax + 1, "{}");
    EXPECT_TRUE(decode_batch(encode_batch(header(500), {records.begin(), records.end() - 1})));
    const auto batch = decode_batch(encode_batch(header(501), records));
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
    EXPECT_EQ(batch.error().front().place, "header");
}

TEST(Batch, TellsWhatToAnswer) {
    const auto kind = [](const std::string& body) { return problem_of(decode_batch(body).error()).kind; };
    EXPECT_EQ(kind("{\"protocol\":2}\n"), ProblemKind::unsupported);
    EXPECT_EQ(kind("{\"protocol\":\"1\"}\n"), ProblemKind::malformed);
    EXPECT_EQ(kind("{}\n"), ProblemKind::malformed);
    EXPECT_EQ(kind("<html>\n"), ProblemKind::malformed);
    EXPECT_THAT(problem_of(decode_batch("{}\n").error()).detail, HasSubstr("header.kiosk: is missing"));
}

RC_GTEST_PROP(Batch, ComesBackAsItWasSent, ()) {
    auto records = *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>());
    for (std::string& record : records)
        std::replace(record.begin(), record.end(), '\n', ' ');
    if (records.empty()) records.emplace_back("{}");
    BatchHeader sent = header(static_cast<std::int64_t>(records.size()));
    sent.first_seq = *rc::gen::inRange<std::int64_t>(1, kSeqMax - 1'000);
    sent.counters.collected = *rc::gen::inRange<std::int64_t>(0, kSeqMax);
    if (*rc::gen::arbitrary<bool>()) sent.signature = "c2lnbmVk";
    const auto batch = decode_batch(encode_batch(sent, records));
    RC_ASSERT(batch.has_value());
    RC_ASSERT(batch->header == sent);
    RC_ASSERT(batch->records == records);
}

RC_GTEST_PROP(Batch, NeverTripsOverDamagedBytes, ()) {
    std::string body = kTwo;
    const int changes = *rc::gen::inRange(1, 6);
    for (int i = 0; i < changes; ++i)
        body.at(*rc::gen::inRange<std::size_t>(0, body.size())) = *rc::gen::arbitrary<char>();
    const auto batch = decode_batch(body);
    if (batch) RC_ASSERT(static_cast<std::int64_t>(batch->records.size()) == batch->header.count);
    if (!batch) RC_ASSERT(!batch.error().empty());
}

TEST(BatchDeathTest, RefusesToFrameARecordOfTwoLines) {
    EXPECT_DEATH((void)encode_batch(header(1), {"a\nb"}), "one line");
    EXPECT_DEATH((void)encode_batch(header(2), {"a"}), "as many records");
}

}  // namespace
}  // namespace hailong::sync
