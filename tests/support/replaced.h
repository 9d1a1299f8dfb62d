// Texts with one thing changed, for tests of what is refused.
#pragma once

#include <string>

#include <gtest/gtest.h>

namespace hailong::tests {

/// `text` with its first `from`, which must be there, changed to `to`.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace hailong::tests
