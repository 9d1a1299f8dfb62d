// The version of this program, as --version and /healthz say it.
#pragma once

namespace hailong::sync {

/// "0.1.0": the project's version in CMakeLists.txt.
[[nodiscard]] const char* backend_version();

}  // namespace hailong::sync
