// What screens are built from: text that fits, grids, colours, shapes, faces, portraits.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kiosk/screens/asking.h"
#include "kiosk/theme/theme.h"
#include "kiosk/widgets/faces.h"
#include "kiosk/widgets/portraits.h"
#include "kiosk/widgets/rect.h"
#include "kiosk/widgets/shapes.h"
#include "kiosk/widgets/text.h"
#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::HeadlessGlass;
using testing::Each;
using testing::ElementsAre;
using testing::Le;
using testing::SizeIs;

TEST(Theme, EveryInkOnEverySurfaceHasTheContrastThatItsThemePromises) {
    for (const auto& [kind, least] : {std::pair{ThemeKind::light, 4.5}, std::pair{ThemeKind::high_contrast, 7.0}}) {
        const Theme& theme = theme_of(kind);
        EXPECT_EQ(theme.kind, kind);
        for (const Surface& surface : theme.surfaces()) {
            EXPECT_GE(contrast_ratio(surface.ink, surface.fill), least) << name(kind) << std::hex << surface.fill;
            EXPECT_GE(contrast_ratio(surface.muted, surface.fill), least) << name(kind) << std::hex << surface.fill;
            // The ring stands beside what is primary, never on it.
            if (surface.fill == theme.primary.fill) continue;
            EXPECT_GE(contrast_ratio(theme.focus, surface.fill), 3) << name(kind) << std::hex << surface.fill;
        }
        for (const ImU32 level : theme.levels)
            EXPECT_GE(contrast_ratio(theme.level_ink, level), least) << name(kind) << std::hex << level;
        EXPECT_GE(contrast_ratio(theme.level_ink, theme.level_none), least) << name(kind);
    }
}

TEST(Theme, ContrastIsThatOfTheGuidelines) {
    EXPECT_NEAR(contrast_ratio(rgb(0x000000), rgb(0xFFFFFF)), 21, 1e-9);
    EXPECT_NEAR(contrast_ratio(rgb(0x777777), rgb(0xFFFFFF)), 4.48, 0.005);  // a known near miss
    EXPECT_EQ(contrast_ratio(rgb(0x123456), rgb(0x123456)), 1);
}

TEST(Layout, ScalesByTheShortSideAndNeverToNothing) {
    const Layout portrait = layout_for(1080, 1920);
    EXPECT_EQ(portrait.scale, 1);
    EXPECT_EQ(portrait.height, 1920);
    EXPECT_TRUE(portrait.portrait());
    EXPECT_EQ(layout_for(1920, 1080).width, 1920);
    const Layout small = layout_for(1280, 800);
    EXPECT_NEAR(small.width, 1728, 0.01);
    EXPECT_NEAR(small.height, 1080, 0.01);
    EXPECT_FALSE(small.portrait());
    EXPECT_GT(layout_for(0, 0).scale, 0);
}

