// How many responses stand under a day, a questionnaire and a flag, whatever their subject.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <tuple>

#include "survey/tally_sheet.h"

namespace hailong::kiosk {

/// What rows of tallies have in common that differ by their subject alone.
struct ResponseGroup {
    survey::Grain grain = survey::Grain::day;
    survey::Date date{};
    survey::QuestionnaireRef questionnaire;
    bool flagged = false;
    bool operator==(const ResponseGroup&) const = default;
    std::strong_ordering operator<=>(const ResponseGroup& other) const {
        return std::tie(grain, date, questionnaire, flagged) <=>
               std::tie(other.grain, other.date, other.questionnaire, other.flagged);
    }
};
using ResponseCounts = std::map<ResponseGroup, std::int64_t>;

/// Of the day that the response counts for.
[[nodiscard]] inline ResponseGroup group_of(const survey::Response& response) {
    return {survey::Grain::day, survey::local_day(response), response.questionnaire, !response.flags.empty()};
}
[[nodiscard]] inline ResponseGroup group_of(const survey::TallyKey& key) {
    return {key.grain, key.date, key.questionnaire, key.flagged};
}

}  // namespace hailong::kiosk
