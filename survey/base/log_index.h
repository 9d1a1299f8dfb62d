// The index of SQLite's write-ahead log, in the memory beside it that all share (shared_memory.h): by it SQLite finds
// a page in the log, and takes as folded what it calls folded. SQLite believes it, whatever somebody wrote there; and
// folds by it whatever log lies beside it. Layout: https://www.sqlite.org/walformat.html
// Threads: the one that owns the connection.
#pragma once

#include <functional>
#include <optional>

#include "survey/base/sqlite.h"

namespace hailong::survey::sqlite {

enum class LogStanding {
    whole,          // each frame that counts is as it was written, and the index finds it
    unsure,         // others write just now, or it could not be mended: nothing may be folded or dropped by it
    index_spoiled,  // the log is whole, and the index is not the one of that log
    spoiled         // a frame that counts is not what was written, or the log is not the one that this program left
};

/// How the log and its index stand to each other, to the file, and to how this program left them (`known`; empty: it
/// knows nothing yet). `is_behind`: whether what is read through them ends before what this program wrote; only whoever
/// owns the file can tell that: a log that others emptied begins anew with any number. What is folded must stand in the
/// file. An index that alone is spoiled is made anew from the log; `index_spoiled` is never returned. O(the log), 1 ms
/// or so for a MiB. REQUIRES: `connection` has read once.
[[nodiscard]] LogStanding look_at_log(Connection& connection, const std::optional<LogState>& known,
                                      const std::function<bool()>& is_behind);
/// The same for who knows nothing yet.
[[nodiscard]] LogStanding look_at_log(Connection& connection);

}  // namespace hailong::survey::sqlite
