// The page of the four totals: what was collected, stored, counted and posted, and the numbers that differ.
#pragma once

#include <mustache.hpp>

#include "survey/base/messages.h"
#include "survey/center.h"
#include "survey/period.h"
#include "sync/backend/audit/reconcile.h"
#include "sync/backend/site/pages.h"

namespace hailong::sync {

/// What its template shows of `found` for the days of `period`; what is common to all pages is not in it.
[[nodiscard]] kainjow::mustache::data reconciliation_data(const Reconciliation& found, const survey::Center& center,
                                                          const survey::Period& period, const PageRequest& request,
                                                          const survey::Messages& messages);

}  // namespace hailong::sync
