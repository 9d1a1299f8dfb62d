// The file's schema, and how one of an older version becomes one of today's. Forward only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/backend/store/sqlite/connection.h"

namespace hailong::sync {

/// What is wrong with a file that is not ours, is a newer program's, or is empty where it may not be; nothing in it is
/// touched.
[[nodiscard]] std::optional<StoreError> refuse_foreign(Connection& connection, const std::string& name,
                                                       bool may_be_empty);
/// Throws survey::sqlite::Error where the file system can't do it.
void keep_in_wal_mode(Connection& connection, const std::string& name);
/// Applies what is missing, each migration in one transaction with its number. Throws as survey/base/sqlite.h does;
/// then the file is as it was before that migration.
void migrate(Connection& connection);

/// Tables, indexes and triggers that are missing, or not the ones that this program makes, a sentence each.
void find_foreign_schema(Connection& connection, std::size_t count_max, std::vector<std::string>& found);

}  // namespace hailong::sync
