// The index of SQLite's write-ahead log, in the memory beside it that all share (shared_memory.h): by it SQLite finds
// a page in the log, and takes as folded what it calls folded. SQLite believes it, whatever somebody wrote there; and
// folds by it whatever log lies beside it. Layout: https://www.sqlite.org/walformat.html
// Threads: the one that owns the connection.
#pragma once

#include <optional>

#include "survey/base/sqlite.h"

namespace hailong::survey::sqlite {

enum class LogStanding {
    whole,          // each frame that counts is as it was written, and the index finds it
    unsure,         // others write just now, or it could not be mended: nothing may be folded or dropped by it
    index_spoiled,  // the log is whole, and the index is not the one of that log
    spoiled         // a frame that counts is not what was written, or the log is not the one that this program left
};

/// Whether the log ends before where it ended, or is another one: it grows, and when all of it is folded in it begins
/// anew with the next round's number, or where it was emptied, with any.
[[nodiscard]] bool is_behind(const LogState& now, const LogState& before);

/// How the log and its index stand to each other, to the file, and to how this program left them (`known`; empty: it
/// knows nothing yet). What is folded must stand in the file. An index that alone is spoiled is made anew from the log;
/// `index_spoiled` is never returned. O(the log), 1 ms or so for a MiB. REQUIRES: `connection` has read once.
[[nodiscard]] LogStanding look_at_log(Connection& connection, const std::optional<LogState>& known);

}  // namespace hailong::survey::sqlite
