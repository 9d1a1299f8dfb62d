// A store's file copied while the service writes to it, saved when it is lost under it, and a copy looked at before it
// is put back.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "sync/backend/store/sqlite/connection.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Copies the store as it stands at one moment, all that was committed before the call included, into `copy`: one
/// file, durable, read and written by its owner alone. Nobody waits for it but the folding of the log.
/// Errors: as open_sqlite_store(); `copy` is then not there. REQUIRES: nothing stands at `copy`.
[[nodiscard]] StoreResult<void> copy_sqlite_store(const std::filesystem::path& file, const std::filesystem::path& copy);

/// The same from an open connection, whatever became of its file.
[[nodiscard]] StoreResult<void> save_sqlite_store(Connection& open, const std::filesystem::path& copy);

/// The name under which the service saves what it still holds of a store whose file is lost under it.
[[nodiscard]] std::filesystem::path saved_store_name(const std::filesystem::path& file, int number);
/// Such files of the store `file`, each place in order: beside it, and where its folder was gone, beside that.
[[nodiscard]] std::vector<std::filesystem::path> saved_stores_of(const std::filesystem::path& file);
/// The last such file of the store `file`: beside it, or where its folder is gone, beside that.
[[nodiscard]] std::optional<std::filesystem::path> saved_store_beside(const std::filesystem::path& file);

/// The terminals in a store of today's schema that nobody has open, in order; leaves its file untouched.
[[nodiscard]] StoreResult<std::vector<Terminal>> terminals_in_copy(const std::filesystem::path& copy);

/// Whether `file` is a store that this program can open, and SQLite finds no fault in its pages and indexes: an error
/// (corrupt, newer) where not. Changes nothing in it. O(its size).
[[nodiscard]] StoreResult<void> check_sqlite_store(const std::filesystem::path& file);

}  // namespace hailong::sync
