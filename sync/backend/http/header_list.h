// Header fields that hold a list (RFC 9110, section 5.6.1): elements between separators, with blanks around them.
#pragma once

#include <string_view>

namespace hailong::sync {

/// Without the spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The next element of a list, trimmed, which goes from the front of `list`. No quoted separator is known: none stands
/// in what we read.
[[nodiscard]] std::string_view take_element(std::string_view& list, char separator);

}  // namespace hailong::sync
