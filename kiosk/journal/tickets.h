// Tickets that visits began with: remembered only so far that a second use of the same one is noticed.
#pragma once

#include <string>

#include "survey/base/sqlite.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

/// `code`: as normal_ticket() gives it. False when it is remembered already. Inside a transaction.
[[nodiscard]] bool remember_ticket(survey::sqlite::Connection& file, const std::string& code, survey::Date day);

}  // namespace hailong::kiosk
