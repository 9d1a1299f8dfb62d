#include "kiosk/platform/picture.h"

#include <system_error>

#include <png.h>

namespace hailong::kiosk {

Expected<PictureData, std::string> read_picture(const std::filesystem::path& file) {
    const auto refused = [&](const std::string& why) {
        return unexpected(file.string() + ": " + why + "; give a PNG file of at most " +
                          std::to_string(kPictureSideMax) + " pixels a side");
    };
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(file, error);
    if (error) return refused("can't be read: " + error.message());
    if (bytes > kPictureBytesMax) return refused("is larger than 4 MiB");
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&png, file.c_str()) == 0) return refused(png.message);
    const auto side_max = static_cast<png_uint_32>(kPictureSideMax);
    if (png.width == 0 || png.height == 0 || png.width > side_max || png.height > side_max) {
        png_image_free(&png);
        return refused("is too large");
    }
    png.format = PNG_FORMAT_RGBA;
    PictureData picture;
    picture.width = static_cast<int>(png.width);
    picture.height = static_cast<int>(png.height);
    picture.rgba.resize(PNG_IMAGE_SIZE(png));
    if (png_image_finish_read(&png, nullptr, picture.rgba.data(), 0, nullptr) == 0) return refused(png.message);
    return picture;
}

}  // namespace hailong::kiosk
