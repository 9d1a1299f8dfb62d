#include "survey/base/sqlite.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>

#include <sqlite3.h>

#include "survey/base/file_rights.h"
#include "survey/base/shared_memory.h"

namespace hailong::survey::sqlite {
namespace {

std::string text_in(sqlite3_stmt* statement, int column) {
    const void* bytes = sqlite3_column_blob(statement, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

}  // namespace

StoreErrorKind kind_of_errno(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
            return StoreErrorKind::full;
        case EACCES:
        case EPERM:
        case EROFS:
        case ENOENT:
        case ENOTDIR:
        case EISDIR:
            return StoreErrorKind::read_only;
        default:
            return StoreErrorKind::io;
    }
}

StoreErrorKind kind_of_result(int result, int system_error) {
    switch (result & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
            return StoreErrorKind::busy;
        case SQLITE_FULL:
            return StoreErrorKind::full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return StoreErrorKind::read_only;
        case SQLITE_CANTOPEN:
            return kind_of_errno(system_error);
        case SQLITE_IOERR:
            // The file or its log is shorter than it says: no disk refused, and trying again will not help.
            if (result == SQLITE_IOERR_SHORT_READ) return StoreErrorKind::corrupt;
            // The shared-memory file is grown outside the calls that SQLite itself reports as "full".
            return kind_of_errno(system_error) == StoreErrorKind::full ? StoreErrorKind::full : StoreErrorKind::io;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_MISMATCH:
        case SQLITE_ERROR:
            return StoreErrorKind::corrupt;
        case SQLITE_CONSTRAINT:
            return StoreErrorKind::conflict;
        default:
            return StoreErrorKind::io;
    }
}

StoreErrorKind kind_of(const std::exception& error) {
    if (const auto* refused = dynamic_cast<const Error*>(&error)) return refused->kind();
    return dynamic_cast<const Damage*>(&error) != nullptr ? StoreErrorKind::corrupt : StoreErrorKind::io;
}

void CloseConnection::operator()(sqlite3* handle) const {
    sqlite3_close(handle);
}

void FinalizeStatement::operator()(sqlite3_stmt* handle) const {
    sqlite3_finalize(handle);
}

namespace {

/// SQLite adds up what it allocates under a lock of the whole process unless it is told before anything else that
/// nobody asks. Where something of SQLite ran before, it stays as it is.
void leave_out_memory_figures() {
    static const int kDone = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(kDone);
}

/// https://www.sqlite.org/uri.html
std::string uri_of_file_alone(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const char letter : std::filesystem::absolute(file).string()) {
        if (letter == '%' || letter == '?' || letter == '#') {
            constexpr std::string_view kDigits = "0123456789abcdef";
            const auto code = static_cast<unsigned char>(letter);
            (uri += '%') += kDigits[code >> 4u];
            uri += kDigits[code & 0xfu];
        } else {
            uri += letter;
        }
    }
    return uri + "?immutable=1";
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Access access, milliseconds busy_timeout) {
    leave_out_memory_figures();
    SharedMemory::mend_all(file);
    const bool may_write = access == Access::write || access == Access::create;
    if (may_write) close_database_to_others(file);  // a new log takes its rights from the database
    int flags = SQLITE_OPEN_NOMUTEX | (may_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    if (access == Access::create) flags |= SQLITE_OPEN_CREATE;
    if (access == Access::alone) flags |= SQLITE_OPEN_URI;
    const std::string name = access == Access::alone ? uri_of_file_alone(file) : file.string();
    sqlite3* handle = nullptr;
    const int result = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (result != SQLITE_OK) fail(result);
    wait_at_most(busy_timeout);
}

void Connection::wait_at_most(milliseconds busy_timeout) noexcept {
    sqlite3_busy_timeout(handle_.get(), static_cast<int>(busy_timeout.count()));
}

Connection::~Connection() = default;

void Connection::fail(int result) const {
    if (handle_ == nullptr) throw Error(kind_of_result(result, errno), sqlite3_errstr(result));
    const int extended = sqlite3_extended_errcode(handle_.get());
    const int known = (extended & 0xff) == (result & 0xff) ? extended : result;
    throw Error(kind_of_result(known, sqlite3_system_errno(handle_.get())), sqlite3_errmsg(handle_.get()));
}

std::unique_ptr<sqlite3_stmt, FinalizeStatement> Connection::prepare(std::string_view sql, bool is_kept) const {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                          is_kept ? SQLITE_PREPARE_PERSISTENT : 0, &statement, nullptr);
    std::unique_ptr<sqlite3_stmt, FinalizeStatement> prepared(statement);
    if (result != SQLITE_OK) fail(result);
    return prepared;
}

void Connection::execute(const std::string& sql) {
    const int result = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) fail(result);
}

bool Connection::try_execute(const char* sql) noexcept {
    return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
}

std::int64_t Connection::integer(const char* sql) {
    std::int64_t value = 0;
    read_only_row(sql, [&](sqlite3_stmt* row) { value = sqlite3_column_int64(row, 0); });
    return value;
}

std::string Connection::text(const char* sql) {
    std::string value;
    read_only_row(sql, [&](sqlite3_stmt* row) { value = text_in(row, 0); });
    return value;
}

template <class Read>
void Connection::read_only_row(const char* sql, Read&& read) {
    const auto statement = prepare(sql, false);
    int result = sqlite3_step(statement.get());
    if (result == SQLITE_ROW) read(statement.get());
    // To its end: what it changes is committed there, and may fail there.
    while (result == SQLITE_ROW)
        result = sqlite3_step(statement.get());
    if (result != SQLITE_DONE) fail(result);
}

bool Connection::is_read_only() const {
    return sqlite3_db_readonly(handle_.get(), "main") == 1;
}

bool Connection::has_moved() const {
    int moved = 0;
    sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved != 0;
}

void Connection::interrupt() noexcept {
    sqlite3_interrupt(handle_.get());
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

void Connection::expect_transaction() const {
    if (!in_transaction()) throw Error(StoreErrorKind::io, "the transaction was rolled back");
}

std::int64_t Connection::changes() const {
    return sqlite3_changes64(handle_.get());
}

std::int64_t Connection::all_changes() const {
    return sqlite3_total_changes64(handle_.get());
}

bool Connection::roll_back() noexcept {
    try {
        if (in_transaction()) Query(*this, "ROLLBACK").run();
    } catch (const std::exception&) {
        // Whether it worked is what counts.
    }
    return !in_transaction();
}

void Connection::copy_to(Connection& target) {
    constexpr int kAllPages = -1;
    sqlite3_backup* const copying = sqlite3_backup_init(target.handle_.get(), "main", handle_.get(), "main");
    if (copying == nullptr) target.fail(sqlite3_errcode(target.handle_.get()));
    const int result = sqlite3_backup_step(copying, kAllPages);
    sqlite3_backup_finish(copying);
    if (result == SQLITE_DONE) return;
    // An error while reading is told by the result alone.
    throw Error(kind_of_result(result, 0), sqlite3_errstr(result));
}

void Connection::fold_log_on_close(bool fold) {
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, fold ? 0 : 1, nullptr);
}

namespace {

/// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv): each step maps the sums one to one, so that a changed byte
/// changes the result.
class Fnv {
  public:
    void add(const void* bytes, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            sum_ = (sum_ ^ static_cast<const unsigned char*>(bytes)[i]) * 1'099'511'628'211u;
    }
    void add(std::int64_t number) { add(&number, sizeof(number)); }
    [[nodiscard]] std::int64_t value() const { return static_cast<std::int64_t>(sum_); }

