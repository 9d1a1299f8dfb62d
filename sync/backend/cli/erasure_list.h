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

}  // namespace hailong::sync
