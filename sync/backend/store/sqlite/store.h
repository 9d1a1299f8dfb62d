// The embedded store: one SQLite file in WAL mode with synchronous=FULL, so that what commit() confirmed survives a
// power cut. Schema and migrations stand in schema.cpp. An auditor can read the file with sqlite3 and zstd alone:
// packing.h says how records lie in it, schema.cpp where.
#pragma once

#include <filesystem>
#include <memory>

#include "sync/backend/store/store.h"

namespace hailong::sync {

enum class OpenMode {
    existing,  // io when there is no such file
    create,    // also creates the file; its folder must exist
};

/// Reader connections kept open between uses: one for each thread that serves pages is plenty.
inline constexpr std::size_t kIdleReadersMax = 8;

/// Opens `file` and brings it to the current schema; migrations only go forward.
/// Errors: newer (written by a newer version), corrupt (not a store of ours), and what the disk refuses.
/// One transaction at a time: another one in this process is told `busy` at once, one in another process after 5 s.
[[nodiscard]] StoreResult<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& file, OpenMode mode);

}  // namespace hailong::sync
