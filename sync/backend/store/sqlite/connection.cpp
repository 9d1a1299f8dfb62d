#include "sync/backend/store/sqlite/connection.h"

#include <chrono>
#include <limits>

#include <sqlite3.h>

namespace hailong::sync {
namespace {

// What a connection may take. Measured with 1,500 terminals that send 154 records each, one commit a batch of 77:
// temp_store keeps what a savepoint may have to undo out of a file (half as fast again), a checkpoint every 8,000 pages
// of the log instead of every 1,000 is worth a quarter more (every 50,000 nothing further). The cache, in KiB, is for
// stores whose indexes are larger than the 2 MB of SQLite's own. The log is cut back to 64 MiB when it was longer.
constexpr const char* kEvery = "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;";
// synchronous: what commit() confirmed survives a power cut. secure_delete: what is deleted (erased texts) is
// overwritten, not only forgotten.
constexpr const char* kWriting =
    "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -131072; "
    "PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;";

/// The last day that a text has: 9999-12-31.
constexpr std::int64_t kDayMax = 2'932'896;

}  // namespace

StoreError store_error(int sqlite_code, std::string what) {
    using enum StoreErrorKind;
    switch (sqlite_code & 0xff) {
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

void fail_as_damaged(const std::string& what) {
    throw SqliteFailure(SQLITE_CORRUPT, what);
}
void fail_as_lost() {
    throw SqliteFailure(SQLITE_ABORT, "the transaction was rolled back");
}
void fail_as_conflict(const std::string& what) {
    throw SqliteFailure(SQLITE_CONSTRAINT, what);
}

Connection::Connection(const std::filesystem::path& file, Mode mode) {
    int flags = SQLITE_OPEN_NOMUTEX | (mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    if (mode == Mode::create) flags |= SQLITE_OPEN_CREATE;
    const int opened = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr);
    if (opened != SQLITE_OK) {
        const SqliteFailure failure(opened, file.string() + ": " + sqlite3_errstr(opened));
        sqlite3_close(handle_);
        throw failure;
    }
    try {
        expect(sqlite3_extended_result_codes(handle_, 1));
        expect(sqlite3_busy_timeout(handle_, kBusyTimeoutMs));
        execute(kEvery);
        if (mode != Mode::read) execute(kWriting);
    } catch (...) {
        sqlite3_close(handle_);
        throw;
    }
}

Connection::~Connection() {
    for (const auto& [sql, statement] : statements_)
        sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void Connection::expect(int code) {
    if (code != SQLITE_OK) throw SqliteFailure(code, sqlite3_errmsg(handle_));
}

void Connection::execute(const std::string& sql) {
    expect(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

bool Connection::try_execute(const char* sql) noexcept {
    return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

sqlite3_stmt* Connection::prepared(const char* sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second;
    sqlite3_stmt* statement = nullptr;
    expect(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statements_.emplace(sql, statement).first->second;
}

std::int64_t Connection::integer(const char* sql) {
    Query query(*this, sql);
    return query.step() ? query.integer_at(0) : 0;
}

std::string Connection::text(const char* sql) {
    Query query(*this, sql);
    return query.step() ? query.text_at(0) : std::string();
}

std::int64_t Connection::changes() {
    return sqlite3_changes64(handle_);
}

bool Connection::in_transaction() {
    return sqlite3_get_autocommit(handle_) == 0;
}

bool Connection::roll_back() noexcept {
    if (in_transaction()) try_execute("ROLLBACK");
    return !in_transaction();
}

Connection::Step::Step(Connection& connection) : connection_(connection) {
    // Without a transaction each statement would be durable by itself.
    if (!connection_.in_transaction()) fail_as_lost();
    Query(connection_, "SAVEPOINT step").run();
}

Connection::Step::~Step() {
    if (!is_open_ || !connection_.in_transaction()) return;
    const bool is_undone = connection_.try_execute("ROLLBACK TO step") && connection_.try_execute("RELEASE step");
    if (!is_undone) connection_.roll_back();
}

void Connection::Step::keep() {
    Query(connection_, "RELEASE step").run();
    is_open_ = false;
}

Query& Query::word(std::string_view value) {
    connection_.expect(
        sqlite3_bind_text64(statement_, ++index_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Query& Query::text(const std::string& value) {
    connection_.expect(
        sqlite3_bind_text64(statement_, ++index_, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Query& Query::blob(const void* bytes, std::size_t size) {
    // A null pointer would be NULL, not an empty blob.
    connection_.expect(sqlite3_bind_blob64(statement_, ++index_, size == 0 ? "" : bytes, size, SQLITE_STATIC));
    return *this;
}

Query& Query::integer(std::int64_t value) {
    connection_.expect(sqlite3_bind_int64(statement_, ++index_, value));
    return *this;
}

Query& Query::day(survey::Date value) {
    return integer(std::chrono::sys_days(value).time_since_epoch().count());
}

Query& Query::stored_day(survey::Date value) {
    const std::int64_t number = std::chrono::sys_days(value).time_since_epoch().count();
    if (number < 0 || number > kDayMax) fail_as_conflict("a day lies before 1970 or after 9999");
    return integer(number);
}

Query& Query::limit(std::size_t count_max) {
    constexpr auto kMax = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return integer(static_cast<std::int64_t>(count_max < kMax ? count_max : kMax));
}

Query& Query::null() {
    connection_.expect(sqlite3_bind_null(statement_, ++index_));
    return *this;
}

bool Query::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) connection_.expect(code);
    return false;
}

void Query::reset() {
    // The error, if there was one, was told by step().
    sqlite3_reset(statement_);
    index_ = 0;
}

bool Query::is_null(int index) {
    return sqlite3_column_type(statement_, index) == SQLITE_NULL;
}

std::int64_t Query::integer_at(int index) {
    return sqlite3_column_int64(statement_, index);
}

std::string_view Query::view_at(int index) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, index));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, index));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

survey::Date Query::day_at(int index) {
    const std::int64_t day = integer_at(index);
    if (day < 0 || day > kDayMax) fail_as_damaged(std::to_string(day) + " stands where a day should");
    return std::chrono::sys_days(std::chrono::days(day));
}

}  // namespace hailong::sync
