// Every source and every text of this tree, held to the rules of the house.
#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>
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

/// tests/guards.txt, as scripts/guards reads it: what each guard changes.
struct Guard {
    std::string name;
    std::string file;
    std::string from;
    std::string program;
};
std::vector<Guard> guards(const std::string& text) {
    std::vector<Guard> list;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::string rest = line.size() > 2 ? line.substr(line.find(' ') + 1) : "";
        if (line.rfind("== ", 0) == 0) list.push_back({rest, "", "", ""});
        if (list.empty()) continue;
        if (line.rfind("in ", 0) == 0) list.back().file = rest;
        if (line.rfind("- ", 0) == 0) list.back().from += (list.back().from.empty() ? "" : "\n") + rest;
        if (line.rfind("by ", 0) == 0) list.back().program = rest.substr(0, rest.find(' '));
    }
    return list;
}

TEST(EveryGuard, StandsInTheFileThatItNames) {
    const auto text = survey::read_file(kTop / "tests/guards.txt");
    ASSERT_TRUE(text) << text.error();
    const std::vector<Guard> list = guards(*text);
    EXPECT_GT(list.size(), 20u);
    std::set<std::string> programs;
    for (const std::string& file : files_in("tests", {".txt"})) {
        const auto lists = survey::read_file(kTop / file);
        ASSERT_TRUE(lists) << lists.error();
        static const std::regex program(R"(hailong_test\(\s*(\w+))");
        for (std::sregex_iterator found(lists->begin(), lists->end(), program), end; found != end; ++found)
            programs.insert((*found)[1]);
    }
    for (const Guard& guard : list) {
        const auto source = survey::read_file(kTop / guard.file);
        ASSERT_TRUE(source) << guard.name << ": " << source.error();
        EXPECT_NE(source->find(guard.from), std::string::npos) << guard.name << ": no longer in " << guard.file;
        EXPECT_EQ(programs.count(guard.program), 1u) << guard.name << ": there is no test program " << guard.program;
    }
}

/// "Suite.Name" of every test in the sources.
std::set<std::string> tests_that_stand() {
    std::set<std::string> names;
    static const std::regex named(R"(^(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\(\s*(\w+),\s*(\w+))");
    for (const std::string& file : files_in("tests", {".cpp", ".h"})) {
        std::istringstream lines(survey::read_file(kTop / file).value_or(""));
        for (std::string line, next; std::getline(lines, line);) {
            if (line.rfind("TEST", 0) != 0 && line.rfind("RC_GTEST", 0) != 0) continue;
            if (line.find(')') == std::string::npos && std::getline(lines, next)) line += next;
            std::smatch found;
            if (std::regex_search(line, found, named)) names.insert(found[1].str() + "." + found[2].str());
        }
    }
    return names;
}

// A guard was broken by hand, and the test that noticed is named in tests/README.md: whoever changes the test must find
// it there again. A name that begins with a point is of the suite before it.
TEST(EveryGuard, IsNoticedByATestThatStands) {
    const std::set<std::string> known = tests_that_stand();
    EXPECT_GT(known.size(), 1'500u);
    const auto text = survey::read_file(kTop / "tests/README.md");
    ASSERT_TRUE(text) << text.error();
    static const std::regex named(R"(`(?:\w+/)?([A-Z]\w*)?\.([A-Z]\w*)(?:/\w+)*`)");
    std::size_t count = 0;
    std::string suite;
    for (std::sregex_iterator found(text->begin(), text->end(), named), end; found != end; ++found, ++count) {
        if ((*found)[1].matched) suite = (*found)[1];
        const std::string name = suite + "." + (*found)[2].str();
        EXPECT_EQ(known.count(name), 1u) << "tests/README.md names " << name << ", and no test has that name";
    }
    EXPECT_GT(count, 300u);
}

}  // namespace
}  // namespace hailong::house
