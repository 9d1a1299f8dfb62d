// What lies in the backend's data folder beside keys/ (terminals/keys.h).
#pragma once

namespace hailong::sync {

/// The embedded store's file.
inline constexpr const char* kStoreFile = "backend.sqlite";

/// Texts that people had erased, a line each (comments/erasure_list.h): what a store that is put back from a backup
/// does not know of.
inline constexpr const char* kErasuresFile = "erasures.jsonl";

}  // namespace hailong::sync
