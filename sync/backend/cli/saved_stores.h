// What the service saved of a store that was lost under it, and that the store in its place does not hold: somebody put
// an older copy back.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sync/backend/store/store.h"

namespace hailong::sync {

/// A sentence for each saved file that holds records beyond this store's, with the remedy. Files that can't be read are
/// named, too. O(terminals) a file.
[[nodiscard]] StoreResult<std::vector<std::string>> saved_beyond(const std::filesystem::path& data, Snapshot& snapshot);

}  // namespace hailong::sync
