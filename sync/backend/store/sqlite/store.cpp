#include "sync/backend/store/sqlite/store.h"

#include <map>
#include <mutex>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "survey/record.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {
namespace {

using survey::CenterId;
using survey::Date;
using survey::Digest;
using survey::KioskId;
using survey::UtcTime;
using survey::Uuid;

/// "HLbk": tells our file from any other SQLite database.
constexpr int kApplicationId = 0x484c626b;

// Migrations in order; user_version counts how many were applied. Never edit one that was released: add another.
//
// records is append-only and holds every byte as received. quarantine_reason '' means counted; a counted id stands once
// (NULLs are distinct in a unique index, so quarantined records are free to repeat one).
// tallies: one wide row a key; `tally` is canonical JSON {"items":{item:{option:count}},"responses":n}.
//
// 2: keys, signatures, skips, sealed texts, days, resolved times. A record's one change is being taken in; a sealed text goes
// only behind its trace. counted_ms and trust are NULL while a record is quarantined, a batch's signature is NULL when it
// came before batches were signed (what unsigned_records says once and for all). What the old rows lack,
// adopt_version_1 fills in between the two halves.
constexpr const char* kMigrations[] = {
    R"sql(
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
)sql",
    R"sql(
CREATE TABLE terminals_2 (
    kiosk TEXT NOT NULL PRIMARY KEY,
    center TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    sign_key BLOB,
    last_seq INTEGER NOT NULL,
    last_hash BLOB NOT NULL,
    reported_collected INTEGER NOT NULL,
    last_seen_ms INTEGER) STRICT;
INSERT INTO terminals_2 SELECT kiosk, center, token_hash, NULL, last_seq, last_hash, reported_collected, last_seen_ms
    FROM terminals;
DROP TABLE terminals;
ALTER TABLE terminals_2 RENAME TO terminals;
CREATE UNIQUE INDEX terminals_token ON terminals (token_hash) WHERE token_hash <> '';
CREATE TABLE terminal_keys (
    kiosk TEXT NOT NULL, sign_key BLOB NOT NULL, since_ms INTEGER NOT NULL, UNIQUE (kiosk, sign_key)) STRICT;
CREATE TABLE codes (
    code_hash TEXT NOT NULL PRIMARY KEY,
    kiosk TEXT NOT NULL,
    center TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_by BLOB) STRICT;
ALTER TABLE records ADD COLUMN counted_ms INTEGER;
ALTER TABLE records ADD COLUMN trust TEXT;
ALTER TABLE records ADD COLUMN taken_in_ms INTEGER;
ALTER TABLE batches ADD COLUMN signature BLOB;
CREATE TABLE unsigned_records (kiosk TEXT NOT NULL PRIMARY KEY, last_seq INTEGER NOT NULL) STRICT;
CREATE TABLE skips (
    kiosk TEXT NOT NULL,
    first_seq INTEGER NOT NULL CHECK (first_seq > 0),
    last_seq INTEGER NOT NULL CHECK (last_seq >= first_seq),
    reason TEXT NOT NULL,
    previous_hash BLOB NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (kiosk, first_seq)) STRICT;
CREATE TABLE boxes (
    kiosk TEXT NOT NULL,
    seq INTEGER NOT NULL,
    item TEXT NOT NULL,
    bytes BLOB NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (kiosk, seq, item)) STRICT;
CREATE INDEX boxes_received ON boxes (received_ms);
CREATE TABLE erasures (
    kiosk TEXT NOT NULL,
    seq INTEGER NOT NULL,
    item TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (kiosk, seq, item)) STRICT;
CREATE TABLE terminal_days (
    kiosk TEXT NOT NULL,
    day TEXT NOT NULL,
    collected INTEGER NOT NULL,
    held INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    aside INTEGER NOT NULL,
    copies INTEGER NOT NULL,
    PRIMARY KEY (kiosk, day)) STRICT, WITHOUT ROWID;
CREATE TABLE boots (
    kiosk TEXT NOT NULL,
    boot TEXT NOT NULL,
    turn INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (kiosk, boot)) STRICT, WITHOUT ROWID;
CREATE INDEX boots_turn ON boots (kiosk, turn);
DROP INDEX batches_kiosk;
CREATE INDEX batches_kiosk ON batches (kiosk, first_seq);
DROP INDEX records_aside;
CREATE INDEX records_aside ON records (kiosk, seq) WHERE aside_reason <> '';
DROP TRIGGER records_keep;
)sql",
};
/// What closes a migration after its rows were adopted; nullptr: nothing.
constexpr const char* kClosings[] = {
    nullptr,
    R"sql(
INSERT INTO unsigned_records SELECT kiosk, max(seq) FROM records GROUP BY kiosk;
CREATE TRIGGER records_keep BEFORE UPDATE ON records
    WHEN NOT (OLD.aside_reason <> '' AND NEW.aside_reason = '' AND NEW.taken_in_ms IS NOT NULL
        AND NEW.counted_ms IS NOT NULL AND NEW.trust IS NOT NULL AND NEW.kiosk = OLD.kiosk AND NEW.seq = OLD.seq
        AND (OLD.id IS NULL OR NEW.id IS OLD.id) AND NEW.hash = OLD.hash AND NEW.bytes = OLD.bytes
        AND NEW.aside_detail = OLD.aside_detail AND NEW.received_ms = OLD.received_ms)
    BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER terminal_keys_stay BEFORE DELETE ON terminal_keys
    BEGIN SELECT RAISE(ABORT, 'keys are append-only'); END;
CREATE TRIGGER terminal_keys_keep BEFORE UPDATE ON terminal_keys
    BEGIN SELECT RAISE(ABORT, 'keys are append-only'); END;
CREATE TRIGGER unsigned_records_none BEFORE INSERT ON unsigned_records
    BEGIN SELECT RAISE(ABORT, 'batches are signed'); END;
CREATE TRIGGER unsigned_records_stay BEFORE DELETE ON unsigned_records
    BEGIN SELECT RAISE(ABORT, 'batches are signed'); END;
CREATE TRIGGER unsigned_records_keep BEFORE UPDATE ON unsigned_records
    BEGIN SELECT RAISE(ABORT, 'batches are signed'); END;
CREATE TRIGGER skips_apart BEFORE INSERT ON skips
    WHEN EXISTS (SELECT 1 FROM records WHERE kiosk = NEW.kiosk AND seq BETWEEN NEW.first_seq AND NEW.last_seq)
        OR EXISTS (SELECT 1 FROM skips WHERE kiosk = NEW.kiosk AND first_seq <= NEW.last_seq
            AND last_seq >= NEW.first_seq)
    BEGIN SELECT RAISE(ABORT, 'a record or another skip stands within the skip'); END;
CREATE TRIGGER skips_stay BEFORE DELETE ON skips BEGIN SELECT RAISE(ABORT, 'skips are append-only'); END;
CREATE TRIGGER skips_keep BEFORE UPDATE ON skips BEGIN SELECT RAISE(ABORT, 'skips are append-only'); END;
CREATE TRIGGER boxes_stay BEFORE DELETE ON boxes
    WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE kiosk = OLD.kiosk AND seq = OLD.seq AND item = OLD.item)
    BEGIN SELECT RAISE(ABORT, 'a box goes only behind its trace'); END;
