// Whether the file's log can be believed, looked at before SQLite opens the file in earnest: a log that is damaged in
// its middle ends there for SQLite, which overwrites what follows, or folds what stands before and deletes the rest.
#pragma once

#include <cstdint>
#include <filesystem>

#include "survey/base/time.h"

namespace hailong::kiosk {

/// Whether there is a log and the journal, as SQLite reads it with the log, ends before `known_seq`, a number that was
/// given out. Changes nothing. False where that can't be said: opening the file says what is wrong.
[[nodiscard]] bool log_ends_before(const std::filesystem::path& file, std::int64_t known_seq,
                                   survey::milliseconds busy_timeout);

}  // namespace hailong::kiosk
