// The quick way and the thorough one read the same: a space before a record leaves only the thorough one.
#include "survey/canonical_record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/survey/samples.h"

namespace hailong::survey {
namespace {

std::string sample_bytes() {
    return encode(sample_record());
}

/// What decode() gives without the quick way.
Expected<Record, Faults> thoroughly(const std::string& bytes) {
    return decode(" " + bytes);
}

TEST(CanonicalRecord, IsWhatEncodeWrites) {
    ASSERT_TRUE(read_canonical(sample_bytes()));
    EXPECT_EQ(*read_canonical(sample_bytes()), sample_record());
    EXPECT_EQ(thoroughly(sample_bytes()).value(), sample_record());
}

TEST(CanonicalRecord, IsNothingThatHasToBeLookedAtMoreClosely) {
    EXPECT_FALSE(read_canonical(""));
    EXPECT_FALSE(read_canonical(" " + sample_bytes()));
    EXPECT_FALSE(read_canonical(sample_bytes() + " "));
    Record accented = sample_record();
    accented.response.boot_id = "kh\u1edfi \u0111\u1ed9ng";
    EXPECT_FALSE(read_canonical(encode(accented))) << "UTF-8 is checked by the JSON parser";
    EXPECT_EQ(decode(encode(accented)).value(), accented);
    Record escaped = sample_record();
    escaped.response.boot_id = "a\"b";
    EXPECT_FALSE(read_canonical(encode(escaped)));
    EXPECT_EQ(decode(encode(escaped)).value(), escaped);
}

TEST(CanonicalRecord, KeepsTheLimitsOfEveryRecord) {
    Record record = sample_record();
    record.response.flags.assign(kFlagsMax, "too_fast");
    EXPECT_TRUE(read_canonical(encode(record)));
    record.response.flags.emplace_back("one_more");
    EXPECT_FALSE(read_canonical(encode(record)));
    record = sample_record();
    record.response.answers.assign(kItemsMax + 1, {{"overall"}, {"5"}, {}});
    EXPECT_FALSE(read_canonical(encode(record)));
    record = sample_record();
    record.response.answers = {{{"overall"}, std::vector<std::string>(kOptionsMax + 1, "5"), {}}};
    EXPECT_FALSE(read_canonical(encode(record)));
}

TEST(CanonicalRecord, IsReadAsWithoutTheQuickWayWhateverBitIsFlipped) {
    const std::string good = sample_bytes();
    int read = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string bytes = good;
            bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1u << bit));
            const auto quick = read_canonical(bytes);
            if (!quick) continue;
            ++read;
            const auto thorough = thoroughly(bytes);
            ASSERT_TRUE(thorough) << bytes;
            ASSERT_EQ(*thorough, *quick) << bytes;
        }
    }
    EXPECT_GT(read, 0);
}

TEST(CanonicalRecord, ReadsNumbersAsTheyAreWritten) {
    for (const char* number : {"00", "01", "-0", "+1", "1.0", "1e3", " 1", "0x1", "1099511627776", ""}) {
        std::string bytes = sample_bytes();
        const std::size_t at = bytes.find("\"seq\":") + 6;
        bytes.replace(at, bytes.find(',', at) - at, number);
        EXPECT_FALSE(read_canonical(bytes)) << number;
    }
}

RC_GTEST_PROP(RandomCanonicalRecord, IsReadAsWithoutTheQuickWay, ()) {
    const Record record{{"kiosk-9"}, *rc::gen::inRange<std::int64_t>(1, kSeqMax + 1), any_visit(sample_form())};
    std::string bytes = encode(record);
    const int changes = *rc::gen::inRange(0, 3);
    for (int i = 0; i < changes; ++i) {
        const std::size_t at = *rc::gen::inRange<std::size_t>(0, bytes.size());
        bytes[at] = *rc::gen::elementOf(std::string("0123456789-aB\",:{}[]. "));
    }
    const auto quick = read_canonical(bytes);
    const auto thorough = thoroughly(bytes);
    if (quick) RC_ASSERT(thorough.has_value() && *thorough == *quick);
    RC_ASSERT(decode(bytes).has_value() == thorough.has_value());
}

}  // namespace
}  // namespace hailong::survey
