#include "sync/backend/store/sqlite_store.h"

#include <map>
#include <mutex>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace hailong::sync {
namespace {

using survey::CenterId;
using survey::Digest;
using survey::KioskId;
using survey::UtcTime;
using survey::Uuid;

/// "HLbk": tells our file from any other SQLite database.
constexpr int kApplicationId = 0x484c626b;

// Migrations in order; user_version counts how many were applied. Never edit one that was released: add another.
//
// records is append-only and holds every byte as received. aside_reason '' means counted; a counted id stands once
// (NULLs are distinct in a unique index, so set-aside records are free to repeat one).
// tallies: one wide row a key; `tally` is canonical JSON {"items":{item:{option:count}},"responses":n}.
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
};
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
auto guarded(Action&& action) -> Stored<decltype(action())> {
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
        database_.exec("PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;");
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
    bool is_null(int index) { return column(index).isNull(); }
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
    "SELECT kiosk, center, token_hash, last_seq, last_hash, reported_collected, last_seen_ms FROM terminals";

Terminal terminal_at(Query& query) {
    Terminal terminal;
    terminal.kiosk = {query.text_at(0)};
    terminal.center = {query.text_at(1)};
    terminal.token_hash = query.text_at(2);
    terminal.last_seq = query.integer_at(3);
    terminal.last_hash = query.bytes_at<Digest>(4);
    terminal.reported_collected = query.integer_at(5);
    if (!query.is_null(6)) terminal.last_seen = from_ms(query.integer_at(6));
    return terminal;
}

TallyRow tally_at(Query& query) {
    TallyRow row;
    row.key.center = {query.text_at(0)};
    row.key.grain = query.text_at(1) == "month" ? Grain::month : Grain::day;
    const auto kind = survey::parse_subject_kind(query.text_at(2));
    const auto date = survey::parse_date(query.text_at(3));
    auto tally = survey::parse_tally(query.text_at(8));
    if (!kind || !date || !tally) {
        damaged("the tally of " + row.key.center.text + " on " + query.text_at(3) + " can't be read");
    }
    row.key.date = *date;
    row.key.subject = {*kind, query.text_at(4)};
    row.key.questionnaire = {{query.text_at(5)}, query.integer_at(6)};
    row.key.flagged = query.integer_at(7) != 0;
    row.tally = std::move(*tally);
    return row;
}

/// The reads, for a reader's own connection and for the writer's alike.
template <class Base>
class Reads : public Base {
  public:
    Stored<std::vector<CenterId>> centers() override {
        return guarded([&] {
            std::vector<CenterId> result;
            Query query(connection(), "SELECT id FROM centers ORDER BY id");
            while (query.step())
                result.push_back({query.text_at(0)});
            return result;
        });
    }

    Stored<std::int64_t> documents_revision() override {
        return guarded([&]() -> std::int64_t {
            Query query(connection(), "SELECT revision FROM documents");
            if (!query.step()) damaged("the table `documents` is empty");
            return query.integer_at(0);
        });
    }

    Stored<std::optional<std::string>> center(const CenterId& id) override {
        return guarded([&]() -> std::optional<std::string> {
            Query query(connection(), "SELECT json FROM centers WHERE id = ?");
            query.text(id.text);
            if (!query.step()) return std::nullopt;
            return query.text_at(0);
        });
    }

    Stored<std::vector<std::string>> questionnaires() override {
        return guarded([&] {
            std::vector<std::string> result;
            Query query(connection(), "SELECT json FROM questionnaires ORDER BY id, version");
            while (query.step())
                result.push_back(query.text_at(0));
            return result;
        });
    }

    Stored<std::vector<Terminal>> terminals() override {
        return guarded([&] {
            std::vector<Terminal> result;
            static const std::string kSql = std::string(kTerminalColumns) + " ORDER BY kiosk";
            Query query(connection(), kSql.c_str());
            while (query.step())
                result.push_back(terminal_at(query));
            return result;
        });
    }

    Stored<std::optional<Terminal>> terminal(const KioskId& kiosk) override {
        static const std::string kSql = std::string(kTerminalColumns) + " WHERE kiosk = ?";
        return one_terminal(kSql.c_str(), kiosk.text);
    }

    Stored<std::optional<Terminal>> terminal_by_token(const std::string& token_hash) override {
        static const std::string kSql = std::string(kTerminalColumns) + " WHERE token_hash = ?";
        return one_terminal(kSql.c_str(), token_hash);
    }

    Stored<std::optional<Digest>> hash_at(const KioskId& kiosk, std::int64_t seq) override {
        return guarded([&]() -> std::optional<Digest> {
            if (seq == 0) return survey::kChainStart;
            Query query(connection(), "SELECT hash FROM records WHERE kiosk = ? AND seq = ?");
            query.text(kiosk.text).integer(seq);
            if (!query.step()) return std::nullopt;
            return query.bytes_at<Digest>(0);
        });
    }

    Stored<bool> holds_id(const Uuid& id) override {
        return guarded([&] {
            Query query(connection(), "SELECT 1 FROM records WHERE id = ? LIMIT 1");
            query.blob(id.bytes);
            return query.step();
        });
    }

    Stored<std::vector<TallyRow>> tallies(const TallyQuery& wanted) override {
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

    // A terminal's records stand without gaps from 1, so its last sequence number is how many are held.
    Stored<CenterTotals> totals(const CenterId& id) override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT ifnull(sum(last_seq), 0), ifnull(sum(reported_collected), 0), ifnull(sum((SELECT "
                        "count(*) FROM records WHERE records.kiosk = terminals.kiosk AND aside_reason <> '')), 0) "
                        "FROM terminals WHERE center = ?");
            query.text(id.text);
            CenterTotals totals;
            if (query.step()) {
                totals.held = query.integer_at(0);
                totals.reported_collected = query.integer_at(1);
                totals.aside = query.integer_at(2);
                totals.counted = totals.held - totals.aside;
            }
            return totals;
        });
    }

    Stored<std::vector<Incident>> incidents() override {
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

    Stored<void> each_record(const KioskId& kiosk, const std::function<bool(const HeldRecord&)>& visit) override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT seq, id, hash, bytes, aside_reason, aside_detail, received_ms FROM records "
                        "WHERE kiosk = ? ORDER BY seq");
            query.text(kiosk.text);
            HeldRecord record;
            record.kiosk = kiosk;
            while (query.step()) {
                record.seq = query.integer_at(0);
                record.id = query.is_null(1) ? std::nullopt : std::optional(query.bytes_at<Uuid>(1));
                record.hash = query.bytes_at<Digest>(2);
                record.bytes = query.text_at(3);
                record.aside_reason = query.text_at(4);
                record.aside_detail = query.text_at(5);
                record.received = from_ms(query.integer_at(6));
                if (!visit(record)) return;
            }
        });
    }

    Stored<void> each_batch(const KioskId& kiosk, const std::function<bool(const HeldBatch&)>& visit) override {
        return guarded([&] {
            Query query(connection(),
                        "SELECT first_seq, count, header, received_ms FROM batches WHERE kiosk = ? ORDER BY rowid");
            query.text(kiosk.text);
            while (query.step()) {
                const HeldBatch batch{kiosk, query.integer_at(0), query.integer_at(1), query.text_at(2),
                                      from_ms(query.integer_at(3))};
                if (!visit(batch)) return;
            }
        });
    }

    Stored<void> each_tally(const std::function<bool(const TallyRow&)>& visit) override {
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
    Stored<std::optional<Terminal>> one_terminal(const char* sql, const std::string& key) {
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

    Stored<std::unique_ptr<Reader>> read() override;
    Stored<std::unique_ptr<WriteTransaction>> write() override;

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

    Stored<void> put_center(const CenterId& id, const std::string& json) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO centers (id, json) VALUES (?, ?) "
                        "ON CONFLICT (id) DO UPDATE SET json = excluded.json WHERE json <> excluded.json");
            query.text(id.text).text(json).run();
            raise_revision_if_changed();
        });
    }

    Stored<void> put_questionnaire(const survey::QuestionnaireRef& ref, const std::string& json) override {
        return guarded([&] {
            // The update can only be refused: a trigger keeps what is published.
            Query query(connection_,
                        "INSERT INTO questionnaires (id, version, json) VALUES (?, ?, ?) "
                        "ON CONFLICT (id, version) DO UPDATE SET json = excluded.json WHERE json <> excluded.json");
            query.text(ref.id.text).integer(ref.version).text(json).run();
            raise_revision_if_changed();
        });
    }

    Stored<void> put_terminal(const Terminal& terminal) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO terminals (kiosk, center, token_hash, last_seq, last_hash, reported_collected, "
                        "last_seen_ms) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kiosk) DO UPDATE SET "
                        "center = excluded.center, token_hash = excluded.token_hash, last_seq = excluded.last_seq, "
                        "last_hash = excluded.last_hash, reported_collected = excluded.reported_collected, "
                        "last_seen_ms = excluded.last_seen_ms");
            query.text(terminal.kiosk.text).text(terminal.center.text).text(terminal.token_hash);
            query.integer(terminal.last_seq).blob(terminal.last_hash.bytes).integer(terminal.reported_collected);
            if (terminal.last_seen) {
                query.integer(to_ms(*terminal.last_seen));
            } else {
                query.null();
            }
            query.run();
        });
    }

    Stored<void> add_record(const HeldRecord& record) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO records (kiosk, seq, id, hash, bytes, aside_reason, aside_detail, received_ms) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
            query.text(record.kiosk.text).integer(record.seq);
            if (record.id) {
                query.blob(record.id->bytes);
            } else {
                query.null();
            }
            query.blob(record.hash.bytes).blob(record.bytes).text(record.aside_reason).text(record.aside_detail);
            query.integer(to_ms(record.received)).run();
        });
    }

    Stored<void> add_batch(const HeldBatch& batch) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO batches (kiosk, first_seq, count, header, received_ms) VALUES (?, ?, ?, ?, ?)");
            query.text(batch.kiosk.text).integer(batch.first_seq).integer(batch.count).blob(batch.header_bytes);
            query.integer(to_ms(batch.received)).run();
        });
    }

    Stored<void> add_tally(const TallyRow& row) override {
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
                    const auto held = survey::parse_tally(query.text_at(0));
                    if (!held) damaged("the tally of " + key.center.text + " on " + date + " can't be read");
                    sum += *held;
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

    Stored<void> add_incident(const Incident& incident) override {
        return guarded([&] {
            Query query(connection_,
                        "INSERT INTO incidents (time_ms, kiosk, kind, detail, evidence) VALUES (?, ?, ?, ?, ?) "
                        "ON CONFLICT DO NOTHING");
            query.integer(to_ms(incident.time)).text(incident.kiosk.text).text(incident.kind).text(incident.detail);
            query.blob(incident.evidence).run();
        });
    }

    Stored<void> commit() override {
        return guarded([&] { Query(connection_, "COMMIT").run(); });
    }

    // RELEASE keeps the work since the mark as part of the transaction; ROLLBACK TO undoes it and keeps the mark.
    Stored<void> set_savepoint() override {
        return guarded([&] {
            if (marked_) Query(connection_, "RELEASE mark").run();
            marked_ = false;
            Query(connection_, "SAVEPOINT mark").run();
            marked_ = true;
        });
    }
    Stored<void> roll_back_to_savepoint() override {
        return guarded([&] { Query(connection_, "ROLLBACK TO mark").run(); });
    }

  private:
    Connection& connection() override { return connection_; }

    void raise_revision_if_changed() {
        if (sqlite3_changes(connection_.database().getHandle()) == 0) return;
        Query(connection_, "UPDATE documents SET revision = revision + 1").run();
    }

    SqliteStore& store_;
    Connection& connection_;
    bool marked_ = false;
};

Stored<std::unique_ptr<Reader>> SqliteStore::read() {
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

Stored<std::unique_ptr<WriteTransaction>> SqliteStore::write() {
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

/// Applies what is missing, each migration in its own transaction together with its number.
void migrate(SQLite::Database& database, int from) {
    for (int version = from; version < kSchemaVersion; ++version) {
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        // Another process may have been faster; the number counts only under the lock.
        if (database.execAndGet("PRAGMA user_version").getInt() > version) continue;
        database.exec(kMigrations[version]);
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

Stored<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file, OpenMode mode) {
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
        migrate(database, database.execAndGet("PRAGMA user_version").getInt());
        return std::make_unique<SqliteStore>(file, std::move(connection));
    });
    if (foreign) return unexpected(*foreign);
    return store;
}

}  // namespace hailong::sync
