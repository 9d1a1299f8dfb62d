#include "survey/record.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/json.h"
#include "tests/survey/broken_json.h"
#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

// The bytes of the record format, version 1. They are hashed, signed and kept: this text may never have to change.
constexpr std::string_view kGolden =
    R"({"answers":[{"item":"overall","values":["2"]},{"item":"o_all","values":["4"]},)"
    R"({"item":"reason","values":["wait","fee"]},{"item":"reply","values":["phone"]},{"item":"agree","values":["yes"]},)"
    R"({"item":"phone","text":"20faf05baccf8a477fa337b77c0acb0e8bff77f34664feec6a057bd3cf23235b"},)"
    R"({"item":"who","values":["person"]}],"boot":"b5d1c1f0-0000-4000-8000-000000000001","complete":true,)"
    R"("context":{"began":"walk_up","center":"binh-minh","channel":"terminal","counter":"TP","field":"ho-tich",)"
    R"("officer":"tp-01","procedure":"p-001"},"finished":{"monotonic_ms":17345,"offset_min":420,"utc_ms":1795309212345},"flags":[],)"
    R"("format":1,"id":"0193a5c4-7e00-7abc-8def-0123456789ab","kiosk":"kiosk-1","language":"vi",)"
    R"("questionnaire":{"id":"SAMPLE","version":3},"seq":42,"server_offset_ms":-250,)"
    R"("started":{"monotonic_ms":5000,"offset_min":420,"utc_ms":1795309200000}})";

TEST(RecordBytes, AreCanonicalToTheByte) {
    EXPECT_EQ(encode(sample_record()), kGolden);
}

TEST(RecordBytes, OfTheFirstTerminalsNameATextByItsFormerName) {
    std::string former(kGolden);
    former.replace(former.find(R"("text":)"), 7, R"("words":)");
    EXPECT_EQ(decode(former).value(), sample_record());
    former.replace(former.find("20faf05b"), 8, "no hash!");
    ASSERT_FALSE(decode(former));
    EXPECT_EQ(decode(former).error().front().place, "answers[5].words");
}

TEST(RecordBytes, LeaveOutWhatIsNotKnown) {
    Record record = sample_record();
    record.response.answers.clear();
    record.response.server_offset = {};
    record.response.context = {};
    record.response.context.center = {"binh-minh"};
    record.response.context.began = Began::scanned;
    record.response.flags = {"too_fast"};
    record.response.complete = false;
    record.response.language = Language::en;
    record.seq = 1;
    EXPECT_EQ(encode(record),
              R"({"answers":[],"boot":"b5d1c1f0-0000-4000-8000-000000000001","complete":false,)"
              R"("context":{"began":"scanned","center":"binh-minh","channel":"terminal"},)"
              R"("finished":{"monotonic_ms":17345,"offset_min":420,"utc_ms":1795309212345},"flags":["too_fast"],)"
              R"("format":1,"id":"0193a5c4-7e00-7abc-8def-0123456789ab","kiosk":"kiosk-1","language":"en",)"
              R"("questionnaire":{"id":"SAMPLE","version":3},"seq":1,)"
              R"("started":{"monotonic_ms":5000,"offset_min":420,"utc_ms":1795309200000}})");
    EXPECT_EQ(decode(encode(record)).value(), record);
}

TEST(RecordBytes, ComeBack) {
    EXPECT_EQ(decode(kGolden).value(), sample_record());
}

TEST(RecordBytes, HoldTheHighestNumberAndNoneBeyond) {
    Record record = sample_record();
    record.seq = kSeqMax;
    std::string bytes = encode(record);
    EXPECT_EQ(decode(bytes).value(), record);
    const std::string highest = "\"seq\":1099511627775,";
    ASSERT_NE(bytes.find(highest), std::string::npos) << bytes;
    bytes.replace(bytes.find(highest), highest.size(), "\"seq\":1099511627776,");
    ASSERT_FALSE(decode(bytes));
    EXPECT_EQ(decode(bytes).error().front().place, "seq");
}

