// Whether the file's log can be believed, looked at before SQLite opens the file in earnest: a log that is damaged in
// its middle ends there for SQLite, which overwrites what follows, or folds what stands before and deletes the rest.
// Layout: https://www.sqlite.org/fileformat2.html#walformat
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "survey/base/time.h"

namespace hailong::kiosk {

/// Of a log.
inline constexpr std::size_t kLogHeaderBytes = 32;
/// Of a frame: a header, and a page of 4,096 bytes.
inline constexpr std::size_t kFrameHeaderBytes = 24;
inline constexpr std::size_t kFrameBytes = kFrameHeaderBytes + 4'096;

/// The salt of the log's newest round: its header's, unless that was spoiled; the first frame belongs to that round,
/// too. Empty where the log is too short.
[[nodiscard]] std::string_view log_salt(std::string_view log);

/// Where SQLite stops reading the log: behind the last frame that is whole and follows the ones before. In bytes.
[[nodiscard]] std::size_t end_of_whole_frames(std::string_view log);

/// Whether a transaction of the newest round was committed behind the place where SQLite stops reading the log. A power
/// cut in the very act of a commit can leave that as well.
[[nodiscard]] bool has_commit_beyond_its_end(std::string_view log);

/// Whether there is a log that must not be opened as it is: by the number that the head file says was given out, which
/// the journal does not reach; where there is no head line, by the log itself. With one, what lies behind the log's end
/// tells nothing: a program that is killed in its commit while another has the file open leaves that, too. Changes
/// nothing. False where that can't be said: opening the file says what is wrong.
[[nodiscard]] bool is_log_damaged(const std::filesystem::path& file, survey::milliseconds busy_timeout);

}  // namespace hailong::kiosk
