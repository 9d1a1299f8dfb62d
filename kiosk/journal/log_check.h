// Whether the file's log can be believed, looked at before SQLite opens the file in earnest: a log that is damaged in
// its middle ends there for SQLite, which overwrites what follows, or folds what stands before and deletes the rest.
#pragma once

#include <filesystem>

#include "survey/base/log_frames.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

using survey::sqlite::kFrameBytes;
using survey::sqlite::kFrameHeaderBytes;
using survey::sqlite::kLogHeaderBytes;

/// Whether there is a log that must not be opened as it is: by the number that the head file says was given out, which
/// the journal does not reach; where there is no head line, by the log itself. With one, what lies behind the log's end
/// tells nothing: a program that is killed in its commit while another has the file open leaves that, too. Changes
/// nothing. False where that can't be said: opening the file says what is wrong.
[[nodiscard]] bool is_log_damaged(const std::filesystem::path& file, survey::milliseconds busy_timeout);

}  // namespace hailong::kiosk
