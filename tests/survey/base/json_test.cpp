#include "survey/base/json.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "survey/base/ids.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

std::string place_of_fault(std::string_view text) {
    const auto value = parse_json(text);
    return value ? "none" : value.error().at(0).place;
}

TEST(ParseJson, TakesOneValueWithSpaceAroundIt) {
    EXPECT_TRUE(parse_json("{}"));
    EXPECT_TRUE(parse_json(" \t\r\n{\"a\": [1, true, null, \"x\"]} \t\r\n"));
    EXPECT_TRUE(parse_json("1"));
    EXPECT_TRUE(parse_json("\"Hài lòng\""));
}

TEST(ParseJson, NamesTheByteOfAFault) {
    EXPECT_EQ(place_of_fault("{} x"), "byte 3");
    EXPECT_EQ(place_of_fault("{}{}"), "byte 2");
    EXPECT_EQ(place_of_fault("{\"a\":}"), "byte 5");
    EXPECT_EQ(place_of_fault("[1,2"), "byte 4");
    EXPECT_EQ(place_of_fault(""), "byte 0");
}

TEST(ParseJson, RefusesWhatIsNotStrictJson) {
    for (const char* text :
         {"",   " ",  "{",  "{'a':1}", "{\"a\":1,}", "[1,]",       "// c\n1", "NaN", "Infinity",  "01",
          "+1", ".5", "1.", "\"\t\"",  "\"\\x41\"",  "\"unclosed", "tru",     "nul", "{\"a\" 1}", "\xEF\xBB\xBF{}"}) {
        EXPECT_NE(place_of_fault(text), "none") << text;
    }
    EXPECT_NE(place_of_fault(std::string_view("\0", 1)), "none");
}

TEST(ParseJson, RefusesBrokenUtf8) {
    for (const char* text :
         {"\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\\ud800\""}) {
        EXPECT_NE(place_of_fault(text), "none") << text;
    }
}

TEST(ParseJson, RefusesAMemberThatStandsTwiceInItsObject) {
    EXPECT_EQ(place_of_fault(R"({"a":1,"b":2,"a":3})"), "byte 13");
    EXPECT_EQ(place_of_fault(R"([{"x":{"a":{},"b":[],"a" : null}}])"), "byte 21");
    EXPECT_EQ(place_of_fault("{\"a\":1,\"a\":1}"), "byte 7") << "also with the same value";
    EXPECT_FALSE(parse_json("{\"a\":1,\"\\u0061\":2}")) << "however it is written";
    EXPECT_FALSE(parse_json(R"({"":1,"":2})"));
    const auto twice = parse_json(R"({"seq":1,"seq":2})");
    ASSERT_FALSE(twice);
    EXPECT_THAT(describe(twice.error()), testing::HasSubstr("\"seq\" stands there a second"));
    for (const char* text : {R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})", R"({"a":"\"a\":","b":"a\\"})",
                             R"({"a":":","b":"{\"a\":1}","c":"\\\\"})", R"("a:b")", R"([":",":"])", "{}"}) {
        EXPECT_TRUE(parse_json(text)) << text;
    }
}

TEST(ParseJson, RefusesNestingDeeperThanItsLimit) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    EXPECT_TRUE(parse_json(nested(kJsonDepthMax)));
    EXPECT_FALSE(parse_json(nested(kJsonDepthMax + 1)));
    EXPECT_FALSE(parse_json(std::string(1'000'000, '[')));
}

TEST(CanonicalJson, SortsKeysByBytesAndWritesNoSpace) {
    const json::value value = {{"b", 1}, {"a", {{"z", nullptr}, {"Z", true}, {"é", false}}}, {"aa", {1, -2, "x"}}};
    EXPECT_EQ(canonical_json(value), "{\"a\":{\"Z\":true,\"z\":null,\"é\":false},\"aa\":[1,-2,\"x\"],\"b\":1}");
}

TEST(CanonicalJson, EscapesOnlyWhatMustBe) {
    json::string text = "\"\\/\b\f\n\r\t ậ € 😀 \x7f";
    text.push_back('\x01');
    text.push_back('\x1f');
    text.push_back('\0');
    EXPECT_EQ(canonical_json(json::value(text)), "\"\\\"\\\\/\\b\\f\\n\\r\\t ậ € 😀 \x7f\\u0001\\u001f\\u0000\"");
}

TEST(CanonicalJson, WritesTheWholeRangeOfIntegers) {
    EXPECT_EQ(canonical_json(json::array{INT64_MIN, INT64_MAX, UINT64_MAX, 0}),
              "[-9223372036854775808,9223372036854775807,18446744073709551615,0]");
}

TEST(CanonicalJson, ComesBackTheSame) {
    const std::string text = R"({"a":[{},[],"",0,false],"b":{"c":"d\n"}})";
    EXPECT_EQ(canonical_json(parse_json(text).value()), text);
}

TEST(CanonicalJson, IsThereForAllButFractionsAtAnyDepth) {
    for (const char* whole : {"{}", "[1,-2,true,null,\"0.5\"]", R"({"a":{"b":[18446744073709551615]}})"})
        EXPECT_TRUE(has_canonical_text(parse_json(whole).value())) << whole;
    for (const char* other : {"0.5", "1e3", "1E400", "[18446744073709551616]", R"({"a":{"b":[1,[1.0]]}})"})
        EXPECT_FALSE(parse_json(other).map(has_canonical_text).value_or(false)) << other;
}

