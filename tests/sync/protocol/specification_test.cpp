// PROTOCOL.md is what a client in another language is written from: its examples must be exactly what the code makes,
// and its numbers the code's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "survey/base/json.h"
#include "survey/crypto/sealed_text.h"
#include "survey/record.h"
#include "survey/time_evidence.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/bundle.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/enrolment.h"
#include "sync/protocol/reply.h"
#include "sync/protocol/status.h"

namespace hailong::sync {
namespace {

using survey::Digest;
using survey::milliseconds;
using testing::HasSubstr;

const std::string& specification() {
    static const std::string text = survey::read_file(HAILONG_SOURCE_DIR "/sync/protocol/PROTOCOL.md").value();
    return text;
}

/// The text stands there as a line of its own (within a code block).
void expect_line(const std::string& line) {
    EXPECT_NE(specification().find("\n" + line + "\n"), std::string::npos) << "PROTOCOL.md has no such line:\n" << line;
}
void expect_text(const std::string& text) {
    EXPECT_THAT(specification(), HasSubstr(text));
}

/// The two visits of the example.
survey::Record example(std::int64_t seq) {
    survey::Response made;
    const survey::UtcTime start{milliseconds{seq == 1 ? 1'795'312'805'250 : 1'795'313'410'000}};
    survey::UuidEntropy entropy{};
    for (std::size_t i = 0; i < entropy.size(); ++i)
        entropy.at(i) = static_cast<std::uint8_t>(17 * (i + 1) + 3 * static_cast<std::size_t>(seq));
    made.id = survey::make_uuid7(start, entropy);
    made.questionnaire = {survey::QuestionnaireId{"WARD5"}, 1};
    made.started = {start, survey::kVietnamOffset, survey::MonoTime{milliseconds{3'600'000 + seq * 600'000}}};
    made.finished = made.started;
    made.finished.utc += milliseconds{12'480};
    made.finished.monotonic += milliseconds{12'480};
    made.boot_id = "0a4c1f7e-6a0b-4b35-9d0e-5f2c77f1a9d3";
    made.context.center = {"binh-minh"};
    made.complete = true;
    if (seq == 1) {
        made.context.counter = {"TP"};
        made.context.officer = {"tp-01"};
        made.context.procedure = {"p-001"};
        made.context.field = {"ho-tich"};
        made.server_offset = milliseconds{-350};
        made.answers = {{{"overall"}, {"5"}, std::nullopt}, {{"o_all"}, {"4"}, std::nullopt}};
    } else {
        made.language = survey::Language::en;
        made.context.counter = {"DD"};
        made.context.began = survey::Began::scanned;
        made.answers = {{{"overall"}, {"2"}, std::nullopt}, {{"reason"}, {"wait", "guidance"}, std::nullopt}};
        made.flags = {"too_fast"};
    }
    return {survey::KioskId{"bm-tp"}, seq, made};
}

const std::string kFirst = survey::encode(example(1));
const std::string kSecond = survey::encode(example(2));
const Digest kFirstHash = survey::chain(survey::kChainStart, kFirst);
const Digest kSecondHash = survey::chain(kFirstHash, kSecond);

template <class Key>
Key filled(std::uint8_t byte) {
    Key key;
    key.bytes.fill(byte);
    return key;
}
const auto kTerminalKey = filled<survey::SignSecretKey>(1);
const auto kBackendKey = filled<survey::SignSecretKey>(2);
const auto kTransportKey = filled<survey::BoxSecretKey>(3);
const auto kTextKey = filled<survey::BoxSecretKey>(4);

BatchHeader example_header() {
    BatchHeader header;
    header.kiosk = {"bm-tp"};
    header.first_seq = 1;
    header.count = 2;
    header.previous_hash = survey::kChainStart;
    header.last_hash = kSecondHash;
    header.sent = survey::UtcTime{milliseconds{1'795'314'000'000}};
    header.counters = {2, 0, {{*survey::parse_date("2026-11-22"), 2}}};
    header.boot = "0a4c1f7e-6a0b-4b35-9d0e-5f2c77f1a9d3";
    header.sent_monotonic = milliseconds{5'400'000};
    return header;
}

std::string header_line(const std::string& body) {
    return body.substr(0, body.find('\n'));
}

TEST(Specification, ShowsRecordsAsTheCodeWritesThem) {
    expect_line(kFirst);
    expect_line(kSecond);
    EXPECT_EQ(survey::decode(kFirst), example(1));
    EXPECT_EQ(survey::decode(kSecond), example(2));
}

TEST(Specification, ShowsTheChainAsTheCodeComputesIt) {
    expect_line(survey::to_hex(survey::kChainStart));
    expect_line(survey::to_hex(kFirstHash));
    expect_line(survey::to_hex(kSecondHash));
}

TEST(Specification, ShowsABatchAsTheCodeFramesIt) {
    const std::string body = encode_batch(example_header(), {kFirst, kSecond}, {}, kTerminalKey);
    expect_text("\n```\n" + body + "```\n");
    const auto batch = decode_batch(body);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->header, example_header());
    EXPECT_TRUE(is_signed_by(batch->header_bytes, batch->signature, survey::public_half(kTerminalKey)));
    expect_text("`" + survey::key_text(kTerminalKey) + "`");
    expect_text("`" + survey::key_text(kBackendKey) + "`");
    expect_text("`" + survey::key_text(kTransportKey) + "`");
    expect_text("`" + survey::key_text(kTextKey) + "`");
}

TEST(Specification, ShowsAHeaderWithATextAndSkippedNumbers) {
    BatchHeader header = example_header();
    header.first_seq = 2;
    header.count = 1;
    header.previous_hash = kFirstHash;
    header.skipped = {{7, 19, survey::SkipReason::damaged}};
    const std::string body =
        encode_batch(header, {kSecond}, {{2, {"comment"}, std::string(304, '\x05')}}, kTerminalKey);
    expect_line(header_line(body));
    EXPECT_TRUE(decode_batch(body));
}

TEST(Specification, ShowsAnEnrolmentAsTheCodeWritesIt) {
    EnrolmentRequest request{"K7QM2XRT9FAB", {"bm-tp"}, survey::public_half(kTerminalKey), {}};
    request.proof = survey::sign(proof_text(request), kTerminalKey);
    expect_line(encode(request));
    expect_text("`" + show_code(request.code) + "`");
    expect_text("`" + std::string(kCodeAlphabet) + "`");
    Enrolment answer;
    answer.kiosk = {"bm-tp"};
    answer.center = {"binh-minh"};
    answer.token = std::string(64, '7');
    answer.keys = {survey::public_half(kBackendKey), survey::public_half(kTransportKey), survey::public_half(kTextKey)};
    answer.received = survey::UtcTime{milliseconds{1'795'312'000'000}};
    expect_line(encode(answer));
}

TEST(Specification, ShowsRepliesAsTheCodeWritesThem) {
    Receipt receipt;
    receipt.kiosk = {"bm-tp"};
    receipt.last_seq = 2;
    receipt.last_hash = kSecondHash;
    receipt.accepted = 2;
    receipt.received = survey::UtcTime{milliseconds{1'795'314'000'412}};
    receipt.signature = survey::sign(receipt_text(receipt), kBackendKey);
    expect_line(encode(receipt));
    receipt.quarantined = {{2, QuarantineReason::unknown_counter, "the center has no \"XX\""}};
    receipt.signature = survey::sign(receipt_text(receipt), kBackendKey);
    expect_line(encode(receipt));
    expect_line(encode(Problem{ProblemKind::gap, "the batch starts at 9, stored is up to 2", 3, std::nullopt}));
}

TEST(Specification, NamesEveryProblemWithItsStatus) {
    for (const ProblemKind kind :
         {ProblemKind::malformed, ProblemKind::unauthorized, ProblemKind::bad_signature, ProblemKind::forbidden,
          ProblemKind::gap, ProblemKind::altered, ProblemKind::chain_mismatch, ProblemKind::too_large,
          ProblemKind::unsupported, ProblemKind::overloaded, ProblemKind::internal}) {
        expect_text("| `" + std::string(name(kind)) + "` | " + std::to_string(http_status(kind)) + " |");
    }
}

TEST(Specification, NamesEveryReasonOfAQuarantine) {
    for (const QuarantineReason reason :
         {QuarantineReason::unknown_format, QuarantineReason::unreadable, QuarantineReason::wrong_place,
          QuarantineReason::duplicate_id, QuarantineReason::unknown_questionnaire, QuarantineReason::unknown_center,
          QuarantineReason::unknown_counter, QuarantineReason::unknown_officer, QuarantineReason::unknown_procedure,
          QuarantineReason::unknown_field, QuarantineReason::invalid}) {
        expect_text("`" + std::string(name(reason)) + "`");
    }
}

TEST(Specification, NamesTheWordsOfARecord) {
    for (const survey::Channel channel : {survey::Channel::terminal, survey::Channel::phone})
        expect_text("`\"" + std::string(survey::name(channel)) + "\"`");
    for (const survey::RespondentKind kind :
         {survey::RespondentKind::individual, survey::RespondentKind::organisation, survey::RespondentKind::business}) {
        expect_text("`\"" + std::string(survey::name(kind)) + "\"`");
    }
    for (const survey::SkipReason reason : {survey::SkipReason::damaged, survey::SkipReason::renumbered,
                                            survey::SkipReason::pruned, survey::SkipReason::unknown}) {
        expect_text("| `" + std::string(survey::name(reason)) + "` |");
    }
}

TEST(Specification, ShowsAStatusAsTheCodeWritesIt) {
    TerminalStatus status;
    status.waiting = 2;
    status.oldest_waiting = milliseconds{577'520};
    status.last_visit = example(2).response.finished.utc;
    status.disk_free_bytes = std::int64_t{20} << 30;
    status.clock_offset = milliseconds{-350};
    status.kiosk_version = status.sync_version = "0.1.0";
    status.troubles = {std::string(kTroubleDelivery)};
    expect_line(encode(status));
    EXPECT_EQ(decode_status(encode(status)), status);
    expect_text("`" + std::string(kStatusHeader) + "`: one JSON object of at most 1,024 bytes");
    EXPECT_EQ(kStatusBytesMax, 1'024U);
    expect_text("identifier of at most " + std::to_string(kProgramVersionBytesMax) + " bytes");
    expect_text("list of 0 to " + std::to_string(kTroublesMax) + " identifiers");
    for (const std::string_view trouble :
         {kTroubleClock, kTroubleDelivery, kTroubleDisk, kTroubleJournal, kTroubleQuarantined}) {
        expect_text("`" + std::string(trouble) + "`");
    }
}

TEST(Specification, NamesTheEndpoints) {
    expect_text("`POST " + batches_path({"{kiosk}"}) + "`");
    expect_text("`POST " + std::string(kEnrolmentsPath) + "`");
    expect_text("`" + std::string(kStoredSeqHeader) + "`");
    expect_text("`GET " + inbox_path({"{kiosk}"}) + "`");
}

TEST(Specification, NamesTheLimits) {
    const auto grouped = [](std::int64_t number) {
        std::string digits = std::to_string(number);
        for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
            digits.insert(static_cast<std::size_t>(at), ",");
        }
        return digits;
    };
    expect_text("| records in a batch | " + std::to_string(kBatchRecordsMax) + " |");
    expect_text("| body, before and after decompression | " + grouped(kBatchBytesMax) + " bytes |");
    expect_text("| enrolment request | " + grouped(kEnrolmentBytesMax) + " bytes |");
    expect_text("| header line | " + grouped(kHeaderBytesMax) + " bytes |");
    expect_text("| sealed texts in a batch | " + grouped(kBatchTextsMax) + " |");
    expect_text("| one sealed text, before base64 | " + grouped(survey::kSealedTextBytesMax) + " bytes |");
    expect_text("| skipped ranges in a header | " + std::to_string(kSkippedMax) + " |");
    expect_text("| numbers that they name in all | " + grouped(kSkippedNumbersMax) + " ");
    expect_text("| days in a header's counters | " + std::to_string(kCountedDaysMax) + " |");
    expect_text("| limits | 1 to " + std::to_string(kBundleBatchesMax) + " batches, " + grouped(kBundleBytesMax));
    expect_text("within " + grouped(survey::kClockTolerance.count()) + " ms of");
    expect_text("| limit | " + grouped(survey::kFreeTextBytesMax) + " bytes of text |");
    expect_text("| one record | " + grouped(survey::kRecordBytesMax) + " bytes |");
    expect_text("| nesting of JSON | " + std::to_string(survey::kJsonDepthMax) + " levels |");
    expect_text("| identifier | " + std::to_string(survey::kIdentifierBytesMax) + " bytes |");
    expect_text("| `seq` | " + grouped(survey::kSeqMax) + " |");
    expect_text("| `seq` | integer 1 to " + grouped(survey::kSeqMax) + " ");
    expect_text("0 to " + grouped(survey::kJsonIntegerMax) + " ");
    expect_text("| answers in a record | " + std::to_string(survey::kItemsMax) + " |");
    expect_text("| options in an answer | " + std::to_string(survey::kOptionsMax) + " |");
}

/// The row of a limit, and what a body beyond it is called.
void expect_word(const std::string& limit, ProblemKind kind, const std::string& body) {
    SCOPED_TRACE(limit);
    const std::size_t row = specification().find("\n| " + limit + " | ");
    ASSERT_NE(row, std::string::npos) << "PROTOCOL.md has no such limit";
    const std::string line = specification().substr(row + 1, specification().find('\n', row + 1) - row - 1);
    EXPECT_THAT(line, HasSubstr("`" + std::string(name(kind)) + "`"));
    const auto batch = decode_batch(body);
    ASSERT_FALSE(batch);
    EXPECT_EQ(batch.error().kind, kind) << survey::describe(batch.error().faults);
}

/// The example with another header, and `count` records.
std::string body_with(BatchHeader header, std::size_t count, const std::string& record = "{}",
                      const std::vector<survey::SealedText>& texts = {}) {
    header.count = static_cast<std::int64_t>(count);
    return encode_batch(header, std::vector<std::string>(count, record), texts, kTerminalKey);
}

TEST(Specification, SaysWhichLimitOfABatchGivesWhichWord) {
    using enum ProblemKind;
    const BatchHeader good = example_header();
    ASSERT_TRUE(decode_batch(body_with(good, kBatchRecordsMax)));
    expect_word("records in a batch", too_large, body_with(good, kBatchRecordsMax + 1));
    const survey::SealedText text{1, {"comment"}, "sealed"};
    expect_word("sealed texts in a batch", too_large,
                body_with(good, 1, "{}", std::vector<survey::SealedText>(kBatchTextsMax + 1, text)));
    expect_word("body, before and after decompression", too_large, std::string(kBatchBytesMax + 1, '\n'));
    std::string long_text = body_with(good, 1, "{}", {text});
    long_text.replace(long_text.find(survey::to_base64("sealed")), 8,
                      survey::to_base64(std::string(survey::kSealedTextBytesMax + 1, 'x')));
    expect_word("one sealed text, before base64", malformed, long_text);
    BatchHeader header = good;
    header.first_seq = 1'000;
    for (std::int64_t seq = 1; header.skipped.size() <= kSkippedMax; seq += 2)
        header.skipped.push_back({seq, seq, survey::SkipReason::unknown});
    expect_word("skipped ranges in a header", malformed, body_with(header, 1));
    header.first_seq = kSkippedNumbersMax + 9;
    header.skipped = {{1, kSkippedNumbersMax + 1, survey::SkipReason::unknown}};
    expect_word("numbers that they name in all", malformed, body_with(header, 1));
    header = good;
    for (std::size_t day = 0; day <= kCountedDaysMax; ++day)
        header.counters.days[survey::local_date(good.sent + std::chrono::days(day))] = 1;
    expect_word("days in a header's counters", malformed, body_with(header, 1));
    std::string long_header = body_with(good, 1);
    long_header.insert(1, R"("x_more":")" + std::string(kHeaderBytesMax, 'x') + "\",");
    expect_word("header line", malformed, long_header);
    expect_word("one record", malformed, body_with(good, 1, std::string(survey::kRecordBytesMax + 1, 'x')));
    std::string deep = body_with(good, 1);
    deep.insert(
        1, R"("x_more":)" + std::string(survey::kJsonDepthMax, '[') + std::string(survey::kJsonDepthMax, ']') + ",");
    expect_word("nesting of JSON", malformed, deep);
    header = good;
    header.kiosk.text = std::string(survey::kIdentifierBytesMax + 1, 'k');
    EXPECT_EQ(decode_batch(body_with(header, 1)).error().kind, malformed);
    header = good;
    header.first_seq = survey::kSeqMax + 1;
    EXPECT_EQ(decode_batch(body_with(header, 1)).error().kind, malformed);
}

TEST(Specification, SaysWhichLimitMakesARecordUnreadable) {
    const auto is_read = [](const survey::Response& response) {
        survey::Record record = example(1);
        record.response = response;
        return survey::decode(survey::encode(record)).has_value();
    };
    survey::Response response = example(1).response;
    response.answers.assign(survey::kItemsMax, {{"overall"}, {"5"}, {}});
    EXPECT_TRUE(is_read(response));
    response.answers.assign(survey::kItemsMax + 1, {{"overall"}, {"5"}, {}});
    EXPECT_FALSE(is_read(response));
    response.answers.assign(1, {{"overall"}, std::vector<std::string>(survey::kOptionsMax + 1, "5"), {}});
    EXPECT_FALSE(is_read(response));
    response = example(1).response;
    response.flags.assign(16, "too_fast");
    EXPECT_TRUE(is_read(response));
    response.flags.assign(17, "too_fast");
    EXPECT_FALSE(is_read(response));
    for (const char* limit : {"answers in a record | 200", "options in an answer | 50", "flags in a record | 16"})
        expect_text("| " + std::string(limit) + " | `unreadable` |");
}

TEST(Specification, ShowsHowTextIsEscaped) {
    const boost::json::object value{{"b", "\"\\/\b\f\n\r\t\x01ế😀"}, {"a", boost::json::array{1, true, nullptr}}};
    expect_line(survey::canonical_json(value));
}

TEST(Specification, ShowsTheHashOfFreeText) {
    expect_text(survey::to_hex(survey::sha256(std::string(32, '\x07') + "Cán bộ rất nhiệt tình.")));
}

}  // namespace
}  // namespace hailong::sync
