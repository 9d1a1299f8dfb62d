// The page of one center's results in one period.
#pragma once

#include <mustache.hpp>

#include "survey/base/messages.h"
#include "survey/period.h"
#include "sync/backend/figures/results.h"
#include "sync/backend/site/pages.h"

namespace hailong::sync {

/// What its template shows of `results`; what is common to all pages is not in it.
[[nodiscard]] kainjow::mustache::data results_data(const Results& results, const survey::PeriodScheme& scheme,
                                                   const PageRequest& request, const survey::Messages& messages);

}  // namespace hailong::sync