TEST(RecordBytes, SayOnWhatAndInWhoseNameItWasAnswered) {
    Record record = sample_record();
    record.response.context.channel = Channel::phone;
    record.response.context.respondent = RespondentKind::organisation;
    EXPECT_NE(encode(record).find(R"("channel":"phone","counter":)"), std::string::npos);
    EXPECT_NE(encode(record).find(R"("procedure":"p-001","respondent":"organisation"})"), std::string::npos);
    EXPECT_EQ(decode(encode(record)).value(), record);
}

TEST(RecordBytes, AreOfATerminalWhenTheySayNoChannel) {
    std::string bytes(kGolden);
    const std::string channel = R"("channel":"terminal",)";
    bytes.erase(bytes.find(channel), channel.size());
    EXPECT_EQ(decode(bytes).value(), sample_record());
}

TEST(RecordBytes, AreReadInAnyOrderAndWithSpace) {
    json::value value = parse_json(kGolden).value();
    json::object reversed;
    std::vector<std::string> keys;
    for (const auto& member : value.as_object())
        keys.emplace_back(member.key());
    for (auto key = keys.rbegin(); key != keys.rend(); ++key)
        reversed[*key] = value.at(*key);
    std::string text = json::serialize(reversed);
    text.insert(1, " \n\t");
    EXPECT_EQ(decode(text).value(), sample_record());
}

TEST(RecordBytes, MayHoldMembersOfLater) {
    json::value value = parse_json(kGolden).value();
    value.as_object()["later"] = {{"x", {1, 2.5}}};
    value.at("context").as_object()["weather"] = "rain";
    value.at_pointer("/answers/0").as_object()["took_ms"] = 900;
    EXPECT_EQ(decode(json::serialize(value)).value(), sample_record());
}

RC_GTEST_PROP(RandomRecord, ComesBack, ()) {
    const Record record{{"kiosk-9"}, *rc::gen::inRange<std::int64_t>(1, kSeqMax + 1), any_visit(sample_form())};
    const std::string bytes = encode(record);
    RC_ASSERT(bytes.find('\n') == std::string::npos);
    const auto decoded = decode(bytes);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == record);
    RC_ASSERT(canonical_json(parse_json(bytes).value()) == bytes);
}

// --- What is refused ----------------------------------------------------------------------------------------------

class BrokenRecord : public testing::TestWithParam<Break> {};

TEST_P(BrokenRecord, IsRefusedWithThePlaceOfItsFault) {
    const Break& b = GetParam();
    const auto decoded = decode(broken(kGolden, b));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().size(), 1u) << describe(decoded.error());
    EXPECT_EQ(decoded.error()[0].place, b.place) << describe(decoded.error());
    EXPECT_FALSE(decoded.error()[0].remedy.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Missing, BrokenRecord,
    testing::Values(Break{"", "format", "", "format"}, Break{"", "kiosk", "", "kiosk"}, Break{"", "seq", "", "seq"},
                    Break{"", "id", "", "id"}, Break{"", "questionnaire", "", "questionnaire"},
                    Break{"/questionnaire", "id", "", "questionnaire.id"},
                    Break{"/questionnaire", "version", "", "questionnaire.version"},
                    Break{"", "language", "", "language"}, Break{"", "started", "", "started"},
                    Break{"/started", "utc_ms", "", "started.utc_ms"},
                    Break{"/started", "offset_min", "", "started.offset_min"},
                    Break{"/finished", "monotonic_ms", "", "finished.monotonic_ms"},
                    Break{"", "finished", "", "finished"}, Break{"", "boot", "", "boot"},
                    Break{"", "context", "", "context"}, Break{"/context", "center", "", "context.center"},
                    Break{"/context", "began", "", "context.began"}, Break{"", "answers", "", "answers"},
                    Break{"/context", "channel", "\"web\"", "context.channel"},
                    Break{"/context", "channel", "7", "context.channel"},
                    Break{"/context", "respondent", "\"robot\"", "context.respondent"},
                    Break{"/context", "respondent", "true", "context.respondent"},
                    Break{"/answers/0", "item", "", "answers[0].item"}, Break{"", "flags", "", "flags"},
                    Break{"", "complete", "", "complete"}));

