// The schema of the device's file, and how a file of an older program is brought up to it.
#pragma once

#include "survey/base/sqlite.h"

namespace hailong::kiosk {

/// What stands in the file's header so that no other program's file is taken for ours: "HLJ1".
inline constexpr int kApplicationId = 0x484c4a31;

/// How many of the schema's changes have been applied: the file's user_version.
[[nodiscard]] std::int64_t schema_version(survey::sqlite::Connection& file);
/// That of this program's schema.
[[nodiscard]] std::int64_t newest_schema_version();

/// Applies the changes that are missing. Inside a transaction; O(records + days) where rows are made from others.
/// Throws Damage when those can't be read.
void bring_up_to_date(survey::sqlite::Connection& file);

/// Throws where a table is missing, so that it is found when the file is opened and not when it is needed.
void check_tables(survey::sqlite::Connection& file);

}  // namespace hailong::kiosk