CREATE TRIGGER boxes_keep BEFORE UPDATE ON boxes BEGIN SELECT RAISE(ABORT, 'boxes never change'); END;
CREATE TRIGGER erasures_stay BEFORE DELETE ON erasures
    BEGIN SELECT RAISE(ABORT, 'traces are append-only'); END;
CREATE TRIGGER erasures_keep BEFORE UPDATE ON erasures
    BEGIN SELECT RAISE(ABORT, 'traces are append-only'); END;
)sql",
};
static_assert(std::size(kClosings) == std::size(kMigrations));
constexpr int kSchemaVersion = static_cast<int>(std::size(kMigrations));

BackendStoreError refusal(int code, std::string what) {
    using enum BackendStoreErrorKind;
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {busy, std::move(what), "try again; only one program at a time can write"};
        case SQLITE_FULL:
            return {full, std::move(what), "make room on the disk that holds the data folder"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {read_only, std::move(what), "let the service's user write to the data folder and its files"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {corrupt, std::move(what),
                    "restore the store from its last backup; terminals send again what is missing"};
        case SQLITE_CONSTRAINT:
            return {conflict, std::move(what), "nothing was written; run `hailong-backend verify`"};
        case SQLITE_CANTOPEN:
            return {io, std::move(what), "check that the data folder exists and can be read and written"};
        default:
            return {io, std::move(what), "check the disk and the data folder"};
    }
}

/// The wall of this room: whatever SQLiteCpp or the library throws becomes a value.
template <class Action>
auto guarded(Action&& action) -> StoreResult<decltype(action())> {
    try {
        if constexpr (std::is_void_v<decltype(action())>) {
            action();
            return {};
        } else {
            return action();
        }
    } catch (const SQLite::Exception& error) {
        return unexpected(refusal(error.getErrorCode(), std::string("store: ") + error.what()));
    } catch (const std::exception& error) {
        return unexpected(refusal(SQLITE_IOERR, std::string("store: ") + error.what()));
    }
}

/// Something in the file that this program never writes.
[[noreturn]] void damaged(const std::string& what) {
    throw SQLite::Exception(what, SQLITE_CORRUPT);
}

std::int64_t to_ms(UtcTime time) {
    return time.time_since_epoch().count();
}
UtcTime from_ms(std::int64_t ms) {
    return UtcTime(survey::milliseconds(ms));
}

std::string_view text_of(Grain grain) {
    return grain == Grain::day ? "day" : "month";
}

/// One connection with its prepared statements, used by one thread at a time.
class Connection {
  public:
    Connection(const std::filesystem::path& file, int flags) : database_(file.string(), flags, kBusyTimeoutMs) {
        // What is deleted (erased texts) is overwritten, not only forgotten.
        database_.exec("PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;");
    }

    SQLite::Database& database() { return database_; }

    /// `sql` must be a literal: statements are kept by its address.
    SQLite::Statement& prepared(const char* sql) {
        const auto found = statements_.find(sql);
        if (found != statements_.end()) return found->second;
        return statements_.emplace(sql, SQLite::Statement(database_, sql)).first->second;
    }

    bool in_transaction() { return sqlite3_get_autocommit(database_.getHandle()) == 0; }

    /// Ends whatever transaction is open. True when none is open afterwards.
    bool roll_back() noexcept {
        if (in_transaction()) database_.tryExec("ROLLBACK");
        return !in_transaction();
    }

  private:
    SQLite::Database database_;
    std::map<const char*, SQLite::Statement> statements_;
};

/// One use of a prepared statement: reset at the end, whatever happened. Text and blobs are bound without a copy, so
/// they must live as long as this; afterwards nothing looks at them, since each use binds every parameter anew.
class Query {
  public:
    Query(Connection& connection, const char* sql) : statement_(connection.prepared(sql)) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query() { statement_.tryReset(); }

    Query& text(const std::string& value) {
        statement_.bindNoCopy(++index_, value);
        return *this;
    }
    Query& text(std::string&&) = delete;
    Query& word(std::string_view value) {
        statement_.bind(++index_, std::string(value));
        return *this;
    }
    Query& blob(const std::string& value) { return blob(value.data(), value.size()); }
    template <std::size_t Size>
    Query& blob(const std::array<std::uint8_t, Size>& value) {
        return blob(value.data(), Size);
    }
    Query& integer(std::int64_t value) {
        statement_.bind(++index_, value);
        return *this;
    }
    Query& time(UtcTime value) { return integer(to_ms(value)); }
    Query& null() {
        statement_.bind(++index_);
        return *this;
    }

    bool step() { return statement_.executeStep(); }
    void run() {
        while (statement_.executeStep()) {
        }
    }
    SQLite::Column column(int index) { return statement_.getColumn(index); }

    std::string text_at(int index) { return column(index).getString(); }
    std::int64_t integer_at(int index) { return column(index).getInt64(); }
    UtcTime time_at(int index) { return from_ms(integer_at(index)); }
    bool is_null(int index) { return column(index).isNull(); }
    Date date_at(int index) {
        const auto date = survey::parse_date(text_at(index));
        if (!date) damaged("\"" + text_at(index) + "\" stands where a day should");
        return *date;
    }
    template <class Value>
    Value bytes_at(int index) {
        const SQLite::Column value = column(index);
        Value result;
        if (static_cast<std::size_t>(value.getBytes()) != result.bytes.size()) damaged("a hash or id of wrong length");
        const auto* bytes = static_cast<const std::uint8_t*>(value.getBlob());
        std::copy(bytes, bytes + result.bytes.size(), result.bytes.begin());
        return result;
    }

  private:
    Query& blob(const void* bytes, std::size_t size) {
        statement_.bindNoCopy(++index_, bytes, static_cast<int>(size));
        return *this;
    }

    SQLite::Statement& statement_;
    int index_ = 0;
};

constexpr const char* kTerminalColumns =
    "SELECT kiosk, center, token_hash, last_seq, last_hash, reported_collected, last_seen_ms, sign_key FROM terminals";

Terminal terminal_at(Query& query) {
    Terminal terminal;
    terminal.kiosk = {query.text_at(0)};
    terminal.center = {query.text_at(1)};
    terminal.token_hash = query.text_at(2);
    terminal.last_seq = query.integer_at(3);
    terminal.last_hash = query.bytes_at<Digest>(4);
    terminal.reported_collected = query.integer_at(5);
    if (!query.is_null(6)) terminal.last_seen = query.time_at(6);
    if (!query.is_null(7)) terminal.key = query.bytes_at<survey::SignPublicKey>(7);
    return terminal;
}

constexpr const char* kRecordsOfKiosk =
    "SELECT kiosk, seq, id, hash, bytes, aside_reason, aside_detail, received_ms, counted_ms, trust, taken_in_ms "
    "FROM records WHERE kiosk = ? ORDER BY seq";
constexpr const char* kRecordAt =
    "SELECT kiosk, seq, id, hash, bytes, aside_reason, aside_detail, received_ms, counted_ms, trust, taken_in_ms "
    "FROM records WHERE kiosk = ? AND seq = ?";
// The partial index holds them in this order.
constexpr const char* kRecordsQuarantinedAfter =
    "SELECT kiosk, seq, id, hash, bytes, aside_reason, aside_detail, received_ms, counted_ms, trust, taken_in_ms "
    "FROM records WHERE aside_reason <> '' AND (kiosk, seq) > (?, ?) ORDER BY kiosk, seq LIMIT ?";

StoredRecord record_at(Query& query) {
    StoredRecord record;
    record.kiosk = {query.text_at(0)};
    record.seq = query.integer_at(1);
    if (!query.is_null(2)) record.id = query.bytes_at<Uuid>(2);
    record.hash = query.bytes_at<Digest>(3);
    record.bytes = query.text_at(4);
    record.quarantine_reason = query.text_at(5);
    record.quarantine_detail = query.text_at(6);
    record.received = query.time_at(7);
    if (!query.is_null(8)) record.counted_at = query.time_at(8);
    if (!query.is_null(9)) {
        const auto trust = survey::parse_time_trust(query.text_at(9));
        if (!trust)
            damaged("record " + std::to_string(record.seq) + " of " + record.kiosk.text + " has no known trust");
        record.trust = *trust;
    }
    if (!query.is_null(10)) record.reprocessed = query.time_at(10);
    return record;
}

StoredBatch batch_at(Query& query, const KioskId& kiosk) {
    StoredBatch batch{kiosk, query.integer_at(0), query.integer_at(1), query.text_at(2), {}, query.time_at(3)};
    if (!query.is_null(4)) batch.signature = query.bytes_at<survey::Signature>(4);
    return batch;
}

StoredText text_at_row(Query& query) {
    return {{query.text_at(0)}, query.integer_at(1), {query.text_at(2)}, query.text_at(3), query.time_at(4)};
}

TerminalDay terminal_day_at(Query& query) {
    return {{query.text_at(0)},  query.date_at(1),    query.integer_at(2), query.integer_at(3),
            query.integer_at(4), query.integer_at(5), query.integer_at(6)};
}

TallyRow tally_at(Query& query) {
    TallyRow row;
    row.key.center = {query.text_at(0)};
    const auto kind = survey::parse_subject_kind(query.text_at(2));
    const auto date = survey::parse_date(query.text_at(3));
    auto tally = survey::parse_tally(query.text_at(8));
    const std::string grain = query.text_at(1);
    const std::int64_t flagged = query.integer_at(7);
    const bool is_sound = (grain == text_of(Grain::day) || grain == text_of(Grain::month)) && (flagged & ~1) == 0;
    if (!kind || !date || !tally || !is_sound) {
        damaged("the tally of " + row.key.center.text + " on " + query.text_at(3) + " can't be read");
    }
    row.key.date = *date;
    row.key.subject = {*kind, query.text_at(4)};
    row.key.questionnaire = {{query.text_at(5)}, query.integer_at(6)};
    row.key.grain = grain == text_of(Grain::month) ? Grain::month : Grain::day;
    row.key.flagged = flagged != 0;
    row.tally = std::move(*tally);
    return row;
}

/// The reads, for a reader's own connection and for the writer's alike.
template <class Base>
class Reads : public Base {
  public:
    StoreResult<std::vector<CenterId>> centers() override {
        return guarded([&] {
            std::vector<CenterId> result;
            Query query(connection(), "SELECT id FROM centers ORDER BY id");
            while (query.step())
                result.push_back({query.text_at(0)});
            return result;
        });
    }

    StoreResult<std::int64_t> documents_revision() override {
        return guarded([&]() -> std::int64_t {
            Query query(connection(), "SELECT revision FROM documents");
            if (!query.step()) damaged("the table `documents` is empty");
            return query.integer_at(0);
        });
    }

    StoreResult<std::optional<std::string>> center(const CenterId& id) override {
        return guarded([&]() -> std::optional<std::string> {
            Query query(connection(), "SELECT json FROM centers WHERE id = ?");
            query.text(id.text);
            if (!query.step()) return std::nullopt;
            return query.text_at(0);
        });
    }

    StoreResult<std::vector<std::string>> questionnaires() override {
        return guarded([&] {
            std::vector<std::string> result;
            Query query(connection(), "SELECT json FROM questionnaires ORDER BY id, version");
            while (query.step())
                result.push_back(query.text_at(0));
            return result;
        });
    }

    StoreResult<std::vector<Terminal>> terminals() override {
        return guarded([&] {
            std::vector<Terminal> result;
            static const std::string kSql = std::string(kTerminalColumns) + " ORDER BY kiosk";
            Query query(connection(), kSql.c_str());
            while (query.step())
                result.push_back(terminal_at(query));
            return result;
        });
    }

    StoreResult<std::optional<Terminal>> terminal(const KioskId& kiosk) override {
        static const std::string kSql = std::string(kTerminalColumns) + " WHERE kiosk = ?";
        return one_terminal(kSql.c_str(), kiosk.text);
    }

    StoreResult<std::optional<Terminal>> terminal_by_token(const std::string& token_hash) override {
        // Revoked terminals have none.
        if (token_hash.empty()) return std::optional<Terminal>();
        static const std::string kSql = std::string(kTerminalColumns) + " WHERE token_hash = ?";
        return one_terminal(kSql.c_str(), token_hash);
    }

    StoreResult<std::optional<Digest>> hash_at(const KioskId& kiosk, std::int64_t seq) override {
        return guarded([&]() -> std::optional<Digest> {
            if (seq == 0) return survey::kChainStart;
            Query query(connection(), "SELECT hash FROM records WHERE kiosk = ? AND seq = ?");
            query.text(kiosk.text).integer(seq);
            if (query.step()) return query.bytes_at<Digest>(0);
            Query skip(connection(), "SELECT previous_hash FROM skips WHERE kiosk = ? AND last_seq = ?");
            skip.text(kiosk.text).integer(seq);
            if (!skip.step()) return std::nullopt;
            return skip.bytes_at<Digest>(0);
        });
    }

    StoreResult<bool> holds_id(const Uuid& id) override {
        return guarded([&] {
            Query query(connection(), "SELECT 1 FROM records WHERE id = ? LIMIT 1");
            query.blob(id.bytes);
            return query.step();
        });
    }

    StoreResult<bool> holds_id_before(const KioskId& kiosk, std::int64_t seq, const Uuid& id) override {
        return guarded([&] {
            Query query(connection(), "SELECT 1 FROM records WHERE id = ? AND kiosk = ? AND seq < ? LIMIT 1");
            query.blob(id.bytes).text(kiosk.text).integer(seq);
            return query.step();
        });
    }

    StoreResult<std::vector<TallyRow>> tallies(const TallyQuery& wanted) override {
        return guarded([&] {
            const std::string first = survey::to_string(wanted.first);
            const std::string last = survey::to_string(wanted.last);
            std::vector<TallyRow> result;
            const auto collect = [&](Query& query) {
                while (query.step())
                    result.push_back(tally_at(query));
            };
            if (wanted.subject_kind && wanted.subject_id) {
                Query query(connection(),
                            "SELECT center, grain, subject_kind, date, subject_id, questionnaire, version, flagged, "
                            "tally FROM tallies WHERE center = ? AND grain = ? AND date BETWEEN ? AND ? "
                            "AND subject_kind = ? AND subject_id = ?");
                query.text(wanted.center.text).word(text_of(wanted.grain)).text(first).text(last);
                collect(query.word(survey::name(*wanted.subject_kind)).text(*wanted.subject_id));
            } else if (wanted.subject_kind) {
                Query query(connection(),
                            "SELECT center, grain, subject_kind, date, subject_id, questionnaire, version, flagged, "
                            "tally FROM tallies WHERE center = ? AND grain = ? AND date BETWEEN ? AND ? "
                            "AND subject_kind = ?");
                query.text(wanted.center.text).word(text_of(wanted.grain)).text(first).text(last);
                collect(query.word(survey::name(*wanted.subject_kind)));
            } else {
                Query query(connection(),
                            "SELECT center, grain, subject_kind, date, subject_id, questionnaire, version, flagged, "
                            "tally FROM tallies WHERE center = ? AND grain = ? AND date BETWEEN ? AND ?");
                collect(query.text(wanted.center.text).word(text_of(wanted.grain)).text(first).text(last));
                if (wanted.subject_id) {
                    std::erase_if(result,
                                  [&](const TallyRow& row) { return row.key.subject.id != *wanted.subject_id; });
                }
            }
            return result;
        });
    }

    // A terminal's numbers run from 1 without gaps, so its last one less the skipped is how many are stored.
    StoreResult<CenterTotals> totals(const CenterId& id) override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT ifnull(sum(last_seq), 0), ifnull(sum(reported_collected), 0), "
                        "ifnull(sum((SELECT count(*) FROM records WHERE records.kiosk = terminals.kiosk "
                        "AND aside_reason <> '')), 0), "
                        "ifnull(sum((SELECT sum(skips.last_seq - first_seq + 1) FROM skips "
                        "WHERE skips.kiosk = terminals.kiosk)), 0), "
                        "ifnull(sum((SELECT sum(skips.last_seq - first_seq + 1) FROM skips "
                        "WHERE skips.kiosk = terminals.kiosk AND reason IN ('damaged', 'pruned'))), 0), "
                        "ifnull(sum((SELECT sum(copies) FROM terminal_days "
                        "WHERE terminal_days.kiosk = terminals.kiosk)), 0) FROM terminals WHERE center = ?");
            query.text(id.text);
            CenterTotals totals;
            if (query.step()) {
                totals.skipped = query.integer_at(3);
                totals.lost = query.integer_at(4);
                totals.copies = query.integer_at(5);
                totals.stored = query.integer_at(0) - totals.skipped;
                totals.reported_collected = query.integer_at(1);
                totals.quarantined = query.integer_at(2);
                totals.counted = totals.stored - totals.quarantined;
            }
            return totals;
        });
    }

    StoreResult<std::vector<Incident>> incidents() override {
        return guarded([&] {
            std::vector<Incident> result;
            Query query(connection(), "SELECT time_ms, kiosk, kind, detail, evidence FROM incidents ORDER BY rowid");
            while (query.step()) {
                result.push_back({from_ms(query.integer_at(0)),
                                  {query.text_at(1)},
                                  query.text_at(2),
                                  query.text_at(3),
                                  query.text_at(4)});
            }
            return result;
        });
    }

    StoreResult<std::optional<EnrolmentCode>> code(const std::string& code_hash) override {
        return guarded([&]() -> std::optional<EnrolmentCode> {
            Query query(connection(), "SELECT kiosk, center, expires_ms, used_by FROM codes WHERE code_hash = ?");
            query.text(code_hash);
            if (!query.step()) return std::nullopt;
            EnrolmentCode code{code_hash, {query.text_at(0)}, {query.text_at(1)}, query.time_at(2), std::nullopt};
            if (!query.is_null(3)) code.used_by = query.bytes_at<survey::SignPublicKey>(3);
            return code;
        });
    }

    StoreResult<std::vector<TerminalKey>> terminal_keys(const KioskId& kiosk) override {
        return guarded([&] {
            std::vector<TerminalKey> result;
            Query query(connection(), "SELECT sign_key, since_ms FROM terminal_keys WHERE kiosk = ? ORDER BY rowid");
            query.text(kiosk.text);
            while (query.step())
                result.push_back({kiosk, query.bytes_at<survey::SignPublicKey>(0), query.time_at(1)});
            return result;
        });
    }

    StoreResult<std::int64_t> unsigned_until(const KioskId& kiosk) override {
        return guarded([&]() -> std::int64_t {
            Query query(connection(), "SELECT last_seq FROM unsigned_records WHERE kiosk = ?");
            query.text(kiosk.text);
            return query.step() ? query.integer_at(0) : 0;
        });
    }

    StoreResult<std::vector<StoredSkip>> skips(const KioskId& kiosk) override {
        return guarded([&] {
            std::vector<StoredSkip> result;
            Query query(connection(),
                        "SELECT first_seq, last_seq, reason, previous_hash, received_ms FROM skips WHERE kiosk = ? "
                        "ORDER BY first_seq");
            query.text(kiosk.text);
            while (query.step()) {
                result.push_back({kiosk, query.integer_at(0), query.integer_at(1), query.text_at(2),
                                  query.bytes_at<Digest>(3), query.time_at(4)});
            }
            return result;
        });
    }

    StoreResult<std::optional<StoredRecord>> record(const KioskId& kiosk, std::int64_t seq) override {
        return guarded([&]() -> std::optional<StoredRecord> {
            Query query(connection(), kRecordAt);
            query.text(kiosk.text).integer(seq);
            if (!query.step()) return std::nullopt;
            return record_at(query);
        });
    }

    StoreResult<std::vector<StoredRecord>> quarantined_after(const KioskId& kiosk, std::int64_t seq,
                                                std::size_t count_max) override {
        return guarded([&] {
            std::vector<StoredRecord> result;
            Query query(connection(), kRecordsQuarantinedAfter);
            query.text(kiosk.text).integer(seq).integer(static_cast<std::int64_t>(count_max));
            while (query.step())
                result.push_back(record_at(query));
            return result;
        });
    }

    StoreResult<std::optional<CountedAt>> counted_before(const KioskId& kiosk, std::int64_t seq,
                                                    std::int64_t seq_min) override {
        return guarded([&]() -> std::optional<CountedAt> {
            Query query(connection(),
                        "SELECT seq, counted_ms FROM records WHERE kiosk = ? AND seq < ? AND seq >= ? "
                        "AND aside_reason = '' AND taken_in_ms IS NULL ORDER BY seq DESC LIMIT 1");
            query.text(kiosk.text).integer(seq).integer(seq_min);
            if (!query.step()) return std::nullopt;
            return CountedAt{query.integer_at(0), query.time_at(1)};
        });
    }

    // Each kept batch brought something, so of those that span a number the one kept first brought it.
    StoreResult<std::optional<StoredBatch>> batch_of(const KioskId& kiosk, std::int64_t seq) override {
        return guarded([&]() -> std::optional<StoredBatch> {
            Query query(connection(),
                        "SELECT first_seq, count, header, received_ms, signature FROM batches WHERE kiosk = ? "
                        "AND first_seq BETWEEN ? AND ? AND first_seq + count > ? ORDER BY rowid LIMIT 1");
            query.text(kiosk.text).integer(seq - static_cast<std::int64_t>(kBatchRecordsMax) + 1).integer(seq);
            query.integer(seq);
            if (!query.step()) return std::nullopt;
            return batch_at(query, kiosk);
        });
    }

    StoreResult<std::vector<StoredText>> texts(const KioskId& kiosk, std::int64_t seq) override {
        return guarded([&] {
            std::vector<StoredText> result;
            Query query(connection(),
                        "SELECT kiosk, seq, item, bytes, received_ms FROM boxes WHERE kiosk = ? AND seq = ? "
                        "ORDER BY item");
            query.text(kiosk.text).integer(seq);
            while (query.step())
                result.push_back(text_at_row(query));
            return result;
        });
    }

    StoreResult<void> each_text(const std::function<bool(const StoredText&)>& visit) override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT kiosk, seq, item, bytes, received_ms FROM boxes ORDER BY kiosk, seq, item");
            while (query.step()) {
                if (!visit(text_at_row(query))) return;
            }
        });
    }

    StoreResult<std::vector<Erasure>> erasures() override {
        return guarded([&] {
            std::vector<Erasure> result;
            Query query(connection(), "SELECT kiosk, seq, item, time_ms, reason FROM erasures ORDER BY rowid");
            while (query.step()) {
                result.push_back(
                    {{query.text_at(0)}, query.integer_at(1), {query.text_at(2)}, query.time_at(3), query.text_at(4)});
            }
            return result;
        });
    }

    StoreResult<std::vector<Erasure>> newest_erasures(const KioskId& kiosk, std::size_t count_max) override {
        return guarded([&] {
            std::vector<Erasure> result;
            Query query(connection(),
                        "SELECT seq, item, time_ms, reason FROM erasures WHERE kiosk = ? ORDER BY rowid DESC LIMIT ?");
            query.text(kiosk.text).integer(static_cast<std::int64_t>(count_max));
            while (query.step())
                result.push_back({kiosk, query.integer_at(0), {query.text_at(1)}, query.time_at(2), query.text_at(3)});
            return result;
        });
    }

    StoreResult<StoreCounts> counts() override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT (SELECT count(*) FROM incidents), (SELECT count(*) FROM boxes), "
                        "(SELECT count(*) FROM erasures)");
            query.step();
            return StoreCounts{query.integer_at(0), query.integer_at(1), query.integer_at(2)};
        });
    }

    StoreResult<std::vector<TerminalDay>> terminal_days(const CenterId& id, Date first, Date last) override {
        return guarded([&] {
            const std::string from = survey::to_string(first);
            const std::string to = survey::to_string(last);
            std::vector<TerminalDay> result;
            Query query(connection(),
                        "SELECT kiosk, day, collected, held, counted, aside, copies FROM terminal_days "
                        "WHERE kiosk IN (SELECT kiosk FROM terminals WHERE center = ?) AND day BETWEEN ? AND ? "
                        "ORDER BY kiosk, day");
            query.text(id.text).text(from).text(to);
            while (query.step())
                result.push_back(terminal_day_at(query));
            return result;
        });
    }

    StoreResult<void> each_terminal_day(const std::function<bool(const TerminalDay&)>& visit) override {
        return guarded([&] {
            Query query(
                connection(),
                "SELECT kiosk, day, collected, held, counted, aside, copies FROM terminal_days ORDER BY kiosk, day");
            while (query.step()) {
                if (!visit(terminal_day_at(query))) return;
            }
        });
    }

    StoreResult<void> each_record(const KioskId& kiosk, const std::function<bool(const StoredRecord&)>& visit) override {
        return guarded([&] {
            Query query(connection(), kRecordsOfKiosk);
            query.text(kiosk.text);
            while (query.step()) {
                if (!visit(record_at(query))) return;
            }
        });
    }

    StoreResult<void> each_batch(const KioskId& kiosk, const std::function<bool(const StoredBatch&)>& visit) override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT first_seq, count, header, received_ms, signature FROM batches WHERE kiosk = ? "
                        "ORDER BY rowid");
            query.text(kiosk.text);
            while (query.step()) {
                if (!visit(batch_at(query, kiosk))) return;
            }
        });
    }

    StoreResult<void> each_tally(const std::function<bool(const TallyRow&)>& visit) override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT center, grain, subject_kind, date, subject_id, questionnaire, version, flagged, tally "
                        "FROM tallies");
            while (query.step()) {
                if (!visit(tally_at(query))) return;
            }
        });
    }

  protected:
    virtual Connection& connection() = 0;

  private:
    StoreResult<std::optional<Terminal>> one_terminal(const char* sql, const std::string& key) {
        return guarded([&]() -> std::optional<Terminal> {
            Query query(connection(), sql);
            query.text(key);
            if (!query.step()) return std::nullopt;
            return terminal_at(query);
        });
    }
};

