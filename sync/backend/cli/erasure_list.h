// The list of erasures (comments/erasure_list.h) as a file beside the store.
#pragma once

#include <filesystem>

#include "sync/backend/comments/erasure_list.h"

namespace hailong::sync {

/// In the order written; empty when there is no such file. The error is a sentence.
[[nodiscard]] Expected<std::vector<ListedErasure>, std::string> read_erasure_list(const std::filesystem::path& file);

/// Adds what does not stand in it yet; durable when it returned. Read and written by its owner alone.
[[nodiscard]] Expected<void, std::string> add_to_erasure_list(const std::filesystem::path& file,
                                                              const std::vector<ListedErasure>& more);

/// Erases what the list names and the store does not know to be erased, as one does not that is older than the list;
/// how many texts that were. Changes nothing where there is none. REQUIRES: as erase_listed().
[[nodiscard]] StoreResult<std::size_t> erase_again(const std::vector<ListedErasure>& list, Store& store);

}  // namespace hailong::sync
