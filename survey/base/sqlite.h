// SQLite behind one door, the device's file and the backend's alike: a connection that keeps its prepared statements,
// one use of a statement that resets it whatever happens, a transaction that goes by what SQLite itself says is under
// way, a savepoint within one, and the wall that turns what all of them throw into a StoreError. A target of its own
// (hailong_sqlite), so that what is pure cannot link it.
//
// Everything here but kind_of() and guarded() throws Error where SQLite refuses; a room calls it inside guarded(), so
// that no exception leaves the room.
// Threads: a connection and what uses it belong to one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "survey/base/store_error.h"
#include "survey/base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hailong::survey::sqlite {

/// SQLite's result codes (https://www.sqlite.org/rescode.html), extended ones too, by what the caller can do.
/// `system_error`: errno of the call that failed beneath, where SQLite tells it; 0 otherwise.
/// A row that the schema excludes is a conflict; a table that is not there is corrupt.
[[nodiscard]] StoreErrorKind kind_of_result(int result, int system_error);
/// The same for a failed call of the system: full, read_only (also: not found) or io.
[[nodiscard]] StoreErrorKind kind_of_errno(int error);
/// The same for whatever a step threw: an Error's kind, corrupt for Damage, io for anything else.
[[nodiscard]] StoreErrorKind kind_of(const std::exception& error);

/// What SQLite refused, or a room that uses it.
class Error : public std::runtime_error {
  public:
    Error(StoreErrorKind kind, const std::string& what) : std::runtime_error(what), kind_(kind) {}
    [[nodiscard]] StoreErrorKind kind() const { return kind_; }

  private:
    StoreErrorKind kind_;
};

/// What was read contradicts itself, or is nothing that this program writes.
class Damage : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// SQL known when the program is compiled: a connection keeps its statement by the text's address.
class Sql {
  public:
    consteval Sql(const char* text) : text_(text) {}  // not explicit: a literal is what it is made for
    [[nodiscard]] const char* text() const { return text_; }

  private:
    const char* text_;
};

/// SQL put together at run time: prepared for one use.
struct Once {
    std::string sql;
};

struct CloseConnection {
    void operator()(sqlite3* handle) const;
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* handle) const;
};

enum class Access {
    read,
    write,
    create,
    alone  // read the file as if it had no log: for who compares the two; what others fold meanwhile shows half
};

/// How the write-ahead log stands, as the memory beside it says that all who have the file open share
/// (https://www.sqlite.org/walformat.html, section 2).
struct LogState {
    std::int64_t frames = 0;       // of the log that count
    std::int64_t bytes_min = 0;    // the log's file is at least so long: 0 without a frame
    std::int64_t folded = 0;       // of the frames, into the file
    std::int64_t attempted = 0;    // of the frames, that somebody has begun to fold
    std::uint64_t generation = 0;  // another one each time the log begins anew
    std::uint32_t round = 0;       // of it: counts them, from any number on
    std::uint64_t sum = 0;         // the running one behind the last frame (log_frames.h)
    std::int64_t file_pages = 0;   // of the file, with the log
    bool operator==(const LogState&) const = default;
};

/// Of the memory beside a log.
inline constexpr std::size_t kLogIndexRegionBytes = 32'768;

/// One open file. Not movable: queries point to it.
class Connection {
  public:
    /// `busy_timeout`: how long a call waits for another process to let go of the file.
    Connection(const std::filesystem::path& file, Access access, milliseconds busy_timeout);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    /// One or several statements whose rows nobody asks for.
    void execute(const std::string& sql);
    /// As execute(), where nothing hangs on success.
    bool try_execute(const char* sql) noexcept;
    /// As in the constructor, for what follows.
    void wait_at_most(milliseconds busy_timeout) noexcept;
    /// The first column of the only row; 0 and "" where there is none.
    [[nodiscard]] std::int64_t integer(const char* sql);
    [[nodiscard]] std::string text(const char* sql);

