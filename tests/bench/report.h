// How a benchmark says what it measured: one JSON object a line, for scripts/bench.
#pragma once

#include <algorithm>
#include <cstdio>
#include <vector>

namespace hailong::bench {

enum class Better { less, more };

/// REQUIRES: at least one value.
inline double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// `limit`: what the value is to stay below, or above.
inline void report(const char* name, double value, const char* unit, double limit, Better better) {
    std::printf("{\"name\":\"%s\",\"value\":%.6g,\"unit\":\"%s\",\"limit\":%.6g,\"better\":\"%s\"}\n", name, value,
                unit, limit, better == Better::less ? "less" : "more");
    std::fflush(stdout);
}

}  // namespace hailong::bench
