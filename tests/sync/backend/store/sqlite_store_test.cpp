// What is particular to the SQLite store: the file, its migrations, its guards against hands from outside.
#include <fstream>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include "sync/backend/store/sqlite/store.h"
#include "tests/support/temporary_folder.h"
#include "tests/sync/backend/must.h"
#include "tests/sync/backend/store/stored_record.h"

namespace hailong::sync {
namespace {

using sample::must;
using sample::stored_record;

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

std::string content_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// How SQLite would look for the answer.
std::string plan_of(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* database = nullptr;
    std::string plan;
    if (sqlite3_open(file.c_str(), &database) == SQLITE_OK) {
        const int explained = sqlite3_exec(
            database, ("EXPLAIN QUERY PLAN " + sql).c_str(),
            [](void* out, int, char** values, char**) {
                *static_cast<std::string*>(out) += std::string(values[3]) + "\n";
                return 0;
            },
            &plan, nullptr);
        if (explained != SQLITE_OK) plan = "SCAN: " + std::string(sqlite3_errmsg(database));
    }
    sqlite3_close(database);
    return plan;
}

constexpr survey::Date kDay = std::chrono::year(2026) / 11 / 22;

class SqliteStore : public ::testing::Test {
  protected:
    std::filesystem::path file() const { return folder_.path() / "backend.sqlite"; }
    StoreResult<std::unique_ptr<Store>> open(OpenMode mode = OpenMode::existing) {
        return open_sqlite_store(file(), mode);
    }

    tests::TemporaryFolder folder_;
};

TEST_F(SqliteStore, DoesNotCreateAFileUnasked) {
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, StoreErrorKind::io);
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
    EXPECT_EQ(opened.error().kind, StoreErrorKind::corrupt);
    EXPECT_EQ(meddle(file(), "SELECT x FROM theirs"), "");
    EXPECT_NE(meddle(file(), "SELECT * FROM records"), "");
}

TEST_F(SqliteStore, RefusesAFileThatIsNoDatabase) {
    std::ofstream(file()) << std::string(4096, 'x');
    const auto opened = open(OpenMode::create);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, StoreErrorKind::corrupt);
}

TEST_F(SqliteStore, SaysWhichFileCantBeOpened) {
    const std::filesystem::path nowhere = folder_.path() / "none" / "backend.sqlite";
    const auto opened = open_sqlite_store(nowhere, OpenMode::create);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, StoreErrorKind::read_only);
    EXPECT_NE(opened.error().what.find(nowhere.string()), std::string::npos) << opened.error().what;
    EXPECT_NE(opened.error().remedy.find("data folder exists"), std::string::npos) << opened.error().remedy;
}

TEST_F(SqliteStore, RefusesASchemaFromTheFuture) {
    must(open(OpenMode::create));
    ASSERT_EQ(meddle(file(), "PRAGMA user_version = 1000"), "");
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, StoreErrorKind::newer);
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
    EXPECT_EQ(opened.error().kind, StoreErrorKind::read_only);
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
        must(transaction->records().add(std::vector<NewRecord>{{stored_record(1)}}));
        must(transaction->records().add_batch({{"K1"}, 1, 1, "{}", {}, {}}));
        must(transaction->incidents().add(std::vector<Incident>{{{}, {"K1"}, IncidentKind::forked, "x", ""}}));
        must(transaction->documents().put_questionnaire({{{"W5"}, 1}, "{}"}));
        must(transaction->commit());
    }
    EXPECT_EQ(meddle(file(), "UPDATE records SET bytes = x'00'"), "records are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM records"), "records are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE batches SET header = x'00'"), "batches are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM batches"), "batches are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE incidents SET detail = ''"), "incidents are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM incidents"), "incidents are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE questionnaires SET json = ''"), "a published questionnaire never changes");
}

TEST_F(SqliteStore, ChangesARecordOnlyWhenItIsReprocessed) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        must(transaction->records().add(
            std::vector<NewRecord>{{stored_record(1)}, {stored_record(2, "unknown_officer")}}));
        must(transaction->commit());
    }
    const std::string counts = "reason = NULL, reprocessed_ms = 1, counted_ms = 1, trust = 1";
    for (const std::string& change : std::vector<std::string>{
             "reason = NULL", "reason = NULL, reprocessed_ms = 1",
             "reason = 'invalid', reprocessed_ms = 1, counted_ms = 1, trust = 1", counts + ", bytes = x'00'",
             counts + ", hash = x'00'", counts + ", place = 9", counts + ", received_ms = 9", counts + ", id = x'00'",
             counts + ", id = NULL", counts + ", repeats = 1", counts + ", detail = 'other'"}) {
        EXPECT_EQ(meddle(file(), "UPDATE records SET " + change + " WHERE reason IS NOT NULL"),
                  "records are append-only")
            << change;
    }
    EXPECT_EQ(meddle(file(), "UPDATE records SET " + counts + " WHERE reason IS NULL"), "records are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE records SET " + counts + " WHERE reason IS NOT NULL"), "");
    EXPECT_EQ(meddle(file(), "UPDATE records SET " + counts), "records are append-only");
}