    /// SQLite falls back to reading when it may not write.
    [[nodiscard]] bool is_read_only() const;
    /// Whether the file was renamed or removed since it was opened.
    [[nodiscard]] bool has_moved() const;
    [[nodiscard]] bool in_transaction() const;
    /// Throws Error (io) where no transaction is under way: some errors of the disk make SQLite end it by itself, and
    /// what is written then would be durable statement by statement.
    void expect_transaction() const;
    /// Rows that the last INSERT, UPDATE or DELETE touched.
    [[nodiscard]] std::int64_t changes() const;
    /// The same of all since it was opened.
    [[nodiscard]] std::int64_t all_changes() const;
    /// Ends the transaction that is under way, if any. True when none is afterwards.
    bool roll_back() noexcept;
    /// Copies the whole database as it stands in one piece, also what only the log holds, over what `target` holds.
    void copy_to(Connection& target);
    /// Whether closing the last connection folds the write-ahead log into the file; it does unless told otherwise.
    void fold_log_on_close(bool fold);

    /// Empty where the file has no log open.
    [[nodiscard]] std::optional<LogState> log_state() const;
    /// Exactly `count` bytes of the log's file from `at` on, through the handle that the log is read and folded
    /// through; false where the disk does not give them, or no log is open.
    [[nodiscard]] bool read_log(std::int64_t at, char* bytes, std::size_t count) const;
    /// The same of the file itself.
    [[nodiscard]] bool read_file(std::int64_t at, char* bytes, std::size_t count) const;
    /// A region of the memory beside the log (shared_memory.h), of kLogIndexRegionBytes; null where no log is open, or
    /// it has fewer.
    [[nodiscard]] volatile void* log_index(int region = 0) const;
    /// Has the index of the log made anew by whoever reads next. REQUIRES: a LogLock, and a log that is whole.
    void forget_log_index();
    /// Lets SQL on this connection ask for checksum(a, b, ...): a whole number over the values and their kinds, in
    /// which each changed bit shows. FNV-1a of 64 bits: against faults, not against people.
    void add_checksum();

    /// Ends with an error (busy) what the connection does just now, or at once does nothing. From any thread.
    void interrupt() noexcept;

    /// For what has no function here (checkpoints); never closed by the caller.
    [[nodiscard]] sqlite3* handle() const { return handle_.get(); }

  private:
    friend class Query;
    struct Kept {
        std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement;
        bool in_use = false;
    };

    [[nodiscard]] std::unique_ptr<sqlite3_stmt, FinalizeStatement> prepare(std::string_view sql, bool is_kept) const;
    [[noreturn]] void fail(int result) const;
    template <class Read>
    void read_only_row(const char* sql, Read&& read);

    std::unique_ptr<sqlite3, CloseConnection> handle_;
    std::unordered_map<const char*, Kept> kept_;  // declared last, so that statements go before the connection
};

/// Nobody else writes to the log or folds it while this lives. Does not wait. REQUIRES: no transaction is under way on
/// `connection`, nor begun meanwhile.
class LogLock {
  public:
    explicit LogLock(const Connection& connection);
    LogLock(const LogLock&) = delete;
    LogLock& operator=(const LogLock&) = delete;
    ~LogLock();
    [[nodiscard]] bool is_held() const { return is_held_; }

  private:
    const Connection& connection_;
    bool is_held_ = false;
};

/// One use of a prepared statement: bind, step, read. At its end the statement is reset and forgets what was bound,
/// whatever happened: a statement left open would hold its lock on the file and stop the log from being folded back.
/// Parameters are bound in their order; what is not bound is NULL. Text and blobs are bound without a copy, and must
/// live as long as this.
class Query {
  public:
    Query(Connection& connection, Sql sql);
    Query(Connection& connection, const Once& once);
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    Query& integer(std::int64_t value);
    /// At most so many rows; as many as SQLite can count where it is more.
    Query& limit(std::size_t count_max);
    Query& flag(bool value) { return integer(value ? 1 : 0); }
    Query& time(UtcTime value) { return integer(value.time_since_epoch().count()); }
    Query& time_or_null(const std::optional<UtcTime>& value) { return value ? time(*value) : null(); }
    Query& text(std::string_view value);
    Query& text(const char* value) { return text(std::string_view(value)); }
    Query& text(std::string&&) = delete;  // see copied()
    /// NULL for an empty one.
    Query& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
    Query& text_or_null(std::string&&) = delete;
    Query& copied(std::string_view text);
    Query& date(Date value) { return copied(to_string(value)); }
    Query& blob(std::string_view bytes);
    Query& blob(std::string&&) = delete;
    /// An array of bytes, or a struct that holds one as its member `bytes` (a digest, an id, a key).
    template <class Value>
    Query& bytes(const Value& value) {
        const auto& array = array_in(value);
        return blob(std::string_view(reinterpret_cast<const char*>(array.data()), array.size()));
    }
    template <class Value>
    Query& bytes(Value&&) requires(!std::is_lvalue_reference_v<Value>) = delete;
    template <class Value>
    Query& bytes_or_null(const std::optional<Value>& value) {
        return value ? bytes(*value) : null();
    }
    template <class Value>
    Query& bytes_or_null(std::optional<Value>&&) = delete;
    Query& null();

