#include "sync/protocol/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sync/protocol/compression.h"

namespace hailong::sync {
namespace {

using testing::HasSubstr;
using testing::Not;

const survey::BoxSecretKey kTransport = survey::make_box_key();

Bundle bundle() {
    Bundle made;
    made.label = {{"k-01"}, 7, 12, survey::UtcTime{survey::milliseconds{1'795'309'200'000}}, 2};
    made.bodies = {"first\nbatch\n", "second\n"};
    return made;
}

std::string encoded(const Bundle& made) {
    return encode_bundle(made, survey::public_half(kTransport));
}

/// A bundle whose inside is `plain`.
std::string with_inside(const std::string& plain, int batches = 2) {
    Bundle made = bundle();
    std::string bytes = encoded(made);
    std::string label = bytes.substr(0, bytes.find('\n') + 1);
    label.replace(label.find("\"batches\":2"), 11, "\"batches\":" + std::to_string(batches));
    return label + survey::seal(compress(plain, Encoding::zstd), survey::public_half(kTransport));
}

TEST(Bundle, IsOpenedAsItWasMade) {
    const auto opened = open_bundle(encoded(bundle()), kTransport);
    ASSERT_TRUE(opened) << survey::describe(opened.error());
    EXPECT_EQ(*opened, bundle());
    EXPECT_EQ(decode_label(encoded(bundle())), bundle().label);
}

TEST(Bundle, ShowsNothingButItsLabel) {
    EXPECT_THAT(encoded(bundle()), Not(HasSubstr("batch\n")));
    EXPECT_FALSE(open_bundle(encoded(bundle()), survey::make_box_key()));
}

TEST(Bundle, IsRefusedAtEveryTruncationAndChange) {
    const std::string bytes = encoded(bundle());
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(open_bundle(bytes.substr(0, length), kTransport)) << length;
    for (std::size_t at = bytes.find('\n') + 1; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        EXPECT_FALSE(open_bundle(changed, kTransport)) << at;
    }
    EXPECT_FALSE(open_bundle(bytes + " ", kTransport));
}

TEST(Bundle, IsRefusedWhenItsInsideHasAnotherShape) {
    EXPECT_TRUE(open_bundle(with_inside("3\nabc0\n"), kTransport));
    EXPECT_TRUE(open_bundle(with_inside("3\nabc"), kTransport)) << "how many the label says is for people";
    for (const char* plain :
         {"", "3\nab", "3abc", "\nabc", "-1\nabc", "x\nabc", "99999999999999999999\nabc", "3\nabc3\nab"}) {
        EXPECT_FALSE(open_bundle(with_inside(plain), kTransport)) << plain;
    }
    std::string many;
    for (std::size_t i = 0; i <= kBundleBatchesMax; ++i)
        many += "1\na";
    EXPECT_FALSE(open_bundle(with_inside(many, kBundleBatchesMax), kTransport));
}

TEST(Bundle, IsNotTakenForAnotherFile) {
    for (const char* bytes : {"", "\n", "{}\n", "SQLite format 3\n", "{\"bundle\":2}\n"}) {
        const auto label = decode_label(bytes);
        ASSERT_FALSE(label) << bytes;
        EXPECT_FALSE(label.error().front().remedy.empty());
    }
    EXPECT_FALSE(decode_label(std::string(2'000, ' ') + "\n"));
}

TEST(BundleAnswer, IsReadWhenItsBackendSignedIt) {
    const survey::SignSecretKey key = survey::make_sign_key();
    const BundleAnswer answer{{"k-01"}, R"({"last_seq":12})", R"({"documents":[]})", "\"etag\""};
    const std::string bytes = encode(answer, key);
    const auto read = decode_answer(bytes, survey::public_half(key));
    ASSERT_TRUE(read) << survey::describe(read.error());
    EXPECT_EQ(*read, answer);
    EXPECT_EQ(decode_answer(bytes, survey::public_half(survey::make_sign_key())).error().front().place, "signature");
    for (std::size_t length = 0; length + 1 < bytes.size(); ++length)
        EXPECT_FALSE(decode_answer(bytes.substr(0, length), survey::public_half(key))) << length;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 2);
        EXPECT_FALSE(decode_answer(changed, survey::public_half(key))) << at;
    }
}

}  // namespace
}  // namespace hailong::sync
