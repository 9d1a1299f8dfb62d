// What the embedded store adds to survey/base/sqlite: the settings of its connections, work in steps, and the wall of
// this room, where whatever SQLite refuses becomes a value that says what an operator can do about it.
// Threads: a connection is used by one thread at a time.
#pragma once

#include <exception>
#include <filesystem>
#include <string>
#include <type_traits>

#include "survey/base/sqlite.h"
#include "survey/base/store_error.h"

namespace hailong::sync {

using survey::StoreError;
using survey::StoreErrorKind;
using survey::StoreResult;
using survey::sqlite::Query;

/// How long a connection waits for another process (a command beside the running service).
inline constexpr survey::milliseconds kBusyTimeout{5'000};

/// By what the caller can do about it.
[[nodiscard]] StoreError store_error(const std::exception& error);

/// Something in the file that this program never writes.
[[noreturn]] void fail_as_damaged(const std::string& what);
/// What is to be added contradicts what is stored.
[[noreturn]] void fail_as_conflict(const std::string& what);

/// Runs `action`; what it throws becomes an error.
template <class Action>
auto guarded(Action&& action) -> StoreResult<decltype(action())> {
    return survey::sqlite::guarded(action, store_error);
}

class Connection : public survey::sqlite::Connection {
  public:
    /// Throws survey::sqlite::Error when the file can't be opened.
    Connection(const std::filesystem::path& file, survey::sqlite::Access access);

    /// Runs `action` as one step of the open transaction: all of it, or nothing and an error.
    template <class Action>
    auto step(Action&& action) -> StoreResult<decltype(action())> {
        return guarded([&] {
            survey::sqlite::Savepoint savepoint(*this);
            if constexpr (std::is_void_v<decltype(action())>) {
                action();
                savepoint.keep();
            } else {
                auto result = action();
                savepoint.keep();
                return result;
            }
        });
    }
};

}  // namespace hailong::sync
