// Of a center's counters and fields, as many as may be told together (disclosure.h).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "survey/questionnaire.h"
#include "survey/tally.h"

namespace hailong::sync {

/// How many people answered; where one may choose several options, how many did at least.
[[nodiscard]] std::int64_t people(const survey::Item& item, const survey::OptionCounts& counts);
/// Whether `to` may be told after `from` was: nothing changed, or the answers of kCellMin people came or went.
[[nodiscard]] bool may_follow(const survey::Item& item, const survey::OptionCounts& from,
                              const survey::OptionCounts& to);

/// Counters, or fields, by id; what none of them is told of stands under no id.
using Parts = std::map<std::string, survey::OptionCounts>;
struct Rows {
    Parts counters;
    Parts fields;
};
/// Which counters serve a field: everybody can know.
using Places = std::map<std::string, std::set<std::string>>;

/// What may be told of `all`, where `whole` is what is public of the center and `before` was told until now: no part of
/// fewer than kCellMin, and none from which another, or fewer, could be found by taking it away. Each table changes at
/// once or not at all.
[[nodiscard]] Rows next_rows(const Rows& all, const survey::Item& item, const survey::OptionCounts& whole,
                             const Rows& before, const Places& places);

}  // namespace hailong::sync
