// Numbers of records as people read them: in ranges.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hailong::sync {

/// Most ranges of numbers kept for one purpose of one terminal or day.
inline constexpr std::size_t kNumberRangesMax = 50;

/// Numbers of records, both included.
struct NumberRange {
    std::int64_t first = 0;
    std::int64_t last = 0;
    bool operator==(const NumberRange&) const = default;
};
/// In ascending order, joined where they touch.
struct Numbers {
    std::vector<NumberRange> ranges;  // at most kNumberRangesMax
    std::int64_t count = 0;           // all of them
    /// REQUIRES: after the ones added before.
    void add(std::int64_t number);
    bool operator==(const Numbers&) const = default;
};
/// "3" or "3–5".
[[nodiscard]] std::string range_text(std::int64_t first, std::int64_t last);
/// "3, 5–7", with "…" when there are more than are kept.
[[nodiscard]] std::string to_string(const Numbers& numbers);

}  // namespace hailong::sync
