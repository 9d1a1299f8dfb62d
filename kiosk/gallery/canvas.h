// Paints Dear ImGui's draw data on the CPU, so that a screen can be looked at without a window; writes PNG files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <imgui.h>

#include "survey/base/expected.h"

namespace hailong::kiosk {

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

/// Makes the folder when need be. The error is a sentence that names the file.
[[nodiscard]] Expected<void, std::string> write_png(const std::filesystem::path& path, const Image& image);

}  // namespace hailong::kiosk
