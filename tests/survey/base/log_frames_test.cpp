// A log that SQLite wrote: each of its frames is found whole, and none behind a changed byte.
#include "survey/base/log_frames.h"

#include <fstream>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "survey/base/log_watch.h"
#include "survey/base/sqlite.h"
#include "tests/support/temporary_folder.h"

namespace hailong::survey::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kNeverFolds = 1'000'000;

/// A file whose log holds some commits of one page each.
struct Logged {
    Logged() {
        connection.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE kept (number)");
        for (int number = 0; number < 20; ++number)
            connection.execute("INSERT INTO kept VALUES (" + std::to_string(number) + ")");
    }
    LogWatch::Newest newest() {
        return [this] { return connection.integer("SELECT count(*) FROM kept"); };
    }
    [[nodiscard]] std::string log() const { return read_file(log_file).value(); }
    void flip(std::size_t at) const {
        std::fstream spoiled(log_file, std::ios::in | std::ios::out | std::ios::binary);
        spoiled.seekg(static_cast<std::streamoff>(at));
        const int byte = spoiled.get();
        spoiled.seekp(static_cast<std::streamoff>(at));
        spoiled.put(static_cast<char>(byte ^ 0x20));
    }

    tests::TemporaryFolder folder;
    fs::path file = folder / "some.db";
    fs::path log_file = file.string() + "-wal";
    Connection connection{file, Access::create, milliseconds{0}};
};

TEST(LogFrames, EndWhereTheLogOfSqliteEnds) {
    const Logged logged;
    const std::string log = logged.log();
    EXPECT_EQ(end_of_whole_frames(log), log.size());
    EXPECT_EQ(static_cast<std::int64_t>(log.size()), logged.connection.log_state()->bytes_min);
    EXPECT_FALSE(has_commit_beyond_its_end(log));
    EXPECT_EQ(end_of_whole_frames(log.substr(0, log.size() - 1)), log.size() - kFrameBytes);
    for (const std::size_t size : {std::size_t{0}, kLogHeaderBytes - 1})
        EXPECT_EQ(end_of_whole_frames(log.substr(0, size)), 0u);
}

TEST(LogFrames, EndBeforeTheFirstChangedByte) {
    const Logged logged;
    for (std::size_t at = 0; at < logged.log().size(); at += at < kLogHeaderBytes + 100 ? 1 : 487) {
        std::string log = logged.log();
        log[at] = static_cast<char>(log[at] ^ 0x20);
        const std::size_t frame = at < kLogHeaderBytes ? 0 : (at - kLogHeaderBytes) / kFrameBytes;
        const std::size_t end = at < kLogHeaderBytes ? 0 : kLogHeaderBytes + frame * kFrameBytes;
        EXPECT_EQ(end_of_whole_frames(log), end) << "byte " << at;
        EXPECT_EQ(has_commit_beyond_its_end(log), true) << "byte " << at;
    }
}

TEST(LogWatch, FoldsALogThatIsLongAndNoneThatIsDamaged) {
    Logged logged;
    LogWatch watch(logged.file, logged.connection, 30, logged.newest());
    watch.committed(logged.newest()());
    EXPECT_EQ(logged.connection.log_state()->folded, 0);
    for (int i = 0; i < 10; ++i)
        logged.connection.execute("INSERT INTO kept VALUES (1)");
    watch.committed(logged.newest()());
    EXPECT_GT(logged.connection.log_state()->folded, 30);

    logged.connection.execute("INSERT INTO kept VALUES (2)");
    logged.flip(kLogHeaderBytes + 100);
    watch.committed(logged.newest()(), true);
    EXPECT_EQ(logged.connection.log_state()->folded, 0);
    ASSERT_TRUE(watch.trouble());
    EXPECT_NE(watch.trouble()->find("some.db-wal is damaged"), std::string::npos) << *watch.trouble();
}

TEST(LogWatch, EmptiesTheLogAsSoonAsNobodyReads) {
    Logged logged;
    LogWatch watch(logged.file, logged.connection, kNeverFolds, logged.newest());
    {
        Connection reader(logged.file, Access::read, milliseconds{0});
        const Transaction reading(reader, Transaction::Kind::read);
        EXPECT_EQ(reader.integer("SELECT count(*) FROM kept"), 20);
        logged.connection.execute("INSERT INTO kept VALUES (1)");
        watch.committed(21, true);
        EXPECT_FALSE(logged.log().empty());
    }
    EXPECT_FALSE(watch.look_at_log());
    EXPECT_TRUE(logged.log().empty());
    EXPECT_EQ(watch.trouble(), std::nullopt);
}

TEST(LogWatch, BeginsADamagedLogAnewThatStandsInTheFileAlready) {
    Logged logged;
    LogWatch watch(logged.file, logged.connection, 20, logged.newest());
    watch.committed(logged.newest()());
    ASSERT_GT(logged.connection.log_state()->folded, 20);
    logged.flip(kLogHeaderBytes + 100);
    EXPECT_FALSE(watch.look_at_log());
    EXPECT_FALSE(watch.trouble());
    EXPECT_TRUE(logged.log().empty());
}

TEST(LogWatch, FindsAFlippedBitInAnyFrameOfALongLog) {
    Logged logged;
    for (int i = 0; i < 60; ++i)
        logged.connection.execute("INSERT INTO kept VALUES (1)");
    const auto frames = static_cast<std::size_t>(logged.connection.log_state()->frames);
    ASSERT_GT(frames, 64u) << "more than are read at once";
    EXPECT_FALSE(is_log_damaged(logged.connection));
    for (std::size_t frame = 0; frame < frames; ++frame) {
        const std::size_t at = kLogHeaderBytes + frame * kFrameBytes + (frame % 2 == 0 ? 9 : kFrameBytes - 1);
        logged.flip(at);
        EXPECT_TRUE(is_log_damaged(logged.connection)) << "frame " << frame;
        logged.flip(at);
    }
    EXPECT_FALSE(is_log_damaged(logged.connection));
}

}  // namespace
}  // namespace hailong::survey::sqlite
