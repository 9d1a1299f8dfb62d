#include "sync/protocol/compression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace hailong::sync {
namespace {

using testing::HasSubstr;

constexpr Encoding kEncodings[] = {Encoding::identity, Encoding::gzip, Encoding::zstd};
constexpr std::size_t kMax = 1'000'000;

std::string sample() {
    std::string text;
    for (int i = 0; i < 500; ++i)
        text += "{\"n\":" + std::to_string(i * 7919) + "}\n";
    return text;
}

TEST(Encoding, IsParsedFromAHeaderValue) {
    EXPECT_EQ(parse_encoding(""), Encoding::identity);
    EXPECT_EQ(parse_encoding("GZip"), Encoding::gzip);
    EXPECT_EQ(parse_encoding("ZSTD"), Encoding::zstd);
    EXPECT_FALSE(parse_encoding("zst"));
    EXPECT_FALSE(parse_encoding("zstdd"));
    for (const Encoding encoding : kEncodings)
        EXPECT_EQ(parse_encoding(name(encoding)), encoding);
    for (const char* text : {"br", "gzip, zstd", "GZIP ", "deflate", "x-gzip"}) {
        const auto encoding = parse_encoding(text);
        ASSERT_FALSE(encoding) << text;
        EXPECT_THAT(encoding.error(), HasSubstr("use zstd, gzip or none"));
    }
}

TEST(Encoding, ThatIsNoTextIsRefusedInText) {
    const auto encoding = parse_encoding("gz\x97ip");
    ASSERT_FALSE(encoding);
    EXPECT_EQ(encoding.error().find('\x97'), std::string::npos) << "the answer would be no JSON";
}

RC_GTEST_PROP(Compression, GivesTheBytesBack, (const std::string& bytes)) {
    for (const Encoding encoding : kEncodings) {
        RC_ASSERT(decompress(compress(bytes, encoding), encoding, bytes.size()) == bytes);
    }
}

TEST(Compression, MakesABatchSmaller) {
    EXPECT_LT(compress(sample(), Encoding::zstd).size(), sample().size() / 3);
    EXPECT_LT(compress(sample(), Encoding::gzip).size(), sample().size() / 3);
}

TEST(Compression, RefusesEveryTruncation) {
    for (const Encoding encoding : {Encoding::gzip, Encoding::zstd}) {
        const std::string packed = compress(sample(), encoding);
        for (std::size_t length = 0; length < packed.size(); ++length) {
            EXPECT_EQ(decompress(packed.substr(0, length), encoding, kMax).error().kind, UnpackErrorKind::damaged)
                << name(encoding) << " " << length;
        }
    }
}

TEST(Compression, RefusesWhatFollowsTheData) {
    for (const Encoding encoding : {Encoding::gzip, Encoding::zstd}) {
        const std::string packed = compress(sample(), encoding);
        EXPECT_FALSE(decompress(packed + "x", encoding, kMax)) << name(encoding);
        EXPECT_FALSE(decompress(packed + packed, encoding, kMax)) << name(encoding);
    }
}

TEST(Compression, KeepsTheLimitExactly) {
    const std::string bytes = sample();
    for (const Encoding encoding : kEncodings) {
        const std::string packed = compress(bytes, encoding);
        EXPECT_EQ(decompress(packed, encoding, bytes.size()), bytes) << name(encoding);
        const auto refused = decompress(packed, encoding, bytes.size() - 1);
        ASSERT_FALSE(refused) << name(encoding);
        EXPECT_EQ(refused.error().kind, UnpackErrorKind::too_large);
    }
}

TEST(Compression, RefusesABomb) {
    for (const Encoding encoding : {Encoding::gzip, Encoding::zstd}) {
        const std::string bomb = compress(std::string(100u << 20u, '\0'), encoding);
        ASSERT_LT(bomb.size(), 200'000U);
        const auto refused = decompress(bomb, encoding, kMax);
        ASSERT_FALSE(refused) << name(encoding);
        EXPECT_EQ(refused.error().kind, UnpackErrorKind::too_large) << name(encoding);
    }
}

/// As a program packs that does not know the size beforehand: the frame does not say it.
std::string stream_zstd(const std::string& bytes) {
    std::string out(ZSTD_compressBound(bytes.size()) + 1'000, '\0');
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    const std::size_t size = ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size());
    ZSTD_freeCCtx(context);
    out.resize(size);
    return out;
}

TEST(Compression, TakesZstdFramesThatDoNotSayTheirSize) {
    const std::string packed = stream_zstd(sample());
    ASSERT_EQ(ZSTD_getFrameContentSize(packed.data(), packed.size()), ZSTD_CONTENTSIZE_UNKNOWN);
    EXPECT_EQ(decompress(packed, Encoding::zstd, kMax), sample());
    EXPECT_EQ(decompress(packed, Encoding::zstd, sample().size()), sample());
    const auto refused = decompress(packed, Encoding::zstd, sample().size() - 1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, UnpackErrorKind::too_large);
    EXPECT_FALSE(decompress(stream_zstd(std::string(100u << 20u, '\0')), Encoding::zstd, kMax));
}

RC_GTEST_PROP(Compression, NeverTripsOverDamagedBytes, ()) {
    for (const Encoding encoding : {Encoding::gzip, Encoding::zstd}) {
        std::string packed = compress(sample(), encoding);
        const int changes = *rc::gen::inRange(1, 5);
        for (int i = 0; i < changes; ++i) {
            packed.at(*rc::gen::inRange<std::size_t>(0, packed.size())) = *rc::gen::arbitrary<char>();
        }
        const auto unpacked = decompress(packed, encoding, kMax);
        if (unpacked) RC_ASSERT(unpacked->size() <= kMax);
    }
}

}  // namespace
}  // namespace hailong::sync
