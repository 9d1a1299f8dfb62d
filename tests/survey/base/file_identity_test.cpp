#include "survey/base/file_identity.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace hailong::survey {
namespace {

namespace fs = std::filesystem;

/// A file that is held open and watched, as a program holds its own.
class Watch : public ::testing::Test {
  protected:
    Watch() : file_(fs::path(folder_ / "place") / "store") {
        fs::create_directories(file_.parent_path());
        open_.open(file_, std::ios::app);
        open_ << "0123456789" << std::flush;
        watch_.add(file_, FileWatch::Size::never_shrinks);
    }
    std::string trouble() { return watch_.trouble().value_or(""); }
    static bool says(const std::string& sentence, const std::string& words) {
        return sentence.find(words) != std::string::npos;
    }

    tests::TemporaryFolder folder_;
    fs::path file_;
    std::ofstream open_;
    FileWatch watch_;
};

TEST_F(Watch, FindsNothingWhileTheFileOnlyGrows) {
    EXPECT_EQ(trouble(), "");
    open_ << "more" << std::flush;
    EXPECT_EQ(trouble(), "");
}

TEST_F(Watch, FindsThatTheFileWasRemoved) {
    fs::remove(file_);
    EXPECT_TRUE(says(trouble(), "is gone")) << trouble();
}

TEST_F(Watch, FindsThatTheFolderWasMovedAway) {
    fs::rename(file_.parent_path(), folder_ / "elsewhere");
    EXPECT_TRUE(says(trouble(), "is gone")) << trouble();
}

TEST_F(Watch, FindsAnotherFileInThePlaceAlsoOneThatIsAlikeAndNeverBelievesItLater) {
    fs::copy_file(file_, folder_ / "copy");
    fs::rename(folder_ / "copy", file_);
    EXPECT_TRUE(says(trouble(), "was replaced")) << trouble();
    EXPECT_TRUE(says(trouble(), "was replaced")) << "once it was said, it was forgotten";
}

TEST_F(Watch, IsContentAgainWhenTheFileIsBackInItsPlace) {
    fs::rename(file_, folder_ / "aside");
    EXPECT_NE(trouble(), "");
    fs::rename(folder_ / "aside", file_);
    EXPECT_EQ(trouble(), "");
}

TEST_F(Watch, FindsThatTheFileWasCutShortUnlessItMayBe) {
    open_ << "0123456789" << std::flush;
    ASSERT_EQ(trouble(), "");
    FileWatch tolerant;
    tolerant.add(file_, FileWatch::Size::any);
    fs::resize_file(file_, 15);
    EXPECT_TRUE(says(trouble(), "was cut short, from 20 to 15 bytes")) << trouble();
    EXPECT_FALSE(tolerant.trouble());
}

TEST_F(Watch, FindsAFileMissingThatWasNeverThere) {
    watch_.add(folder_ / "never", FileWatch::Size::any);
    EXPECT_TRUE(says(trouble(), "never is gone")) << trouble();
}

TEST(FileIdentity, CountsTheNamesOfAFileAndFollowsLinks) {
    const tests::TemporaryFolder folder;
    std::ofstream(folder / "a") << "four";
    fs::create_hard_link(folder / "a", folder / "b");
    fs::create_symlink(folder / "a", folder / "c");
    const auto a = identity_of(folder / "a");
    ASSERT_TRUE(a);
    EXPECT_EQ(a->links, 2u);
    EXPECT_EQ(a->size, 4);
    EXPECT_EQ(identity_of(folder / "b"), a);
    EXPECT_EQ(identity_of(folder / "c"), a);
    EXPECT_FALSE(identity_of(folder / "d"));
}

}  // namespace
}  // namespace hailong::survey