    /// The next row; false when there is none.
    bool step();
    /// To the end; returns how many rows were changed.
    std::int64_t run();
    /// Ready for another round. Every parameter is bound anew: what is not keeps the round before's value.
    Query& again();

    // Of the row that step() found, columns from 0 on.
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer_at(int column) const;
    [[nodiscard]] bool flag_at(int column) const { return integer_at(column) != 0; }
    [[nodiscard]] UtcTime time_at(int column) const { return UtcTime{milliseconds{integer_at(column)}}; }
    [[nodiscard]] std::optional<UtcTime> time_or_null_at(int column) const {
        return is_null(column) ? std::nullopt : std::optional(time_at(column));
    }
    /// Text or blob, until the next step.
    [[nodiscard]] std::string_view view_at(int column) const;
    [[nodiscard]] std::string text_at(int column) const { return std::string(view_at(column)); }
    /// Throws Damage where no day stands.
    [[nodiscard]] Date date_at(int column) const;
    /// As bytes(). Throws Damage where another number of bytes stands.
    template <class Value>
    [[nodiscard]] Value bytes_at(int column) const {
        Value value{};
        auto& array = array_in(value);
        copy_exactly(column, array.data(), array.size());
        return value;
    }
    template <class Value>
    [[nodiscard]] std::optional<Value> bytes_or_null_at(int column) const {
        return is_null(column) ? std::nullopt : std::optional(bytes_at<Value>(column));
    }

  private:
    template <std::size_t Size>
    static const std::array<std::uint8_t, Size>& array_in(const std::array<std::uint8_t, Size>& array) {
        return array;
    }
    template <std::size_t Size>
    static std::array<std::uint8_t, Size>& array_in(std::array<std::uint8_t, Size>& array) {
        return array;
    }
    template <class Value>
    static auto& array_in(Value& value) {
        return value.bytes;
    }
    void copy_exactly(int column, std::uint8_t* bytes, std::size_t size) const;
    void bound(int result);

    Connection& connection_;
    Connection::Kept* kept_ = nullptr;                      // null: prepared for this use
    std::unique_ptr<sqlite3_stmt, FinalizeStatement> own_;  // that one
    sqlite3_stmt* statement_ = nullptr;
    int parameter_ = 0;
    bool at_end_ = false;
};

/// From its beginning to commit(); rolled back when it ends without. Goes by what SQLite itself says is under way,
/// because some errors end a transaction and some do not.
class Transaction {
  public:
    enum class Kind {
        write,  // BEGIN IMMEDIATE: waits for other writers at once
        read    // what is read belongs together, from the first read on
    };
    explicit Transaction(Connection& connection, Kind kind = Kind::write);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    void commit();

  private:
    Connection& connection_;
    bool is_open_ = true;
};

/// A part of the transaction that is under way: all of it once keep() was called, nothing of it otherwise. Where it
/// can't be undone alone, the whole transaction is rolled back. Throws as expect_transaction().
class Savepoint {
  public:
    explicit Savepoint(Connection& connection);
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    ~Savepoint();
    void keep();

  private:
    Connection& connection_;
    bool is_open_ = true;
};

template <class Result>
struct OutcomeOf {
    using type = StoreResult<Result>;
};
template <class Value>
struct OutcomeOf<StoreResult<Value>> {
    using type = StoreResult<Value>;
};

/// The wall of a room: runs `step`, which gives a value, nothing, or a StoreResult of its own; what it throws becomes
/// what `refuse` makes of it: StoreError(const std::exception&).
template <class Step, class Refuse>
[[nodiscard]] auto guarded(Step&& step, Refuse&& refuse) -> typename OutcomeOf<decltype(step())>::type {
    try {
        if constexpr (std::is_void_v<decltype(step())>) {
            step();
            return {};
        } else {
            return step();
        }
    } catch (const std::exception& error) {
        return unexpected(refuse(error));
    }
}

}  // namespace hailong::survey::sqlite
