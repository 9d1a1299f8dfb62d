// Files of earlier versions become files of today's, and nothing of them is lost: schema 1, and schemas 2 and 3 from
// files that the programs of those versions made (schema_2.sql, schema_3.sql).
#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "survey/record.h"
#include "sync/backend/store/sqlite/store.h"
#include "tests/kiosk/journal/test_disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/sync/backend/must.h"

namespace hailong::sync {
namespace {

using sample::must;

/// A file read and written by hand.
class File {
  public:
    explicit File(const std::filesystem::path& path) { EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { sqlite3_close(database_); }

    /// The error message, or empty.
    std::string execute(const std::string& sql) {
        char* message = nullptr;
        sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &message);
        const std::string error = message == nullptr ? "" : message;
        sqlite3_free(message);
        return error;
    }

    /// Every value as text, blobs as their bytes, NULL as empty.
    std::vector<std::vector<std::string>> rows(const std::string& sql) {
        std::vector<std::vector<std::string>> result;
        sqlite3_stmt* statement = nullptr;
        EXPECT_EQ(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK)
            << sqlite3_errmsg(database_);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            std::vector<std::string>& row = result.emplace_back();
            for (int i = 0; i < sqlite3_column_count(statement); ++i) {
                const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
                row.emplace_back(bytes == nullptr ? "" : bytes,
                                 static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
            }
        }
        sqlite3_finalize(statement);
        return result;
    }

