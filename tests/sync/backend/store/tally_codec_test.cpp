#include "sync/backend/store/tally_codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace hailong::sync {
namespace {

survey::Tally sample_tally() {
    survey::Tally tally;
    tally.responses = 300;
    tally.corrected = 1;
    tally.doubtful = 127;
    tally.items[{"overall"}] = {{"3", 0}, {"4", 128}, {"5", kTallyCountMax}};
    tally.items[{"reason"}] = {{std::string("w\0it", 4), 2}};
    tally.items[{"untouched"}] = {};
    return tally;
}

TEST(TallyCodec, BringsBackExactlyWhatItWasGiven) {
    EXPECT_EQ(decode_tally(encode_tally(sample_tally())), sample_tally());
    EXPECT_EQ(decode_tally(encode_tally({})), survey::Tally{});
}

RC_GTEST_PROP(AnyTally, ComesBack, ()) {
    survey::Tally tally;
    const auto count = rc::gen::inRange<std::int64_t>(0, kTallyCountMax);
    tally.responses = *count;
    tally.corrected = *count;
    tally.doubtful = *count;
    const auto names = *rc::gen::arbitrary<std::map<std::string, std::vector<std::string>>>();
    for (const auto& [item, options] : names) {
        auto& counts = tally.items[{item}];
        for (const std::string& option : options)
            counts[option] = *count;
    }
    RC_ASSERT(decode_tally(encode_tally(tally)) == tally);
}

RC_GTEST_PROP(AnyBytes, AreATallyOnlyAsItIsWritten, (const std::string& bytes)) {
    for (const std::string& tried : {bytes, '\1' + bytes}) {
        const auto tally = decode_tally(tried);
        if (tally) RC_ASSERT(encode_tally(*tally) == tried);
    }
}

TEST(TallyCodec, WritesTheBytesThatItsHeaderSays) {
    survey::Tally tally;
    tally.responses = 300;
    tally.items[{"a"}] = {{"5", 1}};
    EXPECT_EQ(encode_tally(tally), std::string("\x01\xac\x02\0\0\x01\x01"
                                               "a\x01\x01"
                                               "5\x01",
                                               12));
}

TEST(TallyCodec, RefusesEveryTruncationAndWhatIsTooLong) {
    const std::string bytes = encode_tally(sample_tally());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_tally(bytes.substr(0, size)).has_value()) << size;
    EXPECT_FALSE(decode_tally(bytes + '\0').has_value());
}

TEST(TallyCodec, AnswersEverySpoiledByteWithATallyThatIsWrittenSoOrNone) {
    const std::string bytes = encode_tally(sample_tally());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (int value = 0; value < 256; ++value) {
            std::string spoiled = bytes;
            spoiled[i] = static_cast<char>(value);
            const auto tally = decode_tally(spoiled);
            ASSERT_TRUE(!tally || encode_tally(*tally) == spoiled) << i << " " << value;
        }
    }
}

TEST(TallyCodec, RefusesHostileBytes) {
    for (const std::string& hostile : {
             std::string("{\"items\":{},\"responses\":1}"),                    // what older versions wrote
             std::string("\x02\0\0\0\0", 5),                                   // another version
             std::string("\x01\x80\0\0\0\0", 6),                               // zero, not in its shortest form
             std::string("\x01\xff\xff\xff\xff\xff\xff\xff\x1f\0\0\0", 12),    // 2^60
             std::string("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 11),  // never ends
             std::string("\x01\0\0\0\xff\xff\xff\xff\x0f", 9),                 // four thousand million items
             std::string("\x01\0\0\0\x01\xff\xff\x03"
                         "ab",
                         10),  // a name longer than all
             std::string("\x01\0\0\0\x02\x01"
                         "b\0\x01"
                         "a\0",
                         11),  // out of order
             std::string("\x01\0\0\0\x02\x01"
                         "a\0\x01"
                         "a\0",
                         11),  // twice
         }) {
        EXPECT_FALSE(decode_tally(hostile).has_value()) << testing::PrintToString(hostile);
    }
}

}  // namespace
}  // namespace hailong::sync
