// The corpus of every fuzz target, replayed: what was once found is never found again, and every target can be entered.
#include <filesystem>
#include <ostream>

#include <gtest/gtest.h>

#include "survey/base/host.h"
#include "tests/fuzz/targets.h"

namespace hailong::fuzz {

void PrintTo(const Target& target, std::ostream* out);  // GoogleTest looks for it beside the type
void PrintTo(const Target& target, std::ostream* out) {
    *out << target.name;
}

namespace {

namespace fs = std::filesystem;

class Corpus : public testing::TestWithParam<Target> {};

TEST_P(Corpus, KeepsItsPromises) {
    std::size_t inputs = 0;
    for (const auto& entry :
         fs::directory_iterator(fs::path(HAILONG_SOURCE_DIR) / "tests/fuzz/corpus" / GetParam().name)) {
        SCOPED_TRACE(entry.path().string());
        const auto input = survey::read_file(entry.path());
        ASSERT_TRUE(input) << input.error();
        GetParam().run(*input);
        for (std::size_t size = 0; size < input->size(); size += 1 + input->size() / 64)
            GetParam().run(std::string_view(*input).substr(0, size));
        ++inputs;
    }
    EXPECT_GE(inputs, 2u) << "a target without seeds finds nothing";
    GetParam().run({});
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpus, testing::ValuesIn(kTargets),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace hailong::fuzz
