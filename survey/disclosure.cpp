#include "survey/disclosure.h"

namespace hailong::survey {

std::vector<bool> told_rows(std::int64_t whole, std::span<const std::int64_t> rows) {
    std::vector<bool> told;
    std::int64_t shown = 0;
    for (const std::int64_t n : rows) {
        told.push_back(is_told(n));
        if (told.back()) shown += n;
    }
    while (!leaves_no_rest(whole, shown)) {
        std::size_t smallest = rows.size();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (told[i] && (smallest == rows.size() || rows[i] <= rows[smallest])) smallest = i;
        }
        if (smallest == rows.size()) break;  // none is left
        told[smallest] = false;
        shown -= rows[smallest];
    }
    return told;
}

}  // namespace hailong::survey
