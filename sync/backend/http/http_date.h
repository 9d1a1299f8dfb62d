// The time as HTTP writes it.
#pragma once

#include <string>

namespace hailong::sync {

/// Now, as RFC 9110, section 5.6.7 has it: "Sun, 06 Nov 1994 08:49:37 GMT", in whatever locale the process runs.
[[nodiscard]] std::string http_date();

}  // namespace hailong::sync
