// Every source and every text of this tree, held to the rules of the house.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "tests/house/house_rules.h"

namespace hailong::house {
namespace {

namespace fs = std::filesystem;

const fs::path kTop = HAILONG_SOURCE_DIR;

std::vector<std::string> files_in(const char* folder, const std::vector<std::string>& extensions) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(kTop / folder)) {
        const bool wanted =
            std::find(extensions.begin(), extensions.end(), entry.path().extension()) != extensions.end();
        if (entry.is_regular_file() && wanted) files.push_back(entry.path().lexically_relative(kTop).string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

class EverySourceOf : public testing::TestWithParam<const char*> {};

TEST_P(EverySourceOf, KeepsTheRulesOfTheHouse) {
    const std::vector<std::string> files = files_in(GetParam(), {".h", ".cpp"});
    EXPECT_GT(files.size(), 15u) << "the walk through " << GetParam() << " finds too little to be believed";
    for (const std::string& file : files) {
        const auto text = survey::read_file(kTop / file);
        ASSERT_TRUE(text) << text.error();
        EXPECT_EQ(describe(check_source(file, *text)), "");
    }
}

INSTANTIATE_TEST_SUITE_P(House, EverySourceOf, testing::Values("survey", "kiosk", "sync", "tests"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(EveryText, IsComposed) {
    const std::vector<std::string> files = files_in("assets", {".json", ".md", ".html", ".mustache", ".css", ".toml"});
    EXPECT_GE(files.size(), 12u);
    for (const std::string& file : files) {
        const auto text = survey::read_file(kTop / file);
        ASSERT_TRUE(text) << text.error();
        EXPECT_EQ(describe(check_composed(file, *text)), "");
    }
}

}  // namespace
}  // namespace hailong::house
