#include "survey/base/host.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

namespace hailong::survey {
namespace {

namespace fs = std::filesystem;

/// A folder of this test's own, gone afterwards.
class Files : public testing::Test {
  protected:
    Files() {
        std::string pattern = (fs::temp_directory_path() / "hailong-host-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~Files() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    fs::path folder_;
};

TEST_F(Files, ComeBackByteForByte) {
    std::string content;
    for (int byte = 0; byte < 256; ++byte)
        content += static_cast<char>(byte);
    ASSERT_TRUE(write_file(folder_ / "a", content));
    EXPECT_EQ(read_file(folder_ / "a").value(), content);
}

TEST_F(Files, MayBeEmpty) {
    ASSERT_TRUE(write_file(folder_ / "a", ""));
    EXPECT_EQ(read_file(folder_ / "a").value(), "");
}

TEST_F(Files, AreReplacedAsAWhole) {
    ASSERT_TRUE(write_file(folder_ / "a", "a long first content"));
    ASSERT_TRUE(write_file(folder_ / "a", "short"));
    EXPECT_EQ(read_file(folder_ / "a").value(), "short");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "nothing is left beside the file";
}

TEST_F(Files, CanBeForTheirOwnerAlone) {
    ASSERT_TRUE(write_file(folder_ / "a.new", "left by a write that was cut off"));
    ASSERT_TRUE(write_file(folder_ / "a", "secret", Readers::owner));
    EXPECT_EQ(fs::status(folder_ / "a").permissions(), fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_TRUE(write_file(folder_ / "b", "for all"));
    EXPECT_NE(fs::status(folder_ / "b").permissions() & fs::perms::others_read, fs::perms::none);
}

TEST_F(Files, ThatHoldSecretsAreNotReadWhereOthersMay) {
    for (const fs::perms others : {fs::perms::none, fs::perms::group_read, fs::perms::group_write,
                                   fs::perms::others_read, fs::perms::others_write}) {
        ASSERT_TRUE(write_file(folder_ / "key", "secret", Readers::owner));
        fs::permissions(folder_ / "key", others, fs::perm_options::add);
        const auto read = read_secret_file(folder_ / "key");
        if (others == fs::perms::none) {
            EXPECT_EQ(read.value(), "secret");
        } else {
            ASSERT_FALSE(read) << static_cast<unsigned>(others);
            EXPECT_NE(read.error().find("chmod 600 " + (folder_ / "key").string()), std::string::npos) << read.error();
        }
    }
    EXPECT_NE(read_secret_file(folder_ / "nowhere").error().find("check the path"), std::string::npos);
}

TEST_F(Files, KeepTheirContentWhenTheyCannotBeReplaced) {
    ASSERT_TRUE(write_file(folder_ / "a", "old"));
    fs::create_directory(folder_ / "a.new");  // where the new content would be written
    const auto outcome = write_file(folder_ / "a", "new");
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().find("a.new"), std::string::npos) << outcome.error();
    EXPECT_EQ(read_file(folder_ / "a").value(), "old");
}

TEST_F(Files, ThatAreMissingAreNamed) {
    const auto content = read_file(folder_ / "nowhere");
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().find("nowhere"), std::string::npos);
    EXPECT_NE(content.error().find("check the path"), std::string::npos);
    EXPECT_FALSE(write_file(folder_ / "no" / "folder", "x"));
}

TEST_F(Files, OfOtherKindsAreRefused) {
    EXPECT_FALSE(read_file(folder_));
    EXPECT_FALSE(write_file(folder_, "x"));
}

TEST_F(Files, BeyondTheLimitAreRefusedUnread) {
    std::ofstream(folder_ / "big").put('x');
    fs::resize_file(folder_ / "big", kFileBytesMax);
    EXPECT_TRUE(read_file(folder_ / "big"));
    fs::resize_file(folder_ / "big", kFileBytesMax + 1);
    const auto content = read_file(folder_ / "big");
    ASSERT_FALSE(content);
    EXPECT_NE(content.error().find("larger than"), std::string::npos);
}

TEST(SystemClockReads, NeverStepBackMonotonically) {
    const SystemClock clock;
    MonoTime last = clock.monotonic();
    for (int i = 0; i < 1000; ++i) {
        const MonoTime now = clock.monotonic();
        EXPECT_LE(last, now);
        last = now;
    }
    EXPECT_GT(clock.now().time_since_epoch().count(), 1'700'000'000'000) << "the machine's clock stands before 2023";
}

TEST(RandomBits, Differ) {
    EXPECT_NE(random_uuid_entropy(), random_uuid_entropy());
    EXPECT_NE(random_hex(16), random_hex(16));
}

TEST(RandomHex, HasTwoDigitsAByte) {
    EXPECT_EQ(random_hex(0), "");
    const std::string text = random_hex(20);
    EXPECT_EQ(text.size(), 40u);
    EXPECT_TRUE(
        std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }));
}

TEST(BootId, StaysTheSameWhileTheMachineRuns) {
    EXPECT_FALSE(boot_id().empty());
    EXPECT_EQ(boot_id(), boot_id());
}

}  // namespace
}  // namespace hailong::survey
