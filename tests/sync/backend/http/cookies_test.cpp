#include "sync/backend/http/cookies.h"

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

TEST(Cookie, IsGivenOutForThisHostOverTlsAlone) {
    EXPECT_EQ(set_cookie("session", "0123abc", std::chrono::seconds(3600), SameSite::strict),
              "__Host-session=0123abc; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=Strict");
    EXPECT_EQ(set_cookie("session", "", std::chrono::seconds(-5), SameSite::lax),
              "__Host-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax");
}

TEST(Cookie, ComesBackUnderItsName) {
    EXPECT_EQ(cookie("a=b; __Host-session=0123abc;c=d", "session"), "0123abc");
    EXPECT_EQ(cookie("__Host-session=first; __Host-session=second", "session"), "first");
    EXPECT_EQ(cookie("session=of somebody else", "session"), "") << "without the prefix anybody may have set it";
    EXPECT_EQ(cookie("", "session"), "");
}

TEST(Cookies, AreReadAsFarAsTheyAreSome) {
    const Fields cookies = parse_cookies(" a = b ;; =x; bare; quoted=\"q\"; e=f=g");
    ASSERT_EQ(cookies.all.size(), 3u);
    EXPECT_EQ(cookies.get("a"), "b");
    EXPECT_EQ(cookies.get("quoted"), "q");
    EXPECT_EQ(cookies.get("e"), "f=g");
}

TEST(Cookies, KeepTheirLimits) {
    std::string many;
    for (std::size_t i = 0; i <= kCookiesMax; ++i)
        many += "a" + std::to_string(i) + "=b;";
    EXPECT_EQ(parse_cookies(many).all.size(), kCookiesMax);
    EXPECT_EQ(parse_cookies("a=" + std::string(kCookieBytesMax, 'x')).all.size(), 0u);
}

TEST(CookieDeathTest, WithAnotherHeaderInItEndsTheProgram) {
    EXPECT_DEATH((void)set_cookie("session", "a\r\nSet-Cookie: b=c", std::chrono::seconds(1), SameSite::lax),
                 "encoding");
    EXPECT_DEATH((void)set_cookie("a b", "c", std::chrono::seconds(1), SameSite::lax), "identifier");
}

}  // namespace
}  // namespace hailong::sync
