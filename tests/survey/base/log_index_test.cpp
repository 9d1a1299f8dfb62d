// An index beside a log that is not that log's, or not whole: it is made anew from the log where that is whole and
// ours, and by none other a log is folded.
#include "survey/base/log_index.h"

#include <fstream>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "survey/base/log_frames.h"
#include "survey/base/log_watch.h"
#include "tests/support/temporary_folder.h"

namespace hailong::survey::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFoldsNever = 1'000'000;

/// Into the same file, as `cp` does.
void write_over(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::in | std::ios::out | std::ios::binary) << bytes;
}

/// A file whose log holds some commits, and the index of that.
struct IndexedLog {
    IndexedLog() {
        connection.execute(
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = OFF; "
            "CREATE TABLE kept (number, text)");
        insert(20);
        // The file has the pages, too, as they were before.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE); UPDATE kept SET text = hex(zeroblob(1490))");
        insert(2);
    }
    void insert(int rows) {
        for (int i = 0; i < rows; ++i)
            connection.execute("INSERT INTO kept VALUES (" + std::to_string(++count) + ", hex(zeroblob(1500)))");
    }
    fs::path beside(const char* suffix) const { return file.string() + suffix; }
    volatile std::uint32_t& word(std::size_t number) const {
        return static_cast<volatile std::uint32_t*>(connection.log_index())[number];
    }
    LogWatch::Newest newest() {
        return [this] { return connection.integer("SELECT count(*) FROM kept"); };
    }
    /// By who opens it next, and has nothing of it in memory.
    void expect_all() const {
        Connection next(file, Access::read, milliseconds{0});
        EXPECT_EQ(next.text("PRAGMA integrity_check"), "ok");
        EXPECT_EQ(next.integer("SELECT count(*) FROM kept"), count);
    }

    tests::TemporaryFolder folder;
    fs::path file = folder / "some.db";
    Connection connection{file, Access::create, milliseconds{0}};
    int count = 0;
};