INSTANTIATE_TEST_SUITE_P(
    Wrong, BrokenRecord,
    testing::Values(
        Break{"", "format", "2", "format"}, Break{"", "format", "0", "format"}, Break{"", "kiosk", "\"a b\"", "kiosk"},
        Break{"", "kiosk", "\"\"", "kiosk"}, Break{"", "seq", "0", "seq"}, Break{"", "seq", "1099511627776", "seq"},
        Break{"", "seq", "\"42\"", "seq"}, Break{"", "seq", "42.0", "seq"}, Break{"", "id", "\"42\"", "id"},
        Break{"", "questionnaire", "\"SAMPLE\"", "questionnaire"},
        Break{"/questionnaire", "version", "0", "questionnaire.version"}, Break{"", "language", "\"fr\"", "language"},
        Break{"/started", "utc_ms", "-1", "started.utc_ms"},
        Break{"/started", "utc_ms", "253402300800000", "started.utc_ms"},
        Break{"/started", "offset_min", "841", "started.offset_min"},
        Break{"/started", "monotonic_ms", "-1", "started.monotonic_ms"}, Break{"", "finished", "0", "finished"},
        Break{"", "boot", "1", "boot"}, Break{"", "server_offset_ms", "0.5", "server_offset_ms"},
        Break{"/context", "counter", "\"quầy 1\"", "context.counter"},
        Break{"/context", "officer", "1", "context.officer"}, Break{"/context", "began", "\"flew\"", "context.began"},
        Break{"", "answers", "{}", "answers"}, Break{"/answers/0", "item", "\"o v\"", "answers[0].item"},
        Break{"/answers/0", "values", "\"2\"", "answers[0].values"},
        Break{"/answers/0", "values", "[2]", "answers[0].values"},
        Break{"/answers/0", "values", "[\"rất\"]", "answers[0].values"},
        Break{"/answers/5", "text", "\"abc\"", "answers[5].text"}, Break{"", "flags", "[\"too fast\"]", "flags"},
        Break{"", "flags", "[1]", "flags"}, Break{"", "complete", "1", "complete"}));

TEST(DecodeRecord, ReportsEveryFaultAtOnce) {
    const auto decoded = decode(R"({"format":1})");
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().size(), 12u) << describe(decoded.error());
}

TEST(DecodeRecord, RefusesWhatIsNoRecord) {
    for (const char* text : {"", "null", "[]", "1", "\"x\"", "{}", "{\"format\":1}"})
        EXPECT_FALSE(decode(text)) << text;
}

TEST(DecodeRecord, SaysOnlyThatALaterFormatIsNotUnderstood) {
    const auto decoded = decode(R"({"format":2,"everything":"else"})");
    ASSERT_FALSE(decoded);
    ASSERT_EQ(decoded.error().size(), 1u);
    EXPECT_EQ(decoded.error()[0].place, "format");
}

