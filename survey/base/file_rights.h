// Who else on the machine may read or change what our programs made. New files are kept to their owner by
// keep_files_to_owner() in host.h; what stands here closes those that were made otherwise: by an earlier version, or by
// a person's copy.
#pragma once

#include <filesystem>

namespace hailong::survey {

/// Rights of what only its user reads and changes.
inline constexpr unsigned kOwnerOnlyMode = 0600;

/// Whether anybody on the machine may read, change or run it, or its group may change it. A group that may only read
/// was let in by whoever runs the machine, and is no fault. False where it is not there.
[[nodiscard]] bool is_open_to_others(const std::filesystem::path& file);

/// Takes all rights from everybody but the owner where is_open_to_others(). Leaves alone what is no file or another
/// user's. True: it is closed now, or not there.
bool close_to_others(const std::filesystem::path& file);

/// Most names that are looked at beside a database: its own are a dozen.
inline constexpr int kBesideDatabaseMax = 10'000;

/// The same of a database and of all that lies beside it under a name that begins with its name: log, lock, head, what
/// was saved of it or set aside damaged. What can't be closed is left as it is: the database is opened all the same.
void close_database_to_others(const std::filesystem::path& file);

}  // namespace hailong::survey
