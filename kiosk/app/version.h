// Which program this is: the version that the build was made of.
#pragma once

#include <string_view>

namespace hailong::kiosk {

/// "0.1.0": the project's version in CMakeLists.txt.
[[nodiscard]] std::string_view program_version();

}  // namespace hailong::kiosk
