#include "survey/base/utf8.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::survey {
namespace {

RC_GTEST_PROP(Utf8, ComesBackAsItWas, (std::vector<std::uint32_t> numbers)) {
    std::u32string characters;
    for (const std::uint32_t number : numbers) {
        const char32_t c = number % 0x110000;
        if (c < 0xD800 || c > 0xDFFF) characters += c;
    }
    RC_ASSERT(characters_of(utf8_of(characters)) == characters);
}

TEST(Utf8, ShowsEveryBrokenByte) {
    EXPECT_EQ(characters_of("a\xFF"
                            "b"),
              U"a\uFFFDb");
    EXPECT_EQ(characters_of("\xE1\xBA"), U"\uFFFD\uFFFD") << "cut off";
    EXPECT_EQ(characters_of("\xC0\xAF"), U"\uFFFD\uFFFD") << "longer than need be";
    EXPECT_EQ(characters_of("\xE0\x80\xAF"), U"\uFFFD\uFFFD\uFFFD") << "longer than need be";
    EXPECT_EQ(characters_of("\xED\xA0\x80"), U"\uFFFD\uFFFD\uFFFD") << "a surrogate";
    EXPECT_EQ(characters_of("\xF4\x90\x80\x80"), U"\uFFFD\uFFFD\uFFFD\uFFFD") << "beyond Unicode";
}

TEST(Utf8, CountsCharactersAndNotBytes) {
    EXPECT_EQ(character_count(""), 0u);
    EXPECT_EQ(character_count("Hài lòng"), 8u);
}

TEST(Utf8, IsNeverCutWithinACharacter) {
    EXPECT_EQ(shortened("lòng", 4), "lòn");
    EXPECT_EQ(shortened("lòng", 2), "l") << "ò has two bytes";
    EXPECT_EQ(shortened("ễ", 2), "");
    EXPECT_EQ(shortened("lòng", 5), "lòng");
    EXPECT_EQ(shortened("lòng", 500), "lòng");
}

}  // namespace
}  // namespace hailong::survey
