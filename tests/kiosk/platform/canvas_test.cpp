// The drawing canvas of the golden pictures is itself believed only as far as it is tested.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kiosk/widgets/painter.h"
#include "tests/support/glass/headless.h"
#include "tests/support/glass/pictures.h"

namespace hailong::glass {
namespace {

using kiosk::DrawContext;
using kiosk::rgb;

constexpr ImU32 kGround = kiosk::rgb(0xFAF6EF);

/// Paints raw draw-list commands on a panel of 216 x 384 pixels.
template <class Draw>
Image painted(Draw draw) {
    HeadlessGlass glass(216, 384);
    glass.frame([&](DrawContext& context) {
        const kiosk::Stage stage(context);
        draw(*ImGui::GetWindowDrawList());
    });
    return glass.picture();
}

TEST(Canvas, PaintsExactlyThePixelsOfARectangle) {
    const Image image = painted([](ImDrawList& list) { list.AddRectFilled({10, 20}, {14, 23}, rgb(0x112233)); });
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            const bool inside = x >= 10 && x < 14 && y >= 20 && y < 23;
            ASSERT_EQ(image.at(x, y), inside ? rgb(0x112233) : kGround) << x << "," << y;
        }
    }
}

TEST(Canvas, BlendsAndPaintsSharedEdgesOnce) {
    // Two triangles of one rectangle share a diagonal: with a half-transparent colour a pixel painted twice would show.
    const Image image = painted([](ImDrawList& list) {
        list.AddRectFilled({10, 10}, {40, 40}, IM_COL32(0, 0, 0, 128));
    });
    const ImU32 first = image.at(12, 11);
    EXPECT_NE(first, kGround);
    for (int y = 10; y < 40; ++y) {
        for (int x = 10; x < 40; ++x)
            ASSERT_EQ(image.at(x, y), first) << x << "," << y;
    }
}

TEST(Canvas, RespectsClipRectangles) {
    const Image image = painted([](ImDrawList& list) {
        list.PushClipRect({0, 0}, {20, 384}, true);
        list.AddRectFilled({10, 10}, {30, 30}, rgb(0x000000));
        list.PopClipRect();
    });
    EXPECT_EQ(image.at(19, 15), rgb(0x000000));
    EXPECT_EQ(image.at(20, 15), kGround);
}

TEST(Canvas, InterpolatesColours) {
    const Image image = painted([](ImDrawList& list) {
        list.AddRectFilledMultiColor({0, 0}, {100, 10}, rgb(0x000000), rgb(0xC80000), rgb(0xC80000), rgb(0x000000));
    });
    EXPECT_NEAR(static_cast<int>(image.at(50, 5) & 0xFFu), 101, 2);
    EXPECT_NEAR(static_cast<int>(image.at(99, 5) & 0xFFu), 199, 2);
}

TEST(Canvas, DrawsTextFromTheFontTexture) {
    const auto ink = [](const std::string& text) {
        const Image image = painted([&](ImDrawList& list) { list.AddText({20, 20}, rgb(0x000000), text.c_str()); });
        std::size_t dark = 0;
        for (int y = 0; y < image.height; ++y) {
            for (int x = 0; x < image.width; ++x)
                dark += (image.at(x, y) & 0xFFu) < 128 ? 1 : 0;
        }
        return dark;
    };
    EXPECT_EQ(ink("   "), 0U);
    EXPECT_GT(ink("iii"), 10U);
    EXPECT_GT(ink("MMM"), ink("iii"));
}

class Pictures : public testing::Test {
  protected:
    Pictures() : folder_(std::filesystem::temp_directory_path() / ("hailong_pictures_" + std::to_string(::getpid()))) {
        // The variable would turn every comparison here into an acceptance.
        const char* update = std::getenv("HAILONG_UPDATE_GOLDENS");
        if (update != nullptr) update_ = update;
        ::unsetenv("HAILONG_UPDATE_GOLDENS");
    }
    ~Pictures() override {
        if (update_) ::setenv("HAILONG_UPDATE_GOLDENS", update_->c_str(), 1);
        std::filesystem::remove_all(folder_);
    }
    std::filesystem::path folder_;
    std::optional<std::string> update_;
};

TEST_F(Pictures, SurviveAFile) {
    Image image(7, 5, rgb(0x204060));
    for (std::size_t i = 0; i < image.rgb.size(); ++i)
        image.rgb[i] = static_cast<std::uint8_t>(i * 7);
    ASSERT_TRUE(write_png(folder_ / "a.png", image));
    const auto again = read_png(folder_ / "a.png");
    ASSERT_TRUE(again) << again.error();
    EXPECT_EQ(*again, image);
}

TEST_F(Pictures, ThatCannotBeReadOrWrittenAreErrors) {
    EXPECT_FALSE(read_png(folder_ / "none.png"));
    ASSERT_TRUE(write_png(folder_ / "a.png", Image(2, 2, kGround)));
    std::ofstream(folder_ / "words.png") << "not a picture";
    EXPECT_FALSE(read_png(folder_ / "words.png"));
    EXPECT_FALSE(write_png(folder_ / "words.png" / "b.png", Image(2, 2, kGround)));
}

TEST_F(Pictures, MatchTheirGoldenOrTellWhere) {
    Image image(100, 100, rgb(0x808080));
    ::setenv("HAILONG_UPDATE_GOLDENS", "1", 1);
    EXPECT_FALSE(check_golden(image, "g", folder_, folder_ / "out"));
    ::unsetenv("HAILONG_UPDATE_GOLDENS");
    EXPECT_FALSE(check_golden(image, "g", folder_, folder_ / "out"));

    Image slightly = image;
    for (std::uint8_t& channel : slightly.rgb)
        channel = static_cast<std::uint8_t>(channel + 2);
    EXPECT_FALSE(check_golden(slightly, "g", folder_, folder_ / "out"));

    Image other = image;
    for (std::size_t i = 0; i < 60; ++i)
        other.rgb[i] = 0;  // twenty pixels
    const auto fault = check_golden(other, "g", folder_, folder_ / "out");
    ASSERT_TRUE(fault);
    EXPECT_NE(fault->find("20 pixels"), std::string::npos) << *fault;
    EXPECT_TRUE(std::filesystem::exists(folder_ / "out" / "g.actual.png"));
    EXPECT_TRUE(std::filesystem::exists(folder_ / "out" / "g.diff.png"));

    EXPECT_TRUE(check_golden(Image(100, 99, rgb(0x808080)), "g", folder_, folder_ / "out"));
    EXPECT_TRUE(check_golden(image, "unknown", folder_, folder_ / "out"));
}

}  // namespace
}  // namespace hailong::glass
