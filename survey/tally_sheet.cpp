#include "survey/tally_sheet.h"

namespace hailong::survey {

void add(TallySheet& sheet, const TallySheet& more) {
    for (const auto& [key, tally] : more)
        sheet[key] += tally;
}

Date month_of(Date day) {
    return day.year() / day.month() / std::chrono::day{1};
}

}  // namespace hailong::survey
