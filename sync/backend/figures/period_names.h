// How periods are called on pages and in files.
#pragma once

#include <string>

#include "survey/base/messages.h"
#include "survey/period.h"

namespace hailong::sync {

/// "Tháng 11/2026", "Quarter 4, 2026".
[[nodiscard]] std::string period_name(const survey::Period& period, const survey::Messages& messages,
                                      survey::Language language);

}  // namespace hailong::sync
