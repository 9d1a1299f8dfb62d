// What may be made public of a center's tallies, so that nobody reads off one rating: neither from a figure, nor from
// the difference of two, nor from what was public the day before.
//
// Figures stand at the end of a day. A cell (what one group of answers gave) holds at least kCellMin valid answers or
// is not told of at all, and changes by at least as many or not at all: then every difference of two figures, of two
// periods, of two days on which somebody looked, is a sum of cells of that size.
// - The question that the objective is about, of the whole center: each day that is over and has enough. Days with
//   fewer wait until they have enough together; those of a month wait for days of that month alone.
// - All else, once the month is over, of the days that are public whole: the other questions, each by itself; what was
//   flagged; the center's counters and fields, of which as many are told as leave nothing, or enough, of the center's
//   sum, and of each counter beside its fields.
// - What is quarantined of the center's own question, once the month is over: nobody makes bad ratings vanish by making
//   them uncountable.
// - A longer period is the sum of its months as they are public: never anything new.
// The same holds for what comes late: it waits until there is enough of it.
// The threshold rule and complementary suppression: Hundepool et al., Statistical Disclosure Control (2012), ch. 4.
#pragma once

#include <vector>

#include "survey/center.h"
#include "survey/period.h"
#include "survey/questionnaire.h"
#include "sync/backend/model/public_tally.h"
#include "sync/backend/store/tallies.h"

namespace hailong::sync {

/// Whether the answers to an item are added up for the public. Free text, contact data and consent are no figures; who
/// served is context.
[[nodiscard]] bool is_public(const survey::Item& item);

/// What decides which cells there are.
struct DisclosureRules {
    const survey::Catalog& questionnaires;
    const survey::Center& center;  // its headline in the month: the question that the objective is about
    survey::Date today{};          // days before it are over
};

/// What is public of `month` from now on, where `published` was until now. `tallies`: the rows by day of the month, of
/// visits, counters and fields, and under kQuarantinedId of what is quarantined. Rows of questionnaires that are not
/// known stay as they are. Pure.
[[nodiscard]] PublicSheet disclosed(const std::vector<TallyRow>& tallies, const PublicSheet& published,
                                    const survey::Period& month, const DisclosureRules& rules);

}  // namespace hailong::sync
