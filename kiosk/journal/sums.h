// Sums that tell whether bytes are whole where nothing beside them can: 8 bytes of SHA-256, what chance does not hit.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiosk/journal/values.h"

namespace hailong::kiosk {

/// What stands beside a record's bytes, for where the record before it can't be read.
[[nodiscard]] std::string record_sum(std::string_view bytes);

/// A key as it stands on disk: its 32 bytes and their sum. Texts sealed with a key that was spoiled could never be read
/// by anybody, tickets would never be known again; so one spoiled byte must show.
[[nodiscard]] std::string key_with_sum(const KeyBytes& key);
/// Empty unless it is what key_with_sum() makes.
[[nodiscard]] std::optional<KeyBytes> parse_key_with_sum(std::string_view bytes);

}  // namespace hailong::kiosk
