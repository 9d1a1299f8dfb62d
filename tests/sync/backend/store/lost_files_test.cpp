// The store's files are removed, replaced, moved or cut short while it is open: nothing is committed any more, and what
// was committed before is saved.
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

class LostFiles : public ::testing::Test {
  protected:
    LostFiles() {
        fs::create_directories(file().parent_path());
        must(open_sqlite_store(file(), OpenMode::create));
        store_ = must(open_sqlite_store(file(), OpenMode::existing));
        EXPECT_TRUE(put("first"));
    }
    fs::path file() const { return folder_ / "data" / "backend.sqlite"; }
    fs::path log() const { return file().string() + "-wal"; }
    StoreResult<void> put(const std::string& text) {
        auto transaction = store_->write();
        if (!transaction) return unexpected(transaction.error());
        const auto done = (*transaction)->facts().put("fact", text);
        if (!done) return done;
        return (*transaction)->commit();
    }
    static std::string fact_in(const fs::path& file) {
        const auto store = open_sqlite_store(file, OpenMode::existing);
        if (!store) return store.error().what;
        const auto reader = (*store)->read();
        if (!reader) return reader.error().what;
        return must((*reader)->facts().fact("fact")).value_or("no such fact");
    }
    /// Nothing is taken, read or promised from now on; what was refused says `words`.
    void expect_lost(const std::string& words) {
        for (int i = 0; i < 2; ++i) {
            const auto refused = put("lost");
            ASSERT_FALSE(refused);
            EXPECT_EQ(refused.error().kind, StoreErrorKind::io);
            EXPECT_NE(refused.error().what.find(words), std::string::npos) << refused.error().what;
            EXPECT_NE(refused.error().remedy.find("terminals keep what they collect"), std::string::npos);
            said_ = refused.error().what;
            remedy_ = refused.error().remedy;
        }
    }
    fs::path saved() const {
        const std::string before = "was saved as ";
        const auto at = said_.find(before);
        return at == std::string::npos ? fs::path() : fs::path(said_.substr(at + before.size()));
    }

    tests::TemporaryFolder folder_;
    std::unique_ptr<Store> store_;
    std::string said_;
    std::string remedy_;
};

TEST_F(LostFiles, AreNoneWhileOthersReadWriteFoldAndCopy) {
    const auto other = must(open_sqlite_store(file(), OpenMode::existing));
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(put(std::to_string(i)));
        auto transaction = must(other->write());
        must(transaction->texts().add(std::vector{StoredText{{{"K1"}, i + 1, {"comment"}}, "sealed", sample::noon()}}));
        must(transaction->texts().erase(std::vector{Erasure{{{"K1"}, i + 1, {"comment"}}, sample::noon(), "asked"}}));
        must(transaction->commit());
        must(copy_sqlite_store(file(), folder_ / ("copy-" + std::to_string(i))));
        EXPECT_TRUE(store_->read());
    }
}

TEST_F(LostFiles, ThatWereRemovedAreSavedBesideTheirPlace) {
    fs::remove(file());
    EXPECT_FALSE(store_->read());
    expect_lost("backend.sqlite is gone");
    EXPECT_NE(remedy_.find("hailong-backend restore " + saved().string()), std::string::npos) << remedy_;
    EXPECT_EQ(fact_in(saved()), "first");
    store_.reset();
    EXPECT_FALSE(fs::exists(file()));
}

TEST_F(LostFiles, OfAFolderThatWasMovedAwayAreSavedBesideIt) {
    fs::rename(file().parent_path(), folder_ / "elsewhere");
    expect_lost("is gone");
    EXPECT_EQ(saved().parent_path(), folder_.path());
    EXPECT_EQ(fact_in(saved()), "first");
}

