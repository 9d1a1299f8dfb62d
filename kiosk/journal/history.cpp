// What the journal knows beyond its records: texts, skips, the base, and how the history is shortened or numbered anew.
#include <algorithm>

#include "kiosk/journal/state.h"

namespace hailong::kiosk {
namespace {

using survey::Digest;

/// Records removed in one transaction: a few milliseconds, which an append may have to wait.
constexpr std::int64_t kPruneStep = 200;
/// Of a hash that tells whether bytes are whole: what chance does not hit.
constexpr std::size_t kSumBytes = 8;

}  // namespace

// ---- Texts ---------------------------------------------------------------------------------------------------------

Expected<std::vector<survey::SealedText>, StoreError> Journal::texts(std::int64_t first_seq, std::int64_t last_seq) const {
    using Texts = std::vector<survey::SealedText>;
    return state_->database.run<Texts>("read the sealed text words", [&]() -> Expected<Texts, StoreError> {
        SQLite::Statement row(state_->sqlite(),
                              "SELECT seq, item, box FROM boxes WHERE seq BETWEEN ? AND ? ORDER BY seq, item");
        row.bind(1, first_seq);
        row.bind(2, last_seq);
        Texts found;
        while (row.executeStep()) {
            found.push_back({row.getColumn(0).getInt64(), survey::ItemId{row.getColumn(1).getString()},
                             row.getColumn(2).getString()});
        }
        return found;
    });
}

Expected<bool, StoreError> Journal::erase_text(std::int64_t seq, const survey::ItemId& item) {
    return state_->database.run<bool>("erase the words", [&]() -> Expected<bool, StoreError> {
        WriteTransaction transaction(state_->database);
        SQLite::Statement row(state_->sqlite(), "DELETE FROM boxes WHERE seq = ? AND item = ?");
        row.bind(1, seq);
        row.bind(2, item.text);
        const bool erased = row.exec() > 0;
        transaction.commit();
        return erased;
    });
}

// ---- Skips and the base --------------------------------------------------------------------------------------------

std::vector<Skip> Journal::State::read_skips() {
    SQLite::Statement row(sqlite(), "SELECT first_seq, last_seq, reason FROM skips ORDER BY first_seq");
    std::vector<Skip> found;
    while (row.executeStep()) {
        const auto reason = survey::parse_skip_reason(row.getColumn(2).getString());
        if (!reason) throw Damage("a skip gives no known reason");
        found.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getInt64(), *reason});
    }
    return found;
}

void Journal::State::put_skip(const Skip& skip) {
    SQLite::Statement row(sqlite(), "INSERT INTO skips (first_seq, last_seq, reason) VALUES (?, ?, ?)");
    row.bind(1, skip.first_seq);
    row.bind(2, skip.last_seq);
    row.bind(3, std::string(name(skip.reason)));
    row.exec();
}

Expected<std::vector<Skip>, StoreError> Journal::skips() const {
    using Skips = std::vector<Skip>;
    return state_->database.run<Skips>("read the skipped numbers",
                                       [&]() -> Expected<Skips, StoreError> { return state_->read_skips(); });
}

Expected<ChainHead, StoreError> Journal::base() const {
    return state_->database.run<ChainHead>("read the base of the numbering",
                                           [&]() -> Expected<ChainHead, StoreError> { return state_->read_base(); });
}

std::int64_t Journal::State::collected_to(std::int64_t seq) {
    std::int64_t collected = seq;
    for (const Skip& skip : read_skips()) {
        if (skip.reason == SkipReason::damaged || skip.first_seq > seq) continue;
        collected -= std::min(skip.last_seq, seq) - skip.first_seq + 1;
    }
    return collected;
}

Expected<std::int64_t, StoreError> Journal::collected() const {
    return state_->database.run<std::int64_t>("count what was collected", [&]() -> Expected<std::int64_t, StoreError> {
        return state_->collected_to(state_->read_head().seq);
    });
}

