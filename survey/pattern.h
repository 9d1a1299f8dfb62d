// The patterns that a questionnaire asks an answer to match: ECMAScript regular expressions (std::regex). In a file of
// its own because std::regex is slow to compile.
#pragma once

#include <optional>
#include <string>

namespace hailong::survey {

/// What is wrong with `pattern`; empty when it can be matched.
[[nodiscard]] std::optional<std::string> pattern_fault(const std::string& pattern);

/// Whether the whole of `text` matches. True where the pattern can't be matched: that fault is the form's, and was
/// named when the form was read.
[[nodiscard]] bool matches(const std::string& text, const std::string& pattern);

}  // namespace hailong::survey
