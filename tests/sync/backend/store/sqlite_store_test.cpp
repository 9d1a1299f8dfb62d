// What is particular to the SQLite store: the file, its migrations, its guards against hands from outside.
#include "sync/backend/store/sqlite/store.h"

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

/// The schema of version 1, as it was released.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE documents (revision INTEGER NOT NULL) STRICT;
INSERT INTO documents VALUES (0);
CREATE TABLE centers (id TEXT NOT NULL PRIMARY KEY, json TEXT NOT NULL) STRICT;
CREATE TABLE questionnaires (
    id TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (id, version)) STRICT;
CREATE TABLE terminals (
    kiosk TEXT NOT NULL PRIMARY KEY,
    center TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    last_seq INTEGER NOT NULL,
    last_hash BLOB NOT NULL,
    reported_collected INTEGER NOT NULL,
    last_seen_ms INTEGER) STRICT;
CREATE TABLE records (
    kiosk TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    id BLOB,
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL,
    aside_reason TEXT NOT NULL,
    aside_detail TEXT NOT NULL,
    received_ms INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX records_place ON records (kiosk, seq);
CREATE UNIQUE INDEX records_id ON records (id, iif(aside_reason = '', 1, NULL));
CREATE INDEX records_aside ON records (kiosk) WHERE aside_reason <> '';
CREATE TABLE batches (
    kiosk TEXT NOT NULL,
    first_seq INTEGER NOT NULL,
    count INTEGER NOT NULL,
    header BLOB NOT NULL,
    received_ms INTEGER NOT NULL) STRICT;
CREATE INDEX batches_kiosk ON batches (kiosk);
CREATE TABLE tallies (
    center TEXT NOT NULL,
    grain TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    date TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version INTEGER NOT NULL,
    flagged INTEGER NOT NULL,
    tally TEXT NOT NULL,
    PRIMARY KEY (center, grain, subject_kind, date, subject_id, questionnaire, version, flagged))
    STRICT, WITHOUT ROWID;
CREATE TABLE incidents (
    time_ms INTEGER NOT NULL,
    kiosk TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    evidence BLOB NOT NULL,
    UNIQUE (kiosk, kind, detail)) STRICT;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER records_keep BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER batches_stay BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER batches_keep BEFORE UPDATE ON batches BEGIN SELECT RAISE(ABORT, 'batches are append-only'); END;
CREATE TRIGGER incidents_stay BEFORE DELETE ON incidents BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
CREATE TRIGGER incidents_keep BEFORE UPDATE ON incidents BEGIN SELECT RAISE(ABORT, 'incidents are append-only'); END;
CREATE TRIGGER questionnaires_keep BEFORE UPDATE ON questionnaires
    BEGIN SELECT RAISE(ABORT, 'a published questionnaire never changes'); END;
PRAGMA application_id = 1212965483;
PRAGMA user_version = 1;
)sql";

std::string hex_literal(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text = "x'";
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4u];
        text += kDigits[static_cast<unsigned char>(byte) & 15u];
    }
    return text + "'";
}

template <std::size_t Size>
std::string hex_literal(const std::array<std::uint8_t, Size>& bytes) {
    return hex_literal(std::string_view(reinterpret_cast<const char*>(bytes.data()), Size));
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class SqliteStore : public ::testing::Test {
  protected:
    std::filesystem::path file() const { return folder_.path() / "backend.sqlite"; }
    StoreResult<std::unique_ptr<Store>> open(OpenMode mode = OpenMode::existing) { return open_sqlite_store(file(), mode); }

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
        StoredRecord record;
        record.kiosk = {"K1"};
        record.seq = 1;
        record.bytes = "{}";
        must(transaction->add_record(record));
        must(transaction->add_batch({{"K1"}, 1, 1, "{}", {}, {}}));
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

TEST_F(SqliteStore, ChangesARecordOnlyWhenItIsReprocessed) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        for (std::int64_t seq = 1; seq <= 2; ++seq) {
            StoredRecord record;
            record.kiosk = {"K1"};
            record.seq = seq;
            record.id = sample::uuid(static_cast<std::uint64_t>(seq));
            record.bytes = "{}";
            if (seq == 2) record.quarantine_reason = "unknown_officer";
            must(transaction->add_record(record));
        }
        must(transaction->commit());
    }
    const std::string taken = "aside_reason = '', taken_in_ms = 1, counted_ms = 1, trust = 'trusted'";
    for (const std::string& change : std::vector<std::string>{
             "aside_reason = ''", "aside_reason = '', taken_in_ms = 1",
             "aside_reason = 'invalid', taken_in_ms = 1, counted_ms = 1, trust = 'trusted'", taken + ", bytes = x'00'",
             taken + ", hash = x'00'", taken + ", seq = 9", taken + ", kiosk = 'K2'", taken + ", received_ms = 9",
             taken + ", id = x'00'", taken + ", id = NULL", taken + ", aside_detail = 'other'"}) {
        EXPECT_EQ(meddle(file(), "UPDATE records SET " + change + " WHERE seq = 2"), "records are append-only")
            << change;
    }
    EXPECT_EQ(meddle(file(), "UPDATE records SET " + taken + " WHERE seq = 1"), "records are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE records SET " + taken + " WHERE seq = 2"), "");
    EXPECT_EQ(meddle(file(), "UPDATE records SET " + taken + " WHERE seq = 2"), "records are append-only");
}

