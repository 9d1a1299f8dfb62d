// What the device's store can refuse, by what the caller can do about it.
#pragma once

#include <string>

namespace hailong::kiosk {

enum class StoreErrorKind {
    busy,        // another process holds the file; try again soon
    full,        // the disk is full; try again after space was made
    read_only,   // the file or disk can't be written; staff must act
    io,          // the disk failed; try again, and tell staff
    corrupt,     // the file is damaged; staff must act, nothing is written any more
    newer,       // the file was written by a newer program; install that one
    wrong_kiosk  // the file belongs to another terminal
};

struct StoreError {
    StoreErrorKind kind = StoreErrorKind::io;
    std::string what;    // what happened, with the file's name
    std::string remedy;  // what to do
    bool operator==(const StoreError&) const = default;
};

/// "busy", "full" ...: stable, for logs and metrics.
[[nodiscard]] const char* name(StoreErrorKind kind);

/// "what; remedy".
[[nodiscard]] std::string describe(const StoreError& error);

}  // namespace hailong::kiosk
