// Every terminal's chain: records, the batches that brought them, and numbers that stand for none. Append-only: a
// stored record changes in two ways, that it counts from now on and that its time is resolved anew; batches and skips
// never change, and nothing is ever removed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sync/backend/model/record.h"
#include "sync/backend/store/documents.h"

namespace hailong::sync {

class RecordReader {
  public:
    virtual ~RecordReader() = default;
    /// Of one terminal in order of seq, from `first_seq` on, at most `count_max`.
    [[nodiscard]] virtual StoreResult<std::vector<StoredRecord>> page(const survey::KioskId& kiosk,
                                                                      std::int64_t first_seq,
                                                                      std::size_t count_max) = 0;
    /// The chain values of the records from `first_seq` to `last_seq`, both included, in order. None for numbers that
    /// stand for no record.
    [[nodiscard]] virtual StoreResult<std::vector<ChainValue>> chain_values(const survey::KioskId& kiosk,
                                                                            std::int64_t first_seq,
                                                                            std::int64_t last_seq) = 0;
    /// Every record that has one of the ids, in order of `ids`, of each the one that was stored first (or got its id
    /// first) before the others; none for ids that are not stored.
    [[nodiscard]] virtual StoreResult<std::vector<IdPlace>> find_ids(std::span<const survey::Uuid> ids) = 0;
    /// Quarantined records after (kiosk, seq) in that order, at most `count_max`.
    [[nodiscard]] virtual StoreResult<std::vector<StoredRecord>> quarantined_after(const survey::KioskId& kiosk,
                                                                                   std::int64_t seq,
                                                                                   std::size_t count_max) = 0;
    /// The nearest record before `seq`, from `seq_min` on, that was counted when it came, at a time that is not
    /// doubtful; those that were reprocessed are passed over, so that the answer is the same for ever. Empty: there is
    /// none.
    [[nodiscard]] virtual StoreResult<std::optional<CountedAt>> counted_before(const survey::KioskId& kiosk,
                                                                               std::int64_t seq,
                                                                               std::int64_t seq_min) = 0;
    /// All of a terminal, in the order received.
    [[nodiscard]] virtual StoreResult<std::vector<StoredBatch>> batches(const survey::KioskId& kiosk) = 0;
    /// The batch that brought record `seq`; empty when that is not known.
    [[nodiscard]] virtual StoreResult<std::optional<StoredBatch>> batch_of(const survey::KioskId& kiosk,
                                                                           std::int64_t seq) = 0;
    /// All of a terminal, in order.
    [[nodiscard]] virtual StoreResult<std::vector<StoredSkip>> skips(const survey::KioskId& kiosk) = 0;
    /// Up to here the terminal's records came before batches were signed; 0: none did. Never changes.
    [[nodiscard]] virtual StoreResult<std::int64_t> unsigned_until(const survey::KioskId& kiosk) = 0;
};

class RecordWriter : public RecordReader {
  public:
    /// Adds the records of one terminal, in order of seq, and returns nothing. Where one with `id_decides` has an id
    /// that is stored already (or stands earlier in `records`), nothing is added, and the indexes of all such are
    /// returned, ascending. A conflict when (kiosk, seq) is stored already or not within 1 to survey::kSeqMax, and when
    /// a counted record's id is stored already and does not decide: an id counts once. A quarantined record's time and
    /// trust are not kept.
    [[nodiscard]] virtual StoreResult<std::vector<std::size_t>> add(std::span<const NewRecord> records) = 0;
    /// Whatever number it has, it gets the next one.
    [[nodiscard]] virtual StoreResult<void> add_batch(const StoredBatch& batch) = 0;
    /// A conflict when a record or another skip stands within one of them.
    [[nodiscard]] virtual StoreResult<void> add_skips(std::span<const StoredSkip> skips) = 0;
    /// A record that was quarantined counts from now on: its reason goes, `counted_at`, `trust` and `reprocessed` come,
    /// and its id if it could not be read before; nothing else of it can change. A conflict when it is not quarantined,
    /// or its id is counted already.
    [[nodiscard]] virtual StoreResult<void> reprocess(const StoredRecord& record) = 0;
    /// Counted records are counted at other times from now on; nothing else of them changes. A conflict when one is not
    /// counted, and as long as no time correction was ever added.
    [[nodiscard]] virtual StoreResult<void> resolve_anew(std::span<const ResolvedRecord> records) = 0;
};

}  // namespace hailong::sync