  private:
    sqlite3* database_ = nullptr;
};

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

template <class Value>
std::string text(const Value& bytes) {
    return {bytes.bytes.begin(), bytes.bytes.end()};
}
std::string text(survey::UtcTime time) {
    return std::to_string(time.time_since_epoch().count());
}

/// "schema_2.sql".
std::string sql_of(const std::string& name) {
    std::ifstream in(HAILONG_SOURCE_DIR "/tests/sync/backend/store/" + name, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

class StoreOfSchema2 : public ::testing::Test {
  protected:
    StoreOfSchema2() {
        File made(file());
        EXPECT_EQ(made.execute(sql_of("schema_2.sql")), "");
        // What stood there before.
        records_ = made.rows(
            "SELECT kiosk, seq, ifnull(id, ''), hash, bytes, aside_reason, aside_detail, received_ms, "
            "ifnull(counted_ms, 0), ifnull(trust, 'doubtful'), taken_in_ms FROM records ORDER BY kiosk, seq");
        tallies_ = made.rows(
            "SELECT center, grain, subject_kind, date, subject_id, questionnaire, version, flagged, tally FROM "
            "tallies");
        days_ = made.rows("SELECT kiosk, day, collected, held, counted, aside, copies FROM terminal_days");
        batches_ =
            made.rows("SELECT kiosk, first_seq, count, header, signature, received_ms FROM batches ORDER BY rowid");
    }
    std::filesystem::path file() const { return folder_.path() / "backend.sqlite"; }
    std::unique_ptr<Store> open() { return must(open_sqlite_store(file(), OpenMode::existing)); }

    tests::TemporaryFolder folder_;
    std::vector<std::vector<std::string>> records_;
    std::vector<std::vector<std::string>> tallies_;
    std::vector<std::vector<std::string>> days_;
    std::vector<std::vector<std::string>> batches_;
};

TEST_F(StoreOfSchema2, KeepsEveryRecordWordForWord) {
    const auto store = open();
    auto snapshot = must(store->read());
    std::vector<std::vector<std::string>> found;
    for (const char* kiosk : {"K1", "K2", "K3"}) {
        for (const StoredRecord& record : must(snapshot->records().page({kiosk}, 1, 999))) {
            found.push_back(
                {record.kiosk.text, std::to_string(record.seq), record.id ? text(*record.id) : "", text(record.hash),
                 record.bytes, record.quarantine_reason ? std::string(name(*record.quarantine_reason)) : "",
                 record.quarantine_detail, text(record.received), text(record.counted_at),
                 std::string(survey::name(record.trust)), record.reprocessed ? text(*record.reprocessed) : ""});
        }
    }
    EXPECT_EQ(found, records_);
    EXPECT_EQ(found.size(), 24u);
}

TEST_F(StoreOfSchema2, KeepsEveryTallyAndDay) {
    const auto store = open();
    auto snapshot = must(store->read());
    const auto rows = must(snapshot->tallies().of_center({"mau"}));
    EXPECT_EQ(must(snapshot->tallies().centers()), (std::vector<survey::CenterId>{{"mau"}}));
    std::map<survey::TallyKey, survey::Tally> found;
    for (const TallyRow& row : rows)
        found[row.key] = row.tally;
    EXPECT_EQ(found.size(), tallies_.size());
    for (const auto& row : tallies_) {
        const survey::TallyKey key{row[1] == "day" ? survey::Grain::day : survey::Grain::month,
                                   *survey::parse_date(row[3]),
                                   {{row[5]}, std::stoll(row[6])},
                                   {*survey::parse_subject_kind(row[2]), row[4]},
                                   row[7] == "1"};
        ASSERT_EQ(found.count(key), 1u) << row[2] << " " << row[4];
        EXPECT_EQ(survey::to_text(found[key]), row[8]);
    }
    std::size_t days = 0;
    for (const char* kiosk : {"K1", "K2"}) {
        for (const TerminalDay& day : must(snapshot->terminals().days_of({kiosk}))) {
            const std::vector<std::string> row = {day.kiosk.text,
                                                  survey::to_string(day.day),
                                                  std::to_string(day.collected),
                                                  std::to_string(day.stored),
                                                  std::to_string(day.counted),
                                                  std::to_string(day.quarantined),
                                                  std::to_string(day.copies)};
            EXPECT_EQ(std::count(days_.begin(), days_.end(), row), 1) << row[1];
            ++days;
        }
    }
    EXPECT_EQ(days, days_.size());
}

TEST_F(StoreOfSchema2, KeepsEveryBatchSkipKeyAndStart) {
    const auto store = open();
    auto snapshot = must(store->read());
    std::vector<std::vector<std::string>> found;
    for (const char* kiosk : {"K1", "K2"}) {
        for (const StoredBatch& batch : must(snapshot->records().batches({kiosk}))) {
            found.push_back({batch.kiosk.text, std::to_string(batch.first_seq), std::to_string(batch.count),
                             batch.header_bytes, text(batch.signature), text(batch.received)});
        }
    }
    EXPECT_EQ(found, batches_);
    EXPECT_EQ(must(snapshot->records().batch_of({"K1"}, 13))->first_seq, 12);
    const auto skips = must(snapshot->records().skips({"K1"}));
    ASSERT_EQ(skips.size(), 2u);
    EXPECT_EQ(skips[1].reason, survey::SkipReason::renumbered);
    EXPECT_EQ(must(snapshot->terminals().keys({"K1"})).size(), 1u);
    EXPECT_EQ(must(snapshot->terminals().boot({"K1"}, "start-b"))->turn, 1);
    EXPECT_TRUE(must(snapshot->terminals().code("0badc0de")).has_value());
    EXPECT_EQ(must(snapshot->documents().questionnaires()).size(), 3u);
    EXPECT_NE(must(snapshot->documents().center({"mau"}))->find("c-01"), std::string::npos);
}

TEST_F(StoreOfSchema2, KeepsEveryTextTraceAndIncident) {
    const auto store = open();
    auto snapshot = must(store->read());
    const auto texts = must(snapshot->texts().page({}, 9));
    ASSERT_EQ(texts.size(), 1u);
    EXPECT_EQ(texts[0].place, (TextPlace{{"K1"}, 1, {"comment"}}));
    EXPECT_EQ(texts[0].bytes, "sealed for the key of texts");
    const auto erasures = must(snapshot->texts().erasures({}, 9));
    ASSERT_EQ(erasures.size(), 1u);
    EXPECT_EQ(erasures[0].place, (TextPlace{{"K2"}, 5, {"comment"}}));
    EXPECT_EQ(must(snapshot->texts().newest_erasures({"K2"}, 9)), erasures);
    const auto incidents = must(snapshot->incidents().newest(9));
    std::vector<IncidentKind> kinds;
    for (const Incident& incident : incidents)
        kinds.push_back(incident.kind);
    using enum IncidentKind;
    EXPECT_EQ(kinds, (std::vector{stray_text, skipped, skipped, cloned, forked, wrong_code}));
    EXPECT_EQ(must(snapshot->counts()), (StoreCounts{6, 1, 1}));
}

TEST_F(StoreOfSchema2, SaysWhatWasCountedBeforeInEachTerminal) {
    const auto store = open();
    auto snapshot = must(store->read());
    const Terminal one = *must(snapshot->terminals().terminal({"K1"}));
    EXPECT_EQ(one.totals, (Totals{10, 8, 2, 1, 4, 2}));
    EXPECT_EQ(one.last_seq, 14);
    EXPECT_EQ(one.boot, "start-a");
    EXPECT_EQ(one.reported_collected, 10);
    EXPECT_EQ(one.erased, 0);
    ASSERT_TRUE(one.last_counted.has_value());
    EXPECT_EQ(one.last_counted->seq, 14);
    const Terminal two = *must(snapshot->terminals().terminal({"K2"}));
    EXPECT_EQ(two.totals, (Totals{14, 12, 2, 0, 0, 0}));
    EXPECT_EQ(two.erased, 1);
    EXPECT_EQ(two.last_counted->seq, 10) << "what was reprocessed, quarantined or doubtful is passed over";
    const Terminal revoked = *must(snapshot->terminals().terminal({"K3"}));
    EXPECT_EQ(revoked.totals, Totals{});
    EXPECT_FALSE(revoked.key || revoked.last_counted || !revoked.token_hash.empty());
    EXPECT_EQ(must(snapshot->terminals().by_token(one.token_hash)), one);
    EXPECT_EQ(must(snapshot->terminals().totals({"mau"})).records, (Totals{24, 20, 4, 1, 4, 2}));
}

TEST_F(StoreOfSchema2, FindsEveryIdTheFirstStoredFirst) {
    const auto store = open();
    auto snapshot = must(store->read());
    std::map<std::string, std::vector<std::string>> expected;
    for (const auto& row : records_) {
        if (!row[2].empty()) expected[row[2]].push_back(row[0] + " " + row[1]);
    }
    for (const auto& [id, places] : expected) {
        survey::Uuid uuid;
        std::copy(id.begin(), id.end(), uuid.bytes.begin());
        std::vector<std::string> found;
        for (const IdPlace& place : must(snapshot->records().find_ids(std::vector{uuid})))
            found.push_back(place.kiosk.text + " " + std::to_string(place.seq));
        EXPECT_EQ(found, places);
    }
}

TEST_F(StoreOfSchema2, GoesOnAsAnyOther) {
    const auto store = open();
    auto transaction = must(store->write());
    const auto quarantined = must(transaction->records().quarantined_after({}, 0, 9));
    ASSERT_EQ(quarantined.size(), 4u);
    StoredRecord counted = quarantined.back();
    EXPECT_EQ(counted.quarantine_reason, QuarantineReason::unknown_officer);
    counted.reprocessed = sample::noon();
    must(transaction->records().reprocess(counted));
    StoredRecord copy = must(transaction->records().page({"K1"}, 1, 1)).front();
    copy.seq = 15;
    EXPECT_EQ(must(transaction->records().add(std::vector<NewRecord>{{copy}})), std::vector<std::size_t>{0});
    must(transaction->commit());
    transaction.reset();
    File outside(file());
    EXPECT_EQ(outside.execute("UPDATE records SET bytes = x'00'"), "records are append-only");
    EXPECT_EQ(outside.execute("DELETE FROM incidents"), "incidents are append-only");
    EXPECT_EQ(outside.execute("UPDATE incidents SET detail = ''"), "incidents are append-only");
    EXPECT_EQ(outside.execute("DELETE FROM texts"), "a sealed text goes only behind its trace");
    EXPECT_NE(outside.execute("INSERT INTO skips VALUES ('K1', 1, 1, 'x', x'', 0)"), "");
    EXPECT_EQ(outside.execute("SELECT * FROM records_2"), "no such table: records_2");
}

TEST_F(StoreOfSchema2, SaysSoWhenItIsTamperedWithAndIsLeftAsItWas) {
    {
        File outside(file());
        ASSERT_EQ(outside.execute("UPDATE tallies SET date = 'some ' || date"), "");
    }
    const auto opened = open_sqlite_store(file(), OpenMode::existing);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, StoreErrorKind::corrupt);
    File outside(file());
    EXPECT_EQ(outside.rows("SELECT count(*) FROM records WHERE aside_reason = ''")[0][0], "20");
    EXPECT_EQ(outside.rows("PRAGMA user_version")[0][0], "2");
}

TEST_F(StoreOfSchema2, KeepsATallyThatCantBeReadAsOne) {
    {
        File outside(file());
        ASSERT_EQ(outside.execute("UPDATE tallies SET tally = 'nonsense' WHERE subject_kind = 'visit'"), "");
    }
    const auto store = open();
    const auto rows = must(store->read())->tallies().of_center({"mau"});
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().kind, StoreErrorKind::corrupt);
}

TEST_F(StoreOfSchema2, IsOneOrTheOtherWhereverTheDiskFails) {
    using Fault = test::TestDisk::Fault;
    for (const auto& [fault, is_lasting] : {std::pair(Fault::io_error, false), std::pair(Fault::io_error, true),
                                            std::pair(Fault::disk_full, false), std::pair(Fault::disk_full, true)}) {
        bool met = true;
        for (std::int64_t nth = 1; met && !HasFailure(); nth += 3) {
            SCOPED_TRACE("fault at operation " + std::to_string(nth));
            const tests::TemporaryFolder folder;
            const std::filesystem::path copy = folder.path() / "backend.sqlite";
            std::filesystem::copy_file(file(), copy);
            test::TestDisk disk;
            disk.fail(nth, fault, is_lasting);
            { const auto ignored = open_sqlite_store(copy, OpenMode::existing); }
            met = disk.has_failed();
            disk.repair();
            const auto store = must(open_sqlite_store(copy, OpenMode::existing));
            EXPECT_EQ(must(must(store->read())->records().page({"K2"}, 1, 99)).size(), 14u);
            EXPECT_EQ(must(must(store->read())->tallies().of_center({"mau"})).size(), tallies_.size());
        }
    }
}

class StoreOfSchema3 : public ::testing::Test {
  protected:
    StoreOfSchema3() { EXPECT_EQ(File(file()).execute(sql_of("schema_3.sql")), ""); }
    std::filesystem::path file() const { return folder_.path() / "backend.sqlite"; }
    std::unique_ptr<Store> open() { return must(open_sqlite_store(file(), OpenMode::existing)); }
    /// Everything in the tables of schema 3, with their indexes and triggers; but for what schema 4 sees to in the
    /// table of records itself, the sums of schema 5, what schema 6 lets change, the tables of schema 7, and which
    /// record was the last to count, as schema 8 has it.
    std::vector<std::vector<std::string>> content() const {
        File outside(file());
        auto all = outside.rows(
            "SELECT type, name, tbl_name, iif(type = 'table', '', sql) FROM sqlite_schema "
            "WHERE name NOT IN ('records_once_added', 'records_keep') "
            "AND tbl_name NOT IN ('statuses', 'facts', 'time_corrections', 'public_tallies', 'releases', 'commits', "
            "'center_revisions', 'tally_centers') ORDER BY "
            "type, name");
        for (const auto& table :
             outside.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN "
                          "('statuses', 'facts', 'time_corrections', 'public_tallies', 'releases', 'commits', "
                          "'center_revisions', 'tally_centers') ORDER BY name")) {
            const std::string columns = outside.rows("SELECT group_concat(name) FROM pragma_table_info('" + table[0] +
                                                     "') WHERE name NOT IN ('sum', 'counted_seq', 'counted_ms')")[0][0];
            const auto rows = outside.rows("SELECT " + columns + " FROM " + table[0]);
            all.insert(all.end(), rows.begin(), rows.end());
        }
        return all;
    }

