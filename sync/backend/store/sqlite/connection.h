// One SQLite connection with its prepared statements, and the wall of this room: whatever SQLite refuses becomes a
// value. Threads: a connection is used by one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "survey/base/store_error.h"
#include "survey/base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hailong::sync {

using survey::StoreError;
using survey::StoreErrorKind;
using survey::StoreResult;

/// How long a connection waits for another process (a command beside the running service), in milliseconds.
inline constexpr int kBusyTimeoutMs = 5'000;

/// What SQLite refused, on its way to guarded(). Does not leave this room.
class SqliteFailure : public std::runtime_error {
  public:
    SqliteFailure(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    [[nodiscard]] int code() const { return code_; }

  private:
    int code_;
};

/// By what the caller can do about it.
[[nodiscard]] StoreError store_error(int sqlite_code, std::string what);

/// Something in the file that this program never writes.
[[noreturn]] void fail_as_damaged(const std::string& what);
/// SQLite ended the transaction by itself: the disk is full or fails.
[[noreturn]] void fail_as_lost();
/// What is to be added contradicts what is stored.
[[noreturn]] void fail_as_conflict(const std::string& what);

/// Runs `action`; what it throws becomes an error.
template <class Action>
auto guarded(Action&& action) -> StoreResult<decltype(action())> {
    try {
        if constexpr (std::is_void_v<decltype(action())>) {
            action();
            return {};
        } else {
            return action();
        }
    } catch (const SqliteFailure& failure) {
        return unexpected(store_error(failure.code(), std::string("store: ") + failure.what()));
    } catch (const std::exception& failure) {
        return unexpected(StoreError{StoreErrorKind::io, std::string("store: ") + failure.what(),
                                     "check the disk, the data folder and how much memory is free"});
    }
}

class Connection {
  public:
    enum class Mode { read, write, create };
    /// Throws SqliteFailure when the file can't be opened.
    Connection(const std::filesystem::path& file, Mode mode);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    /// Any number of statements without parameters.
    void execute(const std::string& sql);
    /// As execute(), where nothing hangs on success.
    bool try_execute(const char* sql) noexcept;
    /// The first column of the first row; 0 when there is none.
    [[nodiscard]] std::int64_t integer(const char* sql);
    [[nodiscard]] std::string text(const char* sql);

    /// `sql` must be a literal: statements are kept by its address.
    [[nodiscard]] sqlite3_stmt* prepared(const char* sql);
    /// Throws unless `code` is one of success; the message is the connection's.
    void expect(int code);

    /// Rows that the last INSERT, UPDATE or DELETE touched.
    [[nodiscard]] std::int64_t changes();
    [[nodiscard]] bool in_transaction();
    /// Ends whatever transaction is open. True when none is open afterwards.
    bool roll_back() noexcept;

    /// Runs `action` as one step of the open transaction: all of it, or nothing and an error.
    template <class Action>
    auto step(Action&& action) -> StoreResult<decltype(action())> {
        return guarded([&] {
            Step step(*this);
            if constexpr (std::is_void_v<decltype(action())>) {
                action();
                step.keep();
            } else {
                auto result = action();
                step.keep();
                return result;
            }
        });
    }

  private:
    /// A savepoint that is rolled back unless it is kept.
    class Step {
      public:
        explicit Step(Connection& connection);
        Step(const Step&) = delete;
        Step& operator=(const Step&) = delete;
        ~Step();
        void keep();

      private:
        Connection& connection_;
        bool is_open_ = true;
    };

    sqlite3* handle_ = nullptr;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

/// One use of a prepared statement: reset at the end, whatever happened. Text and blobs are bound without a copy, so
/// they must live until it was run; afterwards nothing looks at them, since each use binds every parameter anew.
class Query {
  public:
    Query(Connection& connection, const char* sql) : connection_(connection), statement_(connection.prepared(sql)) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query() { reset(); }

    Query& text(const std::string& value);
    Query& text(std::string&&) = delete;
    /// Of a text that lives as long as the program: the name of an enumerator.
    Query& word(std::string_view lasting);
    Query& text_or_null(const std::string& value) { return value.empty() ? null() : text(value); }
    Query& text_or_null(std::string&&) = delete;
    Query& blob(const std::string& value) { return blob(value.data(), value.size()); }
    Query& blob(std::string&&) = delete;
    template <std::size_t Size>
    Query& blob(const std::array<std::uint8_t, Size>& value) {
        return blob(value.data(), Size);
    }
    template <class Value>
    Query& bytes_or_null(const std::optional<Value>& value) {
        return value ? blob(value->bytes) : null();
    }
    Query& integer(std::int64_t value);
    Query& time(survey::UtcTime value) { return integer(value.time_since_epoch().count()); }
    Query& time_or_null(const std::optional<survey::UtcTime>& value) { return value ? time(*value) : null(); }
    Query& day(survey::Date value);
    /// A conflict unless it is a day that day_at() gives back.
    Query& stored_day(survey::Date value);
    Query& limit(std::size_t count_max);
    Query& null();

    /// Whether there is another row.
    bool step();
    void run() {
        while (step()) {
        }
    }
    /// Ready to be bound and run again.
    Query& again() {
        reset();
        return *this;
    }

    [[nodiscard]] bool is_null(int index);
    [[nodiscard]] std::int64_t integer_at(int index);
    [[nodiscard]] std::string text_at(int index) { return std::string(view_at(index)); }
    /// Holds until the next step.
    [[nodiscard]] std::string_view view_at(int index);
    [[nodiscard]] survey::UtcTime time_at(int index) {
        return survey::UtcTime(survey::milliseconds(integer_at(index)));
    }
    [[nodiscard]] std::optional<survey::UtcTime> time_or_null_at(int index) {
        return is_null(index) ? std::nullopt : std::optional(time_at(index));
    }
    [[nodiscard]] survey::Date day_at(int index);
    /// A digest, id, key or signature.
    template <class Value>
    [[nodiscard]] Value bytes_at(int index) {
        const std::string_view found = view_at(index);
        Value value;
        if (found.size() != value.bytes.size()) fail_as_damaged("a hash, id or key has another length than it must");
        for (std::size_t i = 0; i < found.size(); ++i)
            value.bytes[i] = static_cast<std::uint8_t>(found[i]);
        return value;
    }
    template <class Value>
    [[nodiscard]] std::optional<Value> bytes_or_null_at(int index) {
        return is_null(index) ? std::nullopt : std::optional(bytes_at<Value>(index));
    }

  private:
    Query& blob(const void* bytes, std::size_t size);
    void reset();

    Connection& connection_;
    sqlite3_stmt* statement_;
    int index_ = 0;
};

}  // namespace hailong::sync
