#include <map>
#include <utility>

#include "sync/backend/store/packing.h"
#include "sync/backend/store/sqlite/places.h"
#include "sync/backend/store/sqlite/subjects.h"
#include "sync/backend/store/sqlite/words.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {
namespace {

using survey::Digest;
using survey::KioskId;
using survey::Uuid;

std::string unpacked(std::string_view packed, const KioskId& kiosk, std::int64_t seq) {
    auto bytes = unpack(packed);
    if (!bytes) fail_as_damaged("record or batch " + std::to_string(seq) + " of " + kiosk.text + " can't be unpacked");
    return std::move(*bytes);
}

/// place, id, hash, bytes, reason, detail, received_ms, counted_ms, trust, reprocessed_ms.
StoredRecord record_of(Query& query, KioskId kiosk) {
    StoredRecord record;
    record.kiosk = std::move(kiosk);
    record.seq = seq_at(query.integer_at(0));
    record.id = query.bytes_or_null_at<Uuid>(1);
    record.hash = query.bytes_at<Digest>(2);
    record.bytes = unpacked(query.view_at(3), record.kiosk, record.seq);
    if (!query.is_null(4)) {
        record.quarantine_reason = parse_quarantine_reason(query.text_at(4)).value_or(QuarantineReason::other);
    }
    record.quarantine_detail = query.text_at(5);
    record.received = query.time_at(6);
    if (!query.is_null(7)) record.counted_at = query.time_at(7);
    if (!query.is_null(8)) record.trust = trust_of(query.integer_at(8));
    record.reprocessed = query.time_or_null_at(9);
    return record;
}

/// place, count, header, signature, received_ms, number. A batch without a signature came before they were signed.
StoredBatch batch_of_row(Query& query, const KioskId& kiosk) {
    StoredBatch batch;
    batch.kiosk = kiosk;
    batch.first_seq = seq_at(query.integer_at(0));
    batch.count = query.integer_at(1);
    batch.header_bytes = unpacked(query.view_at(2), kiosk, batch.first_seq);
    batch.signature = query.bytes_or_null_at<survey::Signature>(3).value_or(survey::Signature{});
    batch.received = query.time_at(4);
    batch.number = query.integer_at(5);
    return batch;
}

std::string at(const KioskId& kiosk, std::int64_t seq) {
    return std::to_string(seq) + " of " + kiosk.text;
}

/// One INSERT, bound anew for each record.
class RecordInsert {
  public:
    explicit RecordInsert(Connection& connection)
        : connection_(connection),
          query_(
              connection,
              "INSERT INTO records (place, id, repeats, hash, bytes, reason, detail, received_ms, counted_ms, trust, "
              "reprocessed_ms, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
              "iif(?6 IS NULL AND ?7 IS NULL AND ?11 IS NULL, NULL, checksum(?1, ?6, ?7, ?11))) "
              "ON CONFLICT (id) WHERE id IS NOT NULL AND repeats IS NULL DO NOTHING") {}

    /// False, and nothing added: its id is stored already, and it is not said to repeat one.
    bool add(std::int64_t place, const StoredRecord& record, const std::string& packed, bool repeats) {
        query_.again().integer(place).bytes_or_null(record.id);
        repeats ? query_.integer(1) : query_.null();
        query_.bytes(record.hash).blob(packed);
        record.quarantine_reason ? query_.text(name(*record.quarantine_reason)) : query_.null();
        query_.text_or_null(record.quarantine_detail).time(record.received);
        if (!record.quarantine_reason) {
            query_.time(record.counted_at).integer(number_of(record.trust));
        } else {
            query_.null().null();
        }
        query_.time_or_null(record.reprocessed).run();
        return connection_.changes() != 0;
    }

