#include "sync/backend/http/url.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::sync {
namespace {

using Path = std::vector<std::string>;

Path path_of(std::string_view target) {
    const auto parsed = parse_target(target);
    EXPECT_TRUE(parsed) << target;
    return parsed ? parsed->path : Path{"refused"};
}

TEST(Target, HasItsSegmentsDecoded) {
    EXPECT_EQ(path_of("/"), Path{});
    EXPECT_EQ(path_of("/centers"), Path{"centers"});
    EXPECT_EQ(path_of("/centers/mau/results.json?x=1"), (Path{"centers", "mau", "results.json"}));
    EXPECT_EQ(path_of("/centers/mau/"), (Path{"centers", "mau", ""}));
    EXPECT_EQ(path_of("/a%20b/c%2Fd"), (Path{"a b", "c/d"})) << "an encoded slash separates nothing";
    EXPECT_EQ(path_of("/a+b"), Path{"a+b"}) << "plus is a space only in a query";
    EXPECT_EQ(path_of("/../etc"), (Path{"..", "etc"}));
}

TEST(Target, HasItsQueryDecodedAndTheFirstOfTwo) {
    const auto target = parse_target("/x?period=2026-M11&lang=en&a=b%26c&d=e+f%2B&empty=&bare&period=2025");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->query.get("period"), "2026-M11");
    EXPECT_EQ(target->query.get("lang"), "en");
    EXPECT_EQ(target->query.get("a"), "b&c");
    EXPECT_EQ(target->query.get("d"), "e f+");
    EXPECT_EQ(target->query.get("empty"), "");
    ASSERT_NE(target->query.find("bare"), nullptr);
    EXPECT_EQ(target->query.find("none"), nullptr);
    EXPECT_EQ(target->query.get("none"), "");
}

TEST(Target, IsRefusedWhenItIsNone) {
    for (const char* bad : {"", "x", "*", "http://x/", "/%", "/%4", "/%zz", "/x?a=%", "/x?a=%g1", "/x?%=1", "/x y",
                            "/x?a=b c", "/x\n", "/x#fragment", "/\xc3\xa9", "?a=b"}) {
        EXPECT_FALSE(parse_target(bad)) << bad;
    }
}

TEST(Target, KeepsItsLimits) {
    EXPECT_TRUE(parse_target("/" + std::string(kTargetBytesMax - 1, 'a')));
    EXPECT_FALSE(parse_target("/" + std::string(kTargetBytesMax, 'a')));
    const auto with_fields = [](std::size_t count) {
        std::string target = "/?a";
        for (std::size_t i = 1; i < count; ++i)
            target += "&a";
        return parse_target(target).has_value();
    };
    EXPECT_TRUE(with_fields(kFieldsMax));
    EXPECT_FALSE(with_fields(kFieldsMax + 1));
}

std::string encoded(const std::string& text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string result;
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        result += {'%', kDigits[byte >> 4u], kDigits[byte & 15u]};
    }
    return result;
}

RC_GTEST_PROP(TargetProperty, AnyBytesComeBackWhenTheyWereEncoded, ()) {
    const auto name = *rc::gen::nonEmpty<std::string>();
    const auto value = *rc::gen::arbitrary<std::string>();
    RC_PRE(name.size() + value.size() < 300);
    const auto target = parse_target("/x?" + encoded(name) + "=" + encoded(value));
    RC_ASSERT(target.has_value());
    RC_ASSERT(target->query.get(name) == value);
    const auto path = parse_target("/" + encoded(name));
    RC_ASSERT(path.has_value());
    RC_ASSERT(path->path == std::vector<std::string>{name});
}

RC_GTEST_PROP(TargetProperty, NoTextIsTooMuch, ()) {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("/?&=%+2a \x80\r\n.#[]")));
    static_cast<void>(parse_target("/" + text));
    static_cast<void>(parse_form(text));
}

TEST(Form, IsReadLikeAQuery) {
    const auto form = parse_form("name=Nguy%E1%BB%85n+Th%E1%BB%8B&note=a%0D%0Ab&empty=");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->get("name"), "Nguyễn Thị");
    EXPECT_EQ(form->get("note"), "a\r\nb");
    EXPECT_EQ(form->all.size(), 3u);
    EXPECT_EQ(parse_form("")->all.size(), 0u);
    EXPECT_FALSE(parse_form("a=%"));
    EXPECT_FALSE(parse_form("a=b c"));
    EXPECT_FALSE(parse_form("a=" + std::string(kFormBytesMax, 'x')));
}

}  // namespace
}  // namespace hailong::sync
