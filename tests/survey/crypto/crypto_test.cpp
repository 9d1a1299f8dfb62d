#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/hex.h"
#include "survey/crypto/keys.h"
#include "survey/crypto/sealed_text.h"
#include "survey/crypto/shares.h"

namespace hailong::survey {
namespace {

using testing::HasSubstr;
using testing::Not;

template <class Value>
Value from_hex(std::string_view digits) {
    Value value;
    EXPECT_TRUE(parse_hex(digits, value.bytes)) << digits;
    return value;
}

struct SignatureVector {
    const char* name;
    const char* secret;
    const char* public_key;
    const char* message;  // hexadecimal
    const char* signature;
};

// RFC 8032 section 7.1, tests 1 to 3.
constexpr SignatureVector kPublished[] = {
    {"Empty", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"},
    {"OneByte", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"},
    {"TwoBytes", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"},
};

class PublishedSignature : public testing::TestWithParam<SignatureVector> {};

TEST_P(PublishedSignature, IsMadeAndVerified) {
    const SignatureVector& known = GetParam();
    std::string message(std::string_view(known.message).size() / 2, '\0');
    std::vector<std::uint8_t> bytes(message.size());
    ASSERT_TRUE(parse_hex(known.message, bytes));
    std::copy(bytes.begin(), bytes.end(), message.begin());
    const auto secret = from_hex<SignSecretKey>(known.secret);
    const auto public_key = from_hex<SignPublicKey>(known.public_key);
    const auto signature = from_hex<Signature>(known.signature);
    EXPECT_EQ(public_half(secret), public_key);
    EXPECT_EQ(sign(message, secret), signature);
    EXPECT_TRUE(verifies(message, signature, public_key));
}
INSTANTIATE_TEST_SUITE_P(Rfc8032, PublishedSignature, testing::ValuesIn(kPublished),
                         [](const auto& tested) { return tested.param.name; });

TEST(Signature, FitsNoOtherMessageKeyOrSignature) {
    const SignSecretKey key = make_sign_key();
    const Signature good = sign("one", key);
    EXPECT_TRUE(verifies("one", good, public_half(key)));
    EXPECT_FALSE(verifies("One", good, public_half(key)));
    EXPECT_FALSE(verifies("one ", good, public_half(key)));
    EXPECT_FALSE(verifies("one", good, public_half(make_sign_key())));
    for (std::size_t i = 0; i < good.bytes.size(); ++i) {
        Signature changed = good;
        changed.bytes.at(i) ^= 1u;
        EXPECT_FALSE(verifies("one", changed, public_half(key))) << "byte " << i;
    }
}

TEST(Signer, SignsAsItsKeyDoesHoweverOften) {
    const SignSecretKey key = make_sign_key();
    const Signer signer(key);
    EXPECT_EQ(signer.public_key(), public_half(key));
    for (const char* message : {"", "one", "another"}) {
        EXPECT_EQ(signer.sign(message), sign(message, key));
        EXPECT_TRUE(verifies(message, signer.sign(message), signer.public_key()));
    }
}

TEST(Keys, AreNewEachTime) {
    EXPECT_NE(make_sign_key(), make_sign_key());
    EXPECT_NE(make_box_key(), make_box_key());
}

TEST(Box, IsOpenedByItsKeyAlone) {
    const BoxSecretKey key = make_box_key();
    const std::string box = seal("góp ý", public_half(key));
    EXPECT_EQ(box.size(), std::string("góp ý").size() + kSealBytes);
    EXPECT_EQ(open_box(box, key), "góp ý");
    EXPECT_EQ(open_box(box, make_box_key()), std::nullopt);
    for (std::size_t i = 0; i < box.size(); ++i) {
        std::string changed = box;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_EQ(open_box(changed, key), std::nullopt) << "byte " << i;
        EXPECT_EQ(open_box(box.substr(0, i), key), std::nullopt) << "cut at " << i;
    }
}

RC_GTEST_PROP(Base64, ReadsWhatItWrites, (const std::string& bytes)) {
    RC_ASSERT(parse_base64(to_base64(bytes)) == bytes);
}

TEST(Base64, IsThePublishedOne) {
    // RFC 4648 section 10.
    const std::map<std::string, std::string> published = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : published) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(parse_base64(text), bytes);
    }
    for (const char* wrong : {"Zg", "Zg=", "Zg===", "Zm9v ", " Zm9v", "Zm9v\n", "Zm-_", "Z", "Zh=="}) {
        EXPECT_EQ(parse_base64(wrong), std::nullopt) << wrong;
    }
}

TEST(KeyText, IsReadBackAndOfOneLengthOnly) {
    const SignPublicKey key = public_half(make_sign_key());
    EXPECT_EQ(parse_key<SignPublicKey>(key_text(key)), key);
    EXPECT_EQ(parse_key<Signature>(key_text(key)), std::nullopt);
    EXPECT_EQ(parse_key<SignPublicKey>(""), std::nullopt);
}

TEST(SealedText, AreReadByTheirKeyAndHashAlone) {
    const BoxSecretKey key = make_box_key();
    for (const std::string& words : {std::string(), std::string("0912 345 678"), std::string("Cán bộ rất nhiệt tình."),
                                     std::string("a\0b", 3), std::string(kFreeTextBytesMax, 'x')}) {
        const Sealed sealed = seal_text(words, public_half(key));
        EXPECT_EQ(open_text(sealed.bytes, sealed.hash, key), words);
        EXPECT_EQ(open_text(sealed.bytes, sha256(words), key), std::nullopt);
        EXPECT_EQ(open_text(sealed.bytes, sealed.hash, make_box_key()), std::nullopt);
    }
}

TEST(SealedText, LeaveAHashThatCannotBeFoundByTrying) {
    const BoxSecretKey key = make_box_key();
    const Sealed once = seal_text("0912345678", public_half(key));
    const Sealed again = seal_text("0912345678", public_half(key));
    EXPECT_NE(once.hash, again.hash);
    EXPECT_NE(once.hash, sha256("0912345678"));
}

TEST(SealedText, ShowLittleOfTheirLength) {
    const BoxPublicKey key = public_half(make_box_key());
    EXPECT_EQ(seal_text("có", key).bytes.size(), seal_text(std::string(200, 'x'), key).bytes.size());
}

TEST(SealedText, AreNotTakenFromATextOfAnotherShape) {
    const BoxSecretKey key = make_box_key();
    for (const std::string& plain :
         {std::string(), std::string(256, '\0'), std::string("\x80"), std::string(31, 'x')}) {
        EXPECT_EQ(open_text(seal(plain, public_half(key)), sha256(plain), key), std::nullopt);
    }
}

TEST(Base64, HasNoLettersBesidesItsOwn) {
    for (int letter = 0; letter < 256; ++letter) {
        const std::string text = std::string("AAA") + static_cast<char>(letter);
        const auto bytes = parse_base64(text);
        EXPECT_TRUE(!bytes || to_base64(*bytes) == text) << letter;
    }
}

TEST(Shares, AnyTwoBringTheKeyBack) {
    for (int round = 0; round < 20; ++round) {
        const BoxSecretKey key = make_box_key();
        const auto shares = split_key(key);
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                if (i == j) continue;
                EXPECT_EQ(join_shares(shares.at(i), shares.at(j) + "\n"), key) << i << " and " << j;
            }
        }
    }
}

TEST(Shares, BringTheKeyBackWhereNothingWasSplit) {
    // Run alone, as ctest does, this is what a program does that only joins.
    BoxSecretKey key;
    key.bytes.fill(7);
    EXPECT_EQ(join_shares("hailong-share 1 1 0f6d2553 sn4XwPQvM55vDLuS7NTH4O2GhLuaAxPDUcfExZXa8ck=",
                          "hailong-share 1 3 0f6d2553 xYw3Uw9/W7G/Gt6lJ29aMySZn969CztW/VpfXKx9AEg="),
              key);
}

TEST(Shares, OneHoldsNothingOfTheKey) {
    const BoxSecretKey key = make_box_key();
    const std::string text = key_text(key);
    for (const std::string& share : split_key(key))
        EXPECT_THAT(share, Not(HasSubstr(text)));
    // The same key splits differently each time: no share is a function of the key alone.
    EXPECT_NE(split_key(key).at(0), split_key(key).at(0));
}

TEST(Shares, SayWhatIsWrongWithThem) {
    const auto shares = split_key(make_box_key());
    const auto others = split_key(make_box_key());
    EXPECT_THAT(join_shares(shares.at(0), shares.at(0)).error(), HasSubstr("two different"));
    EXPECT_THAT(join_shares(shares.at(0), others.at(1)).error(), HasSubstr("different keys"));
    EXPECT_THAT(join_shares("", shares.at(0)).error(), HasSubstr("the first share"));
    EXPECT_THAT(join_shares(shares.at(0), shares.at(1).substr(0, 30)).error(), HasSubstr("the second share"));
    std::string changed = shares.at(1);
    char& letter = changed.at(changed.size() - 10);
    letter = letter == 'A' ? 'B' : 'A';
    EXPECT_THAT(join_shares(shares.at(0), changed).error(), HasSubstr("copied wrongly"));
}

}  // namespace
}  // namespace hailong::survey
