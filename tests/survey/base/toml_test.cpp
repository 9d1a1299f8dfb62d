#include "survey/base/toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailong::survey {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Each as "place: what".
std::vector<std::string> lines(const Faults& faults) {
    std::vector<std::string> all;
    for (const Fault& fault : faults) {
        EXPECT_FALSE(fault.remedy.empty()) << fault.place;
        all.push_back(fault.place + ": " + fault.what);
    }
    return all;
}

TEST(Toml, GivesEachSettingWithItsKind) {
    const auto root = parse_toml("name = \"Hài Lòng\"\ncount = -3\non = true\n[window]\nwidth = 800\n");
    ASSERT_TRUE(root) << describe(root.error());
    Faults faults;
    TomlReader reader(*root, "", faults);
    EXPECT_EQ(reader.required_text("name", "name it"), "Hài Lòng");
    EXPECT_EQ(reader.integer("count", 0, -3, 3), -3);
    EXPECT_TRUE(reader.boolean("on", false));
    const TomlTable* window = reader.table("window");
    ASSERT_NE(window, nullptr);
    TomlReader inner(*window, "window.", faults);
    EXPECT_EQ(inner.integer("width", 0, 1, 1'000), 800);
    inner.refuse_unknown();
    reader.refuse_unknown();
    EXPECT_THAT(faults, IsEmpty());
}

TEST(Toml, TakesWhatIsMissingFromTheCaller) {
    const TomlTable nothing;
    Faults faults;
    TomlReader reader(nothing, "", faults);
    EXPECT_EQ(reader.text("name"), "");
    EXPECT_EQ(reader.filled_text("name"), "");
    EXPECT_EQ(reader.integer("count", 7, 1, 9), 7);
    EXPECT_TRUE(reader.boolean("on", true));
    EXPECT_EQ(reader.table("window"), nullptr);
    EXPECT_FALSE(reader.has("name"));
    EXPECT_THAT(faults, IsEmpty());
}

TEST(Toml, NamesEveryFaultWithItsLineAndPlace) {
    const auto root = parse_toml(
        "name = 7\nempty = \"\"\ncount = 10\nhalf = 1.5\non = \"yes\"\nwindow = 3\n[more]\nextra = 2026-11-22\n");
    ASSERT_TRUE(root) << describe(root.error());
    Faults faults;
    TomlReader reader(*root, "", faults);
    (void)reader.text("name");
    EXPECT_EQ(reader.text("empty"), "") << "no fault where it may be empty";
    (void)reader.filled_text("empty");
    EXPECT_EQ(reader.integer("count", 5, 1, 9, "in seconds"), 5);
    EXPECT_EQ(faults.back().remedy, "write such a number, in seconds");
    (void)reader.integer("half", 5, 1, 9);
    EXPECT_TRUE(reader.boolean("on", true));
    EXPECT_EQ(reader.table("window"), nullptr);
    TomlReader more(*reader.table("more"), "more.", faults);
    (void)more.required_text("needed", "add it");
    more.refuse_unknown();
    EXPECT_THAT(lines(faults), ElementsAre("line 1: name: is not text", "line 2: empty: is empty",
                                           "line 3: count: is not a whole number from 1 to 9",
                                           "line 4: half: is not a whole number from 1 to 9",
                                           "line 5: on: is neither true nor false", "line 6: window: is not a table",
                                           "more.needed: is missing", "line 8: more.extra: is not a known key"));
}

TEST(Toml, NamesTheLineOfABrokenText) {
    const auto broken = parse_toml("a = 1\nb = ");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().front().place, "line 2");
}

}  // namespace
}  // namespace hailong::survey
