#include "sync/backend/ingest/skips.h"

#include <algorithm>

namespace hailong::sync {

std::string described(std::int64_t first_seq, std::int64_t last_seq) {
    return first_seq == last_seq
               ? "number " + std::to_string(first_seq) + " stands"
               : "numbers " + std::to_string(first_seq) + " to " + std::to_string(last_seq) + " stand";
}

std::vector<survey::Skip> tiles(const std::vector<survey::Skip>& skipped, std::int64_t first, std::int64_t last) {
    std::vector<survey::Skip> result;
    std::int64_t next = first;
    for (const survey::Skip& range : skipped) {
        if (range.last_seq < next || range.first_seq > last) continue;
        if (range.first_seq > next) return {};
        result.push_back({next, std::min(range.last_seq, last), range.reason});
        next = result.back().last_seq + 1;
    }
    if (next <= last) return {};
    return result;
}

}  // namespace hailong::sync
