#include "kiosk/platform/picture.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/gallery/canvas.h"
#include "kiosk/theme/theme.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

using testing::HasSubstr;

TEST(EmblemFile, IsReadWithItsSize) {
    const tests::TemporaryFolder folder;
    ASSERT_TRUE(write_png(folder.path() / "emblem.png", Image(3, 2, rgb(0x0E5F63))));
    const auto picture = read_picture(folder.path() / "emblem.png");
    ASSERT_TRUE(picture) << picture.error();
    EXPECT_EQ(picture->width, 3);
    EXPECT_EQ(picture->height, 2);
    ASSERT_EQ(picture->rgba.size(), 24U);
    EXPECT_EQ(picture->rgba[0], 0x0E);
    EXPECT_EQ(picture->rgba[3], 0xFF);
}

TEST(EmblemFile, ThatCantBeUsedIsNamedWithWhatToDo) {
    const tests::TemporaryFolder folder;
    ASSERT_TRUE(write_png(folder.path() / "wide.png", Image(kPictureSideMax + 1, 1, rgb(0))));
    ASSERT_TRUE(write_png(folder.path() / "cut.png", Image(300, 300, rgb(0x123456))));
    std::filesystem::resize_file(folder.path() / "cut.png", 60);
    std::ofstream(folder.path() / "no.png") << "GIF89a";
    std::ofstream(folder.path() / "huge.png") << "x";
    std::filesystem::resize_file(folder.path() / "huge.png", kPictureBytesMax + 1);
    for (const char* name : {"wide.png", "cut.png", "no.png", "huge.png", "none.png"}) {
        const auto picture = read_picture(folder.path() / name);
        ASSERT_FALSE(picture) << name;
        EXPECT_THAT(picture.error(), HasSubstr(name));
        EXPECT_THAT(picture.error(), HasSubstr("give a PNG file"));
    }
}

}  // namespace
}  // namespace hailong::kiosk
