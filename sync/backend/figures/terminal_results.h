// What goes down to a center's terminals: the figures of its results page, in the form that the glass shows.
#pragma once

#include <optional>

#include "survey/center.h"
#include "survey/questionnaire.h"
#include "survey/terminal_results.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// The headlines of the newest month that has ended and of the one that runs, as they are public (results.h). `today`:
/// when nothing was made public yet. Empty when the center's questionnaire or its headline is not known. Cost:
/// `results` twice.
[[nodiscard]] StoreResult<std::optional<survey::PostedResults>> posted_results(Snapshot& snapshot,
                                                                               const survey::Catalog& catalog,
                                                                               const survey::Center& center,
                                                                               survey::Date today);

}  // namespace hailong::sync