class SqliteStore final : public Store {
  public:
    SqliteStore(std::filesystem::path file, std::unique_ptr<Connection> writer)
        : file_(std::move(file)), writer_(std::move(writer)) {}

    StoreResult<std::unique_ptr<Reader>> read() override;
    StoreResult<std::unique_ptr<WriteTransaction>> write() override;

    void give_back(std::unique_ptr<Connection> reader) {
        const std::lock_guard lock(mutex_);
        if (idle_readers_.size() < kIdleReadersMax) idle_readers_.push_back(std::move(reader));
    }
    void finish_writing() {
        const std::lock_guard lock(mutex_);
        writing_ = false;
    }

  private:
    const std::filesystem::path file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_readers_;
    std::unique_ptr<Connection> writer_;
    bool writing_ = false;
};

class SqliteReader final : public Reads<Reader> {
  public:
    SqliteReader(SqliteStore& store, std::unique_ptr<Connection> connection)
        : store_(store), connection_(std::move(connection)) {}
    SqliteReader(const SqliteReader&) = delete;
    SqliteReader& operator=(const SqliteReader&) = delete;
    ~SqliteReader() override {
        if (connection_->roll_back()) store_.give_back(std::move(connection_));
    }

  private:
    Connection& connection() override { return *connection_; }