TEST_F(LostFiles, ThatAreAnotherStoresByNowAreLeftAlone) {
    fs::rename(file().parent_path(), folder_ / "elsewhere");
    fs::create_directories(file().parent_path());
    const auto other = must(open_sqlite_store(file(), OpenMode::create));
    {
        auto transaction = must(other->write());
        must(transaction->facts().put("fact", "theirs"));
        must(transaction->commit());
    }
    EXPECT_FALSE(store_->read()) << "nobody is shown another store";
    expect_lost("was replaced by another file");
    EXPECT_EQ(fact_in(saved()), "first");
    store_.reset();
    EXPECT_TRUE(fs::exists(log())) << "the log of another store was taken away";
    EXPECT_EQ(fact_in(file()), "theirs");
}

TEST_F(LostFiles, OfTheLogAloneAreSavedIntoTheFileItself) {
    for (const char* suffix : {"-wal", "-shm"}) {
        SCOPED_TRACE(suffix);
        EXPECT_TRUE(put(suffix));
        fs::remove(file().string() + suffix);
        expect_lost(std::string(suffix) + " is gone");
        EXPECT_NE(said_.find("all that was promised stands in"), std::string::npos) << said_;
        EXPECT_NE(remedy_.find("there is nothing to restore"), std::string::npos) << remedy_;
        EXPECT_EQ(remedy_.find("backup"), std::string::npos) << remedy_;
        store_.reset();
        EXPECT_EQ(fact_in(file()), suffix);
        store_ = must(open_sqlite_store(file(), OpenMode::existing));
    }
}

TEST_F(LostFiles, ThatWereCutShortTakeNothingMore) {
    fs::resize_file(log(), 100);
    expect_lost("-wal was cut short");
    EXPECT_EQ(fact_in(saved()), "first") << said_;
    EXPECT_NE(remedy_.find("`hailong-backend verify`"), std::string::npos) << remedy_;
    store_.reset();
    store_ = must(open_sqlite_store(file(), OpenMode::existing));
    EXPECT_TRUE(put("again"));
    fs::resize_file(file(), 100);
    expect_lost("was cut short, from");
}

TEST_F(LostFiles, AreNoneWhereSharedMemoryWasCutShort) {
    for (const std::uintmax_t bytes : {0u, 100u, 4'096u, 32'767u}) {
        SCOPED_TRACE(bytes);
        const auto reader = must(store_->read());  // one stays open meanwhile
        EXPECT_TRUE(put("before"));
        fs::resize_file(file().string() + "-shm", bytes);
        EXPECT_EQ(must(must(store_->read())->facts().fact("fact")), "before");
        EXPECT_TRUE(put("after"));
        EXPECT_EQ(must(must(store_->read())->facts().fact("fact")), "after");
    }
}

TEST_F(LostFiles, ThatWereWrittenOverInTheirPlaceTakeNothingMore) {
    // Another store's bytes, as many, under the same name, as `cp` leaves them.
    const std::string bytes = survey::read_file(file()).value();
    std::ofstream(file(), std::ios::in | std::ios::out | std::ios::binary) << bytes;
    fs::last_write_time(file(), fs::last_write_time(file()) + std::chrono::seconds(1));
    expect_lost("was written over");
}

/// SQLite sees an end of the log that lies before what was promised, and would write over it.
TEST_F(LostFiles, WhoseSharedMemoryWasPutBackAloneGoOnAndLoseNothing) {
    EXPECT_TRUE(put("one"));
    const std::string memory = survey::read_file(file().string() + "-shm").value();
    EXPECT_TRUE(put("two"));
    EXPECT_TRUE(put("three"));
    std::ofstream(file().string() + "-shm", std::ios::in | std::ios::out | std::ios::binary) << memory;
    EXPECT_TRUE(put("four"));
    store_.reset();
    store_ = must(open_sqlite_store(file(), OpenMode::existing));
    EXPECT_EQ(must(must(store_->read())->facts().fact("fact")), "four");
    EXPECT_TRUE(put("again"));
}

