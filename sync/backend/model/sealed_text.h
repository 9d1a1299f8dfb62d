// What people wrote, sealed, as it lies beside records; and what stays when it was erased.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "survey/base/ids.h"
#include "survey/base/time.h"

namespace hailong::sync {

/// Where a sealed text stands, or stood.
struct TextPlace {
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    survey::ItemId item;
    auto operator<=>(const TextPlace&) const = default;
};

/// Opaque here.
struct StoredText {
    TextPlace place;
    std::string bytes;
    survey::UtcTime received{};
    bool operator==(const StoredText&) const = default;
};

/// What stays of a text that was erased: that there was one, and why it is gone.
struct Erasure {
    TextPlace place;
    survey::UtcTime time{};
    std::string reason;
    bool operator==(const Erasure&) const = default;
};

}  // namespace hailong::sync
