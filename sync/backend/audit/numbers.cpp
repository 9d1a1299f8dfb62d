#include "sync/backend/audit/numbers.h"

namespace hailong::sync {

std::string range_text(std::int64_t first, std::int64_t last) {
    return first == last ? std::to_string(first) : std::to_string(first) + "–" + std::to_string(last);
}

void Numbers::add(std::int64_t number) {
    count += 1;
    if (!ranges.empty() && ranges.back().last + 1 == number) {
        ranges.back().last = number;
    } else if (ranges.size() < kNumberRangesMax) {
        ranges.push_back({number, number});
    }
}

std::string to_string(const Numbers& numbers) {
    std::string text;
    std::int64_t told = 0;
    for (const NumberRange& range : numbers.ranges) {
        text += (text.empty() ? "" : ", ") + range_text(range.first, range.last);
        told += range.last - range.first + 1;
    }
    return told < numbers.count ? text + " …" : text;
}

}  // namespace hailong::sync