Expected<std::int64_t, StoreError> Journal::collected_and_delivered() const {
    return state_->database.run<std::int64_t>("count what was delivered", [&]() -> Expected<std::int64_t, StoreError> {
        return state_->collected_to(state_->read_delivered());
    });
}

Expected<std::map<survey::Date, std::int64_t>, StoreError> Journal::collected_by_day(survey::Date first,
                                                                                     survey::Date last) const {
    using Days = std::map<survey::Date, std::int64_t>;
    return state_->database.run<Days>("count the days", [&]() -> Expected<Days, StoreError> {
        SQLite::Statement row(
            state_->sqlite(),
            "SELECT day, tally FROM day_tallies WHERE subject_kind = 'visit' AND day BETWEEN ? AND ?");
        row.bind(1, survey::to_string(first));
        row.bind(2, survey::to_string(last));
        Days days;
        while (row.executeStep()) {
            const auto day = survey::parse_date(row.getColumn(0).getString());
            if (!day) throw Damage("a day tally stands under no day");
            days[*day] += tally_of(row.getColumn(1).getString()).responses;
        }
        return days;
    });
}

Expected<bool, StoreError> Journal::adopt(const ChainHead& held) {
    return state_->database.run<bool>("continue another device's numbering", [&]() -> Expected<bool, StoreError> {
        WriteTransaction transaction(state_->database);
        if (state_->read_base() == held) return true;
        if (state_->read_head().seq != 0) return false;
        SQLite::Statement base(state_->sqlite(), "UPDATE base SET seq = ?, hash = ?");
        base.bind(1, held.seq);
        base.bind(2, static_cast<const void*>(held.hash.bytes.data()), static_cast<int>(held.hash.bytes.size()));
        base.exec();
        const InUse mark(state_->mark);
        mark->bind(1, held.seq);
        mark->exec();
        transaction.commit();
        return true;
    });
}

// ---- Numbered anew -------------------------------------------------------------------------------------------------

void Journal::State::move_to_end(const survey::Record& record) {
    const ChainHead last = read_head();
    JournalEntry entry{last.seq + 1, {}, survey::encode({kiosk, last.seq + 1, record.response})};
    entry.hash = survey::chain(last.hash, entry.bytes);
    SQLite::Statement old(sqlite(), "DELETE FROM records WHERE seq = ?");
    old.bind(1, record.seq);
    old.exec();
    put_record(entry, record.response.id);
    SQLite::Statement sealed(sqlite(), "UPDATE boxes SET seq = ? WHERE seq = ?");
    sealed.bind(1, entry.seq);
    sealed.bind(2, record.seq);
    sealed.exec();
}

void Journal::State::skip_uncovered(std::int64_t first_seq, std::int64_t last_seq) {
    for (const Skip& skip : read_skips()) {
        if (skip.last_seq < first_seq) continue;
        if (skip.first_seq > last_seq) break;
        if (skip.first_seq > first_seq) put_skip({first_seq, skip.first_seq - 1, SkipReason::damaged});
        first_seq = skip.last_seq + 1;
    }
    if (first_seq <= last_seq) put_skip({first_seq, last_seq, SkipReason::damaged});
}

std::int64_t Journal::State::renumber(std::int64_t held_seq) {
    const std::int64_t last_own = read_head().seq;
    skip_uncovered(held_seq + 1, read_base().seq);
    std::vector<std::int64_t> moving;
    SQLite::Statement row(sqlite(), "SELECT seq FROM records ORDER BY seq");
    while (row.executeStep())
        moving.push_back(row.getColumn(0).getInt64());
    row.reset();
    // Between two skips of old there is one run of records; each run becomes one skip.
    for (std::size_t first = 0, next = 1; next <= moving.size(); ++next) {
        if (next < moving.size() && moving[next] == moving[next - 1] + 1) continue;
        put_skip({moving[first], moving[next - 1], SkipReason::renumbered});
        first = next;
    }
    // At least one number stays out behind what the backend holds: only behind a skip may a chain begin anew.
    if (held_seq >= last_own) put_skip({last_own + 1, held_seq + 1, SkipReason::unknown});
    for (const std::int64_t seq : moving) {
        const InUse one(from);
        one->bind(1, seq);
        one->bind(2, 1);
        if (!one->executeStep()) throw Damage("seq " + std::to_string(seq) + ": missing");
        const auto record = survey::decode(one->getColumn(2).getString());
        if (!record || record->seq != seq) {
            throw Damage("seq " + std::to_string(seq) + ": the record can't be read");
        }
        move_to_end(*record);
    }
    return static_cast<std::int64_t>(moving.size());
}

