// What a store, the device's or the backend's, can refuse, by what the caller can do about it.
#pragma once

#include <string>

#include "survey/base/expected.h"

namespace hailong::survey {

enum class StoreErrorKind {
    busy,        // another process or transaction holds it; try again soon
    full,        // the disk is full; try again after space was made
    read_only,   // the file or disk can't be written; mend permissions
    io,          // the disk failed, or the file is missing; try again, and tell people
    corrupt,     // not a file of ours, or damaged; people must act, nothing is written any more
    newer,       // written by a newer program; install that one
    conflict,    // what is to be added contradicts what is stored; nothing was written
    wrong_kiosk  // the journal belongs to another terminal
};

struct StoreError {
    StoreErrorKind kind = StoreErrorKind::io;
    std::string what;    // what happened, with the file's name
    std::string remedy;  // what to do
    bool operator==(const StoreError&) const = default;
};

template <class Value>
using StoreResult = Expected<Value, StoreError>;

/// "busy", "full" ...: stable, for logs and metrics.
[[nodiscard]] const char* name(StoreErrorKind kind);

/// "what; remedy".
[[nodiscard]] std::string describe(const StoreError& error);

}  // namespace hailong::survey
