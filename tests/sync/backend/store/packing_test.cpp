#include "sync/backend/store/packing.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "survey/base/hex.h"
#include "survey/crypto/digest.h"

namespace hailong::sync {
namespace {

const std::string kRecord =
    R"({"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["4"]}],"boot":"afecefeb-9a62-411f-b64b-88a8783c7a15","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","field":"nuoi-con-nuoi","officer":"tp-02","procedure":"p-018"},"finished":{"monotonic_ms":3609758,"offset_min":420,"utc_ms":1795221375241},"flags":[],"format":1,"id":"01a1fb88-285e-7c12-9385-fc9030707dfb","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":2},"seq":1,"started":{"monotonic_ms":3601395,"offset_min":420,"utc_ms":1795221366878}})";

TEST(Packing, BringsBackExactlyWhatItWasGiven) {
    for (const PackedKind kind : {PackedKind::record, PackedKind::batch_header}) {
        for (const std::string& bytes :
             {std::string(), std::string("x"), std::string(1, '\0'), kRecord, kRecord + kRecord,
              std::string(1 << 20, '{'), std::string(kUnpackedBytesMax + 1, 'x'),
              std::string(packing_dictionary(kind))}) {
            EXPECT_EQ(unpack(pack(bytes, kind)), bytes);
        }
    }
}

RC_GTEST_PROP(PackingOfAnything, BringsItBack, (const std::string& bytes)) {
    RC_ASSERT(unpack(pack(bytes, PackedKind::record)) == bytes);
    RC_ASSERT(pack(bytes, PackedKind::record).size() <= bytes.size() + 1);
}

TEST(Packing, MakesARecordLessThanHalfAsLong) {
    EXPECT_LT(pack(kRecord, PackedKind::record).size(), kRecord.size() / 2);
}

TEST(Packing, NeverGetsLongerThanOneByteMore) {
    std::mt19937 random(1);
    std::string noise;
    for (int i = 0; i < 500; ++i)
        noise += static_cast<char>(random());
    EXPECT_EQ(pack(noise, PackedKind::record).size(), noise.size() + 1);
    EXPECT_EQ(pack("", PackedKind::record).size(), 1u);
}

TEST(Packing, KeepsItsDictionariesForEver) {
    // What was packed by an earlier version must be read by every later one: a new dictionary gets a new first byte.
    EXPECT_EQ(pack(kRecord, PackedKind::record).front(), 3);
    EXPECT_EQ(pack(kRecord, PackedKind::batch_header).front(), 2);
    EXPECT_EQ(to_hex(survey::sha256(packing_dictionary(PackedKind::record))),
              "ed636d712fea901d570cec4d19be738c89c791b3170f10deef70ced2a4c37a9e");
    EXPECT_EQ(to_hex(survey::sha256(packing_dictionary(PackedKind::batch_header))),
              "762f6ae07042905e5e5459b9dd8e73d8667e72a00a58e9ebb9b0b45cbe4f6da1");
}

TEST(Packing, StillReadsRecordsAsTheyWerePackedFirst) {
    const std::string_view digits =
        "0128b52ffd6039010d0500e4063461666563656665622d396136322d343131662d623634622d38386138373833633761"
        "31352262696e682d6d696e6854506e756f692d636f6e2d6e756f6974702d303231383336303937353832323133373532"
        "34317d626d2d747032333630313339353232313336363837387d7d1100a0311e0204c0dd4711a74e8022d0182642c466"
        "84a79511e77f1106bd0885225ca705e7d5081800f21c093a20f83210";
    std::vector<std::uint8_t> packed(digits.size() / 2);
    ASSERT_TRUE(survey::parse_hex(digits, packed));
    EXPECT_EQ(unpack(std::string(packed.begin(), packed.end())), kRecord);
}

TEST(Unpacking, RefusesEveryTruncation) {
    const std::string packed = pack(kRecord, PackedKind::record);
    for (std::size_t size = 0; size < packed.size(); ++size)
        EXPECT_FALSE(unpack(packed.substr(0, size)).has_value()) << size;
}

TEST(Unpacking, RefusesWhatIsNotItsOwn) {
    for (const std::string& bytes :
         {std::string("\x03xyz"), std::string("\x01"), std::string("\x01nonsense"), std::string("\xff")})
        EXPECT_FALSE(unpack(bytes).has_value());
    // A frame that claims 2^62 bytes, and one that does not say how many.
    EXPECT_FALSE(unpack(std::string("\x01\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\0\0\x40\x01\0\0", 17)).has_value());
    EXPECT_FALSE(unpack(std::string("\x01\x28\xb5\x2f\xfd\0\x58\x01\0\0", 10)).has_value());
    EXPECT_FALSE(unpack(pack(kRecord, PackedKind::record) + "x").has_value());
}

TEST(Unpacking, SurvivesEverySpoiledByte) {
    const std::string packed = pack(kRecord, PackedKind::record);
    for (std::size_t i = 0; i < packed.size(); ++i) {
        for (int value = 0; value < 256; value += 5) {
            std::string spoiled = packed;
            spoiled[i] = static_cast<char>(value);
            const auto bytes = unpack(spoiled);
            EXPECT_TRUE(!bytes || bytes->size() <= kUnpackedBytesMax);
        }
    }
}

}  // namespace
}  // namespace hailong::sync
