#include "kiosk/journal/record_rows.h"

#include <algorithm>

#include "kiosk/journal/sums.h"

namespace hailong::kiosk {

using survey::Digest;
using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Query;

ChainHead read_base(Connection& file) {
    Query row(file, "SELECT seq, hash FROM base");
    if (!row.step()) throw Damage("the base of the numbering is missing");
    return {row.integer_at(0), row.bytes_at<Digest>(1)};
}

ChainHead read_head(Connection& file) {
    Query row(file,
              "SELECT base.seq, base.hash, (SELECT max(last_seq) FROM skips), records.seq, records.hash "
              "FROM base LEFT JOIN records ON records.seq = (SELECT max(seq) FROM records)");
    if (!row.step()) throw Damage("the base of the numbering is missing");
    ChainHead last{row.integer_at(0), row.bytes_at<Digest>(1)};
    if (row.integer_at(2) > last.seq) last = {row.integer_at(2), survey::kChainStart};
    if (row.integer_at(3) > last.seq) last = {row.integer_at(3), row.bytes_at<Digest>(4)};
    return last;
}

std::int64_t next_seq(const ChainHead& last) {
    if (last.seq < survey::kSeqMax) return last.seq + 1;
    throw survey::sqlite::Error(survey::StoreErrorKind::full, "no number is left behind " + std::to_string(last.seq));
}

std::int64_t read_delivered(Connection& file) {
    Query row(file, "SELECT delivered_seq FROM sync_state");
    if (!row.step()) throw Damage("the state of the sync is missing");
    return row.integer_at(0);
}

std::optional<Digest> read_hash_at(Connection& file, std::int64_t seq) {
    Query row(file, "SELECT hash FROM records WHERE seq = ?");
    if (row.integer(seq).step()) return row.bytes_at<Digest>(0);
    const ChainHead base = read_base(file);
    if (seq == base.seq) return base.hash;
    if (seq < base.seq) return std::nullopt;
    Query skipped(file, "SELECT 1 FROM skips WHERE ? BETWEEN first_seq AND last_seq");
    if (skipped.integer(seq).step()) return survey::kChainStart;
    return std::nullopt;
}

std::vector<Skip> read_skips(Connection& file) {
    std::vector<Skip> found;
    Query row(file, "SELECT first_seq, last_seq, reason FROM skips ORDER BY first_seq");
    while (row.step()) {
        const auto reason = survey::parse_skip_reason(row.view_at(2));
        if (!reason) throw Damage("a skip gives no known reason");
        found.push_back({row.integer_at(0), row.integer_at(1), *reason});
    }
    return found;
}

std::int64_t collected_to(Connection& file, std::int64_t seq) {
    std::int64_t collected = seq;
    for (const Skip& skip : read_skips(file)) {
        if (skip.reason == SkipReason::damaged || skip.first_seq > seq) continue;
        collected -= std::min(skip.last_seq, seq) - skip.first_seq + 1;
    }
    return collected;
}

JournalEntry entry_at(const Query& row) {
    return {row.integer_at(0), row.bytes_at<Digest>(1), row.text_at(2)};
}

std::optional<JournalEntry> read_entry_from(Connection& file, std::int64_t first_seq) {
    Query row(file, "SELECT seq, hash, bytes FROM records WHERE seq >= ? ORDER BY seq LIMIT 1");
    if (!row.integer(first_seq).step()) return std::nullopt;
    return entry_at(row);
}

std::optional<JournalEntry> find_entry(Connection& file, const survey::Uuid& id) {
    Query row(file, "SELECT seq, hash, bytes FROM records WHERE id = ?");
    if (!row.bytes(id).step()) return std::nullopt;
    return entry_at(row);
}

survey::KioskId claim(Connection& file, const survey::KioskId& kiosk) {
    const auto owner = [&file]() -> std::optional<survey::KioskId> {
        Query row(file, "SELECT kiosk FROM identity");
        if (!row.step()) return std::nullopt;
        return survey::KioskId{row.text_at(0)};
    };
    if (const auto known = owner()) return *known;
    Query(file, "INSERT INTO identity VALUES (1, ?) ON CONFLICT DO NOTHING").text(kiosk.text).run();
    const auto claimed = owner();
    if (!claimed) throw Damage("the terminal's id is missing");
    return *claimed;
}

void put_base(Connection& file, const ChainHead& base) {
    Query(file, "UPDATE base SET seq = ?, hash = ?").integer(base.seq).bytes(base.hash).run();
}

bool raise_delivered(Connection& file, std::int64_t seq) {
    return Query(file, "UPDATE sync_state SET delivered_seq = ?1 WHERE delivered_seq < ?1").integer(seq).run() > 0;
}

void put_delivery(Connection& file, std::int64_t last_seq, survey::UtcTime received) {
    const std::int64_t received_ms = received.time_since_epoch().count();
    Query(file,
          "INSERT INTO deliveries (minute, last_seq, received_ms) VALUES (?1, ?2, ?3) ON CONFLICT (minute) DO UPDATE "
          "SET last_seq = max(last_seq, ?2), received_ms = max(received_ms, ?3)")
        .integer(received_ms / 60'000)
        .integer(last_seq)
        .integer(received_ms)
        .run();
}

std::int64_t read_delivered_before(Connection& file, survey::UtcTime received_before) {
    Query row(file, "SELECT ifnull(max(last_seq), 0) FROM deliveries WHERE received_ms < ?");
    row.time(received_before).step();
    return row.integer_at(0);
}

void put_record(Connection& file, const JournalEntry& entry, const survey::Uuid& id) {
    const std::string sum = record_sum(entry.bytes);
    Query(file, "INSERT INTO records (seq, id, hash, bytes, sum) VALUES (?, ?, ?, ?, ?)")
        .integer(entry.seq)
        .bytes(id)
        .bytes(entry.hash)
        .text(entry.bytes)
        .blob(sum)
        .run();
}

void put_text(Connection& file, std::int64_t seq, const survey::ItemId& item, std::string_view bytes) {
    Query(file, "INSERT INTO sealed_texts (seq, item, bytes) VALUES (?, ?, ?)")
        .integer(seq)
        .text(item.text)
        .blob(bytes)
        .run();
}

void put_skip(Connection& file, const Skip& skip) {
    Query(file, "INSERT INTO skips (first_seq, last_seq, reason) VALUES (?, ?, ?)")
        .integer(skip.first_seq)
        .integer(skip.last_seq)
        .text(survey::name(skip.reason))
        .run();
}

}  // namespace hailong::kiosk