// The day of a record is a key of the figures and has to have a text; a clock that was never set is no fault.
TEST(DecodeRecord, TakesEveryTimeWhoseLocalDayHasAText) {
    const auto started = [](std::int64_t utc_ms, std::int64_t offset_min) {
        json::value value = parse_json(kGolden).value();
        value.at("started").as_object()["utc_ms"] = utc_ms;
        value.at("started").as_object()["offset_min"] = offset_min;
        return decode(json::serialize(value));
    };
    EXPECT_TRUE(started(0, 420));
    EXPECT_TRUE(started(0, 0));
    EXPECT_TRUE(started(60'000, -1));
    EXPECT_TRUE(started(253'402'300'799'999, 0));
    ASSERT_FALSE(started(0, -1));
    EXPECT_EQ(started(0, -1).error().at(0).place, "started.utc_ms");
    ASSERT_FALSE(started(253'402'300'799'999, 1));
    EXPECT_EQ(started(253'402'300'799'999, 1).error().at(0).place, "started.utc_ms");
}

TEST(DecodeRecord, KeepsItsLimits) {
    const auto with = [](const char* pointer, const char* key, json::value to) {
        json::value value = parse_json(kGolden).value();
        value.at_pointer(pointer).as_object()[key] = std::move(to);
        return decode(json::serialize(value));
    };
    const auto texts = [](std::size_t count) {
        json::array list;
        for (std::size_t i = 0; i < count; ++i)
            list.emplace_back("v" + std::to_string(i));
        return list;
    };
    const auto answers = [](std::size_t count) {
        json::array list;
        for (std::size_t i = 0; i < count; ++i)
            list.push_back({{"item", "i" + std::to_string(i)}, {"values", json::array{"1"}}});
        return list;
    };
    EXPECT_TRUE(with("/answers/0", "values", texts(kOptionsMax)));
    EXPECT_FALSE(with("/answers/0", "values", texts(kOptionsMax + 1)));
    EXPECT_TRUE(with("", "answers", answers(kItemsMax)));
    EXPECT_FALSE(with("", "answers", answers(kItemsMax + 1)));
    EXPECT_TRUE(with("", "flags", texts(16)));
    EXPECT_FALSE(with("", "flags", texts(17)));

    std::string padded(kGolden);
    padded.append(kRecordBytesMax - padded.size(), ' ');
    EXPECT_TRUE(decode(padded));
    EXPECT_FALSE(decode(padded + " "));
}

TEST(DecodeRecord, RefusesEveryTruncation) {
    for (std::size_t size = 0; size < kGolden.size(); ++size)
        ASSERT_FALSE(decode(kGolden.substr(0, size))) << size;
}

// One flipped bit anywhere: refused, or read as a record that can itself be written and read again.
TEST(DecodeRecord, SurvivesEveryFlippedBit) {
    int still_a_record = 0;
    for (std::size_t at = 0; at < kGolden.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string bytes(kGolden);
            bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1u << bit));
            const auto decoded = decode(bytes);
            if (!decoded) {
                ASSERT_FALSE(decoded.error().empty());
                continue;
            }
            ++still_a_record;
            ASSERT_EQ(decode(encode(*decoded)).value(), *decoded) << bytes;
        }
    }
    EXPECT_GT(still_a_record, 0);
}

RC_GTEST_PROP(RandomBytes, NeverEndTheProgram, (std::string noise)) {
    (void)decode(noise);
    std::string bytes(kGolden);
    const int changes = *rc::gen::inRange(1, 10);
    for (int i = 0; i < changes; ++i) {
        const std::size_t at = *rc::gen::inRange<std::size_t>(0, bytes.size());
        switch (*rc::gen::inRange(0, 3)) {
            case 0:
                bytes[at] = static_cast<char>(*rc::gen::inRange(-128, 128));
                break;
            case 1:
                bytes.erase(at, *rc::gen::inRange<std::size_t>(1, 30));
                break;
            default:
                bytes.insert(at, noise);
        }
        if (bytes.empty()) break;
    }
    if (const auto decoded = decode(bytes)) RC_ASSERT(decode(encode(*decoded)).value() == *decoded);
}

TEST(SkipReason, HasStableNames) {
    for (const SkipReason reason :
         {SkipReason::damaged, SkipReason::renumbered, SkipReason::pruned, SkipReason::unknown})
        EXPECT_EQ(parse_skip_reason(name(reason)), reason);
    EXPECT_EQ(name(SkipReason::unknown), "unknown");
    EXPECT_EQ(parse_skip_reason("lost"), std::nullopt);
}

TEST(RecordDeathTest, WithoutASequenceNumberIsABugOfOurs) {
    Record record = sample_record();
    record.seq = 0;
    EXPECT_DEATH((void)encode(record), "sequence number");
}

}  // namespace
}  // namespace hailong::survey