Expected<std::int64_t, StoreError> Journal::renumber_after(std::int64_t seq, const Digest& hash) {
    return state_->database.run<std::int64_t>("number the records anew", [&]() -> Expected<std::int64_t, StoreError> {
        WriteTransaction transaction(state_->database);
        if (state_->read_hash_at(seq) == hash) return 0;
        const std::int64_t moved = state_->renumber(seq);
        const ChainHead head = state_->read_head();
        const auto noted = read_noted_head(state_->database.file());
        const std::string boot_id = noted ? noted->boot_id : std::string();
        state_->head_file.note({head, false, boot_id});
        transaction.commit();
        state_->head_file.note({head, true, boot_id});
        return moved;
    });
}

// ---- Pruning -------------------------------------------------------------------------------------------------------

std::int64_t Journal::State::prune_some(survey::UtcTime finished_before, std::int64_t count_max) {
    const std::int64_t delivered_to = read_delivered();
    ChainHead new_base;
    ResponseCounts gone;
    std::int64_t count = 0;
    SQLite::Statement row(
        sqlite(),
        "SELECT seq, hash, bytes FROM records WHERE seq <= ? AND seq < (SELECT max(seq) FROM records) "
        "ORDER BY seq LIMIT ?");
    row.bind(1, delivered_to);
    row.bind(2, count_max);
    for (; row.executeStep(); ++count) {
        const std::int64_t seq = row.getColumn(0).getInt64();
        const auto record = survey::decode(row.getColumn(2).getString());
        if (!record) throw Damage("seq " + std::to_string(seq) + ": the record can't be read");
        if (record->response.finished.utc >= finished_before) break;
        new_base = {seq, digest_of(row.getColumn(1))};
        gone[group_of(record->response)] += 1;
    }
    row.reset();
    if (count == 0) return 0;

    SQLite::Statement texts(sqlite(), "DELETE FROM boxes WHERE seq <= ?");
    texts.bind(1, new_base.seq);
    texts.exec();
    SQLite::Statement records(sqlite(), "DELETE FROM records WHERE seq <= ?");
    records.bind(1, new_base.seq);
    records.exec();
    SQLite::Statement base_row(sqlite(), "UPDATE base SET seq = ?, hash = ?");
    base_row.bind(1, new_base.seq);
    base_row.bind(2, static_cast<const void*>(new_base.hash.bytes.data()), 32);
    base_row.exec();
    for (const auto& [group, responses] : gone)
        note_gone(group, responses);
    return count;
}

void Journal::State::note_gone(const ResponseGroup& group, std::int64_t responses) {
    const auto& [day, questionnaire, flagged] = group;
    SQLite::Statement row(
        sqlite(),
        "INSERT INTO gone_responses (day, questionnaire, version, flagged, responses) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET responses = responses + excluded.responses");
    row.bind(1, day);
    row.bind(2, questionnaire.id.text);
    row.bind(3, questionnaire.version);
    row.bind(4, flagged ? 1 : 0);
    row.bind(5, responses);
    row.exec();
}

