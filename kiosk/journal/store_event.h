// What happened to the store, kept in it for staff.
#pragma once

#include <string>

#include "survey/base/time.h"

namespace hailong::kiosk {

struct StoreEvent {
    survey::UtcTime time{};
    std::string kind;    // "repaired", "numbers_lost": stable, for texts and metrics
    std::string detail;  // for support: file names and numbers, in English
    bool operator==(const StoreEvent&) const = default;
};

}  // namespace hailong::kiosk