  private:
    Connection& connection_;
    Query query_;
};

bool is_stored(Connection& connection, std::int64_t place) {
    Query query(connection, "SELECT 1 FROM records WHERE place = ?");
    return query.integer(place).step();
}

/// Places where the id stands, the one stored first before the others.
std::vector<std::int64_t> places_of(Connection& connection, const Uuid& id) {
    std::vector<std::int64_t> places;
    {
        Query first(connection, "SELECT place FROM records WHERE id = ? AND repeats IS NULL");
        if (!first.bytes(id).step()) return places;
        places.push_back(first.integer_at(0));
    }
    Query others(connection, "SELECT place FROM records WHERE id = ? AND repeats IS NOT NULL ORDER BY place");
    others.bytes(id);
    while (others.step())
        places.push_back(others.integer_at(0));
    return places;
}

KioskId kiosk_of(Connection& connection, std::int64_t number) {
    Query query(connection, "SELECT kiosk FROM kiosks WHERE number = ?");
    if (!query.integer(number).step()) fail_as_damaged("no kiosk has the number " + std::to_string(number));
    return {query.text_at(0)};
}

}  // namespace

StoreResult<std::vector<StoredRecord>> SqliteRecords::page(const KioskId& kiosk, std::int64_t first_seq,
                                                           std::size_t count_max) {
    return guarded([&] {
        std::vector<StoredRecord> result;
        const auto number = kiosk_number(connection_, kiosk);
        if (!number || first_seq > survey::kSeqMax) return result;
        Query query(connection_,
                    "SELECT place, id, hash, bytes, reason, detail, received_ms, counted_ms, trust, reprocessed_ms "
                    "FROM records WHERE place BETWEEN ? AND ? ORDER BY place LIMIT ?");
        query.integer(place_of(*number, first_seq)).integer(place_of(*number, survey::kSeqMax)).limit(count_max);
        while (query.step())
            result.push_back(record_of(query, kiosk));
        return result;
    });
}

StoreResult<std::vector<ChainValue>> SqliteRecords::chain_values(const KioskId& kiosk, std::int64_t first_seq,
                                                                 std::int64_t last_seq) {
    return guarded([&] {
        std::vector<ChainValue> result;
        const auto number = kiosk_number(connection_, kiosk);
        if (!number || first_seq > survey::kSeqMax) return result;
        Query query(connection_, "SELECT place, hash FROM records WHERE place BETWEEN ? AND ? ORDER BY place");
        query.integer(place_of(*number, first_seq)).integer(place_of(*number, last_seq));
        while (query.step())
            result.push_back({seq_at(query.integer_at(0)), query.bytes_at<Digest>(1)});
        return result;
    });
}

StoreResult<std::vector<IdPlace>> SqliteRecords::find_ids(std::span<const Uuid> ids) {
    return guarded([&] {
        std::vector<IdPlace> result;
        std::map<std::int64_t, KioskId> kiosks;
        for (const Uuid& id : ids) {
            for (const std::int64_t place : places_of(connection_, id)) {
                const std::int64_t number = number_at(place);
                auto found = kiosks.find(number);
                if (found == kiosks.end()) found = kiosks.emplace(number, kiosk_of(connection_, number)).first;
                result.push_back({id, found->second, seq_at(place)});
            }
        }
        return result;
    });
}

StoreResult<std::vector<StoredRecord>> SqliteRecords::quarantined_after(const KioskId& kiosk, std::int64_t seq,
                                                                        std::size_t count_max) {
    return guarded([&] {
        std::vector<StoredRecord> result;
        // Kiosks in the order of their names, and of each the range of what is quarantined.
        Query query(
            connection_,
            "SELECT place, id, hash, bytes, reason, detail, received_ms, counted_ms, trust, reprocessed_ms, kiosk "
            "FROM kiosks CROSS JOIN records INDEXED BY records_quarantined "
            "ON place BETWEEN number * ?4 + iif(kiosk = ?1, ?2 + 1, 0) AND number * ?4 + ?4 - 1 "
            "WHERE kiosk >= ?1 AND reason IS NOT NULL ORDER BY kiosk, place LIMIT ?3");
        query.text(kiosk.text).integer(seq_at(place_of(0, seq))).limit(count_max).integer(survey::kSeqMax + 1);
        while (query.step())
            result.push_back(record_of(query, {query.text_at(10)}));
        return result;
    });
}