    SqliteStore& store_;
    std::unique_ptr<Connection> connection_;
};

class SqliteWriteTransaction final : public Reads<WriteTransaction> {
  public:
    SqliteWriteTransaction(SqliteStore& store, Connection& connection) : store_(store), connection_(connection) {}
    SqliteWriteTransaction(const SqliteWriteTransaction&) = delete;
    SqliteWriteTransaction& operator=(const SqliteWriteTransaction&) = delete;
    ~SqliteWriteTransaction() override {
        connection_.roll_back();
        store_.finish_writing();
    }

    StoreResult<void> put_center(const CenterId& id, const std::string& json) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO centers (id, json) VALUES (?, ?) "
                        "ON CONFLICT (id) DO UPDATE SET json = excluded.json WHERE json <> excluded.json");
            query.text(id.text).text(json).run();
            raise_revision_if_changed();
        });
    }

    StoreResult<void> put_questionnaire(const survey::QuestionnaireRef& ref, const std::string& json) override {
        return guarded([&] {
            // The update can only be refused: a trigger keeps what is published.
            Query query(connection_,
                        "INSERT INTO questionnaires (id, version, json) VALUES (?, ?, ?) "
                        "ON CONFLICT (id, version) DO UPDATE SET json = excluded.json WHERE json <> excluded.json");
            query.text(ref.id.text).integer(ref.version).text(json).run();
            raise_revision_if_changed();
        });
    }

    StoreResult<void> put_terminal(const Terminal& terminal) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO terminals (kiosk, center, token_hash, last_seq, last_hash, reported_collected, "
                        "last_seen_ms, sign_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kiosk) DO UPDATE SET "
                        "center = excluded.center, token_hash = excluded.token_hash, last_seq = excluded.last_seq, "
                        "last_hash = excluded.last_hash, reported_collected = excluded.reported_collected, "
                        "last_seen_ms = excluded.last_seen_ms, sign_key = excluded.sign_key");
            query.text(terminal.kiosk.text).text(terminal.center.text).text(terminal.token_hash);
            query.integer(terminal.last_seq).blob(terminal.last_hash.bytes).integer(terminal.reported_collected);
            if (terminal.last_seen) {
                query.time(*terminal.last_seen);
            } else {
                query.null();
            }
            key_or_null(query, terminal.key).run();
        });
    }

    StoreResult<void> add_record(const StoredRecord& record) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO records (kiosk, seq, id, hash, bytes, aside_reason, aside_detail, received_ms, "
                        "counted_ms, trust, taken_in_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
            query.text(record.kiosk.text).integer(record.seq);
            if (record.id) {
                query.blob(record.id->bytes);
            } else {
                query.null();
            }
            query.blob(record.hash.bytes).blob(record.bytes).text(record.quarantine_reason).text(record.quarantine_detail);
            query.time(record.received);
            if (record.quarantine_reason.empty()) {
                query.time(record.counted_at).word(survey::name(record.trust));
            } else {
                query.null().null();
            }
            if (record.reprocessed) {
                query.time(*record.reprocessed);
            } else {
                query.null();
            }
            query.run();
        });
    }

    StoreResult<void> add_batch(const StoredBatch& batch) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO batches (kiosk, first_seq, count, header, received_ms, signature) "
                        "VALUES (?, ?, ?, ?, ?, ?)");
            query.text(batch.kiosk.text).integer(batch.first_seq).integer(batch.count).blob(batch.header_bytes);
            query.time(batch.received).blob(batch.signature.bytes).run();
        });
    }

    StoreResult<void> add_tally(const TallyRow& row) override {
        return guarded([&] {
            const TallyKey& key = row.key;
            const std::string date = survey::to_string(key.date);
            const auto bind_key = [&](Query& query) {
                query.text(key.center.text).word(text_of(key.grain)).word(survey::name(key.subject.kind)).text(date);
                query.text(key.subject.id).text(key.questionnaire.id.text).integer(key.questionnaire.version);
                query.integer(key.flagged ? 1 : 0);
            };
            survey::Tally sum = row.tally;
            {
                Query query(connection_,
                            "SELECT tally FROM tallies WHERE center = ? AND grain = ? AND subject_kind = ? AND date = "
                            "? AND subject_id = ? AND questionnaire = ? AND version = ? AND flagged = ?");
                bind_key(query);
                if (query.step()) {
                    const auto stored = survey::parse_tally(query.text_at(0));
                    if (!stored) damaged("the tally of " + key.center.text + " on " + date + " can't be read");
                    sum += *stored;
                }
            }
            const std::string text = survey::to_text(sum);
            Query query(connection_,
                        "INSERT INTO tallies (center, grain, subject_kind, date, subject_id, questionnaire, version, "
                        "flagged, tally) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET tally = excluded.tally");
            bind_key(query);
            query.text(text).run();
        });
    }

    StoreResult<void> add_incident(const Incident& incident) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO incidents (time_ms, kiosk, kind, detail, evidence) VALUES (?, ?, ?, ?, ?) "
                        "ON CONFLICT DO NOTHING");
            query.integer(to_ms(incident.time)).text(incident.kiosk.text).text(incident.kind).text(incident.detail);
            query.blob(incident.evidence).run();
        });
    }

    StoreResult<void> put_code(const EnrolmentCode& code) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO codes (code_hash, kiosk, center, expires_ms, used_by) VALUES (?, ?, ?, ?, ?) "
                        "ON CONFLICT (code_hash) DO UPDATE SET kiosk = excluded.kiosk, center = excluded.center, "
                        "expires_ms = excluded.expires_ms, used_by = excluded.used_by");
            query.text(code.code_hash).text(code.kiosk.text).text(code.center.text).time(code.expires);
            key_or_null(query, code.used_by).run();
        });
    }

    StoreResult<void> end_codes(const KioskId& kiosk) override {
        return guarded([&] {
            Query query(connection_, "DELETE FROM codes WHERE kiosk = ?");
            query.text(kiosk.text).run();
        });
    }

    StoreResult<void> add_terminal_key(const TerminalKey& key) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO terminal_keys (kiosk, sign_key, since_ms) VALUES (?, ?, ?) "
                        "ON CONFLICT DO NOTHING");
            query.text(key.kiosk.text).blob(key.key.bytes).time(key.since).run();
        });
    }

    StoreResult<void> add_skip(const StoredSkip& skip) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO skips (kiosk, first_seq, last_seq, reason, previous_hash, received_ms) "
                        "VALUES (?, ?, ?, ?, ?, ?)");
            query.text(skip.kiosk.text).integer(skip.first_seq).integer(skip.last_seq).text(skip.reason);
            query.blob(skip.previous_hash.bytes).time(skip.received).run();
        });
    }

    StoreResult<void> reprocess(const StoredRecord& record) override {
        return guarded([&] {
            if (!record.id || !record.reprocessed) refuse("a record is reprocessed with its id and the time");
            Query query(connection_,
                        "UPDATE records SET aside_reason = '', id = ?, counted_ms = ?, trust = ?, taken_in_ms = ? "
                        "WHERE kiosk = ? AND seq = ? AND aside_reason <> ''");
            query.blob(record.id->bytes).time(record.counted_at).word(survey::name(record.trust));
            query.time(*record.reprocessed).text(record.kiosk.text).integer(record.seq).run();
            if (changes() == 0) {
                refuse("record " + std::to_string(record.seq) + " of " + record.kiosk.text + " is not set aside");
            }
        });
    }

    StoreResult<void> add_text(const StoredText& sealed) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO boxes (kiosk, seq, item, bytes, received_ms) SELECT ?1, ?2, ?3, ?4, ?5 "
                        "WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE kiosk = ?1 AND seq = ?2 AND item = ?3) "
                        "ON CONFLICT DO NOTHING");
            query.text(sealed.kiosk.text).integer(sealed.seq).text(sealed.item.text).blob(sealed.bytes).time(sealed.received).run();
        });
    }

    StoreResult<bool> erase_text(const Erasure& erasure) override {
        return guarded([&] { return erase(erasure); });
    }

    StoreResult<std::int64_t> erase_texts_before(UtcTime before, const Erasure& trace, std::size_t count_max) override {
        return guarded([&] {
            std::vector<Erasure> due;
            {
                Query query(connection_, "SELECT kiosk, seq, item FROM boxes WHERE received_ms < ? LIMIT ?");
                query.time(before).integer(static_cast<std::int64_t>(count_max));
                while (query.step()) {
                    due.push_back(
                        {{query.text_at(0)}, query.integer_at(1), {query.text_at(2)}, trace.time, trace.reason});
                }
            }
            for (const Erasure& erasure : due)
                erase(erasure);
            return static_cast<std::int64_t>(due.size());
        });
    }

    StoreResult<void> add_terminal_day(const TerminalDay& day) override {
        return guarded([&] {
            const std::string date = survey::to_string(day.day);
            Query query(connection_,
                        "INSERT INTO terminal_days (kiosk, day, collected, held, counted, aside, copies) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                        "collected = iif(excluded.collected = 0, collected, excluded.collected), "
                        "held = held + excluded.held, counted = counted + excluded.counted, "
                        "aside = aside + excluded.aside, copies = copies + excluded.copies "
                        "WHERE excluded.collected NOT IN (0, collected) OR excluded.held <> 0 "
                        "OR excluded.counted <> 0 OR excluded.aside <> 0 OR excluded.copies <> 0");
            query.text(day.kiosk.text).text(date).integer(day.collected).integer(day.stored);
            query.integer(day.counted).integer(day.quarantined).integer(day.copies).run();
        });
    }

    StoreResult<bool> note_boot(const KioskId& kiosk, const std::string& boot, UtcTime time) override {
        return guarded([&] {
            std::int64_t turn = 0;
            {
                Query query(connection_, "SELECT boot, turn FROM boots WHERE kiosk = ? ORDER BY turn DESC LIMIT 1");
                query.text(kiosk.text);
                if (query.step()) {
                    if (query.text_at(0) == boot) return false;
                    turn = query.integer_at(1) + 1;
                }
            }
            bool was_seen = false;
            {
                Query query(connection_, "SELECT 1 FROM boots WHERE kiosk = ? AND boot = ?");
                query.text(kiosk.text).text(boot);
                was_seen = query.step();
            }
            Query query(connection_,
                        "INSERT INTO boots (kiosk, boot, turn, time_ms) VALUES (?, ?, ?, ?) "
                        "ON CONFLICT DO UPDATE SET turn = excluded.turn, time_ms = excluded.time_ms");
            query.text(kiosk.text).text(boot).integer(turn).time(time).run();
            Query old(connection_, "DELETE FROM boots WHERE kiosk = ? AND turn <= ?");
            old.text(kiosk.text).integer(turn - kBootsKeptMax).run();
            return was_seen;
        });
    }

    StoreResult<void> commit() override {
        return guarded([&] {
            Query(connection_, "COMMIT").run();
            // Erased texts must not live on in the log. Readers may hold it: then the next checkpoint does it.
            if (erased_) connection_.database().tryExec("PRAGMA wal_checkpoint(TRUNCATE)");
        });
    }

    // RELEASE keeps the work since the mark as part of the transaction; ROLLBACK TO undoes it and keeps the mark.
    StoreResult<void> set_savepoint() override {
        return guarded([&] {
            if (marked_) Query(connection_, "RELEASE mark").run();
            marked_ = false;
            Query(connection_, "SAVEPOINT mark").run();
            marked_ = true;
        });
    }
    StoreResult<void> roll_back_to_savepoint() override {
        return guarded([&] { Query(connection_, "ROLLBACK TO mark").run(); });
    }

  private:
    Connection& connection() override { return connection_; }

    int changes() { return sqlite3_changes(connection_.database().getHandle()); }

    [[noreturn]] static void refuse(const std::string& what) { throw SQLite::Exception(what, SQLITE_CONSTRAINT); }

    static Query& key_or_null(Query& query, const std::optional<survey::SignPublicKey>& key) {
        return key ? query.blob(key->bytes) : query.null();
    }

    /// The trace first: without it the sealed text can't go.
    bool erase(const Erasure& erasure) {
        Query trace(connection_,
                    "INSERT INTO erasures (kiosk, seq, item, time_ms, reason) VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING");
        trace.text(erasure.kiosk.text).integer(erasure.seq).text(erasure.item.text).time(erasure.time);
        trace.text(erasure.reason).run();
        if (changes() == 0) return false;
        Query sealed(connection_, "DELETE FROM boxes WHERE kiosk = ? AND seq = ? AND item = ?");
        sealed.text(erasure.kiosk.text).integer(erasure.seq).text(erasure.item.text).run();
        erased_ = true;
        return true;
    }

    void raise_revision_if_changed() {
        if (changes() == 0) return;
        Query(connection_, "UPDATE documents SET revision = revision + 1").run();
    }

    SqliteStore& store_;
    Connection& connection_;
    bool marked_ = false;
    bool erased_ = false;
};