  private:
    std::uint64_t sum_ = 14'695'981'039'346'656'037u;
};

void checksum(sqlite3_context* context, int count, sqlite3_value** values) {
    Fnv sum;
    for (int i = 0; i < count; ++i) {
        const int type = sqlite3_value_type(values[i]);
        sum.add(type);
        if (type == SQLITE_INTEGER) {
            sum.add(sqlite3_value_int64(values[i]));
        } else if (type != SQLITE_NULL) {
            const void* bytes = sqlite3_value_blob(values[i]);
            const auto size = sqlite3_value_bytes(values[i]);
            sum.add(size);
            sum.add(bytes, static_cast<std::size_t>(size));
        }
    }
    sqlite3_result_int64(context, sum.value());
}

}  // namespace

void Connection::add_checksum() {
    const int result = sqlite3_create_function_v2(handle_.get(), "checksum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                                  nullptr, checksum, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) fail(result);
}

Query::Query(Connection& connection, Sql sql) : connection_(connection) {
    Connection::Kept& kept = connection.kept_[sql.text()];
    if (kept.in_use) {  // a row of it is still being read further out
        own_ = connection.prepare(sql.text(), false);
        statement_ = own_.get();
        return;
    }
    if (!kept.statement) kept.statement = connection.prepare(sql.text(), true);
    kept.in_use = true;
    kept_ = &kept;
    statement_ = kept.statement.get();
}

Query::Query(Connection& connection, const Once& once)
    : connection_(connection), own_(connection.prepare(once.sql, false)), statement_(own_.get()) {}

Query::~Query() {
    if (kept_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    kept_->in_use = false;
}

void Query::bound(int result) {
    if (result != SQLITE_OK) connection_.fail(result);
}

Query& Query::integer(std::int64_t value) {
    bound(sqlite3_bind_int64(statement_, ++parameter_, value));
    return *this;
}

Query& Query::limit(std::size_t count_max) {
    constexpr auto kMax = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return integer(static_cast<std::int64_t>(std::min(count_max, kMax)));
}

Query& Query::text(std::string_view value) {
    const char* begin = value.data() == nullptr ? "" : value.data();  // null would bind NULL
    bound(sqlite3_bind_text(statement_, ++parameter_, begin, static_cast<int>(value.size()), SQLITE_STATIC));
    return *this;
}

Query& Query::copied(std::string_view text) {
    const char* begin = text.data() == nullptr ? "" : text.data();
    bound(sqlite3_bind_text(statement_, ++parameter_, begin, static_cast<int>(text.size()), SQLITE_TRANSIENT));
    return *this;
}

Query& Query::blob(std::string_view bytes) {
    const char* begin = bytes.data() == nullptr ? "" : bytes.data();
    bound(sqlite3_bind_blob(statement_, ++parameter_, begin, static_cast<int>(bytes.size()), SQLITE_STATIC));
    return *this;
}

Query& Query::null() {
    bound(sqlite3_bind_null(statement_, ++parameter_));
    return *this;
}

bool Query::step() {
    if (at_end_) return false;  // SQLite itself would begin anew
    const int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    at_end_ = true;
    if (result != SQLITE_DONE) connection_.fail(result);
    return false;
}

std::int64_t Query::run() {
    while (step()) {
    }
    return connection_.changes();
}

Query& Query::again() {
    sqlite3_reset(statement_);  // its error, if there was one, was thrown by step()
    parameter_ = 0;
    at_end_ = false;
    return *this;
}

bool Query::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer_at(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Query::view_at(int column) const {
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Date Query::date_at(int column) const {
    const auto date = parse_date(view_at(column));
    if (!date) throw Damage("\"" + text_at(column) + "\" stands where a day should");
    return *date;
}

void Query::copy_exactly(int column, std::uint8_t* bytes, std::size_t size) const {
    const std::string_view found = view_at(column);
    if (found.size() != size) {
        throw Damage(std::to_string(found.size()) + " bytes stand where " + std::to_string(size) + " should");
    }
    std::copy(found.begin(), found.end(), bytes);
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
    Query(connection, kind == Kind::write ? Sql("BEGIN IMMEDIATE") : Sql("BEGIN")).run();
}

Transaction::~Transaction() {
    if (is_open_) connection_.roll_back();
}

void Transaction::commit() {
    Query(connection_, "COMMIT").run();
    is_open_ = false;
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
    connection.expect_transaction();
    Query(connection, "SAVEPOINT step").run();
}

Savepoint::~Savepoint() {
    if (!is_open_ || !connection_.in_transaction()) return;
    const bool is_undone = connection_.try_execute("ROLLBACK TO step") && connection_.try_execute("RELEASE step");
    if (!is_undone) connection_.roll_back();
}

void Savepoint::keep() {
    Query(connection_, "RELEASE step").run();
    is_open_ = false;
}

}  // namespace hailong::survey::sqlite