TEST_F(LostFiles, AreNotBegunAnewBesideALogThatIsLeft) {
    fs::copy_file(log(), folder_ / "log");
    store_.reset();
    fs::remove(file());
    fs::copy_file(folder_ / "log", log());
    for (const OpenMode mode : {OpenMode::existing, OpenMode::create}) {
        const auto opened = open_sqlite_store(file(), mode);
        ASSERT_FALSE(opened);
        EXPECT_NE(opened.error().what.find("its log is still beside it"), std::string::npos) << opened.error().what;
    }
    EXPECT_EQ(survey::read_file(log()), survey::read_file(folder_ / "log"));
}

TEST_F(LostFiles, OfNoByteAreRefused) {
    store_.reset();
    fs::resize_file(file(), 0);
    const auto opened = open_sqlite_store(file(), OpenMode::existing);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, StoreErrorKind::corrupt);
    EXPECT_NE(opened.error().remedy.find("hailong-backend restore"), std::string::npos) << opened.error().remedy;
    EXPECT_EQ(fs::file_size(file()), 0u);
}

/// Where in the log some bytes are zeroed: of its beginning, its middle, its end.
class SpoiledLog : public LostFiles, public ::testing::WithParamInterface<int> {
  protected:
    void spoil() {
        for (int i = 0; i < 20; ++i)
            EXPECT_TRUE(put("number " + std::to_string(i)));
        const std::string whole = survey::read_file(log()).value();
        constexpr std::size_t kZeroed = 5'000;  // some frame's header among them
        const std::size_t at = (whole.size() - kZeroed) * static_cast<std::size_t>(GetParam()) / 2;
        std::fstream out(log(), std::ios::in | std::ios::out | std::ios::binary);
        out.seekp(static_cast<std::streamoff>(at));
        out << std::string(kZeroed, '\0');
        out.close();
        spoiled_ = survey::read_file(log()).value();
        ASSERT_NE(spoiled_, whole);
        before_ = survey::read_file(file()).value();
    }
    void expect_untouched() const {
        EXPECT_TRUE(survey::read_file(file()).value() == before_);
        EXPECT_TRUE(survey::read_file(log()).value() == spoiled_);
    }
    std::string spoiled_;
    std::string before_;
};

TEST_P(SpoiledLog, IsNotPutIntoTheFileWhenTheStoreIsClosed) {
    spoil();
    store_.reset();
    expect_untouched();
}

TEST_P(SpoiledLog, IsFoundByWhoLooksAndWhatIsHeldInMemoryIsSaved) {
    spoil();
    const auto found = store_->check_log();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, StoreErrorKind::io);
    expect_lost("-wal is damaged");
    EXPECT_NE(remedy_.find("hailong-backend restore " + saved().string()), std::string::npos) << remedy_;
    EXPECT_EQ(fact_in(saved()), "number 19");
    store_.reset();
    expect_untouched();
}

TEST_P(SpoiledLog, IsNotFoldedBecauseATextIsErased) {
    spoil();
    auto transaction = must(store_->write());
    must(transaction->texts().add(std::vector{StoredText{{{"K1"}, 1, {"comment"}}, "sealed", sample::noon()}}));
    must(transaction->texts().erase(std::vector{Erasure{{{"K1"}, 1, {"comment"}}, sample::noon(), "asked"}}));
    EXPECT_FALSE(transaction->commit()) << "promised what stands behind a damaged frame";
    transaction.reset();
    store_.reset();
    EXPECT_TRUE(survey::read_file(file()).value() == before_);
}

TEST_P(SpoiledLog, IsNoBackup) {
    spoil();
    const auto copied = copy_sqlite_store(file(), folder_ / "copy");
    ASSERT_FALSE(copied);
    EXPECT_NE(copied.error().what.find("the log of"), std::string::npos) << copied.error().what;
    EXPECT_FALSE(fs::exists(folder_ / "copy"));
    expect_untouched();
}

INSTANTIATE_TEST_SUITE_P(AtItsBeginningItsMiddleAndItsEnd, SpoiledLog, ::testing::Range(0, 3));

}  // namespace
}  // namespace hailong::sync
