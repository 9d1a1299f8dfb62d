// Which machine a batch came from, as far as the starts of the machine tell it. Pure over the store's interface.
#pragma once

#include <cstdint>
#include <string>

#include "sync/backend/store/store.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {

/// Starts of a terminal's machine that are remembered, in changes from one to another: a year of daily ones.
inline constexpr std::int64_t kBootTurnsKept = 400;

/// For people, of a batch that goes on from another history than what is stored: which of the two it is.
[[nodiscard]] StoreResult<std::string> described_sender(const BatchHeader& header, const Terminal& terminal,
                                                        TerminalReader& terminals);

/// Keeps the start that the batch names, in `terminal` too; whether it came back behind another one, which is a second
/// machine: one that starts leaves its last start for ever. Nothing about which machine runs now says an offline bundle
/// (its monotonic time is left out), nor a batch that was late: of a former start, and with no new record or sent
/// before the present start was first heard.
[[nodiscard]] StoreResult<bool> keep_start(const BatchHeader& header, bool brings_new, survey::UtcTime now,
                                           Terminal& terminal, TerminalWriter& terminals);

}  // namespace hailong::sync