TEST(LogIndex, OfSqliteIsWholeWhateverIsWrittenFoldedAndBegunAnew) {
    IndexedLog log;
    Connection other(log.file, Access::write, milliseconds{0});
    other.execute("PRAGMA wal_autocheckpoint = 0");
    LogWatch watch(log.file, log.connection, kFoldsNever, log.newest());
    for (std::size_t i = 0; i < 24; ++i) {
        SCOPED_TRACE(i);
        log.insert(i == 23 ? 1'500 : 20);
        watch.committed(log.count);
        EXPECT_EQ(look_at_log(log.connection), LogStanding::whole);
        other.execute("INSERT INTO kept VALUES (0, 'other')");
        ++log.count;
        {
            Transaction undone(other);
            other.execute("INSERT INTO kept SELECT number, text FROM kept");
            EXPECT_TRUE(watch.may_fold());
        }
        EXPECT_TRUE(watch.may_fold());
        constexpr const char* kFolds[] = {"PRAGMA wal_checkpoint(PASSIVE)", "PRAGMA wal_checkpoint(FULL)",
                                          "PRAGMA wal_checkpoint(RESTART)", "PRAGMA wal_checkpoint(TRUNCATE)"};
        if (i % 2 == 0) other.execute(kFolds[i / 2 % 4]);
        watch.mend_shared_memory();
        EXPECT_TRUE(watch.may_fold());
        EXPECT_EQ(watch.trouble(), std::nullopt);
    }
    ASSERT_GT(log.connection.log_state()->frames, 4'062) << "more than its first region knows";
    log.expect_all();
}

/// What somebody does to the index alone. `before`: as it was some commits ago.
struct Spoiled {
    const char* name;
    void (*happens)(const IndexedLog& log, const std::string& before);
};

class SpoiledIndex : public ::testing::TestWithParam<Spoiled> {
  protected:
    void spoil() {
        const std::string before = read_file(log_.beside("-shm")).value();
        log_.insert(5);
        watch_.committed(log_.count);
        GetParam().happens(log_, before);
    }
    IndexedLog log_;
    LogWatch watch_{log_.file, log_.connection, kFoldsNever, log_.newest()};
};

TEST_P(SpoiledIndex, IsMadeAnewFromALogThatIsWholeByWhoLooks) {
    spoil();
    EXPECT_FALSE(watch_.look_at_log());
    EXPECT_EQ(watch_.trouble(), std::nullopt);
    EXPECT_TRUE(watch_.may_fold());
    EXPECT_EQ(log_.connection.log_state()->folded, 0);
    log_.expect_all();
    watch_.committed(log_.count, true);
    EXPECT_TRUE(read_file(log_.beside("-wal")).value().empty());
    log_.expect_all();
}

TEST_P(SpoiledIndex, FoldsNothingThatWouldBeLostByIt) {
    spoil();
    watch_.committed(log_.count, true);
    watch_.mend_shared_memory();
    EXPECT_FALSE(watch_.look_at_log());
    EXPECT_EQ(watch_.trouble(), std::nullopt);
    log_.insert(1);
    log_.expect_all();
}

TEST_P(SpoiledIndex, BesideALogThatIsNotOursEither) {
    const std::string old = read_file(log_.beside("-wal")).value();
    spoil();
    write_over(log_.beside("-wal"), old.substr(0, old.size() / kFrameBytes / 2 * kFrameBytes + kLogHeaderBytes));
    fs::resize_file(log_.beside("-wal"), old.size() / 2);
    const std::string file = read_file(log_.file).value();
    EXPECT_FALSE(watch_.may_fold());
    watch_.committed(log_.count, true);
    EXPECT_TRUE(watch_.trouble());
    EXPECT_TRUE(read_file(log_.file).value() == file) << "it was folded";
}

constexpr std::size_t kPagesAt = 34;  // in words
constexpr std::size_t kSlotsAt = 4'096;

INSTANTIATE_TEST_SUITE_P(
    , SpoiledIndex,
    testing::Values(
        Spoiled{"BitOfAPageNumber",
                [](const IndexedLog& log, const auto&) { log.word(kPagesAt + 10) = log.word(kPagesAt + 10) ^ 2u; }},
        Spoiled{"PageNumbersZeroed",
                [](const IndexedLog& log, const auto&) {
                    for (std::size_t i = 0; i < 100; ++i)
                        log.word(kPagesAt + i) = 0;
                }},
        Spoiled{"AllCalledFolded", [](const IndexedLog& log, const auto&) { log.word(24) = log.word(4); }},
        Spoiled{"HalfCalledFolded", [](const IndexedLog& log, const auto&) { log.word(24) = log.word(4) / 2; }},
        Spoiled{"MoreThanAllCalledFolded", [](const IndexedLog& log, const auto&) { log.word(24) = 0xffff; }},
        Spoiled{"SlotsZeroed",
                [](const IndexedLog& log, const auto&) {
                    for (std::size_t i = kSlotsAt; i < kLogIndexRegionBytes / 4; ++i)
                        log.word(i) = 0;
                }},
        Spoiled{"AllZeroed",
                [](const IndexedLog& log, const auto&) {
                    write_over(log.beside("-shm"), std::string(kLogIndexRegionBytes, '\0'));
                }},
        Spoiled{"OneHeaderSpoiled", [](const IndexedLog& log, const auto&) { log.word(16) = log.word(16) ^ 2u; }},
        Spoiled{"PutBack",
                [](const IndexedLog& log, const std::string& before) { write_over(log.beside("-shm"), before); }}),
    [](const auto& test_case) { return test_case.param.name; });

/// The log and its index of another time, which agree with each other.
TEST(LogIndex, PutBackTogetherWithItsLogIsNeitherFoldedNorBelieved) {
    for (const bool is_of_other_round : {false, true}) {
        SCOPED_TRACE(is_of_other_round);
        IndexedLog log;
        LogWatch watch(log.file, log.connection, kFoldsNever, log.newest());
        watch.committed(log.count);
        const std::string old_log = read_file(log.beside("-wal")).value();
        const std::string old_index = read_file(log.beside("-shm")).value();
        if (is_of_other_round) watch.committed(log.count, true);
        log.insert(60);
        watch.committed(log.count);
        ASSERT_EQ(watch.trouble(), std::nullopt);
        const std::string file = read_file(log.file).value();
        write_over(log.beside("-wal"), old_log);
        fs::resize_file(log.beside("-wal"), old_log.size());
        write_over(log.beside("-shm"), old_index);
        EXPECT_FALSE(watch.may_fold());
        watch.look_at_log();
        watch.committed(log.count, true);
        ASSERT_TRUE(watch.trouble());
        EXPECT_NE(watch.trouble()->find("was put back"), std::string::npos) << *watch.trouble();
        EXPECT_TRUE(read_file(log.file).value() == file) << "it was folded";
    }
}

/// `cp` of an older log over the newer one: each of its sums is right.
TEST(LogIndex, OfAnotherLogFoldsNothing) {
    IndexedLog log;
    LogWatch watch(log.file, log.connection, kFoldsNever, log.newest());
    const std::string old_log = read_file(log.beside("-wal")).value();
    watch.committed(log.count, true);
    log.insert(20);
    watch.committed(log.count);
    const std::string file = read_file(log.file).value();
    write_over(log.beside("-wal"), old_log);
    EXPECT_FALSE(watch.may_fold());
    watch.committed(log.count, true);
    EXPECT_EQ(log.connection.log_state()->folded, 0);
    EXPECT_TRUE(is_log_damaged(log.connection));
    ASSERT_TRUE(watch.trouble());
    EXPECT_NE(watch.trouble()->find("is damaged"), std::string::npos) << *watch.trouble();
    EXPECT_TRUE(read_file(log.file).value() == file) << "it was folded";
}

}  // namespace
}  // namespace hailong::survey::sqlite
