// What stands in the store of a terminal's chain: records, the batches that brought them, numbers that stand for none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/base/uuid.h"
#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"
#include "survey/record.h"
#include "survey/time_evidence.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// One record as stored.
struct StoredRecord {
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    std::optional<survey::Uuid> id;                     // empty when the record could not be read
    survey::Digest hash;                                // chain value after it
    std::string bytes;                                  // exactly as received
    std::optional<QuarantineReason> quarantine_reason;  // empty: counted
    std::string quarantine_detail;
    survey::UtcTime received{};
    survey::UtcTime counted_at{};  // the time that decides its day; epoch while it is quarantined
    survey::TimeTrust trust = survey::TimeTrust::doubtful;
    std::optional<survey::UtcTime> reprocessed;  // when it was counted after having been quarantined
    bool operator==(const StoredRecord&) const = default;
};

/// A record on its way into the store.
struct NewRecord {
    StoredRecord record;
    bool id_decides = true;  // false: its place in the store does not depend on whether its id is stored already
    /// pack(record.bytes) of store/packing.h, made where there is time: it takes as long as all the rest of adding.
    /// Empty: the store does it.
    std::string packed = {};
    bool operator==(const NewRecord&) const = default;
};

/// What a record was counted at when it came.
struct CountedAt {
    std::int64_t seq = 0;
    survey::UtcTime time{};
    bool operator==(const CountedAt&) const = default;
};

/// The time of a counted record, resolved anew.
struct ResolvedRecord {
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    survey::ResolvedTime time;
    bool operator==(const ResolvedRecord&) const = default;
};

/// The chain value after one record.
struct ChainValue {
    std::int64_t seq = 0;
    survey::Digest hash;
    bool operator==(const ChainValue&) const = default;
};

/// A record that has an id.
struct IdPlace {
    survey::Uuid id;
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    bool operator==(const IdPlace&) const = default;
};

/// Numbers that the terminal said it has no record for; the chain goes on behind them from `previous_hash`.
struct StoredSkip {
    survey::KioskId kiosk;
    std::int64_t first_seq = 0;
    std::int64_t last_seq = 0;
    survey::SkipReason reason = survey::SkipReason::unknown;
    survey::Digest previous_hash;
    survey::UtcTime received{};
    bool operator==(const StoredSkip&) const = default;
};

/// The header of a batch that brought something new: members that this version does not know are kept with it.
struct StoredBatch {
    survey::KioskId kiosk;
    std::int64_t first_seq = 0;
    std::int64_t count = 0;
    std::string header_bytes;  // exactly as received
    survey::Signature signature;
    survey::UtcTime received{};
    std::int64_t number = 0;  // of all terminals' batches: 1, 2, 3 ... as they were stored; given by the store
    bool operator==(const StoredBatch&) const = default;
};

}  // namespace hailong::sync
