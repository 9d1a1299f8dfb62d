#include "survey/crypto/digest.h"

#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

// FIPS 180-4 / NIST example values.
TEST(Sha256, GivesThePublishedValues) {
    EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(to_hex(sha256(std::string(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, TakesEveryByte) {
    EXPECT_NE(sha256(std::string_view("a\0b", 3)), sha256(std::string_view("a\0c", 3)));
    EXPECT_NE(sha256(std::string_view("\0", 1)), sha256(""));
}

TEST(Sha256, IsTheSameInEveryThread) {
    Digest other;
    std::thread worker([&] { other = sha256("abc"); });
    worker.join();
    EXPECT_EQ(other, sha256("abc"));
}

// RFC 4231, test cases 1, 2 and 6.
TEST(HmacSha256, GivesThePublishedValues) {
    EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(DigestText, ComesBackInEitherCase) {
    const Digest digest = sha256("abc");
    std::string upper = to_hex(digest);
    for (char& c : upper) {
        if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    }
    EXPECT_EQ(parse_digest(to_hex(digest)), digest);
    EXPECT_EQ(parse_digest(upper), digest);
    EXPECT_EQ(to_hex(Digest{}), std::string(64, '0'));
}

TEST(DigestText, RefusesEverythingElse) {
    const std::string good = to_hex(sha256("abc"));
    EXPECT_FALSE(parse_digest(""));
    EXPECT_FALSE(parse_digest(good.substr(1)));
    EXPECT_FALSE(parse_digest(good + "0"));
    for (const char wrong : {'g', 'G', ' ', '-', '/', ':', '@', '`', '\0'}) {
        for (std::size_t at = 0; at < good.size(); ++at) {
            std::string text = good;
            text[at] = wrong;
            EXPECT_FALSE(parse_digest(text)) << at << " " << wrong;
        }
    }
}

}  // namespace
}  // namespace hailong::survey