Expected<std::int64_t, StoreError> Journal::prune(survey::UtcTime finished_before) {
    return state_->database.run<std::int64_t>("remove old records", [&]() -> Expected<std::int64_t, StoreError> {
        std::int64_t pruned = 0;
        while (true) {
            WriteTransaction transaction(state_->database);
            const std::int64_t some = state_->prune_some(finished_before, kPruneStep);
            transaction.commit();
            pruned += some;
            if (some < kPruneStep) return pruned;
        }
    });
}

// ---- What the backend told -----------------------------------------------------------------------------------------

std::string record_sum(std::string_view bytes) {
    const Digest digest = survey::sha256(bytes);
    return {reinterpret_cast<const char*>(digest.bytes.data()), kSumBytes};
}

std::string guarded(const Key& key) {
    const std::string bytes(reinterpret_cast<const char*>(key.data()), key.size());
    return bytes + record_sum(bytes);
}

std::optional<Key> unguarded(std::string_view bytes) {
    Key key{};
    if (bytes.size() != key.size() + kSumBytes) return std::nullopt;
    std::copy_n(bytes.begin(), key.size(), key.begin());
    if (guarded(key) != bytes) return std::nullopt;
    return key;
}

Expected<std::optional<TextKey>, StoreError> Journal::text_key() const {
    using Found = std::optional<TextKey>;
    return state_->database.run<Found>("read the key for words", [&]() -> Expected<Found, StoreError> {
        SQLite::Statement row(state_->sqlite(), "SELECT words_key FROM sync_state");
        if (!row.executeStep()) throw Damage("the state of the sync is missing");
        if (row.isColumnNull(0)) return std::nullopt;
        const auto key = unguarded(row.getColumn(0).getString());
        if (!key) throw Damage("the key for words was spoiled");
        return key;
    });
}

Expected<void, StoreError> Journal::set_text_key(const std::optional<TextKey>& key) {
    return state_->database.run<void>("keep the key for words", [&]() -> Expected<void, StoreError> {
        WriteTransaction transaction(state_->database);
        SQLite::Statement row(state_->sqlite(), "UPDATE sync_state SET words_key = ?");
        const std::string bytes = key ? guarded(*key) : std::string();
        if (key) row.bind(1, static_cast<const void*>(bytes.data()), static_cast<int>(bytes.size()));
        row.exec();
        transaction.commit();
        return {};
    });
}

Expected<std::int64_t, StoreError> Journal::quarantined_count() const {
    return state_->database.run<std::int64_t>("read the sync's state", [&]() -> Expected<std::int64_t, StoreError> {
        return state_->sqlite().execAndGet("SELECT set_aside FROM sync_state").getInt64();
    });
}

Expected<void, StoreError> Journal::add_quarantined(std::int64_t count) {
    return state_->database.run<void>("note what was set aside", [&]() -> Expected<void, StoreError> {
        WriteTransaction transaction(state_->database);
        SQLite::Statement row(state_->sqlite(), "UPDATE sync_state SET set_aside = max(0, set_aside + ?)");
        row.bind(1, count);
        row.exec();
        transaction.commit();
        return {};
    });
}

void Journal::State::put_event(const StoreEvent& event) {
    SQLite::Statement row(sqlite(), "INSERT INTO events (time_ms, kind, detail) VALUES (?, ?, ?)");
    row.bind(1, in_ms(event.time));
    row.bind(2, event.kind);
    row.bind(3, event.detail);
    row.exec();
}

Expected<std::vector<StoreEvent>, StoreError> Journal::events() const {
    using Events = std::vector<StoreEvent>;
    return state_->database.run<Events>("read the store's events", [&]() -> Expected<Events, StoreError> {
        SQLite::Statement row(state_->sqlite(), "SELECT time_ms, kind, detail FROM events ORDER BY number");
        Events found;
        while (row.executeStep()) {
            found.push_back(
                {from_ms(row.getColumn(0).getInt64()), row.getColumn(1).getString(), row.getColumn(2).getString()});
        }
        return found;
    });
}

}  // namespace hailong::kiosk