TEST(Layout, AsksForTwentyMillimetresOnEveryPanel) {
    for (const auto& [width, height] : {std::pair{1080.F, 1920.F}, std::pair{1920.F, 1080.F}, std::pair{1366.F, 768.F},
                                        std::pair{1280.F, 800.F}, std::pair{800.F, 480.F}}) {
        const Layout layout = layout_for(width, height);
        const float mm_per_px = usual_diagonal_mm(width, height) / std::hypot(width, height);
        EXPECT_GE(layout.target * layout.scale * mm_per_px, 20) << width;
        EXPECT_GE(layout.apart * layout.scale * mm_per_px, 3) << width;
    }
    EXPECT_GT(layout_for(800, 480).target, 230);  // a quarter of the height of a panel of seven inches
    EXPECT_TRUE(layout_for(800, 480).tight());
    EXPECT_FALSE(layout_for(1280, 800).tight());
    EXPECT_EQ(layout_for(Panel{1080, 1920, 2'000}).target, 90);  // a wall of a panel still has large targets
}

TEST(Layout, KeepsWhatIsTouchedWithinReachOfSomebodySeated) {
    const Layout seated = layout_for(1080, 1920, {.seated = true});
    EXPECT_TRUE(seated.seated());
    EXPECT_NEAR(seated.reach * 476 / 1920, 300, 2);  // the panel is 476 mm high
    EXPECT_EQ(seated.reach_top(), 1920 - seated.reach);
    EXPECT_FALSE(layout_for(1920, 1080, {.seated = true}).seated()) << "all of it is within reach";
    EXPECT_EQ(layout_for(1080, 1920).reach_top(), 0);
}

TEST(Grid, FillsRowsAndTurnsPagesWhenFull) {
    const Rect area{0, 0, 410, 320};
    const GridRule rule{.columns = 2, .cell_height_min = 100, .cell_height_max = 150, .gap = 10};
    const Grid one = arrange(area, 4, rule);
    EXPECT_EQ(one.pages, 1U);
    EXPECT_EQ(one.cell_height, 150);
    EXPECT_EQ(one.cell(3), (Rect{210, 160, 200, 150}));
    const Grid full = arrange(area, 6, rule);
    EXPECT_EQ(full.pages, 1U);
    EXPECT_EQ(full.cell_height, 100);
    const Grid many = arrange(area, 7, rule);
    EXPECT_EQ(many.pages, 2U);
    EXPECT_EQ(many.per_page(), 6U);
    EXPECT_EQ(arrange(area, 0, rule).pages, 1U);
    EXPECT_EQ(arrange({0, 0, 100, 10}, 3, rule).rows, 1U);
}

TEST(Text, WrapsWithinTheWidthAndKeepsEveryWord) {
    HeadlessGlass glass(540, 960);
    const DrawContext draw = glass.draw_context();
    const std::string text = "Ông/Bà có hài lòng về việc giải quyết thủ tục hôm nay không?";
    for (float width = 80; width < 1000; width += 37) {
        const auto lines = wrap(draw, TextStep::body, text, width);
        std::string joined;
        for (const std::string& line : lines) {
            joined += (joined.empty() ? "" : " ") + line;
            EXPECT_LE(text_width(draw, TextStep::body, line), width + 0.01F);
        }
        if (width > 250) {  // no word is wider than that
            EXPECT_EQ(joined, text);
        }
    }
}

TEST(Text, BreaksAWordOnlyWhenItIsWiderThanALine) {
    HeadlessGlass glass(540, 960);
    const DrawContext draw = glass.draw_context();
    const auto lines = wrap(draw, TextStep::body, "nghiêngnghiêngnghiêng", 150);
    EXPECT_GT(lines.size(), 1U);
    std::string joined;
    for (const std::string& line : lines)
        joined += line;
    EXPECT_EQ(joined, "nghiêngnghiêngnghiêng");
    EXPECT_FALSE(fits(draw, "nghiêngnghiêngnghiêng", TextStep::body, 150, 1'000));
}

TEST(Text, NeverLeavesADashAtTheStartOfALine) {
    HeadlessGlass glass(540, 960);
    const DrawContext draw = glass.draw_context();
    for (float width = 120; width < 700; width += 5) {
        for (const std::string& line : wrap(draw, TextStep::body, "Hướng dẫn - Thu phí – Trả kết quả · Khác", width)) {
            EXPECT_FALSE(line.starts_with("- ") || line.starts_with("– ") || line.starts_with("· ")) << line;
        }
    }
}

TEST(Text, KeepsLineFeedsAndNoBreakSpaces) {
    HeadlessGlass glass(540, 960);
    const DrawContext draw = glass.draw_context();
    EXPECT_THAT(wrap(draw, TextStep::body, "một\nhai", 900), ElementsAre("một", "hai"));
    EXPECT_THAT(wrap(draw, TextStep::body, "trên 90\u00a0%", text_width(draw, TextStep::body, "trên 90\u00a0") + 1),
                ElementsAre("trên", "90\u00a0%"));
}

TEST(Text, StepsDownUntilItFitsAndCutsOnlyAtTheEnd) {
    HeadlessGlass glass(540, 960);
    DrawContext draw = glass.draw_context();
    const std::string text = "Ông/Bà có hài lòng về việc giải quyết thủ tục hôm nay không?";
    const TextBlock large = fit_text(draw, text, TextStep::display, 950, 400);
    EXPECT_EQ(large.step, TextStep::display);
    const TextBlock small = fit_text(draw, text, TextStep::display, 950, 80);
    EXPECT_GT(small.step, TextStep::display);
    EXPECT_TRUE(glass.misfits().empty());
    const TextBlock cut = fit_text(draw, text, TextStep::display, 200, 80);
    EXPECT_TRUE(cut.lines.back().ends_with("…"));
    EXPECT_LE(cut.width, 200);
    EXPECT_LE(cut.height, 80);
    EXPECT_THAT(glass.misfits(), ElementsAre(text));
}

TEST(Text, WrittenLargeStepsDownToItsOrdinarySizeBeforeItIsCut) {
    HeadlessGlass ordinary(1080, 1920);
    const DrawContext as_usual = ordinary.draw_context();
    EXPECT_EQ(smallest_step(as_usual), TextStep::caption);
    const float caption_px = font_size_px(as_usual, TextStep::caption);
    for (const TextSize size : {TextSize::large, TextSize::largest}) {
        HeadlessGlass glass(1080, 1920, survey::Language::vi, {size, false});
        DrawContext draw = glass.draw_context();
        EXPECT_EQ(smallest_step(draw), TextStep::finest);
        EXPECT_NEAR(font_size_px(draw, TextStep::finest), caption_px, 1);
        for (const TextStep step : {TextStep::caption, TextStep::fine, TextStep::finer})
            EXPECT_GT(font_size_px(draw, step), font_size_px(draw, smaller(step)));
        const float width = text_width(as_usual, TextStep::caption, "Có thể chọn nhiều ý.") * 1.02F;
        const float height = line_height(as_usual, TextStep::caption) * 1.02F;
        EXPECT_EQ(fit_text(draw, "Có thể chọn nhiều ý.", TextStep::display, width, height).step, TextStep::finest);
        EXPECT_THAT(glass.misfits(), testing::IsEmpty());
    }
}

TEST(Text, BalancedLinesAreOfSimilarLength) {
    HeadlessGlass glass(540, 960);
    DrawContext draw = glass.draw_context();
    const TextBlock block =
        fit_text(draw, "Trung tâm Phục vụ hành chính công phường Bình Minh", TextStep::body, 700, 200);
    ASSERT_THAT(block.lines, SizeIs(2));
    EXPECT_GT(text_width(draw, TextStep::body, block.lines[1]), 0.6F * block.width);
}

TEST(Text, OneSizeForAllThatStandSideBySide) {
    HeadlessGlass glass(540, 960);
    const DrawContext draw = glass.draw_context();
    const std::string_view words[] = {"Có", "Hơn một lần, do tôi nộp thiếu hoặc sai giấy tờ"};
    const TextStep step = common_step(draw, words, TextStep::title, 500, 100);
    EXPECT_GT(step, TextStep::title);
    for (const std::string_view text : words)
        EXPECT_TRUE(fits(draw, text, step, 500, 100));
}

TEST(WordGrids, AreChosenForFingersFirstThenForWholeWordsThenForFewPages) {
    const WordGrid good;
    WordGrid low = good;
    low.large_enough = false;
    WordGrid broken = good;
    broken.whole = false;
    WordGrid paged = good;
    paged.paged.grid.pages = 2;
    WordGrid small = good;
    small.step = TextStep::finer;
    for (const Paging paging : {Paging::avoided, Paging::accepted}) {
        EXPECT_TRUE(is_better(broken, low, paging));
        EXPECT_TRUE(is_better(paged, broken, paging));
        EXPECT_TRUE(is_better(good, paged, paging));
        EXPECT_TRUE(is_better(good, small, paging));
        EXPECT_FALSE(is_better(good, good, paging)) << "the first of equals stays";
    }
    EXPECT_TRUE(is_better(small, paged, Paging::avoided)) << "answers to be compared stand on one page";
    EXPECT_TRUE(is_better(paged, small, Paging::accepted)) << "a list is read in the size that was asked for";
}

TEST(Shapes, CutKeepsWhatLiesOnTheLeft) {
    const Outline square{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    const Outline upper = cut(square, {0, 4}, {10, 4});  // walking right, the left hand points up
    for (const Point point : upper)
        EXPECT_LE(point.y, 4);
    EXPECT_THAT(upper, SizeIs(4));
    EXPECT_TRUE(cut(square, {0, -1}, {10, -1}).empty());
    EXPECT_THAT(cut(square, {0, 11}, {10, 11}), SizeIs(4));
}

TEST(Shapes, WithinStaysInsideTheFrame) {
    const Outline frame = ellipse({0, 0}, 10, 10);
    const Outline kept = within(ellipse({8, 0}, 10, 10), frame);
    ASSERT_FALSE(kept.empty());
    for (const Point point : kept)
        EXPECT_LE(std::hypot(point.x, point.y), 10.01F);
    EXPECT_TRUE(within(ellipse({40, 0}, 5, 5), frame).empty());
}

TEST(Faces, EveryIconOfTheScalesHasOneAndNoOtherWordHas) {
    EXPECT_EQ(face_of("face_5"), Face::very_happy);
    EXPECT_EQ(face_of("face_1"), Face::very_unhappy);
    EXPECT_EQ(face_of("face_very_happy"), Face::very_happy);
    EXPECT_EQ(face_of("face_happy"), Face::happy);
    EXPECT_EQ(face_of("face_sad"), Face::unhappy);
    EXPECT_FALSE(face_of(""));
    EXPECT_FALSE(face_of("face_6"));
}

/// Dark pixels of a face without its colour: what is left for someone who sees no colours.
std::vector<bool> features(Face face) {
    HeadlessGlass glass(540, 960);
    glass.frame([&](DrawContext& draw) {
        Stage stage(draw);
        draw_face(stage.paint, face, {540, 540}, 200);
    });
    const glass::Image picture = glass.picture();
    std::vector<bool> dark;
    for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
        dark.push_back(picture.rgb[i] + picture.rgb[i + 1] + picture.rgb[i + 2] < 250);
    }
    return dark;
}

TEST(Faces, AreToldApartWithoutColour) {
    const Face faces[] = {Face::very_unhappy, Face::unhappy, Face::neutral, Face::happy, Face::very_happy};
    std::vector<std::vector<bool>> all;
    for (const Face face : faces)
        all.push_back(features(face));
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t k = i + 1; k < all.size(); ++k) {
            std::size_t shared = 0;
            std::size_t either = 0;
            for (std::size_t p = 0; p < all[i].size(); ++p) {
                shared += all[i][p] && all[k][p] ? 1 : 0;
                either += all[i][p] || all[k][p] ? 1 : 0;
            }
            EXPECT_LT(static_cast<double>(shared), 0.75 * static_cast<double>(either)) << i << " and " << k;
        }
    }
}

TEST(Portraits, AreSixteenDifferentOnesAndWrapAround) {
    HeadlessGlass glass(540, 960);
    const auto picture = [&](std::int64_t number) {
        glass.frame([&](DrawContext& draw) {
            Stage stage(draw);
            draw_portrait(stage.paint, number, {300, 300}, 120);
        });
        return glass.picture();
    };
    std::vector<glass::Image> all;
    for (std::int64_t i = 0; i < kPortraitCount; ++i)
        all.push_back(picture(i));
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t k = i + 1; k < all.size(); ++k) {
            EXPECT_GT(glass::compare(all[i], all[k], 12).pixels, 1'000U) << i << " and " << k;
        }
    }
    EXPECT_EQ(picture(kPortraitCount + 3), all[3]);
    EXPECT_EQ(picture(-1), all[15]);
}

TEST(OptionColours, FollowTheRankAndGreyOutTheExcluded) {
    const Theme& light = theme_of(ThemeKind::light);
    std::vector<survey::Option> points(4);
    points[0].points = 2;
    points[1].points = 1;
    points[2].points = 0;
    points[3].excluded = true;
    EXPECT_EQ(option_colour(light, points, 0), light.levels[4]);
    EXPECT_EQ(option_colour(light, points, 1), light.levels[2]);
    EXPECT_EQ(option_colour(light, points, 2), light.levels[0]);
    EXPECT_EQ(option_colour(light, points, 3), light.level_none);
    std::vector<survey::Option> faces(1);
    faces[0].icon = "face_1";
    EXPECT_EQ(option_colour(light, faces, 0), light.levels[0]);
}

}  // namespace
}  // namespace hailong::kiosk