StoreResult<std::unique_ptr<Reader>> SqliteStore::read() {
    return guarded([&]() -> std::unique_ptr<Reader> {
        std::unique_ptr<Connection> connection;
        {
            const std::lock_guard lock(mutex_);
            if (!idle_readers_.empty()) {
                connection = std::move(idle_readers_.back());
                idle_readers_.pop_back();
            }
        }
        if (!connection) connection = std::make_unique<Connection>(file_, SQLite::OPEN_READONLY);
        // BEGIN alone takes no snapshot; the first read does.
        Query(*connection, "BEGIN").run();
        Query(*connection, "SELECT revision FROM documents").step();
        return std::make_unique<SqliteReader>(*this, std::move(connection));
    });
}

StoreResult<std::unique_ptr<WriteTransaction>> SqliteStore::write() {
    {
        const std::lock_guard lock(mutex_);
        if (writing_) return unexpected(refusal(SQLITE_BUSY, "store: another transaction is open"));
        writing_ = true;
    }
    auto begun = guarded([&] { Query(*writer_, "BEGIN IMMEDIATE").run(); });
    if (!begun) {
        finish_writing();
        return unexpected(begun.error());
    }
    return std::make_unique<SqliteWriteTransaction>(*this, *writer_);
}

/// The records of version 1 had no evidence of their time: what was counted stays counted at the time claimed, as that
/// version did, and the days are added up from them.
void adopt_version_1(SQLite::Database& database) {
    std::map<std::pair<std::string, Date>, TerminalDay> days;
    SQLite::Statement records(
        database,
        "SELECT rowid, kiosk, bytes, aside_reason, received_ms, aside_reason = 'duplicate_id' AND EXISTS (SELECT 1 "
        "FROM records AS twin WHERE twin.id = records.id AND twin.kiosk = records.kiosk AND twin.seq < records.seq) "
        "FROM records");
    SQLite::Statement resolved(database, "UPDATE records SET counted_ms = ?, trust = ? WHERE rowid = ?");
    while (records.executeStep()) {
        StoredRecord stored;
        stored.kiosk = {records.getColumn(1).getString()};
        stored.quarantine_reason = records.getColumn(3).getString();
        stored.received = from_ms(records.getColumn(4).getInt64());
        const auto record = survey::decode(records.getColumn(2).getString());
        const TerminalDay more =
            terminal_day(stored, record ? &record->response : nullptr, records.getColumn(5).getInt() != 0);
        days.try_emplace({stored.kiosk.text, more.day}, TerminalDay{stored.kiosk, more.day}).first->second += more;
        if (!stored.quarantine_reason.empty() || !record) continue;
        resolved.bind(1, to_ms(record->response.finished.utc));
        resolved.bind(2, std::string(survey::name(survey::TimeTrust::trusted)));
        resolved.bind(3, records.getColumn(0).getInt64());
        resolved.exec();
        resolved.reset();
    }
    SQLite::Statement add(database, "INSERT INTO terminal_days VALUES (?, ?, 0, ?, ?, ?, ?)");
    for (const auto& [key, day] : days) {
        add.bind(1, key.first);
        add.bind(2, survey::to_string(key.second));
        add.bind(3, day.stored);
        add.bind(4, day.counted);
        add.bind(5, day.quarantined);
        add.bind(6, day.copies);
        add.exec();
        add.reset();
    }
}

