// What is particular to the SQLite store: the file, its migrations, its guards against hands from outside.
#include "sync/backend/store/sqlite_store.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include "tests/sync/backend/sample.h"

namespace hailong::sync {
namespace {

using sample::must;

/// Runs SQL on the file as an outsider would; the error message, or empty.
std::string meddle(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* database = nullptr;
    std::string error;
    if (sqlite3_open(file.c_str(), &database) != SQLITE_OK ||
        sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        error = sqlite3_errmsg(database);
    }
    sqlite3_close(database);
    return error;
}

class SqliteStore : public ::testing::Test {
  protected:
    std::filesystem::path file() const { return folder_.path() / "backend.sqlite"; }
    Stored<std::unique_ptr<Store>> open(OpenMode mode = OpenMode::existing) { return open_sqlite_store(file(), mode); }

    sample::TemporaryFolder folder_;
};

TEST_F(SqliteStore, DoesNotCreateAFileUnasked) {
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, BackendStoreErrorKind::io);
    EXPECT_NE(opened.error().remedy.find("init"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(SqliteStore, OpensWhatItCreated) {
    must(open(OpenMode::create));
    EXPECT_TRUE(open());
    EXPECT_TRUE(open(OpenMode::create));
}

TEST_F(SqliteStore, RefusesAForeignDatabaseAndLeavesItAlone) {
    ASSERT_EQ(meddle(file(), "CREATE TABLE theirs (x)"), "");
    const auto opened = open(OpenMode::create);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, BackendStoreErrorKind::corrupt);
    EXPECT_EQ(meddle(file(), "SELECT x FROM theirs"), "");
    EXPECT_NE(meddle(file(), "SELECT * FROM records"), "");
}

TEST_F(SqliteStore, RefusesAFileThatIsNoDatabase) {
    std::ofstream(file()) << std::string(4096, 'x');
    const auto opened = open(OpenMode::create);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, BackendStoreErrorKind::corrupt);
}

TEST_F(SqliteStore, RefusesASchemaFromTheFuture) {
    must(open(OpenMode::create));
    ASSERT_EQ(meddle(file(), "PRAGMA user_version = 1000"), "");
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, BackendStoreErrorKind::newer);
}

TEST_F(SqliteStore, SaysReadOnlyWhenItMayNotWrite) {
    if (geteuid() == 0) {
        // Permissions do not stop root: a file system object that can't be written stands in for them.
        must(open(OpenMode::create));
        const auto store = open_sqlite_store("/proc/version", OpenMode::existing);
        ASSERT_FALSE(store);
        EXPECT_NE(store.error().remedy, "");
        return;
    }
    must(open(OpenMode::create));
    std::filesystem::permissions(file(), std::filesystem::perms::owner_read);
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, BackendStoreErrorKind::read_only);
}

TEST_F(SqliteStore, WritesDurably) {
    const auto store = must(open(OpenMode::create));
    const auto transaction = must(store->write());
    must(transaction->commit());
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &database), SQLITE_OK);
    std::string mode;
    sqlite3_exec(
        database, "PRAGMA journal_mode",
        [](void* out, int, char** values, char**) {
            *static_cast<std::string*>(out) = values[0];
            return 0;
        },
        &mode, nullptr);
    sqlite3_close(database);
    EXPECT_EQ(mode, "wal");
}

TEST_F(SqliteStore, KeepsRecordsFromBeingChangedOrDeleted) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        HeldRecord record;
        record.kiosk = {"K1"};
        record.seq = 1;
        record.bytes = "{}";
        must(transaction->add_record(record));
        must(transaction->add_batch({{"K1"}, 1, 1, "{}", {}}));
        must(transaction->add_incident({{}, {"K1"}, "altered", "x", ""}));
        must(transaction->commit());
    }
    EXPECT_EQ(meddle(file(), "UPDATE records SET bytes = x'00'"), "records are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM records"), "records are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE batches SET header = x'00'"), "batches are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM batches"), "batches are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE incidents SET detail = ''"), "incidents are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM incidents"), "incidents are append-only");
}

TEST_F(SqliteStore, SaysSoWhenATallyCantBeRead) {
    sample::Backend backend;
    sample::Journal journal("K1");
    journal.add(sample::visit(1));
    must(backend.take(journal.all()));
    ASSERT_EQ(meddle(backend.file(), "UPDATE tallies SET tally = 'nonsense'"), "");
    const auto rows = must(backend.store->read())->each_tally([](const TallyRow&) { return true; });
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().kind, BackendStoreErrorKind::corrupt);
}

TEST_F(SqliteStore, ServesMoreReadersThanItKeeps) {
    const auto store = must(open(OpenMode::create));
    for (int round = 0; round < 2; ++round) {
        std::vector<std::unique_ptr<Reader>> readers;
        for (std::size_t i = 0; i < 2 * kIdleReadersMax; ++i)
            readers.push_back(must(store->read()));
        for (const auto& reader : readers)
            EXPECT_TRUE(must(reader->centers()).empty());
    }
}

}  // namespace
}  // namespace hailong::sync