StoreResult<std::optional<CountedAt>> SqliteRecords::counted_before(const KioskId& kiosk, std::int64_t seq,
                                                                    std::int64_t seq_min) {
    return guarded([&]() -> std::optional<CountedAt> {
        const auto number = kiosk_number(connection_, kiosk);
        if (!number) return std::nullopt;
        Query query(connection_,
                    "SELECT place, counted_ms FROM records WHERE place < ? AND place >= ? AND reason IS NULL "
                    "AND reprocessed_ms IS NULL AND trust <> ? ORDER BY place DESC LIMIT 1");
        query.integer(place_of(*number, seq)).integer(place_of(*number, seq_min));
        query.integer(number_of(survey::TimeTrust::doubtful));
        if (!query.step()) return std::nullopt;
        return CountedAt{seq_at(query.integer_at(0)), query.time_at(1)};
    });
}

StoreResult<std::vector<StoredBatch>> SqliteRecords::batches(const KioskId& kiosk) {
    return guarded([&] {
        std::vector<StoredBatch> result;
        const auto number = kiosk_number(connection_, kiosk);
        if (!number) return result;
        Query query(connection_,
                    "SELECT place, count, header, signature, received_ms, number FROM batches "
                    "INDEXED BY batches_place WHERE place BETWEEN ? AND ? ORDER BY number");
        query.integer(place_of(*number, 0)).integer(place_of(*number, survey::kSeqMax));
        while (query.step())
            result.push_back(batch_of_row(query, kiosk));
        return result;
    });
}

// Each kept batch brought something, so of those that span a number the one kept first brought it.
StoreResult<std::optional<StoredBatch>> SqliteRecords::batch_of(const KioskId& kiosk, std::int64_t seq) {
    return guarded([&]() -> std::optional<StoredBatch> {
        const auto number = kiosk_number(connection_, kiosk);
        if (!number) return std::nullopt;
        Query query(
            connection_,
            "SELECT place, count, header, signature, received_ms, number FROM batches "
            "INDEXED BY batches_place WHERE place BETWEEN ?1 AND ?2 AND place + count > ?2 ORDER BY number LIMIT 1");
        query.integer(place_of(*number, seq - static_cast<std::int64_t>(kBatchRecordsMax) + 1));
        query.integer(place_of(*number, seq));
        if (!query.step()) return std::nullopt;
        return batch_of_row(query, kiosk);
    });
}

StoreResult<std::vector<StoredSkip>> SqliteRecords::skips(const KioskId& kiosk) {
    return guarded([&] {
        std::vector<StoredSkip> result;
        Query query(connection_,
                    "SELECT first_seq, last_seq, reason, previous_hash, received_ms FROM skips WHERE kiosk = ? "
                    "ORDER BY first_seq");
        query.text(kiosk.text);
        while (query.step()) {
            result.push_back({kiosk, query.integer_at(0), query.integer_at(1),
                              survey::parse_skip_reason(query.text_at(2)).value_or(survey::SkipReason::unknown),
                              query.bytes_at<Digest>(3), query.time_at(4)});
        }
        return result;
    });
}

StoreResult<std::int64_t> SqliteRecords::unsigned_until(const KioskId& kiosk) {
    return guarded([&]() -> std::int64_t {
        Query query(connection_, "SELECT last_seq FROM unsigned_records WHERE kiosk = ?");
        query.text(kiosk.text);
        return query.step() ? query.integer_at(0) : 0;
    });
}