TEST(CanonicalJsonDeathTest, FractionIsABugOfOurs) {
    EXPECT_DEATH((void)canonical_json(json::value(0.5)), "our formats hold no fractions");
}

// --- ObjectReader -------------------------------------------------------------------------------------------------

class Reading : public testing::Test {
  protected:
    ObjectReader reader(const char* text) {
        value_ = parse_json(text).value();
        return {value_, "place", faults_};
    }
    [[nodiscard]] std::string places() const {
        std::string text;
        for (const Fault& fault : faults_)
            text += (text.empty() ? "" : " ") + fault.place;
        return text;
    }
    json::value value_;
    Faults faults_;
};

TEST_F(Reading, GivesWhatIsThere) {
    ObjectReader object = reader(R"({"t":"x","i":"a.B-9_","n":5,"b":true,"l":[1,2]})");
    EXPECT_EQ(object.text("t"), "x");
    EXPECT_EQ(object.identifier("i"), "a.B-9_");
    EXPECT_EQ(object.integer("n", 5, 5), 5);
    EXPECT_TRUE(object.boolean_or("b", false));
    EXPECT_EQ(object.list("l").size(), 2u);
    EXPECT_TRUE(faults_.empty());
}

TEST_F(Reading, NotesEveryMissingMemberAndGoesOn) {
    ObjectReader object = reader(R"({"null":null})");
    EXPECT_EQ(object.text("t"), "");
    EXPECT_EQ(object.identifier("i"), "");
    EXPECT_EQ(object.integer("n", 3, 5), 3);
    EXPECT_TRUE(object.list("l").empty());
    EXPECT_EQ(object.text("null"), "");
    EXPECT_EQ(places(), "place.t place.i place.n place.l place.null");
}

TEST_F(Reading, LeavesOptionalMembersInPeace) {
    ObjectReader object = reader(R"({"null":null})");
    EXPECT_EQ(object.text_or("t", "y"), "y");
    EXPECT_TRUE(object.boolean_or("b", true));
    EXPECT_EQ(object.maybe_integer("n", 0, 9), std::nullopt);
    EXPECT_EQ(object.maybe_integer("null", 0, 9), std::nullopt);
    EXPECT_TRUE(object.list_or_empty("l").empty());
    EXPECT_TRUE(faults_.empty());
}

TEST_F(Reading, NotesEveryMemberOfTheWrongKind) {
    ObjectReader object = reader(R"({"t":1,"i":"a b","n":"5","b":"true","l":{},"o":1})");
    EXPECT_EQ(object.text_or("t", "y"), "y");
    (void)object.identifier("i");
    EXPECT_EQ(object.integer("n", 0, 9), 0);
    EXPECT_FALSE(object.boolean_or("b", false));
    EXPECT_TRUE(object.list_or_empty("l").empty());
    (void)object.identifier("o");
    EXPECT_EQ(places(), "place.t place.i place.n place.b place.l place.o");
}

TEST_F(Reading, TakesWholeNumbersWithinTheirRangeOnly) {
    ObjectReader object =
        reader(R"({"low":-1,"high":10,"half":1.5,"whole_float":1.0,"huge":18446744073709551615,"ok":9})");
    EXPECT_EQ(object.maybe_integer("ok", 0, 9), 9);
    for (const char* key : {"low", "high", "half", "whole_float", "huge"}) {
        EXPECT_EQ(object.maybe_integer(key, 0, 9), std::nullopt) << key;
    }
    EXPECT_EQ(places(), "place.low place.high place.half place.whole_float place.huge");
}

TEST_F(Reading, NotesOnceWhatIsNoObject) {
    ObjectReader object = reader("[1]");
    EXPECT_FALSE(object.is_object());
    (void)object.text("t");
    (void)object.integer("n", 0, 9);
    (void)object.list("l");
    EXPECT_EQ(places(), "place");
}

TEST(ReadingTop, NamesMembersOfTheWholeWithoutADot) {
    Faults faults;
    const json::value value = json::object{};
    ObjectReader object(value, {}, faults);
    (void)object.text("id");
    EXPECT_EQ(faults.at(0).place, "id");
}

// --- Identifiers and descriptions ---------------------------------------------------------------------------------

TEST(Identifier, IsSafeInAUrlAFileNameAndAHeader) {
    EXPECT_TRUE(is_identifier("tp-01"));
    EXPECT_TRUE(is_identifier("000.00.19.H26-261008-0975"));
    EXPECT_TRUE(is_identifier(std::string(kIdentifierBytesMax, 'a')));
    EXPECT_FALSE(is_identifier(std::string(kIdentifierBytesMax + 1, 'a')));
    EXPECT_FALSE(is_identifier(""));
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '_' || c == '-';
        EXPECT_EQ(is_identifier(std::string(1, c)), safe) << byte;
    }
}

TEST(Describe, WritesOneLineAFault) {
    EXPECT_EQ(describe({{"items[2].id", "is missing", "add it"}, {"", "is empty", ""}}, "a.json"),
              "a.json: items[2].id: is missing; add it\na.json: is empty");
    EXPECT_EQ(describe({{"x", "is wrong", "mend it"}}), "x: is wrong; mend it");
    EXPECT_EQ(describe(Faults{}), "");
}

}  // namespace
}  // namespace hailong::survey