    tests::TemporaryFolder folder_;
};

TEST_F(StoreOfSchema3, KeepsEveryRowAndLearnsStatusesAndSums) {
    const auto before = content();
    EXPECT_GT(before.size(), 150u);
    const auto store = open();
    EXPECT_EQ(content(), before);
    EXPECT_EQ(File(file()).rows("PRAGMA user_version")[0][0], "8");
    EXPECT_TRUE(must(must(store->read())->terminals().statuses({}, 9)).empty());
    const HeardStatus heard{{"K1"}, {}, sample::noon()};
    auto transaction = must(store->write());
    must(transaction->terminals().put_statuses(std::vector{heard}));
    must(transaction->commit());
    EXPECT_EQ(must(must(store->read())->terminals().statuses({}, 9)), std::vector{heard});
    EXPECT_EQ(content(), before);
    EXPECT_EQ(must(must(store->read())->contradictions(9)), std::vector<std::string>{});
}

TEST_F(StoreOfSchema3, IsReadAsItWas) {
    const auto store = open();
    auto snapshot = must(store->read());
    EXPECT_EQ(must(snapshot->records().page({"K2"}, 1, 99)).size(), 14u);
    EXPECT_EQ(must(snapshot->terminals().totals({"mau"})).records, (Totals{24, 20, 4, 1, 4, 2}));
    EXPECT_EQ(must(snapshot->tallies().of_center({"mau"})).size(), 41u);
    EXPECT_EQ(must(snapshot->counts()), (StoreCounts{6, 1, 1}));
}

TEST_F(StoreOfSchema3, IsOneOrTheOtherWhereverTheDiskFails) {
    using Fault = test::TestDisk::Fault;
    const auto before = content();
    bool met = true;
    for (std::int64_t nth = 1; met && !HasFailure(); ++nth) {
        SCOPED_TRACE("fault at operation " + std::to_string(nth));
        const tests::TemporaryFolder folder;
        const std::filesystem::path copy = folder.path() / "backend.sqlite";
        std::filesystem::copy_file(file(), copy);
        test::TestDisk disk;
        disk.fail(nth, nth % 2 == 0 ? Fault::io_error : Fault::disk_full, true);
        { const auto ignored = open_sqlite_store(copy, OpenMode::existing); }
        met = disk.has_failed();
        disk.repair();
        const auto store = must(open_sqlite_store(copy, OpenMode::existing));
        EXPECT_EQ(must(must(store->read())->records().page({"K2"}, 1, 99)).size(), 14u);
        EXPECT_TRUE(must(must(store->read())->terminals().statuses({}, 9)).empty());
    }
    EXPECT_EQ(content(), before) << "the file itself was left alone";
}

TEST(StoreOfSchema1, ComesAlong) {
    const tests::TemporaryFolder folder;
    const std::filesystem::path path = folder.path() / "backend.sqlite";
    File made(path);
    ASSERT_EQ(made.execute(kVersion1), "");
    survey::Record record;
    record.kiosk = {"K1"};
    record.response.questionnaire = {{"W5"}, 1};
    record.response.context.center = {"mau"};
    record.response.boot_id = "boot";
    std::vector<std::string> bytes;
    for (int i = 0; i < 2; ++i) {
        record.seq = i + 1;
        record.response.id = sample::uuid(static_cast<std::uint64_t>(i) + 1);
        record.response.started.utc = record.response.finished.utc = sample::noon() + std::chrono::days(i);
        bytes.push_back(survey::encode(record));
    }
    bytes.emplace_back("nonsense");
    std::string sql =
        "INSERT INTO terminals VALUES ('K1', 'mau', 'token', 3, zeroblob(32), 3, NULL);"
        "INSERT INTO batches VALUES ('K1', 1, 3, x'7b7d', 5);";
    for (std::uint64_t seq = 1; seq <= 3; ++seq) {
        const std::string id = hex_literal(sample::uuid(seq).bytes);
        sql += "INSERT INTO records VALUES ('K1', " + std::to_string(seq) + ", " + (seq == 3 ? "NULL" : id) +
               ", zeroblob(32), " + hex_literal(bytes[seq - 1]) + ", '" + (seq == 3 ? "unreadable" : "") + "', '', " +
               text(sample::noon()) + ");";
    }
    ASSERT_EQ(made.execute(sql), "");

    const auto store = must(open_sqlite_store(path, OpenMode::existing));
    auto snapshot = must(store->read());
    const Terminal terminal = *must(snapshot->terminals().terminal({"K1"}));
    EXPECT_EQ(terminal.token_hash, "token");
    EXPECT_EQ(terminal.last_seq, 3);
    EXPECT_FALSE(terminal.key.has_value());
    EXPECT_EQ(terminal.totals, (Totals{3, 2, 1, 0, 0, 0}));
    EXPECT_EQ(terminal.last_counted, (CountedAt{2, sample::noon() + std::chrono::days(1)}));
    EXPECT_EQ(must(snapshot->records().unsigned_until({"K1"})), 3);
    EXPECT_EQ(must(snapshot->records().unsigned_until({"K2"})), 0);
    EXPECT_EQ(must(snapshot->records().batches({"K1"})),
              (std::vector{StoredBatch{{"K1"}, 1, 3, "{}", {}, survey::UtcTime(survey::milliseconds(5)), 1}}));
    const auto records = must(snapshot->records().page({"K1"}, 1, 9));
    ASSERT_EQ(records.size(), 3u);
    EXPECT_EQ(records[1].bytes, bytes[1]);
    EXPECT_EQ(records[1].counted_at, sample::noon() + std::chrono::days(1));
    EXPECT_EQ(records[1].trust, survey::TimeTrust::trusted);
    EXPECT_EQ(records[2].bytes, "nonsense");
    EXPECT_EQ(records[2].counted_at, survey::UtcTime{});
    const survey::Date day = *survey::parse_date("2026-11-22");
    const survey::Date next = *survey::parse_date("2026-11-23");
    EXPECT_EQ(must(snapshot->terminals().days({"mau"}, day, next)),
              (std::vector<TerminalDay>{{{"K1"}, day, 0, 2, 1, 1}, {{"K1"}, next, 0, 1, 1, 0}}));
    EXPECT_EQ(made.execute("UPDATE records SET bytes = x'00'"), "records are append-only");
    EXPECT_EQ(made.execute("UPDATE unsigned_records SET last_seq = 9"), "batches are signed");
}

}  // namespace
}  // namespace hailong::sync
