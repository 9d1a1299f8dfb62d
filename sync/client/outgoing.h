// Batches as they leave the terminal: consecutive records of the journal with the texts beside them, within every limit
// of the protocol, signed. The same over the network and on a parts.
//
// A batch never crosses numbers that stand for no record. Those before it that the terminal has no record for are
// declared in its header: what the journal skips, and what was pruned and is asked for again.
// Threads: as the journal that is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "kiosk/journal/journal.h"
#include "survey/base/expected.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/crypto/keys.h"
#include "sync/client/exchange.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {

/// How a batch travels. Nobody knows how long an offline bundle is on its way, so it says no monotonic time.
enum class Way { network, offline };

/// How many of the last days every batch counts, besides the days of its own records.
inline constexpr int kCountedDays = 60;

/// What a terminal says in every batch.
struct Sender {
    survey::KioskId kiosk;
    survey::SignSecretKey secret_key;
    std::string boot;  // id of this start of the machine; empty: not known
};

struct Outgoing {
    BatchHeader header;
    std::int64_t last_seq = 0;
    std::string body;           // uncompressed
    std::int64_t lost_seq = 0;  // numbers up to this one were asked for, and are not here any more; 0: none
};

/// The first batch of what stands in the journal from number `wanted_seq` on, at most `records_max` records. Empty
/// when nothing does. A person is needed when the journal was changed from outside: nothing of it is sent.
/// REQUIRES: wanted_seq >= 1; 1 <= records_max <= kBatchRecordsMax. O(records).
[[nodiscard]] Expected<std::optional<Outgoing>, Exchange> pack_batch(const kiosk::Journal& journal,
                                                                     const Sender& sender, const survey::Clock& clock,
                                                                     Way way, std::int64_t wanted_seq,
                                                                     std::size_t records_max);

}  // namespace hailong::sync
