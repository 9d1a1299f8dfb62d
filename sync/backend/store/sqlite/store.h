// The embedded store: one SQLite file in WAL mode with synchronous=FULL, so that what commit() confirmed survives a
// power cut. Schema and migrations stand in sqlite_store.cpp; an auditor can read the file with sqlite3 alone.
#pragma once

#include <filesystem>
#include <memory>

#include "sync/backend/store/store.h"

namespace hailong::sync {

enum class OpenMode {
    existing,  // io when there is no such file
    create,    // also creates the file; its folder must exist
};

/// How long a writer waits for another process (a command beside the running service), in milliseconds.
inline constexpr int kBusyTimeoutMs = 5'000;

/// Reader connections kept open between uses: one for each thread that serves pages is plenty.
inline constexpr std::size_t kIdleReadersMax = 8;

/// Starts of one terminal that are remembered; older ones are forgotten. More than it makes in a year.
inline constexpr std::int64_t kBootsKeptMax = 400;

/// Opens `file` and brings it to the current schema; migrations only go forward.
/// Errors: newer (written by a newer version), corrupt (not a store of ours), and what the disk refuses.
[[nodiscard]] StoreResult<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file, OpenMode mode);

}  // namespace hailong::sync
