#include "tests/support/glass/pictures.h"

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

#include <png.h>

namespace hailong::glass {

Expected<Image, std::string> read_png(const std::filesystem::path& path) {
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&png, path.c_str()) == 0) {
        return unexpected("can't read " + path.string() + ": " + png.message);
    }
    png.format = PNG_FORMAT_RGB;
    Image image;
    image.width = static_cast<int>(png.width);
    image.height = static_cast<int>(png.height);
    image.rgb.resize(PNG_IMAGE_SIZE(png));
    if (png_image_finish_read(&png, nullptr, image.rgb.data(), 0, nullptr) == 0) {
        return unexpected("can't read " + path.string() + ": " + png.message);
    }
    return image;
}

Image coarse(const Image& image) {
    constexpr std::size_t kFlatFrom = 200;  // pixels of one colour: a ground or a stroke, not the edge of a letter
    constexpr int kSteps = 31;
    const auto colour_at = [&](std::size_t i) {
        return static_cast<std::uint32_t>(image.rgb[i] << 16 | image.rgb[i + 1] << 8 | image.rgb[i + 2]);
    };
    std::unordered_map<std::uint32_t, std::size_t> counts;
    for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3)
        ++counts[colour_at(i)];
    Image result = image;
    for (std::size_t i = 0; i + 2 < image.rgb.size(); i += 3) {
        if (counts[colour_at(i)] >= kFlatFrom) continue;
        for (std::size_t c = i; c < i + 3; ++c) {
            const int step = (image.rgb[c] * kSteps + 127) / 255;
            result.rgb[c] = static_cast<std::uint8_t>((step * 255 + kSteps / 2) / kSteps);
        }
    }
    return result;
}

Difference compare(const Image& expected, const Image& actual, int tolerance) {
    Difference result;
    result.picture = actual;
    for (std::size_t i = 0; i + 2 < actual.rgb.size(); i += 3) {
        int largest = 0;
        for (std::size_t c = 0; c < 3; ++c) {
            largest = std::max(largest,
                               std::abs(static_cast<int>(expected.rgb[i + c]) - static_cast<int>(actual.rgb[i + c])));
            result.picture.rgb[i + c] = static_cast<std::uint8_t>(170 + actual.rgb[i + c] / 3);
        }
        result.largest = std::max(result.largest, largest);
        if (largest <= tolerance) continue;
        ++result.pixels;
        result.picture.rgb[i] = 220;
        result.picture.rgb[i + 1] = 0;
        result.picture.rgb[i + 2] = 0;
    }
    return result;
}

std::optional<std::string> check_golden(const Image& picture, const std::string& name,
                                        const std::filesystem::path& folder, const std::filesystem::path& output) {
    constexpr int kTolerance = 9;           // one coarse step: another compiler may round another way
    constexpr std::size_t kPixelsMax = 12;  // and put a few edge pixels on the other side
    const Image actual = coarse(picture);
    const std::filesystem::path golden = folder / (name + ".png");
    const char* update = std::getenv("HAILONG_UPDATE_GOLDENS");
    if (update != nullptr && std::string(update) == "1") {
        if (const auto written = write_png(golden, actual); !written) return written.error();
        return std::nullopt;
    }
    const std::filesystem::path shown = output / (name + ".actual.png");
    const auto keep_actual = [&]() -> std::string {
        const auto written = write_png(shown, actual);
        return written ? "; look at " + shown.string() : "; " + written.error();
    };
    const auto expected = read_png(golden);
    if (!expected) return expected.error() + keep_actual();
    if (expected->width != actual.width || expected->height != actual.height) {
        return name + ": the golden is " + std::to_string(expected->width) + "x" + std::to_string(expected->height) +
               ", the picture " + std::to_string(actual.width) + "x" + std::to_string(actual.height) + keep_actual();
    }
    const Difference difference = compare(*expected, actual, kTolerance);
    if (difference.pixels <= kPixelsMax) return std::nullopt;
    const auto written = write_png(output / (name + ".diff.png"), difference.picture);
    return name + ": " + std::to_string(difference.pixels) + " pixels differ, by up to " +
           std::to_string(difference.largest) + keep_actual() + (written ? "" : "; " + written.error()) +
           "; if the change is meant, run again with HAILONG_UPDATE_GOLDENS=1";
}

}  // namespace hailong::glass
