// From which day on a center's terminals have not said what they collected. Private to this room.
#pragma once

#include <vector>

#include "sync/backend/audit/reconcile.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// One for each of `terminals` that may send and was not heard after `last`: from the day, on Vietnam's clocks, of its
/// last batch, or of the last time that it said that nothing waits; from that of its first key when it never sent.
/// O(terminals of the store).
[[nodiscard]] StoreResult<std::vector<Unreported>> unreported_until(survey::Date last,
                                                                    const std::vector<Terminal>& terminals,
                                                                    TerminalReader& reader);

}  // namespace hailong::sync
