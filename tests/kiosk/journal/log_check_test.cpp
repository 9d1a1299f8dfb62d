// Whether a damaged log is noticed before anybody folds it, with and without the head file beside it.
#include "kiosk/journal/log_check.h"

#include <gtest/gtest.h>

#include "kiosk/journal/head_file.h"
#include "survey/base/sqlite.h"
#include "tests/kiosk/journal/damage.h"
#include "tests/kiosk/journal/sql.h"
#include "tests/kiosk/journal/test_disk.h"

namespace hailong::kiosk {
namespace {

namespace fs = std::filesystem;
using survey::milliseconds;
using test::OldJournal;
using test::TemporaryFolder;
using test::write_quickly;

constexpr std::int64_t kRecords = 12;

/// What a killed program leaves: the file, and all that was appended in its log.
struct Killed {
    Killed() {
        const TemporaryFolder origin;
        { const OldJournal empty(origin / "journal.db", 0, 0); }  // the schema, folded into the file
        Journal journal = test::open_journal(origin / "journal.db");
        OldJournal old;
        old.fill(journal, kRecords, 0);
        for (const char* suffix : {"", "-wal", "-head"})
            fs::copy(origin / ("journal.db" + std::string(suffix)), file.string() + suffix);
        log = survey::read_file(file.string() + "-wal").value();
    }
    [[nodiscard]] bool is_damaged_with(const std::string& other_log) const {
        for (const char* suffix : {"-wal", "-shm"})
            fs::remove(file.string() + suffix);
        write_quickly(file.string() + "-wal", other_log);
        return is_log_damaged(file, milliseconds{0});
    }
    TemporaryFolder folder;
    fs::path file = folder / "journal.db";
    std::string log;
};

TEST(LogCheck, FindsNothingInALogThatIsWhole) {
    const Killed killed;
    EXPECT_GT(killed.log.size(), kLogHeaderBytes + kRecords * kFrameBytes);
    EXPECT_FALSE(killed.is_damaged_with(killed.log));
    fs::remove(head_file_of(killed.file));
    EXPECT_FALSE(killed.is_damaged_with(killed.log));
    EXPECT_FALSE(killed.is_damaged_with(""));
    fs::remove(killed.file.string() + "-wal");
    EXPECT_FALSE(is_log_damaged(killed.file, milliseconds{0}));
}

TEST(LogCheck, LetsNobodyOpenAnEmptyFileBesideALog) {
    const Killed killed;
    fs::resize_file(killed.file, 0);
    EXPECT_TRUE(is_log_damaged(killed.file, milliseconds{0}));
    fs::remove(head_file_of(killed.file));
    EXPECT_TRUE(is_log_damaged(killed.file, milliseconds{0}));
    EXPECT_EQ(survey::read_file(killed.file.string() + "-wal").value(), killed.log);
}

TEST(LogCheck, FindsAFlippedBitAnywhereBeforeTheLastCommit) {
    const Killed killed;
    const std::size_t last_frame = killed.log.size() - kFrameBytes;
    const auto flipped = [&](std::size_t at) {
        std::string log = killed.log;
        log[at] = static_cast<char>(log[at] ^ 0x04);
        return log;
    };
    // A log's version, page size and count of rounds are covered by its header's sum like the rest.
    for (std::size_t at = 0; at < last_frame; at += at < 100 ? 1 : 1'331)
        EXPECT_TRUE(survey::sqlite::has_commit_beyond_its_end(flipped(at))) << "byte " << at;
    for (const bool head_file : {true, false}) {
        if (!head_file) fs::remove(head_file_of(killed.file));
        for (const std::size_t at : {std::size_t{2}, std::size_t{17}, std::size_t{40}, last_frame / 2, last_frame - 1})
            EXPECT_TRUE(killed.is_damaged_with(flipped(at))) << "byte " << at << (head_file ? "" : ", no head file");
    }
}

TEST(LogCheck, FindsADamagedLastCommitToo) {
    const Killed killed;
    fs::remove(head_file_of(killed.file));
    std::string log = killed.log;
    log[log.size() - 77] = static_cast<char>(log[log.size() - 77] ^ 0x04);
    EXPECT_TRUE(killed.is_damaged_with(log));
}

TEST(LogCheck, TakesACommitThatNeverEndedForNoDamage) {
    // Frames without a commit behind the last one that counts: a program killed while it wrote.
    const Killed killed;
    fs::remove(head_file_of(killed.file));
    std::string frame = killed.log.substr(killed.log.size() - kFrameBytes);
    frame.replace(4, 4, 4, '\0');
    EXPECT_FALSE(killed.is_damaged_with(killed.log + frame));
    EXPECT_FALSE(killed.is_damaged_with(killed.log + frame.substr(0, 700)));
}

TEST(LogCheck, PassesOverWhatAnEarlierRoundLeft) {
    const Killed killed;
    fs::remove(head_file_of(killed.file));
    std::string frame = killed.log.substr(killed.log.size() - kFrameBytes);
    frame[9] = static_cast<char>(frame[9] ^ 0x01);  // its salt
    EXPECT_FALSE(killed.is_damaged_with(killed.log + frame));
}

TEST(LogCheck, TakesAFailingDiskForNoDamage) {
    const Killed killed;
    test::TestDisk disk;
    bool met = true;
    for (std::int64_t nth = 1; met; ++nth) {
        ASSERT_LT(nth, 500);
        disk.fail(nth, test::TestDisk::Fault::io_error, true);
        EXPECT_FALSE(is_log_damaged(killed.file, milliseconds{0})) << "fault at operation " << nth;
        const auto opened = Journal::open(killed.file, test::kKiosk, milliseconds{0});
        if (!opened) {
            EXPECT_NE(opened.error().kind, StoreErrorKind::corrupt) << describe(opened.error());
        }
        met = disk.has_failed();
        disk.repair();
    }
}

TEST(LogCheck, TakesAFileThatAnotherProgramHoldsForNoDamage) {
    const Killed killed;
    survey::sqlite::Connection other(killed.file, survey::sqlite::Access::write, milliseconds{0});
    other.execute("PRAGMA locking_mode = EXCLUSIVE");
    survey::sqlite::Transaction holding(other);
    EXPECT_FALSE(is_log_damaged(killed.file, milliseconds{0}));
    EXPECT_EQ(Journal::open(killed.file, test::kKiosk, milliseconds{0}).error().kind, StoreErrorKind::busy);
}

}  // namespace
}  // namespace hailong::kiosk