TEST_F(SqliteStore, LetsNoHandFromOutsideCountAnIdTwice) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        must(transaction->records().add(std::vector<NewRecord>{{stored_record(1)}}));
        StoredRecord copy = stored_record(2, "duplicate_id");
        copy.id = stored_record(1).id;
        must(transaction->records().add(std::vector<NewRecord>{{copy, false}}));
        must(transaction->commit());
    }
    const std::string columns =
        "INSERT INTO records (place, id, repeats, hash, received_ms, bytes) SELECT 77 + place, id, ";
    EXPECT_NE(meddle(file(), columns + "NULL, hash, 1, bytes FROM records"), "");
    EXPECT_EQ(meddle(file(), columns + "1, hash, 1, bytes FROM records"), "CHECK constraint failed: an id counts once");
    EXPECT_EQ(meddle(file(),
                     "UPDATE records SET reason = NULL, reprocessed_ms = 1, counted_ms = 1, trust = 1 "
                     "WHERE reason IS NOT NULL"),
              "an id counts once");
}

TEST_F(SqliteStore, KeepsKeysSkipsTextsAndTracesFromBeingChangedOrDeleted) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        must(transaction->terminals().add_key({{"K1"}, {}, {}}));
        must(transaction->records().add_skips(
            std::vector<StoredSkip>{{{"K1"}, 1, 2, survey::SkipReason::damaged, {}, {}}}));
        must(transaction->texts().add(std::vector<StoredText>{{{{"K1"}, 3, {"comment"}}, "sealed", {}}}));
        must(transaction->texts().erase(std::vector<Erasure>{{{{"K1"}, 4, {"comment"}}, {}, "asked for"}}));
        must(transaction->commit());
    }
    EXPECT_EQ(meddle(file(), "UPDATE terminal_keys SET since_ms = 1"), "keys are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM terminal_keys"), "keys are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE skips SET last_seq = 9"), "skips are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM skips"), "skips are append-only");
    EXPECT_EQ(meddle(file(), "UPDATE texts SET bytes = x'00'"), "sealed texts never change");
    EXPECT_EQ(meddle(file(), "DELETE FROM texts"), "a sealed text goes only behind its trace");
    EXPECT_EQ(meddle(file(), "UPDATE erasures SET reason = ''"), "traces are append-only");
    EXPECT_EQ(meddle(file(), "DELETE FROM erasures"), "traces are append-only");
    EXPECT_EQ(meddle(file(), "INSERT INTO unsigned_records VALUES ('K1', 9)"), "batches are signed");
}

TEST_F(SqliteStore, LeavesNothingOfErasedTextsInItsFiles) {
    const auto store = must(open(OpenMode::create));
    const std::string sealed = "sealed text that must go " + std::string(600, 'w');
    const auto in_files = [&] {
        return content_of(file()).find("sealed text that must go") != std::string::npos ||
               content_of(file().string() + "-wal").find("sealed text that must go") != std::string::npos;
    };
    const TextPlace place{{"K1"}, 1, {"comment"}};
    auto transaction = must(store->write());
    must(transaction->texts().add(std::vector<StoredText>{{place, sealed, {}}}));
    must(transaction->commit());
    transaction.reset();
    EXPECT_TRUE(in_files());
    transaction = must(store->write());
    must(transaction->texts().erase(std::vector<Erasure>{{place, {}, "asked for"}}));
    must(transaction->commit());
    transaction.reset();
    EXPECT_FALSE(in_files());
}

TEST_F(SqliteStore, SaysSoWhenWhatItKeepsCantBeRead) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        survey::TallyKey key;
        key.date = kDay;
        must(transaction->records().add(std::vector<NewRecord>{{stored_record(1)}}));
        must(transaction->tallies().add({{{"mau"}, {{key, survey::Tally{1, 0, 0, {}}}}}}));
        must(transaction->terminals().add_days(std::vector<TerminalDay>{{{"K1"}, kDay, 1, 0, 0, 0, 0}}));
        must(transaction->terminals().put_statuses(std::vector<HeardStatus>{{{"K1"}, {}, {}}}));
        must(transaction->commit());
    }
    const auto refuses = [&](const std::string& change, auto read) {
        if (meddle(file(), change) != "") return false;
        const auto result = read(*must(store->read()));
        return !result && result.error().kind == StoreErrorKind::corrupt;
    };
    const auto tallies = [](Snapshot& snapshot) { return snapshot.tallies().of_center({"mau"}); };
    EXPECT_TRUE(refuses("UPDATE tallies SET tally = x'0102'", tallies));
    EXPECT_TRUE(refuses("UPDATE tallies SET kind = 99", tallies));
    EXPECT_TRUE(refuses("UPDATE tallies SET kind = 0, day = -1", tallies));
    EXPECT_TRUE(refuses("UPDATE tallies SET day = 99999999", tallies));
    EXPECT_TRUE(refuses("UPDATE days SET day = 99999999",
                        [](Snapshot& snapshot) { return snapshot.terminals().days_of({"K1"}); }));
    EXPECT_TRUE(refuses("UPDATE statuses SET status = '{'",
                        [](Snapshot& snapshot) { return snapshot.terminals().statuses({}, 9); }));
    const auto records = [](Snapshot& snapshot) { return snapshot.records().page({"K1"}, 1, 9); };
    EXPECT_TRUE(refuses("DROP TRIGGER records_keep; UPDATE records SET trust = 9", records));
    EXPECT_TRUE(refuses("UPDATE records SET trust = 1, hash = x'00'", records));
    EXPECT_TRUE(refuses("UPDATE records SET hash = zeroblob(32), bytes = x'0128b52ffd'", records));
}

