// Pictures that people looked at and accepted, compared with what is drawn now.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "kiosk/gallery/canvas.h"
#include "survey/base/expected.h"

namespace hailong::glass {

using kiosk::Image;
using kiosk::paint;
using kiosk::write_png;

/// The error is a sentence that names the file.
[[nodiscard]] Expected<Image, std::string> read_png(const std::filesystem::path& path);

struct Difference {
    std::size_t pixels = 0;  // that differ by more than the tolerance in a channel
    int largest = 0;         // difference in a channel
    Image picture;           // the actual picture, pale, with the differing pixels in red
};
/// REQUIRES: equal sizes.
[[nodiscard]] Difference compare(const Image& expected, const Image& actual, int tolerance);

/// Flat colours as they are, the many colours of soft edges on 32 steps a channel: compresses to half, looks the same.
[[nodiscard]] Image coarse(const Image& image);

/// Compares the coarse picture with the golden picture `name` of `folder`; empty when it matches, else what is wrong.
/// With the environment variable HAILONG_UPDATE_GOLDENS=1 the golden is written instead. On a mismatch the actual
/// picture and the difference are written to `output`.
[[nodiscard]] std::optional<std::string> check_golden(const Image& picture, const std::string& name,
                                                      const std::filesystem::path& folder,
                                                      const std::filesystem::path& output);

}  // namespace hailong::glass
