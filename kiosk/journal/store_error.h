// What the device's store can refuse, and what to do about it there.
#pragma once

#include <string>

#include "survey/base/store_error.h"

namespace hailong::kiosk {

using survey::describe;
using survey::name;
using survey::StoreError;
using survey::StoreErrorKind;
using survey::StoreResult;

/// With the remedy that goes with the kind on a terminal.
[[nodiscard]] StoreError make_error(StoreErrorKind kind, std::string what);

}  // namespace hailong::kiosk
