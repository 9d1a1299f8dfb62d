// Sums over what no audit can recount from the records: documents, keys, what terminals say, texts, traces, remarks.
// Each row carries its own (checksum() of survey/base/sqlite.h), so that a bit that a disk changed is found and named.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sync/backend/store/sqlite/connection.h"

namespace hailong::sync {

/// What makes a file of schema 4 one of schema 5: the sums, and the table of facts.
[[nodiscard]] std::string schema_5();

/// SQL that gives every row the sum that fits it as it stands.
[[nodiscard]] std::string sums_anew();

/// Rows whose sum does not fit, a sentence each; and counts that are kept and not what they count. O(rows).
void find_wrong_sums(Connection& connection, std::size_t count_max, std::vector<std::string>& found);

}  // namespace hailong::sync
