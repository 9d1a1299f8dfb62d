#include "survey/base/messages.h"

#include <string>

#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

TEST(LanguageCode, ComesBack) {
    for (const Language language : kLanguages)
        EXPECT_EQ(parse_language(code(language)), language);
    EXPECT_EQ(code(Language::vi), "vi");
    EXPECT_EQ(code(Language::en), "en");
    for (const char* unknown : {"", "VI", "fr", "vi-VN", "v"})
        EXPECT_FALSE(parse_language(unknown)) << unknown;
}

TEST(LocalizedTextIn, GivesTheLanguage) {
    const LocalizedText text{"một", "one"};
    EXPECT_EQ(text.in(Language::vi), "một");
    EXPECT_EQ(text.in(Language::en), "one");
    EXPECT_FALSE(text.empty());
    EXPECT_FALSE((LocalizedText{"", "one"}.empty()));
    EXPECT_TRUE(LocalizedText{}.empty());
}

Messages sample_messages() {
    return Messages({{"plain", "Xin cảm ơn"},
                     {"two", "{n} phiếu, ngày {date}"},
                     {"again", "{n} và {n}"},
                     {"braces", "a { b {n} c } d {"},
                     {"none", "{unknown} {}"}});
}

TEST(MessagesAt, GivesTheWordsOrTheKey) {
    EXPECT_EQ(sample_messages().at("plain"), "Xin cảm ơn");
    EXPECT_EQ(sample_messages().at("missing.key"), "missing.key");
}

TEST(MessagesFormat, PutsArgumentsInTheirPlaces) {
    const Messages messages = sample_messages();
    EXPECT_EQ(messages.format("plain", {{"n", "1"}}), "Xin cảm ơn");
    EXPECT_EQ(messages.format("two", {{"date", "22/11/2026"}, {"n", "12"}}), "12 phiếu, ngày 22/11/2026");
    EXPECT_EQ(messages.format("again", {{"n", "7"}}), "7 và 7");
    EXPECT_EQ(messages.format("missing.key", {}), "missing.key");
}

TEST(MessagesFormat, LeavesPlaceholdersWithoutArgument) {
    const Messages messages = sample_messages();
    EXPECT_EQ(messages.format("none", {{"n", "1"}}), "{unknown} {}");
    EXPECT_EQ(messages.format("two", {{"n", "1"}}), "1 phiếu, ngày {date}");
}

TEST(MessagesFormat, DoesNotLookIntoArguments) {
    EXPECT_EQ(sample_messages().format("two", {{"n", "{date}"}, {"date", "x"}}), "{date} phiếu, ngày x");
}

TEST(MessagesFormat, ToleratesLooseBraces) {
    const std::string text = sample_messages().format("braces", {{"n", "1"}});
    EXPECT_EQ(text.substr(0, 2), "a ");
    EXPECT_EQ(text.substr(text.size() - 1), "{");
}

TEST(ParseMessages, TakesAFlatObjectOfTexts) {
    const auto messages = parse_messages(R"({"a.b":"x","c":"y"})");
    ASSERT_TRUE(messages);
    EXPECT_EQ(messages->all().size(), 2u);
    EXPECT_EQ(messages->at("a.b"), "x");
}

TEST(ParseMessages, NamesEachValueThatIsNoText) {
    const auto messages = parse_messages(R"({"a":1,"b":"x","c":{"d":"e"},"f":null})");
    ASSERT_FALSE(messages);
    std::string places;
    for (const Fault& fault : messages.error())
        places += fault.place + " ";
    EXPECT_EQ(places, "a c f ");
}

TEST(ParseMessages, RefusesBrokenJsonAndOtherValues) {
    EXPECT_EQ(parse_messages("{").error().at(0).place, "byte 1");
    EXPECT_FALSE(parse_messages("[]"));
}

TEST(FormatCount, SeparatesThousands) {
    EXPECT_EQ(format_count(0, Language::vi), "0");
    EXPECT_EQ(format_count(999, Language::vi), "999");
    EXPECT_EQ(format_count(1000, Language::vi), "1.000");
    EXPECT_EQ(format_count(12345, Language::vi), "12.345");
    EXPECT_EQ(format_count(12345, Language::en), "12,345");
    EXPECT_EQ(format_count(1'234'567, Language::en), "1,234,567");
    EXPECT_EQ(format_count(-1234, Language::en), "-1,234");
    EXPECT_EQ(format_count(-123, Language::en), "-123");
    EXPECT_EQ(format_count(INT64_MAX, Language::vi), "9.223.372.036.854.775.807");
}

TEST(FormatTenths, HasOneDecimal) {
    EXPECT_EQ(format_tenths(905, Language::vi), "90,5");
    EXPECT_EQ(format_tenths(905, Language::en), "90.5");
    EXPECT_EQ(format_tenths(1000, Language::vi), "100,0");
    EXPECT_EQ(format_tenths(0, Language::vi), "0,0");
    EXPECT_EQ(format_tenths(3, Language::en), "0.3");
}

TEST(FormatDate, FollowsTheLanguage) {
    using std::chrono::year;
    EXPECT_EQ(format_date(year{2026} / 11 / 22, Language::vi), "22/11/2026");
    EXPECT_EQ(format_date(year{2026} / 2 / 3, Language::vi), "03/02/2026");
    EXPECT_EQ(format_date(year{2026} / 11 / 22, Language::en), "22 November 2026");
    EXPECT_EQ(format_date(year{2026} / 1 / 3, Language::en), "3 January 2026");
    EXPECT_EQ(format_date(year{2026} / 12 / 31, Language::en), "31 December 2026");
}

}  // namespace
}  // namespace hailong::survey
