// Paints Dear ImGui's draw data on the CPU, so that a test can look at a screen without a window; reads, writes and
// compares PNG files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <imgui.h>

#include "survey/expected.h"

namespace hailong::glass {

/// Rows of red, green, blue; opaque.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;
    bool operator==(const Image&) const = default;

    Image() = default;
    Image(int w, int h, ImU32 colour);
    [[nodiscard]] ImU32 at(int x, int y) const;
};

/// Triangles with interpolated colour, the font texture sampled as OpenGL does with linear filtering, alpha blending,
/// clip rectangles.
[[nodiscard]] Image paint(const ImDrawData& data, ImFontAtlas& atlas, ImU32 ground);

/// The error is a sentence that names the file.
[[nodiscard]] Expected<Image, std::string> read_png(const std::filesystem::path& path);
[[nodiscard]] Expected<void, std::string> write_png(const std::filesystem::path& path, const Image& image);

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
