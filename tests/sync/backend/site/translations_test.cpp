#include "sync/backend/site/translations.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace hailong::sync {
namespace {

using survey::Language;

class TranslationsTest : public ::testing::Test {
  protected:
    Expected<Translations, std::string> load(const std::string& vi, const std::string& en) {
        std::ofstream(folder_.path() / "web.vi.json") << vi;
        std::ofstream(folder_.path() / "web.en.json") << en;
        return load_translations(folder_.path());
    }
    hailong::tests::TemporaryFolder folder_;
};

TEST_F(TranslationsTest, AreComposedAndWithoutAByteOrderMark) {
    const auto loaded = load("\xef\xbb\xbf{\"a\":\"Ha\u0300i\"}", "{\"a\":\"Pleased\"}");
    ASSERT_TRUE(loaded) << loaded.error();
    EXPECT_EQ(loaded->messages[0].at("a"), "Hài");
}

TEST_F(TranslationsTest, NameWhatIsMisspelled) {
    const auto key = load("{\"resuls.title\":\"x\"}", "{\"results.title\":\"x\"}");
    ASSERT_FALSE(key);
    EXPECT_NE(key.error().find("web.vi.json: resuls.title: does not stand in web.en.json"), std::string::npos)
        << key.error();
    const auto more = load("{\"a\":\"x\"}", "{\"a\":\"x\",\"b\":\"x\"}");
    ASSERT_FALSE(more);
    EXPECT_NE(more.error().find("web.en.json: b: "), std::string::npos) << more.error();
    const auto placeholder = load("{\"a\":\"{cuont} phiếu\"}", "{\"a\":\"{count} ratings\"}");
    ASSERT_FALSE(placeholder);
    EXPECT_NE(placeholder.error().find("a: has other {placeholders}"), std::string::npos) << placeholder.error();
    const auto letter = load("{\"a\":\"Ðạt\"}", "{\"a\":\"x\"}");
    ASSERT_FALSE(letter);
    EXPECT_NE(letter.error().find("web.vi.json: a: holds U+00D0"), std::string::npos) << letter.error();
}

}  // namespace
}  // namespace hailong::sync
