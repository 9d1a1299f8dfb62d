#include "survey/base/file_rights.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "survey/base/host.h"
#include "survey/base/sqlite.h"
#include "tests/support/temporary_folder.h"

namespace hailong::survey {
namespace {

namespace fs = std::filesystem;

class FileRights : public testing::Test {
  protected:
    [[nodiscard]] fs::path made(const std::string& name, unsigned mode) const {
        fs::path file = folder_ / name;
        EXPECT_TRUE(write_file(file, "x"));
        EXPECT_EQ(::chmod(file.c_str(), mode), 0);
        return file;
    }
    [[nodiscard]] static unsigned mode_of(const fs::path& file) {
        return static_cast<unsigned>(fs::status(file).permissions() & fs::perms::mask);
    }
    tests::TemporaryFolder folder_;
};

TEST_F(FileRights, AreTakenFromAllWhoWereNotLetInOnPurpose) {
    struct Case {
        unsigned before;
        unsigned after;
    };
    for (const Case& one : {Case{0600, 0600}, Case{0640, 0640}, Case{0644, 0600}, Case{0666, 0600}, Case{0660, 0600},
                            Case{0604, 0600}, Case{0602, 0600}, Case{0601, 0600}, Case{0400, 0400}, Case{0444, 0400}}) {
        const fs::path file = made("file", one.before);
        EXPECT_EQ(is_open_to_others(file), one.before != one.after) << std::oct << one.before;
        EXPECT_TRUE(close_to_others(file));
        EXPECT_EQ(mode_of(file), one.after) << std::oct << one.before;
        EXPECT_FALSE(is_open_to_others(file));
    }
    EXPECT_TRUE(close_to_others(folder_ / "nowhere"));
    EXPECT_FALSE(is_open_to_others(folder_ / "nowhere"));
}

TEST_F(FileRights, OfAFolderAreLeftAlone) {
    ASSERT_TRUE(fs::create_directory(folder_ / "folder"));
    ASSERT_EQ(::chmod((folder_ / "folder").c_str(), 0755), 0);
    EXPECT_FALSE(close_to_others(folder_ / "folder"));
    EXPECT_EQ(mode_of(folder_ / "folder"), 0755U);
}

TEST_F(FileRights, OfADatabaseAndAllBesideItAreTakenWhenItIsOpenedToWrite) {
    fs::path file = folder_ / "journal.db";
    { sqlite::Connection(file, sqlite::Access::create, milliseconds{0}).execute("CREATE TABLE a (b)"); }
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
    const fs::path damaged = made("journal.db-damaged-1", 0644);
    const fs::path other = made("other.db", 0644);
    {
        sqlite::Connection looks(file, sqlite::Access::read, milliseconds{0});
        EXPECT_EQ(mode_of(file), 0644U) << "who only reads changes nothing";
    }
    sqlite::Connection connection(file, sqlite::Access::write, milliseconds{0});
    connection.execute("PRAGMA journal_mode = WAL; INSERT INTO a VALUES (1)");
    for (const char* suffix : {"", "-wal", "-shm"})
        EXPECT_EQ(mode_of(file.string() + suffix), 0600U) << suffix;
    EXPECT_EQ(mode_of(damaged), 0600U);
    EXPECT_EQ(mode_of(other), 0644U);
}

}  // namespace
}  // namespace hailong::survey
