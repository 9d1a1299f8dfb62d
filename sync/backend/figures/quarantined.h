// What quarantined records answer to the question that the objective is about: in no figure, and told beside it, so
// that nobody makes bad ratings vanish by making them uncountable (taking away the officer whom they name).
#pragma once

#include <vector>

#include "survey/center.h"
#include "survey/questionnaire.h"
#include "sync/backend/model/tally.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Rows by day, under kQuarantinedId (model/public_tally.h): the answers to the headline that held on the terminal's
/// own day of each record that can be read. Responses that another record counts for are not among them, nor are those
/// of questionnaires that are not known. O(quarantined records of the center).
[[nodiscard]] StoreResult<std::vector<TallyRow>> quarantined_rows(Snapshot& snapshot,
                                                                  const survey::Catalog& questionnaires,
                                                                  const survey::Center& center);

}  // namespace hailong::sync