TEST_F(SqliteStore, KeepsKeysSkipsTextsAndTracesFromBeingChangedOrDeleted) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        must(transaction->add_terminal_key({{"K1"}, {}, {}}));
        must(transaction->add_skip({{"K1"}, 1, 2, "damaged", {}, {}}));
        must(transaction->add_text({{"K1"}, 3, {"comment"}, "sealed", {}}));
        must(transaction->erase_text({{"K1"}, 4, {"comment"}, {}, "asked for"}));
        must(transaction->commit());
    }
    EXPECT_EQ(meddle(file(), "UPDATE terminal_keys SET since_ms = 1"), "keys are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM terminal_keys"), "keys are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE skips SET last_seq = 9"), "skips are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM skips"), "skips are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE boxes SET bytes = x'00'"), "boxes never change");
    EXPECT_EQ(meddle(file(), "DELETE FROM boxes"), "a box goes only behind its trace");
    EXPECT_EQ(meddle(file(), "UPDATE erasures SET reason = ''"), "traces are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM erasures"), "traces are append-only");
    EXPECT_EQ(meddle(file(), "INSERT INTO unsigned_records VALUES ('K1', 9)"), "batches are signed");
}

TEST_F(SqliteStore, LeavesNothingOfErasedTextsInItsFiles) {
    const auto store = must(open(OpenMode::create));
    const std::string sealed = "sealed words that must go " + std::string(600, 'w');
    const auto in_files = [&] {
        return content_of(file()).find("sealed words that must go") != std::string::npos ||
               content_of(file().string() + "-wal").find("sealed words that must go") != std::string::npos;
    };
    auto transaction = must(store->write());
    must(transaction->add_text({{"K1"}, 1, {"comment"}, sealed, {}}));
    must(transaction->commit());
    transaction.reset();
    EXPECT_TRUE(in_files());
    transaction = must(store->write());
    must(transaction->erase_text({{"K1"}, 1, {"comment"}, {}, "asked for"}));
    must(transaction->commit());
    transaction.reset();
    EXPECT_FALSE(in_files());
}

TEST_F(SqliteStore, BringsAStoreOfVersion1Along) {
    ASSERT_EQ(meddle(file(), kVersion1), "");
    sample::Journal journal("K1");
    journal.add(sample::visit(1));
    journal.add(sample::visit(2, "4", sample::noon() + std::chrono::days(1)));
    journal.add_bytes("nonsense");
    std::string sql = "INSERT INTO terminals VALUES ('K1', 'mau', 'token', 3, " +
                      hex_literal(journal.hash_at(3).bytes) +
                      ", 3, NULL); INSERT INTO batches VALUES ('K1', 1, 3, x'7b7d', 5);";
    for (std::int64_t seq = 1; seq <= 3; ++seq) {
        const std::string id = hex_literal(sample::visit(static_cast<std::uint64_t>(seq)).id.bytes);
        sql += "INSERT INTO records VALUES ('K1', " + std::to_string(seq) + ", " + (seq == 3 ? "NULL" : id) + ", " +
               hex_literal(journal.hash_at(seq).bytes) + ", " + hex_literal(journal.bytes_at(seq)) + ", '" +
               (seq == 3 ? "unreadable" : "") + "', '', " + std::to_string(sample::noon().time_since_epoch().count()) +
               ");";
    }
    ASSERT_EQ(meddle(file(), sql), "");

    const auto store = must(open());
    auto reader = must(store->read());
    const Terminal terminal = *must(reader->terminal({"K1"}));
    EXPECT_EQ(terminal.token_hash, "token");
    EXPECT_EQ(terminal.last_seq, 3);
    EXPECT_FALSE(terminal.key.has_value());
    EXPECT_EQ(must(reader->unsigned_until({"K1"})), 3);
    EXPECT_EQ(must(reader->unsigned_until({"K2"})), 0);
    const StoredRecord second = *must(reader->record({"K1"}, 2));
    EXPECT_EQ(second.bytes, journal.bytes_at(2));
    EXPECT_EQ(second.counted_at, sample::noon() + std::chrono::days(1));
    EXPECT_EQ(second.trust, survey::TimeTrust::trusted);
    EXPECT_EQ(must(reader->record({"K1"}, 3))->counted_at, survey::UtcTime{});
    const survey::Date day = *survey::parse_date("2026-11-22");
    const survey::Date next = *survey::parse_date("2026-11-23");
    EXPECT_EQ(must(reader->terminal_days({"mau"}, day, next)),
              (std::vector<TerminalDay>{{{"K1"}, day, 0, 2, 1, 1}, {{"K1"}, next, 0, 1, 1, 0}}));
    reader.reset();
    EXPECT_EQ(meddle(file(), "UPDATE records SET bytes = x'00'"), "records are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE unsigned_records SET last_seq = 9"), "batches are signed");
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
