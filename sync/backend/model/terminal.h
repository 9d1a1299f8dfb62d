// A terminal as the backend knows it, what it says of itself, its keys, and the one-time codes that make a device
// become one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/chain.h"
#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"
#include "sync/backend/model/record.h"
#include "sync/backend/model/totals.h"
#include "sync/protocol/status.h"

namespace hailong::sync {

struct Terminal {
    survey::KioskId kiosk;
    survey::CenterId center;
    std::string token_hash;  // SHA-256 of the token, hexadecimal: the token itself is never kept. Empty: revoked
    std::optional<survey::SignPublicKey> key;  // that its batches are signed with; empty: not enrolled, or revoked
    std::int64_t last_seq = 0;                 // stored durably or skipped, without a gap from 1
    survey::Digest last_hash = survey::kChainStart;
    std::optional<CountedAt> last_counted;  // the newest that was counted when it came, not at a doubtful time
    std::string boot;                       // the start of the machine that it last sent from; empty: not said yet
    std::int64_t reported_collected = 0;    // what it last said it has collected
    std::optional<survey::UtcTime> last_seen;
    std::int64_t erased = 0;  // sealed texts of it that were erased: its inbox changes with each
    Totals totals;
    bool operator==(const Terminal&) const = default;
};

/// What a terminal said of itself, and when that was heard. Nothing is counted by it.
struct HeardStatus {
    survey::KioskId kiosk;
    TerminalStatus status;
    survey::UtcTime heard{};
    std::vector<std::string> doubts = {};  // what it said beside that can't be true; not kept with it
    bool operator==(const HeardStatus&) const = default;
};

/// How many responses wait, as far as it is shown: rounded down to tens. Each single one would say, beside when the
/// terminal was heard, that somebody answered at its counter within that quarter of an hour.
[[nodiscard]] inline std::optional<std::int64_t> shown_waiting_count(const TerminalStatus& status) {
    constexpr std::int64_t kStep = 10;
    if (!status.waiting) return std::nullopt;
    return *status.waiting - *status.waiting % kStep;
}

/// How long the oldest response waits, as far as it is shown: in whole hours, rounded down. To the second it would say,
/// beside when the terminal was heard, when somebody answered at its counter.
[[nodiscard]] inline std::optional<std::chrono::hours> shown_waiting(const TerminalStatus& status) {
    if (!status.oldest_waiting) return std::nullopt;
    return std::chrono::floor<std::chrono::hours>(*status.oldest_waiting);
}

/// Every key that a terminal's batches were ever signed with: what was accepted once can be checked for ever.
struct TerminalKey {
    survey::KioskId kiosk;
    survey::SignPublicKey key;
    survey::UtcTime since{};
    bool operator==(const TerminalKey&) const = default;
};

/// A one-time code for enrolment; only its hash is kept.
struct EnrolmentCode {
    std::string code_hash;  // SHA-256 of the code as parse_code() gives it, hexadecimal
    survey::KioskId kiosk;
    survey::CenterId center;
    survey::UtcTime expires{};
    std::optional<survey::SignPublicKey> used_by;  // the same terminal may ask again: its answer may have been lost
    bool operator==(const EnrolmentCode&) const = default;
};

/// A start of a terminal's machine that it sent from; `turn` grows with each change from one start to another.
struct Boot {
    std::string boot;
    std::int64_t turn = 0;
    survey::UtcTime time{};
    bool operator==(const Boot&) const = default;
};

}  // namespace hailong::sync
