// What goes down to a center's terminals: the figures of its results page, in the form that the glass shows.
#pragma once

#include <optional>

#include "survey/center.h"
#include "survey/questionnaire.h"
#include "survey/terminal_results.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// The headlines of the newest month that has ended and of the one that runs, as results.h has them, without the day
/// `today`: a figure that moved with every rating would tell who gave it, and would send everything down anew each
/// time. Empty when the center's questionnaire or its headline is not known. Cost: `results` twice.
[[nodiscard]] StoreResult<std::optional<survey::PostedResults>> posted_results(Snapshot& snapshot,
                                                                               const survey::Catalog& catalog,
                                                                               const survey::Center& center,
                                                                               survey::Date today);

}  // namespace hailong::sync