StoreResult<std::vector<std::size_t>> SqliteRecords::add(std::span<const NewRecord> records) {
    std::vector<std::size_t> repeated;
    auto added = connection_.step([&] {
        if (records.empty()) return;
        const std::int64_t number = make_kiosk_number(connection_, records.front().record.kiosk);
        RecordInsert insert(connection_);
        for (std::size_t i = 0; i < records.size(); ++i) {
            const StoredRecord& record = records[i].record;
            if (record.seq < 1 || record.seq > survey::kSeqMax)
                fail_as_conflict("there is no record " + at(record.kiosk, record.seq));
            const std::int64_t place = place_of(number, record.seq);
            const std::string made = records[i].packed.empty() ? pack(record.bytes, PackedKind::record) : std::string();
            const std::string& packed = records[i].packed.empty() ? made : records[i].packed;
            if (insert.add(place, record, packed, false)) continue;
            if (is_stored(connection_, place)) fail_as_conflict("there is a record " + at(record.kiosk, record.seq));
            if (records[i].id_decides) {
                repeated.push_back(i);
            } else {
                insert.add(place, record, packed, true);
            }
        }
        // Nothing of it stays; caught below.
        if (!repeated.empty()) fail_as_conflict("ids are stored already");
    });
    if (!repeated.empty() && connection_.in_transaction()) return repeated;
    if (!added) return unexpected(std::move(added.error()));
    return repeated;
}

StoreResult<void> SqliteRecords::add_batch(const StoredBatch& batch) {
    return connection_.step([&] {
        const std::int64_t number = make_kiosk_number(connection_, batch.kiosk);
        const std::string packed = pack(batch.header_bytes, PackedKind::batch_header);
        Query query(connection_,
                    "INSERT INTO batches (place, count, header, signature, received_ms) VALUES (?, ?, ?, ?, ?)");
        query.integer(place_of(number, batch.first_seq)).integer(batch.count).blob(packed);
        query.bytes(batch.signature).time(batch.received).run();
    });
}

StoreResult<void> SqliteRecords::add_skips(std::span<const StoredSkip> skips) {
    return connection_.step([&] {
        // Triggers see to it that nothing stands within.
        Query query(connection_,
                    "INSERT INTO skips (kiosk, first_seq, last_seq, reason, previous_hash, received_ms) "
                    "VALUES (?, ?, ?, ?, ?, ?)");
        for (const StoredSkip& skip : skips) {
            query.again().text(skip.kiosk.text).integer(skip.first_seq).integer(skip.last_seq);
            query.text(survey::name(skip.reason));
            query.bytes(skip.previous_hash).time(skip.received).run();
        }
    });
}

StoreResult<void> SqliteRecords::reprocess(const StoredRecord& record) {
    return connection_.step([&] {
        if (!record.id || !record.reprocessed) fail_as_conflict("a record is reprocessed with its id and the time");
        const auto number = kiosk_number(connection_, record.kiosk);
        const std::int64_t place = place_of(number.value_or(0), record.seq);
        bool had_id = false;
        bool repeats = false;
        {
            Query query(connection_, "SELECT id, repeats FROM records WHERE place = ? AND reason IS NOT NULL");
            if (!number || !query.integer(place).step()) {
                fail_as_conflict("record " + at(record.kiosk, record.seq) + " is not quarantined");
            }
            had_id = !query.is_null(0);
            repeats = !query.is_null(1);
        }
        if (!had_id) repeats = !places_of(connection_, *record.id).empty();
        // Triggers keep all else of it, and the id from being counted twice.
        Query query(connection_,
                    "UPDATE records SET reason = NULL, id = ?1, repeats = ?2, counted_ms = ?3, trust = ?4, "
                    "reprocessed_ms = ?5, sum = checksum(place, NULL, detail, ?5) WHERE place = ?6");
        query.bytes(*record.id);
        repeats ? query.integer(1) : query.null();
        query.time(record.counted_at).integer(number_of(record.trust)).time(*record.reprocessed).integer(place).run();
    });
}

StoreResult<void> SqliteRecords::resolve_anew(std::span<const ResolvedRecord> records) {
    return connection_.step([&] {
        // Triggers keep all else of them, and that somebody said why.
        Query query(connection_, "UPDATE records SET counted_ms = ?, trust = ? WHERE place = ? AND reason IS NULL");
        for (const ResolvedRecord& record : records) {
            const auto number = kiosk_number(connection_, record.kiosk);
            query.again().time(record.time.counted_at).integer(number_of(record.time.trust));
            query.integer(place_of(number.value_or(0), record.seq)).run();
            if (connection_.changes() == 0) {
                fail_as_conflict("record " + at(record.kiosk, record.seq) + " is not counted");
            }
        }
    });
}

}  // namespace hailong::sync
