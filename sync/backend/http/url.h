// What a request asks for, taken apart and decoded: its path, and the fields of its query or of a form that it brings.
// The only door to Boost.URL. Whatever is no URL or no form is refused as a whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hailong::sync {

/// Longest target answered, in bytes: ours need less than a hundred.
inline constexpr std::size_t kTargetBytesMax = 2'000;
/// Longest form read, in bytes: a page's own fields, no upload.
inline constexpr std::size_t kFormBytesMax = 64u << 10u;
/// Most fields of one query or form.
inline constexpr std::size_t kFieldsMax = 100;

/// Names with their values, in the order they came.
struct Fields {
    std::vector<std::pair<std::string, std::string>> all;
    /// Null when there is none; the first when there are several.
    [[nodiscard]] const std::string* find(std::string_view name) const;
    /// The same; empty when there is none.
    [[nodiscard]] std::string get(std::string_view name) const;
    bool operator==(const Fields&) const = default;
};

/// "/a/b%20c?x=1": decoded segments "a" and "b c", so that an encoded slash separates nothing. "/" has none.
struct Target {
    std::vector<std::string> path;
    Fields query;
    bool operator==(const Target&) const = default;
};

/// From the target of a request in origin form (RFC 9112, section 3.2.1): path and query. Empty when it is none, when a
/// "%" leads to no two digits, or when it is beyond a limit above. In a query "+" is a space.
[[nodiscard]] std::optional<Target> parse_target(std::string_view text);

/// From a body of the type application/x-www-form-urlencoded; the same rules as for a query. No field for an empty one.
[[nodiscard]] std::optional<Fields> parse_form(std::string_view body);

}  // namespace hailong::sync
