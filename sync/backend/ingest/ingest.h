// The second half of taking a batch in: what only the store can answer and keep. Writes raw records and adds up
// tallies, answers with a receipt. Pure over the store's interface: no socket, no clock, no thread.
#pragma once

#include <cstdint>

#include "sync/backend/ingest/prepare.h"
#include "sync/backend/ingest/tallies.h"
#include "sync/backend/store/store.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// Largest evidence kept with one incident, in bytes: a few hundred records; what is beyond is cut off.
inline constexpr std::size_t kEvidenceBytesMax = 1u << 20u;

/// What became of a batch.
struct Ingested {
    Receipt receipt;               // not signed yet
    std::int64_t quarantined = 0;  // how many it names
    bool operator==(const Ingested&) const = default;
};

/// The outer expectation is the store's (retry the batch later); the inner is the protocol's answer.
using IngestAnswer = Expected<Ingested, Problem>;

/// Takes a batch of `terminal` (as it stands in this transaction) in; its tallies are added to `sheets`, which the
/// caller writes before the commit (write_tallies), and only when the batch was stored. The receipt may be sent only
/// after that commit. On a Problem the batch wrote nothing, except that `altered` and `bad_signature` leave an
/// incident. `reference` is of the documents as this transaction sees them: what was prepared against others, or for
/// another center or key, is prepared again. `prepared` is used up, and the caller's to let go of: it is large.
///
/// The order of PROTOCOL.md 5.1: another terminal's batch is forbidden; one that the terminal's key did not sign is a
/// bad_signature; one with records or texts where none can be is malformed; one that starts beyond what is stored is a
/// gap, unless it names every number between as skipped; a previous hash other than the one stored is altered; bytes
/// that do not lead to the last hash are a chain_mismatch; a record stored with another chain value is altered, with
/// the same one a duplicate. Every new record is stored, counted or quarantined. Texts are kept beside new records and
/// duplicates alike. What the terminal says of itself (how many it collected) is believed unless the batch ends before
/// what is stored: it is old.
///
/// Cost: at most 5 calls of the store for a batch of new records from the same start of the machine as the one before,
/// whatever their number.
[[nodiscard]] StoreResult<IngestAnswer> ingest(PreparedBatch& prepared, const Terminal& terminal,
                                               const Reference& reference, Transaction& transaction,
                                               CenterSheets& sheets);

/// The same for the terminal as it stands in this transaction now: another batch of it may have come since the batch
/// was prepared. `unauthorized` when it is not known any more.
[[nodiscard]] StoreResult<IngestAnswer> take(PreparedBatch& prepared, const Reference& reference,
                                             Transaction& transaction, CenterSheets& sheets);

}  // namespace hailong::sync
