#include "sync/backend/store/packing.h"

#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::sync {
namespace {

using enum PackedKind;

const std::string kRecord =
    R"({"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["4"]}],"boot":"afecefeb-9a62-411f-b64b-88a8783c7a15","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","field":"nuoi-con-nuoi","officer":"tp-02","procedure":"p-018"},"finished":{"monotonic_ms":3609758,"offset_min":420,"utc_ms":1795221375241},"flags":[],"format":1,"id":"01a1fb88-285e-7c12-9385-fc9030707dfb","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":2},"seq":1,"started":{"monotonic_ms":3601395,"offset_min":420,"utc_ms":1795221366878}})";

TEST(Packing, BringsBackExactlyWhatItWasGiven) {
    for (const PackedKind kind : {record, batch_header}) {
        for (const std::string& bytes :
             {std::string(), std::string("x"), std::string(1, '\0'), kRecord, kRecord + kRecord,
              std::string(1 << 20, '{'), std::string(kUnpackedBytesMax + 1, 'x'),
              std::string(packing_dictionary(kind))}) {
            EXPECT_EQ(unpack(pack(bytes, kind)), bytes);
        }
    }
}

RC_GTEST_PROP(PackingOfAnything, BringsItBack, (const std::string& bytes)) {
    RC_ASSERT(unpack(pack(bytes, record)) == bytes);
    RC_ASSERT(pack(bytes, record).size() <= bytes.size() + 1);
}

TEST(Packing, MakesARecordLessThanHalfAsLong) {
    EXPECT_LT(pack(kRecord, record).size(), kRecord.size() / 2);
}

TEST(Packing, NeverGetsLongerThanOneByteMore) {
    std::mt19937 random(1);
    std::string noise;
    for (int i = 0; i < 500; ++i)
        noise += static_cast<char>(random());
    EXPECT_EQ(pack(noise, record).size(), noise.size() + 1);
    EXPECT_EQ(pack("", record).size(), 1u);
}

TEST(Packing, KeepsItsDictionariesForEver) {
    // What was packed by an earlier version must be read by every later one: a new dictionary gets a new first byte.
    EXPECT_EQ(pack(kRecord, record).front(), 1);
    EXPECT_EQ(pack(kRecord, batch_header).front(), 2);
    EXPECT_EQ(std::hash<std::string_view>()(packing_dictionary(record)) != 0, true);
}

TEST(Unpacking, RefusesEveryTruncation) {
    const std::string packed = pack(kRecord, record);
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
    EXPECT_FALSE(unpack(pack(kRecord, record) + "x").has_value());
}

TEST(Unpacking, SurvivesEverySpoiledByte) {
    const std::string packed = pack(kRecord, record);
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
