// Words: every key that the kiosk uses exists in both languages, none is left over, and every character can be shown.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/glass/headless.h"

namespace hailong::kiosk {
namespace {

using glass::kiosk_texts;
using survey::Language;

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Keys that are put together while running: "trouble." and the name of what the store refuses (store_error.h).
const std::set<std::string> kBuiltKeys{"trouble.busy",    "trouble.full",  "trouble.read_only",  "trouble.io",
                                       "trouble.corrupt", "trouble.newer", "trouble.wrong_kiosk"};

/// Text literals in the kiosk's sources that look like a key, and those above.
std::set<std::string> keys_in_sources() {
    static const std::regex key("\"([a-z_]+\\.[a-z_0-9]+)\"");
    std::set<std::string> keys = kBuiltKeys;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(HAILONG_SOURCE_DIR) / "kiosk")) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
        const std::string source = read(entry.path());
        for (std::sregex_iterator match(source.begin(), source.end(), key), end; match != end; ++match) {
            keys.insert((*match)[1]);
        }
    }
    return keys;
}

std::set<std::string> keys_of(Language language) {
    std::set<std::string> keys;
    for (const auto& [key, unused] : kiosk_texts(language).all())
        keys.insert(key);
    return keys;
}

/// The names of the {placeholders} of a text.
std::multiset<std::string> placeholders(const std::string& text) {
    static const std::regex placeholder("\\{([a-z_]+)\\}");
    std::multiset<std::string> names;
    for (std::sregex_iterator match(text.begin(), text.end(), placeholder), end; match != end; ++match) {
        names.insert((*match)[1]);
    }
    return names;
}

TEST(Texts, EveryKeyExistsInBothLanguages) {
    EXPECT_EQ(keys_of(Language::vi), keys_of(Language::en));
}

TEST(Texts, BothLanguagesHaveTheSamePlaceholders) {
    for (const auto& [key, words] : kiosk_texts(Language::vi).all()) {
        EXPECT_EQ(placeholders(words), placeholders(std::string(kiosk_texts(Language::en).at(key)))) << key;
    }
}

TEST(Texts, NoneIsEmpty) {
    for (const Language language : survey::kLanguages) {
        for (const auto& [key, words] : kiosk_texts(language).all())
            EXPECT_FALSE(words.empty()) << key;
    }
}

TEST(Texts, EveryKeyThatAScreenAsksForExists) {
    const std::set<std::string> known = keys_of(Language::vi);
    std::set<std::string> groups;  // "attract" of "attract.invite": tells keys from file names and the like
    for (const std::string& key : known)
        groups.insert(key.substr(0, key.find('.')));
    for (const std::string& key : keys_in_sources()) {
        if (groups.contains(key.substr(0, key.find('.')))) {
            EXPECT_TRUE(known.contains(key)) << key;
        }
    }
}

TEST(Texts, NoKeyIsLeftOver) {
    const std::set<std::string> used = keys_in_sources();
    for (const std::string& key : keys_of(Language::vi))
        EXPECT_TRUE(used.contains(key)) << key << " is used nowhere";
}

TEST(Texts, EveryCharacterOfEveryAssetHasAGlyphInEverySize) {
    glass::HeadlessGlass glass(540, 960);
    const Fonts& fonts = glass.fonts();
    ASSERT_GT(glass::all_asset_texts().size(), keys_of(Language::vi).size() * 2);
    for (const std::string& text : glass::all_asset_texts()) {
        for (const ImFont* font : {fonts.hero, fonts.display, fonts.title, fonts.label, fonts.body, fonts.caption}) {
            EXPECT_THAT(missing_glyphs(*font, text), testing::IsEmpty()) << text;
        }
    }
}

}  // namespace
}  // namespace hailong::kiosk
