// What terminals last said of themselves, in Prometheus' text format. Made anew each time: a terminal that says
// something else leaves nothing of what it said before, and words that nobody knows make no series of their own.
#pragma once

#include <string>
#include <vector>

#include "sync/backend/model/terminal.h"

namespace hailong::sync {

/// Of those of `terminals` that said something; both in order of kiosk. Not among it: when somebody last answered at a
/// terminal, to the millisecond. Who stood there then would be known to whoever reads this.
[[nodiscard]] std::string status_metrics(const std::vector<Terminal>& terminals,
                                         const std::vector<HeardStatus>& statuses);

}  // namespace hailong::sync
