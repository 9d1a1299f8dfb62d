// Somebody copies another log over the store's, or spoils the index beside it, while the store is open: no log is
// folded by an index that is not its own, and an index that alone is spoiled costs nothing.
#include <fstream>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "sync/backend/store/sqlite/backup.h"
#include "sync/backend/store/sqlite/store.h"
#include "tests/support/temporary_folder.h"
#include "tests/sync/backend/must.h"

namespace hailong::sync {
namespace {

namespace fs = std::filesystem;
using sample::must;

class ForeignLog : public ::testing::Test {
  protected:
    ForeignLog() {
        must(open_sqlite_store(file_, OpenMode::create));
        open();
        put(0, 10);
    }
    void open() { store_ = must(open_sqlite_store(file_, OpenMode::existing)); }
    void put(int first, int last) {
        for (int i = first; i < last; ++i) {
            auto transaction = must(store_->write());
            must(transaction->facts().put("fact " + std::to_string(i), std::string(500, 'x')));
            must(transaction->commit());
        }
    }
    std::string bytes_of(const char* suffix) const { return survey::read_file(file_.string() + suffix).value(); }
    void write_over(const char* suffix, const std::string& bytes, std::size_t at = 0) const {
        std::fstream out(file_.string() + suffix, std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(static_cast<std::streamoff>(at));
        out << bytes;
    }
    static void expect_facts(const fs::path& file, int count) {
        const auto store = must(open_sqlite_store(file, OpenMode::existing));
        const auto reader = must(store->read());
        for (int i = 0; i < count; ++i)
            EXPECT_TRUE(must(reader->facts().fact("fact " + std::to_string(i)))) << i;
        EXPECT_TRUE(must(reader->contradictions(10)).empty());
    }

    tests::TemporaryFolder folder_;
    fs::path file_ = folder_ / "backend.sqlite";
    std::unique_ptr<Store> store_;
};

/// `cp` of a copy of the log over it: each of its sums is right.
TEST_F(ForeignLog, OfAnotherTimeIsNotFoldedAndWhatIsHeldIsSaved) {
    for (const bool is_looked_at : {false, true}) {
        SCOPED_TRACE(is_looked_at);
        if (is_looked_at) put(10, 30);
        const std::string old = bytes_of("-wal");
        store_.reset();
        open();
        put(30, 40);
        const std::string file = bytes_of("");
        write_over("-wal", old);
        const std::string log = bytes_of("-wal");
        if (is_looked_at) {
            const auto found = store_->check_log();
            ASSERT_FALSE(found);
            EXPECT_NE(found.error().what.find("-wal is damaged"), std::string::npos) << found.error().what;
            expect_facts(saved_store_name(file_, 1), 40);
        }
        EXPECT_FALSE(copy_sqlite_store(file_, folder_ / "copy")) << "it is no backup";
        store_.reset();
        EXPECT_TRUE(bytes_of("") == file) << "it was folded";
        EXPECT_TRUE(bytes_of("-wal") == log) << "it was dropped";
        open();
        put(0, 10);  // as terminals send it again
    }
}

TEST_F(ForeignLog, OfAnotherTimeWithItsIndexIsNotFoldedEither) {
    const std::string old = bytes_of("-wal");
    const std::string index = bytes_of("-shm");
    put(10, 20);
    const std::string file = bytes_of("");
    write_over("-wal", old);
    fs::resize_file(file_.string() + "-wal", old.size());
    write_over("-shm", index);
    const auto found = store_->check_log();
    ASSERT_FALSE(found) << "nobody is told that something is lost";
    EXPECT_NE(found.error().what.find("was put back"), std::string::npos) << found.error().what;
    store_.reset();
    EXPECT_TRUE(bytes_of("") == file) << "it was folded";
    EXPECT_TRUE(bytes_of("-wal") == old) << "it was dropped";
    expect_facts(file_, 10);
}

/// What was moved there by its name, or lay there from before: who starts next would replay it over what came later.
TEST_F(ForeignLog, OfAnotherTimeIsNotReplayedByTheNextStart) {
    const std::string old = bytes_of("-wal");
    put(10, 20);
    store_.reset();
    const std::string file = bytes_of("");
    std::ofstream(file_.string() + "-wal", std::ios::binary) << old;
    for (const OpenMode mode : {OpenMode::existing, OpenMode::create}) {
        const auto opened = open_sqlite_store(file_, mode);
        ASSERT_FALSE(opened);
        EXPECT_NE(opened.error().what.find("-wal is older than the store"), std::string::npos) << opened.error().what;
    }
    EXPECT_FALSE(copy_sqlite_store(file_, folder_ / "copy"));
    EXPECT_TRUE(bytes_of("") == file);
    EXPECT_TRUE(bytes_of("-wal") == old);
    fs::remove(file_.string() + "-wal");
    expect_facts(file_, 20);
}

/// Seen within a transaction, or by the number that the newest commit has.
TEST_F(ForeignLog, WithItsIndexIsNotWrittenBehind) {
    for (const bool is_open : {false, true}) {
        SCOPED_TRACE(is_open);
        const std::string old = bytes_of("-wal");
        const std::string index = bytes_of("-shm");
        put(10, 20);
        auto open_one = is_open ? must(store_->write()) : nullptr;
        write_over("-wal", old);
        fs::resize_file(file_.string() + "-wal", old.size());
        write_over("-shm", index);
        if (open_one) {
            EXPECT_TRUE(open_one->facts().put("promised", "x"));
            EXPECT_FALSE(open_one->commit());
            open_one.reset();
        }
        EXPECT_FALSE(store_->write());
        store_.reset();
        open();
        put(10, 12);  // it is as old as that log, and whole
    }
}

/// Whoever writes first into a log that another program emptied begins it with any number.
TEST_F(ForeignLog, IsNoneThatCommandsBesideTheServiceBeginAnew) {
    for (int i = 10; i < 20; ++i) {
        SCOPED_TRACE(i);
        if (i % 3 == 0) put(i, i + 1);
        for (int commands = 0; commands < 2; ++commands) {
            auto command = must(open_sqlite_store(file_, OpenMode::existing));
            auto transaction = must(command->write());
            const TextPlace text{{"K1"}, 2 * i + commands, {"comment"}};
            must(transaction->texts().add(std::vector{StoredText{text, "sealed", sample::noon()}}));
            must(transaction->texts().erase(std::vector{Erasure{text, sample::noon(), "asked"}}));
            must(transaction->commit());
        }
        must(store_->check());
        put(i, i + 1);
        must(store_->check_log());
    }
}

/// A command erases while somebody else reads, and ends: nobody but the service can do what is left.
TEST_F(ForeignLog, IsEmptiedByWhoLooksOnceNobodyReads) {
    const TextPlace text{{"K1"}, 1, {"comment"}};
    const std::string sealed(100, 'S');
    {
        auto transaction = must(store_->write());
        must(transaction->texts().add(std::vector{StoredText{text, sealed, sample::noon()}}));
        must(transaction->commit());
    }
    {
        const auto reader = must(store_->read());
        auto command = must(open_sqlite_store(file_, OpenMode::existing));
        auto transaction = must(command->write());
        must(transaction->texts().erase(std::vector{Erasure{text, sample::noon(), "asked"}}));
        must(transaction->commit());
    }
    must(store_->check_log());
    EXPECT_TRUE(bytes_of("-wal").empty());
    EXPECT_EQ(bytes_of("").find(sealed), std::string::npos);
    must(store_->check());
    put(10, 12);
}

/// Where in the index, in bytes, and how many are written over.
class ForeignIndex : public ForeignLog, public ::testing::WithParamInterface<std::pair<std::size_t, std::string>> {
  protected:
    void spoil() {
        put(10, 20);
        write_over("-shm", GetParam().second, GetParam().first);
    }
};

TEST_P(ForeignIndex, IsMadeAnewBeforeTheStoreIsClosed) {
    spoil();
    store_.reset();
    EXPECT_FALSE(fs::exists(file_.string() + "-wal"));
    expect_facts(file_, 20);
}

TEST_P(ForeignIndex, IsMadeAnewForABackup) {
    spoil();
    must(copy_sqlite_store(file_, folder_ / "copy"));
    expect_facts(folder_ / "copy", 20);
}

TEST_P(ForeignIndex, IsMadeAnewByWhoLooks) {
    spoil();
    must(store_->check_log());
    put(20, 25);
    store_.reset();
    expect_facts(file_, 25);
}

INSTANTIATE_TEST_SUITE_P(PageNumbersFoldedAndSlots, ForeignIndex,
                         ::testing::Values(std::pair{136 + 4 * 10, std::string(1, '\x7f')},
                                           std::pair{136, std::string(400, '\0')},
                                           std::pair{96, std::string("\5\0\0\0", 4)},
                                           std::pair{96, std::string("\xff\xff\0\0", 4)},
                                           std::pair{16'384, std::string(16'384, '\0')}));

}  // namespace
}  // namespace hailong::sync
