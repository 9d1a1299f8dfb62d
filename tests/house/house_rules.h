// The rules of the house that no compiler knows: who may include whom, which calls are not used here, what a screen
// and a header must look like. Pure: one file's path and text in, findings out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hailong::house {

struct Finding {
    std::string path;
    int line = 0;  // from 1
    std::string what;
    bool operator==(const Finding&) const = default;
};

/// "path:line: what", one line each.
[[nodiscard]] std::string describe(const std::vector<Finding>& findings);

/// One string literal and the line it starts on; `text` as written between the quotes, escapes not resolved.
struct Literal {
    int line = 0;
    std::string text;
    bool operator==(const Literal&) const = default;
};

/// A C++ source taken apart: `code` has every comment and the inside of every literal blanked with spaces, line breaks
/// kept, so that a word found in it is a word of the program.
struct Source {
    std::string code;
    std::vector<Literal> literals;
};
[[nodiscard]] Source take_apart(std::string_view text);

/// Names in the code that the house has a better word for; comments and literals are people's business.
[[nodiscard]] std::vector<Finding> check_words(const std::string& path, std::string_view text);

/// The includes of one file against the layer rule and the list of who owns which library.
[[nodiscard]] std::vector<Finding> check_includes(const std::string& path, std::string_view text);

/// Calls that depend on the machine's language, its clock or a shell, or that can't report an error; tasks left undone.
[[nodiscard]] std::vector<Finding> check_calls(const std::string& path, std::string_view text);

/// A screen keeps nothing between two frames and speaks only through translation keys. Other files pass.
[[nodiscard]] std::vector<Finding> check_screen(const std::string& path, std::string_view text);

/// A header starts by saying what it is, and guards itself with #pragma once. Other files pass.
[[nodiscard]] std::vector<Finding> check_header(const std::string& path, std::string_view text);

/// Combining marks (U+0300 to U+036F): decomposed Vietnamese, which the glass can't draw.
[[nodiscard]] std::vector<Finding> check_composed(const std::string& path, std::string_view text);

/// Everything that holds for a C++ source.
[[nodiscard]] std::vector<Finding> check_source(const std::string& path, std::string_view text);

}  // namespace hailong::house
