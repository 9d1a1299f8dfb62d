// A picture from a PNG file: the center's emblem.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "survey/base/expected.h"

namespace hailong::kiosk {

/// Rows of red, green, blue, alpha; not premultiplied.
struct PictureData {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;
};

/// The longest side taken: an emblem is shown at 150 pixels at most, and a larger picture only takes memory.
inline constexpr int kPictureSideMax = 1'024;
inline constexpr std::uintmax_t kPictureBytesMax = 4 << 20;

/// The error is a sentence that names the file and what to do.
[[nodiscard]] Expected<PictureData, std::string> read_picture(const std::filesystem::path& file);

}  // namespace hailong::kiosk
