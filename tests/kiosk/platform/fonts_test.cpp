#include "kiosk/platform/fonts.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "kiosk/theme/theme.h"

namespace hailong::kiosk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A folder for one test's files.
class Fonts : public testing::Test {
  protected:
    Fonts() : folder_(std::filesystem::temp_directory_path() / ("hailong_fonts_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~Fonts() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path write(const std::string& name, const std::string& content) {
        std::ofstream(folder_ / name, std::ios::binary) << content;
        return folder_ / name;
    }
    static std::string read(const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::filesystem::path folder_;
};

TEST_F(Fonts, AreFoundOnThisSystem) {
    const auto files = find_fonts();
    ASSERT_TRUE(files) << files.error().what;
    EXPECT_TRUE(std::filesystem::exists(files->strong));
    EXPECT_TRUE(std::filesystem::exists(files->regular));
}

TEST_F(Fonts, MissingOnesAreAnErrorWithAPackageName) {
    const auto files = find_fonts({{folder_ / "none.otf", folder_ / "none.otf"}});
    ASSERT_FALSE(files);
    EXPECT_THAT(files.error().what, HasSubstr(folder_.string()));
    EXPECT_THAT(files.error().remedy, HasSubstr("fonts-inter"));
    EXPECT_FALSE(find_fonts({}));
}

TEST_F(Fonts, TheNextCandidateIsTakenWhenTheFirstIsMissing) {
    const auto good = find_fonts();
    ASSERT_TRUE(good);
    EXPECT_EQ(find_fonts({{folder_ / "none.otf", folder_ / "none.otf"}, *good}), *good);
}

// Dear ImGui aborts on each of these.
TEST_F(Fonts, DamagedFilesAreRefusedNotAborted) {
    const auto good = find_fonts();
    ASSERT_TRUE(good);
    const std::string bytes = read(good->strong);
    const auto without = [&](const std::string& table) {  // the table is there, but under another name
        std::string changed = bytes;
        return changed.replace(changed.find(table), table.size(), "none");
    };
    const std::filesystem::path damaged[] = {write("empty.otf", ""),
                                             write("words.otf", "not a font at all, only words"),
                                             write("header.otf", bytes.substr(0, 12)),
                                             write("half.otf", bytes.substr(0, bytes.size() / 2)),
                                             write("zeros.otf", std::string(4'096, '\0')),
                                             write("no_cmap.otf", without("cmap")),
                                             write("no_head.otf", without("head")),
                                             write("no_outlines.otf", without("CFF "))};
    for (const auto& path : damaged) {
        EXPECT_FALSE(find_fonts({{path, good->regular}})) << path;
        ImFontAtlas atlas;
        const auto fonts = load_fonts(atlas, Layout{}, {path, good->regular}, {});
        ASSERT_FALSE(fonts) << path;
        EXPECT_THAT(fonts.error().what, HasSubstr(path.string()));
        EXPECT_FALSE(fonts.error().remedy.empty());
    }
}

TEST_F(Fonts, BothFamiliesShowVietnameseAndPunctuation) {
    const std::string text = "Ằẳẵặ Ỹỵ Đđ Ưữ 1.234 ₫ – — … “a” ‘b’ 95\u00a0% · №";
    for (const FontFiles& files : font_candidates()) {
        const auto usable = find_fonts({files});
        ASSERT_TRUE(usable) << files.strong;
        ImFontAtlas atlas;
        const std::string_view texts[] = {"№"};
        const auto fonts = load_fonts(atlas, layout_for(540, 960), files, texts);
        ASSERT_TRUE(fonts) << fonts.error().what;
        EXPECT_THAT(missing_glyphs(*fonts->caption, text), IsEmpty()) << files.strong;
        EXPECT_THAT(missing_glyphs(*fonts->display, text), IsEmpty()) << files.strong;
        EXPECT_THAT(missing_glyphs(*fonts->hero, "Rate №1: 95\u00a0% · “a”"), IsEmpty()) << "what the texts need";
    }
}

TEST_F(Fonts, SizesFollowThePanel) {
    const auto files = find_fonts();
    ASSERT_TRUE(files);
    for (const float scale : {0.5F, 1.F, 2.F}) {
        ImFontAtlas atlas;
        Layout layout;
        layout.scale = scale;
        const auto fonts = load_fonts(atlas, layout, *files, {});
        ASSERT_TRUE(fonts);
        EXPECT_EQ(fonts->display->FontSize, std::round(theme::kDisplaySize * scale));
        EXPECT_EQ(fonts->caption->FontSize, std::round(theme::kCaptionSize * scale));
    }
}

TEST_F(Fonts, MissingGlyphsAreReportedOnceAndInOrder) {
    const auto files = find_fonts();
    ASSERT_TRUE(files);
    ImFontAtlas atlas;
    const auto fonts = load_fonts(atlas, layout_for(540, 960), *files, {});
    ASSERT_TRUE(fonts);
    EXPECT_THAT(missing_glyphs(*fonts->body, "Xin chào\nÔng/Bà"), IsEmpty());
    EXPECT_THAT(missing_glyphs(*fonts->body, "中a中文"), ElementsAre(U'中', U'文'));
    EXPECT_THAT(missing_glyphs(*fonts->body, "😀"), testing::SizeIs(1));
    EXPECT_THAT(missing_glyphs(*fonts->body, "a\xFF"), testing::SizeIs(1));  // not UTF-8
}

TEST_F(Fonts, DecomposedTextIsReportedEvenWhenItWasAskedFor) {
    const auto files = find_fonts();
    ASSERT_TRUE(files);
    ImFontAtlas atlas;
    const std::string_view decomposed = "Ti\u00ea\u0301ng Vi\u00ea\u0323t";  // NFD: marks as characters of their own
    const std::string_view texts[] = {decomposed};
    const auto fonts = load_fonts(atlas, layout_for(540, 960), *files, texts);
    ASSERT_TRUE(fonts);
    EXPECT_THAT(missing_glyphs(*fonts->body, decomposed), ElementsAre(U'\u0301', U'\u0323'));
}

TEST_F(Fonts, AreFoundSomehowWhereTheWantedOnesAreMissing) {
    const FoundFonts wanted = find_some_fonts(font_candidates(), kSystemFonts);
    EXPECT_EQ(wanted.choice, FontChoice::wanted);
    EXPECT_EQ(wanted.files, *find_fonts());

    const FoundFonts other = find_some_fonts({}, kSystemFonts);
    EXPECT_EQ(other.choice, FontChoice::other);
    EXPECT_FALSE(other.files.strong.empty());

    const FoundFonts none = find_some_fonts({}, folder_ / "nothing here");
    EXPECT_EQ(none.choice, FontChoice::built_in);
    ImFontAtlas atlas;
    const auto fonts = load_fonts(atlas, layout_for(1080, 1920), none.files, {});
    ASSERT_TRUE(fonts) << fonts.error().what;
    EXPECT_TRUE(atlas.IsBuilt());
    EXPECT_THAT(missing_glyphs(*fonts->hero, "Rate 95%"), IsEmpty());
    EXPECT_EQ(fonts->label->FontSize, theme::kLabelSize);
}

}  // namespace
}  // namespace hailong::kiosk
