// One terminal's chain from its first number to its head: records, skipped numbers, and the signed batches that brought
// them. Private to this room.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "sync/backend/audit/recount.h"
#include "sync/backend/audit/text_audit.h"
#include "sync/backend/store/store.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {

class ChainAudit {
  public:
    ChainAudit(const Terminal& terminal, const Reference& reference, Findings& findings)
        : terminal_(terminal), reference_(reference), findings_(findings) {}

    /// Reads what is kept of the terminal beside its records, then the records in pages; shows each to `recount` and
    /// `texts`.
    [[nodiscard]] StoreResult<void> run(Snapshot& snapshot, Recount& recount, TextAudit& texts);

  private:
    struct KnownBatch {
        StoredBatch stored;
        BatchHeader header;   // empty when it can't be read
        ReceiptTime receipt;  // as is known by now
        /// By the clock as it was, or as is known by now, whichever is earlier.
        [[nodiscard]] survey::UtcTime earliest() const { return std::min(stored.received, receipt.received); }
        [[nodiscard]] survey::UtcTime latest() const { return std::max(stored.received, receipt.received); }
        [[nodiscard]] std::int64_t last_seq() const { return stored.first_seq + stored.count - 1; }
    };

    [[nodiscard]] StoreResult<void> read_kept(Snapshot& snapshot);
    void check_keys();
    void check_batches();
    void check_signature(const KnownBatch& batch, std::vector<TerminalKey>::const_iterator& key, bool& is_first_of_key);
    void expect_chain_values();
    void expect(std::int64_t seq);
    void check_skip(const StoredSkip& skip);
    void pass_skips(std::int64_t next_seq);
    void pass(const StoredRecord& record, const std::string& name);
    [[nodiscard]] const KnownBatch* batch_of(const StoredRecord& record, const std::string& name);
    [[nodiscard]] std::optional<survey::TimeEvidence> evidence_of(const StoredRecord& record, const KnownBatch* batch,
                                                                  const TimeFloor& floor) const;
    void note_floor(const StoredRecord& record);
    void check_end();
    void check_promises();

    const Terminal& terminal_;
    const Reference& reference_;
    Findings& findings_;
    std::vector<KnownBatch> batches_;  // in the order received
    std::vector<TerminalKey> keys_;
    std::vector<StoredSkip> skips_;
    std::int64_t unsigned_until_ = 0;
    std::int64_t doubtful_bound_until_ = 0;                     // the number of a batch
    std::multimap<std::int64_t, survey::Digest> chain_values_;  // that the signed headers speak of, not found yet

    // How far it has come.
    std::int64_t seq_ = 0;
    survey::Digest value_ = survey::kChainStart;
    std::size_t next_skip_ = 0;
    std::size_t next_batch_ = 0;
    TimeFloor floor_;
    TimeFloor former_floor_;  // as it was when what is doubtful bound, too
    std::int64_t skipped_ = 0;
    std::int64_t lost_ = 0;
};

}  // namespace hailong::sync
