// What public pages may say of a day that runs: how much came in, and nothing else that moves with it.
#pragma once

#include <cstdint>
#include <string>

#include "survey/base/time.h"
#include "survey/center.h"
#include "sync/backend/model/totals.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// How many responses of the day were counted, flagged ones included.
[[nodiscard]] StoreResult<std::int64_t> received_on(TallyReader& reader, const survey::CenterId& center,
                                                    survey::Date day);

/// The totals of the center's terminals without the days from `today` on: who watches them does not see a single
/// response come in. O(terminals).
[[nodiscard]] StoreResult<CenterTotals> totals_before(TerminalReader& reader, const survey::CenterId& center,
                                                      survey::Date today);

/// A text that changes with whatever the figures of the center are made of: its documents, of which `documents` is the
/// revision, what is public of its tallies, how many came in today, its totals, the days
/// on which its terminals were heard. Hexadecimal digits, from which nothing
/// can be read.
[[nodiscard]] StoreResult<std::string> figures_version(Snapshot& snapshot, std::int64_t documents,
                                                       const survey::CenterId& center, survey::Date today);

}  // namespace hailong::sync
