// A file of texts that is missing, broken or not whole never stops the terminal.
#include "kiosk/app/texts.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/glass/headless.h"
#include "tests/support/sample.h"
#include "tests/support/temporary_folder.h"

namespace hailong::kiosk {
namespace {

class TextsTest : public testing::Test {
  protected:
    TextsTest() {
        write("kiosk.vi.json", tests::read_asset("i18n/kiosk.vi.json"));
        write("kiosk.en.json", tests::read_asset("i18n/kiosk.en.json"));
    }
    void write(const std::string& name, const std::string& text) { std::ofstream(folder / name) << text; }

    tests::TemporaryFolder folder;
};

TEST_F(TextsTest, AreTheShippedOnesWhereTheFilesAreWhole) {
    const LoadedTexts loaded = load_texts(folder.path());
    EXPECT_TRUE(loaded.troubles.empty());
    EXPECT_EQ(loaded.texts.vi.all(), glass::kiosk_texts(survey::Language::vi).all());
}

TEST_F(TextsTest, AreBuiltInWhereAFileIsMissing) {
    std::filesystem::remove(folder / "kiosk.vi.json");
    const LoadedTexts loaded = load_texts(folder.path());
    EXPECT_EQ(loaded.texts.vi.all(), builtin_texts().vi.all());
    ASSERT_EQ(loaded.troubles.size(), 1u);
    EXPECT_NE(loaded.troubles[0].find("kiosk.vi.json"), std::string::npos);
}

TEST_F(TextsTest, AreBuiltInWhereAFileIsBroken) {
    for (const char* broken : {"", "{", "[]", "{\"thanks.title\": 5}", "\xff\xfe"}) {
        write("kiosk.en.json", broken);
        const LoadedTexts loaded = load_texts(folder.path());
        EXPECT_EQ(loaded.texts.en.all(), builtin_texts().en.all()) << broken;
        EXPECT_EQ(loaded.troubles.size(), 1u) << broken;
    }
}

TEST_F(TextsTest, TakeWhatAFileHasAndTheRestFromTheBuiltInOnes) {
    write("kiosk.vi.json", R"({"thanks.title": "Cảm ơn nhiều"})");
    const LoadedTexts loaded = load_texts(folder.path());
    EXPECT_EQ(loaded.texts.vi.at("thanks.title"), "Cảm ơn nhiều");
    EXPECT_EQ(loaded.texts.vi.at("attract.start"), builtin_texts().vi.at("attract.start"));
    ASSERT_EQ(loaded.troubles.size(), 1u) << "one for the file, not one for each key";
}

}  // namespace
}  // namespace hailong::kiosk
