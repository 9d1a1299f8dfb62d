#include "kiosk/app/released_days.h"

#include <algorithm>
#include <utility>

#include "survey/disclosure.h"

namespace hailong::kiosk {

std::vector<DayGroup> released_days(std::span<const DayCount> days) {
    std::vector<DayGroup> groups;
    DayGroup waiting;
    std::int64_t waiting_valid = 0;
    for (const DayCount& one : days) {
        const bool other_month = !waiting.empty() && (waiting.front().year() != one.day.year() ||
                                                      waiting.front().month() != one.day.month());
        if (other_month) {
            waiting.clear();
            waiting_valid = 0;
        }
        if (survey::is_told(one.valid)) {
            groups.push_back({one.day});
            continue;
        }
        waiting.push_back(one.day);
        waiting_valid += one.valid;
        if (!survey::is_told(waiting_valid)) continue;
        groups.push_back(std::exchange(waiting, {}));
        waiting_valid = 0;
    }
    return groups;
}

bool lies_in(const DayGroup& group, const Days& span) {
    return span.first <= group.front() && group.back() <= span.last;
}

}  // namespace hailong::kiosk
