// Kiosks and places as whole numbers: what is stored of one terminal's chain lies together, and is found without an
// index of its own.
#pragma once

#include <cstdint>
#include <optional>

#include "survey/base/ids.h"
#include "survey/record.h"
#include "sync/backend/store/records.h"
#include "sync/backend/store/sqlite/connection.h"

namespace hailong::sync {

/// The number that stands for the kiosk in the file; empty when nothing of it is stored by number yet.
[[nodiscard]] std::optional<std::int64_t> kiosk_number(Connection& connection, const survey::KioskId& kiosk);
/// The same, given out when there is none. Within a transaction.
[[nodiscard]] std::int64_t make_kiosk_number(Connection& connection, const survey::KioskId& kiosk);

/// Kiosks that have numbers: what is left of 63 bits beside the sequence number.
inline constexpr std::int64_t kKioskNumberMax = (std::int64_t{1} << 23) - 1;

/// The kiosk's number times 2^40, and the sequence number, which is brought within 0 to survey::kSeqMax.
[[nodiscard]] constexpr std::int64_t place_of(std::int64_t number, std::int64_t seq) {
    if (seq < 0) seq = 0;
    if (seq > survey::kSeqMax) seq = survey::kSeqMax;
    return number * (survey::kSeqMax + 1) + seq;
}
[[nodiscard]] constexpr std::int64_t seq_at(std::int64_t place) {
    return place & survey::kSeqMax;
}
[[nodiscard]] constexpr std::int64_t number_at(std::int64_t place) {
    return place / (survey::kSeqMax + 1);
}

}  // namespace hailong::sync