/// Applies what is missing, each migration in its own transaction together with its number.
void migrate(SQLite::Database& database, int from) {
    for (int version = from; version < kSchemaVersion; ++version) {
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        // Another process may have been faster; the number counts only under the lock.
        if (database.execAndGet("PRAGMA user_version").getInt() > version) continue;
        database.exec(kMigrations[version]);
        if (version == 1) adopt_version_1(database);
        if (kClosings[version] != nullptr) database.exec(kClosings[version]);
        database.exec("PRAGMA user_version = " + std::to_string(version + 1));
        if (version == 0) database.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
        transaction.commit();
    }
}

std::optional<BackendStoreError> refuse_foreign(SQLite::Database& database, const std::string& name) {
    using enum BackendStoreErrorKind;
    const int application = database.execAndGet("PRAGMA application_id").getInt();
    const int version = database.execAndGet("PRAGMA user_version").getInt();
    const bool empty = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
    if (application != kApplicationId && !(empty && application == 0)) {
        return BackendStoreError{corrupt, name + " is not a store of hailong-backend",
                                 "give --data a folder of its own"};
    }
    if (version > kSchemaVersion) {
        return BackendStoreError{newer,
                                 name + " has schema " + std::to_string(version) + ", this program knows up to " +
                                     std::to_string(kSchemaVersion),
                                 "start the newer version of hailong-backend"};
    }
    return std::nullopt;
}

}  // namespace

StoreResult<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file, OpenMode mode) {
    const std::string name = file.string();
    std::error_code ignored;
    if (mode == OpenMode::existing && !std::filesystem::exists(file, ignored)) {
        return unexpected(BackendStoreError{BackendStoreErrorKind::io, name + " does not exist",
                                            "create it with `hailong-backend init`"});
    }
    std::optional<BackendStoreError> foreign;
    auto store = guarded([&]() -> std::unique_ptr<Store> {
        const int create = mode == OpenMode::create ? SQLite::OPEN_CREATE : 0;
        auto connection = std::make_unique<Connection>(file, SQLite::OPEN_READWRITE | create);
        SQLite::Database& database = connection->database();
        foreign = refuse_foreign(database, name);
        if (foreign) return nullptr;
        if (database.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal") {
            throw SQLite::Exception(name + " can't be kept in WAL mode (a network file system?)", SQLITE_IOERR);
        }
        // Not within the call: the open statement would hold what a migration drops.
        const int version = database.execAndGet("PRAGMA user_version").getInt();
        migrate(database, version);
        return std::make_unique<SqliteStore>(file, std::move(connection));
    });
    if (foreign) return unexpected(*foreign);
    return store;
}

}  // namespace hailong::sync
