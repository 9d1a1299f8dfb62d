#include "survey/pattern.h"

#include <regex>

namespace hailong::survey {

std::optional<std::string> pattern_fault(const std::string& pattern) {
    try {
        const std::regex compiled(pattern, std::regex::ECMAScript);
        return std::nullopt;
    } catch (const std::regex_error& error) {
        return error.what();
    }
}

bool matches(const std::string& text, const std::string& pattern) {
    try {
        return std::regex_match(text, std::regex(pattern, std::regex::ECMAScript));
    } catch (const std::regex_error&) {
        return true;
    }
}

}  // namespace hailong::survey
