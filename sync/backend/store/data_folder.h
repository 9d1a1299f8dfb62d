// What lies in the backend's data folder beside keys/ (terminals/keys.h).
#pragma once

namespace hailong::sync {

/// The embedded store's file.
inline constexpr const char* kStoreFile = "backend.sqlite";

}  // namespace hailong::sync
