// The patterns that a form's data may hold: what an answer in digits must look like. In a file of its own, because
// std::regex takes longer to compile than all that surrounds it.
#pragma once

#include <string>

namespace hailong::survey {

/// Why `pattern` is no regular expression (ECMAScript); empty when it is one.
[[nodiscard]] std::string fault_of_pattern(const std::string& pattern);

/// Whether the whole of `text` is as `pattern` describes it. A pattern that is no regular expression takes every text:
/// that is the form's fault and not its reader's.
[[nodiscard]] bool fits_pattern(const std::string& text, const std::string& pattern);

}  // namespace hailong::survey