TEST_F(SqliteStore, TellsNoMoreContradictionsThanAskedFor) {
    const auto store = must(open(OpenMode::create));
    {
        auto transaction = must(store->write());
        must(transaction->records().add(
            std::vector<NewRecord>{{stored_record(1)}, {stored_record(2)}, {stored_record(3)}}));
        must(transaction->records().add_batch({{"K1"}, 1, 3, "{}", {}, {}}));
        must(transaction->commit());
    }
    ASSERT_EQ(meddle(file(),
                     "PRAGMA ignore_check_constraints = ON; DROP TRIGGER records_keep; UPDATE records SET repeats = 1; "
                     "DROP TRIGGER batches_keep; "
                     "UPDATE batches SET number = 9"),
              "");
    const auto count = [&](std::size_t most) { return must(must(store->read())->contradictions(most)).size(); };
    EXPECT_EQ(count(0), 0u);
    EXPECT_EQ(count(1), 1u);
    EXPECT_EQ(count(3), 3u);
    EXPECT_GT(count(99), 4u);
}

TEST_F(SqliteStore, FindsWhatItSearchesForByAnIndex) {
    must(open(OpenMode::create));
    // Whoever asks these reads no more than the answer: the plans name an index or a key, and sort no more than one
    // terminal's days.
    for (const char* sql :
         {"SELECT place FROM records WHERE id = ? AND repeats IS NULL",
          "SELECT place FROM records WHERE id = ? AND repeats IS NOT NULL ORDER BY place",
          "SELECT place FROM records WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?",
          "SELECT kiosk FROM terminals WHERE center = ? ORDER BY kiosk",
          "SELECT kiosk FROM terminals WHERE token_hash = ? AND token_hash <> ''",
          "SELECT status FROM statuses WHERE kiosk > ? ORDER BY kiosk LIMIT ?",
          "SELECT seq FROM texts WHERE received_ms < ? ORDER BY received_ms LIMIT ?",
          "SELECT seq FROM erasures WHERE kiosk = ? ORDER BY rowid DESC LIMIT ?",
          "SELECT kiosk, day FROM terminals CROSS JOIN kiosks USING (kiosk) CROSS JOIN days ON days.terminal = "
          "kiosks.number WHERE center = ? AND day BETWEEN ? AND ? ORDER BY kiosk, day",
          "SELECT place, kiosk FROM kiosks CROSS JOIN records INDEXED BY records_quarantined ON place BETWEEN number * "
          "?4 + iif(kiosk = ?1, ?2 + 1, 0) AND number * ?4 + ?4 - 1 WHERE kiosk >= ?1 AND reason IS NOT NULL ORDER BY "
          "kiosk, place LIMIT ?3",
          "SELECT tally FROM tallies WHERE center = ?1 AND grain = ?2 AND kind = ?3 AND day BETWEEN ?4 AND ?5 AND (?6 "
          "IS "
          "NULL OR subject = ?6)"}) {
        const std::string plan = plan_of(file(), sql);
        EXPECT_EQ(plan.find("SCAN"), std::string::npos) << sql << "\n" << plan;
        EXPECT_EQ(plan.find("TEMP B-TREE FOR ORDER BY"), std::string::npos) << sql << "\n" << plan;
    }
}

TEST_F(SqliteStore, ServesMoreReadersThanItKeeps) {
    const auto store = must(open(OpenMode::create));
    for (int round = 0; round < 2; ++round) {
        std::vector<std::unique_ptr<Snapshot>> snapshots;
        for (std::size_t i = 0; i < 2 * kIdleReadersMax; ++i)
            snapshots.push_back(must(store->read()));
        for (const auto& snapshot : snapshots)
            EXPECT_TRUE(must(snapshot->documents().centers()).empty());
    }
}

TEST_F(SqliteStore, RefusesASecondTransactionAtOnceAndSaysBusy) {
    const auto store = must(open(OpenMode::create));
    auto first = must(store->write());
    const auto second = store->write();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, StoreErrorKind::busy);
    first.reset();
    EXPECT_TRUE(store->write());
}

}  // namespace
}  // namespace hailong::sync
