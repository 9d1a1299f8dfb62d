#include "sync/backend/store/sqlite/subjects.h"

namespace hailong::sync {
namespace {

StoredText text_of(Query& query) {
    return {{{query.text_at(0)}, query.integer_at(1), {query.text_at(2)}}, query.text_at(3), query.time_at(4)};
}

Erasure erasure_of(Query& query) {
    return {{{query.text_at(0)}, query.integer_at(1), {query.text_at(2)}}, query.time_at(3), query.text_at(4)};
}

Query& bind(Query& query, const TextPlace& place) {
    return query.text(place.kiosk.text).integer(place.seq).text(place.item.text);
}

/// How many texts there are, kept so that nobody counts them.
void change_count(Connection& connection, std::int64_t by) {
    if (by == 0) return;
    Query query(connection, "UPDATE counts SET texts = texts + ?");
    query.integer(by).run();
}

}  // namespace

StoreResult<std::vector<StoredText>> SqliteTexts::of_record(const survey::KioskId& kiosk, std::int64_t seq) {
    return guarded([&] {
        std::vector<StoredText> result;
        Query query(connection_,
                    "SELECT kiosk, seq, item, bytes, received_ms FROM texts WHERE kiosk = ? AND seq = ? ORDER BY item");
        query.text(kiosk.text).integer(seq);
        while (query.step())
            result.push_back(text_of(query));
        return result;
    });
}

StoreResult<std::vector<StoredText>> SqliteTexts::page(const TextPlace& after, std::size_t count_max) {
    return guarded([&] {
        std::vector<StoredText> result;
        Query query(connection_,
                    "SELECT kiosk, seq, item, bytes, received_ms FROM texts WHERE (kiosk, seq, item) > (?, ?, ?) "
                    "ORDER BY kiosk, seq, item LIMIT ?");
        bind(query, after).limit(count_max);
        while (query.step())
            result.push_back(text_of(query));
        return result;
    });
}

StoreResult<std::vector<StoredText>> SqliteTexts::last_of(const survey::KioskId& kiosk, std::size_t count_max) {
    return guarded([&] {
        std::vector<StoredText> result;
        Query query(connection_,
                    "SELECT kiosk, seq, item, bytes, received_ms FROM texts WHERE kiosk = ?1 AND seq IN "
                    "(SELECT DISTINCT seq FROM texts WHERE kiosk = ?1 ORDER BY seq DESC LIMIT ?2) ORDER BY seq, item");
        query.text(kiosk.text).limit(count_max);
        while (query.step())
            result.push_back(text_of(query));
        return result;
    });
}

StoreResult<std::vector<TextPlace>> SqliteTexts::received_before(survey::UtcTime before, std::size_t count_max) {
    return guarded([&] {
        std::vector<TextPlace> result;
        Query query(connection_,
                    "SELECT kiosk, seq, item FROM texts WHERE received_ms < ? ORDER BY received_ms LIMIT ?");
        query.time(before).limit(count_max);
        while (query.step())
            result.push_back({{query.text_at(0)}, query.integer_at(1), {query.text_at(2)}});
        return result;
    });
}

StoreResult<std::vector<Erasure>> SqliteTexts::erasures_of_record(const survey::KioskId& kiosk, std::int64_t seq) {
    return guarded([&] {
        std::vector<Erasure> result;
        Query query(connection_,
                    "SELECT kiosk, seq, item, time_ms, reason FROM erasures WHERE kiosk = ? AND seq = ? ORDER BY item");
        query.text(kiosk.text).integer(seq);
        while (query.step())
            result.push_back(erasure_of(query));
        return result;
    });
}

StoreResult<std::vector<Erasure>> SqliteTexts::erasures(const TextPlace& after, std::size_t count_max) {
    return guarded([&] {
        std::vector<Erasure> result;
        Query query(connection_,
                    "SELECT kiosk, seq, item, time_ms, reason FROM erasures WHERE (kiosk, seq, item) > (?, ?, ?) "
                    "ORDER BY kiosk, seq, item LIMIT ?");
        bind(query, after).limit(count_max);
        while (query.step())
            result.push_back(erasure_of(query));
        return result;
    });
}

StoreResult<std::vector<Erasure>> SqliteTexts::newest_erasures(const survey::KioskId& kiosk, std::size_t count_max) {
    return guarded([&] {
        std::vector<Erasure> result;
        Query query(connection_,
                    "SELECT kiosk, seq, item, time_ms, reason FROM erasures WHERE kiosk = ? ORDER BY rowid DESC "
                    "LIMIT ?");
        query.text(kiosk.text).limit(count_max);
        while (query.step())
            result.push_back(erasure_of(query));
        return result;
    });
}

StoreResult<void> SqliteTexts::add(std::span<const StoredText> texts) {
    return connection_.step([&] {
        std::int64_t added = 0;
        Query query(connection_,
                    "INSERT INTO texts (kiosk, seq, item, bytes, received_ms, sum) "
                    "SELECT ?1, ?2, ?3, ?4, ?5, checksum(?1, ?2, ?3, ?4, ?5) "
                    "WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE kiosk = ?1 AND seq = ?2 AND item = ?3) "
                    "ON CONFLICT DO NOTHING");
        for (const StoredText& text : texts) {
            bind(query.again(), text.place).blob(text.bytes).time(text.received).run();
            added += connection_.changes();
        }
        change_count(connection_, added);
    });
}

StoreResult<std::vector<TextPlace>> SqliteTexts::erase(std::span<const Erasure> erasures) {
    return connection_.step([&] {
        std::vector<TextPlace> erased;
        for (const Erasure& erasure : erasures) {
            if (erase(erasure)) erased.push_back(erasure.place);
        }
        return erased;
    });
}

/// The trace first: without it the text can't go.
bool SqliteTexts::erase(const Erasure& erasure) {
    {
        Query trace(connection_,
                    "INSERT INTO erasures (kiosk, seq, item, time_ms, reason, sum) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, checksum(?1, ?2, ?3, ?4, ?5)) ON CONFLICT DO NOTHING");
        bind(trace, erasure.place).time(erasure.time).text(erasure.reason).run();
        if (connection_.changes() == 0) return false;
    }
    {
        Query text(connection_, "DELETE FROM texts WHERE kiosk = ? AND seq = ? AND item = ?");
        bind(text, erasure.place).run();
        const std::int64_t gone = connection_.changes();
        has_erased_ |= gone != 0;
        change_count(connection_, -gone);
    }
    Query terminal(connection_, "UPDATE terminals SET erased = erased + 1 WHERE kiosk = ?");
    terminal.text(erasure.place.kiosk.text).run();
    return true;
}

}  // namespace hailong::sync
