// The pictures of screens that people looked at and accepted (tests/kiosk/screens/golden).
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/glass/headless.h"

namespace hailong::kiosk {

/// Holds what the glass shows to the picture `name`. One that differs is left, with the difference, in the folder
/// `golden` of the build.
inline void expect_golden(const glass::HeadlessGlass& glass, const std::string& name) {
    const auto folder = std::filesystem::path(HAILONG_SOURCE_DIR) / "tests/kiosk/screens/golden";
    const auto output = std::filesystem::path(HAILONG_BINARY_DIR) / "golden";
    const auto fault = glass::check_golden(glass.picture(), name, folder, output);
    EXPECT_FALSE(fault.has_value()) << *fault;
}

}  // namespace hailong::kiosk
