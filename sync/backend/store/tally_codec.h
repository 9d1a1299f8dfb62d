// A tally as the bytes of one row: whole numbers of 7 bits a byte (LEB128), names by their length. Read and written
// with every batch, so that it has no JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "survey/tally.h"

namespace hailong::sync {

/// The largest count that is read: 2^53 - 1, as everywhere.
inline constexpr std::int64_t kTallyCountMax = 9'007'199'254'740'991;

/// One byte for the version of this form, then responses, corrected, doubtful, and the items, each with its options, in
/// order. No count may be negative.
[[nodiscard]] std::string encode_tally(const survey::Tally& tally);
/// Exactly what encode_tally() writes; empty for anything else.
[[nodiscard]] std::optional<survey::Tally> decode_tally(std::string_view bytes);

}  // namespace hailong::sync
