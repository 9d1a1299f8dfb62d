#include "kiosk/journal/state_rows.h"

#include "kiosk/journal/sums.h"
#include "kiosk/journal/tally_rows.h"

namespace hailong::kiosk {

using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Query;

std::optional<KeyBytes> read_ticket_key(Connection& file) {
    Query row(file, "SELECT key FROM ticket_key");
    if (!row.step()) return std::nullopt;
    const auto key = parse_key_with_sum(row.view_at(0));
    if (!key) throw Damage("the key of the tickets was spoiled");
    return key;
}

std::optional<TextKey> read_text_key(Connection& file) {
    Query row(file, "SELECT text_key FROM sync_state");
    if (!row.step()) throw Damage("the state of the sync is missing");
    if (row.is_null(0)) return std::nullopt;
    const auto key = parse_key_with_sum(row.view_at(0));
    if (!key) throw Damage("the key for texts was spoiled");
    return key;
}

std::string read_kiosk_version(Connection& file) {
    Query row(file, "SELECT version FROM programs WHERE name = 'kiosk'");
    return row.step() ? row.text_at(0) : std::string();
}

SyncStatus read_sync_status(Connection& file) {
    Query row(file, "SELECT last_attempt_ms, last_success_ms, last_error, server_offset_ms FROM sync_state");
    if (!row.step()) throw Damage("the state of the sync is missing");
    SyncStatus status;
    status.last_attempt = row.time_at(0);
    if (!row.is_null(1)) status.last_success = row.time_at(1);
    status.last_error = row.text_at(2);
    if (!row.is_null(3)) status.server_offset = survey::milliseconds{row.integer_at(3)};
    return status;
}

survey::AgreedTime read_agreed_time(Connection& file) {
    Query row(file, "SELECT agreed_ms, stepped_ms FROM sync_state");
    if (!row.step()) throw Damage("the state of the sync is missing");
    return {row.time_or_null_at(0), row.time_or_null_at(1)};
}

void put_agreed_time(Connection& file, const survey::AgreedTime& time) {
    Query(file, "UPDATE sync_state SET agreed_ms = ?, stepped_ms = ?")
        .time_or_null(time.last)
        .time_or_null(time.stepped)
        .run();
}

std::int64_t read_quarantined(Connection& file) {
    Query row(file, "SELECT quarantined FROM sync_state");
    if (!row.step()) throw Damage("the state of the sync is missing");
    return row.integer_at(0);
}

std::vector<Document> read_documents(Connection& file) {
    std::vector<Document> found;
    Query row(file, "SELECT name, body, received_ms FROM inbox_documents ORDER BY name");
    while (row.step())
        found.push_back({row.text_at(0), row.text_at(1), row.time_at(2)});
    return found;
}

std::string read_inbox_version(Connection& file) {
    Query row(file, "SELECT version FROM inbox_state");
    if (!row.step()) throw Damage("the inbox has no version");
    return row.text_at(0);
}

std::vector<StoreEvent> read_events(Connection& file) {
    std::vector<StoreEvent> found;
    Query row(file, "SELECT time_ms, kind, detail FROM events ORDER BY number");
    while (row.step())
        found.push_back({row.time_at(0), row.text_at(1), row.text_at(2)});
    return found;
}

void put_ticket_key(Connection& file, const KeyBytes& key) {
    const std::string bytes = key_with_sum(key);
    Query(file, "INSERT INTO ticket_key VALUES (1, ?)").blob(bytes).run();
}

bool put_ticket(Connection& file, const TicketMark& ticket) {
    return Query(file, "INSERT INTO tickets (hash, month) VALUES (?, ?) ON CONFLICT DO NOTHING")
               .bytes(ticket.hash)
               .copied(month_text(ticket.month))
               .run() > 0;
}

std::int64_t forget_tickets_before(Connection& file, survey::Date month) {
    return Query(file, "DELETE FROM tickets WHERE month < ?").copied(month_text(month)).run();
}

void put_text_key(Connection& file, const std::optional<TextKey>& key) {
    const std::string bytes = key ? key_with_sum(*key) : std::string();
    Query row(file, "UPDATE sync_state SET text_key = ?");
    if (key) row.blob(bytes);
    row.run();
}

void put_kiosk_version(Connection& file, std::string_view version) {
    Query(file, "INSERT OR REPLACE INTO programs (name, version) VALUES ('kiosk', ?)").text(version).run();
}

void put_sync_status(Connection& file, const SyncStatus& status) {
    Query row(file,
              "UPDATE sync_state SET last_attempt_ms = ?, last_error = ?, last_success_ms = ?, server_offset_ms = ?");
    row.time(status.last_attempt).text(status.last_error);
    if (status.last_success) {
        row.time(*status.last_success);
    } else {
        row.null();
    }
    if (status.server_offset) row.integer(status.server_offset->count());
    row.run();
}

void add_quarantined(Connection& file, std::int64_t count) {
    Query(file, "UPDATE sync_state SET quarantined = max(0, quarantined + ?)").integer(count).run();
}

void put_documents(Connection& file, const std::vector<Document>& documents, const std::string& version) {
    Query(file, "DELETE FROM inbox_documents").run();
    for (const Document& document : documents) {
        Query(file, "INSERT OR REPLACE INTO inbox_documents (name, body, received_ms) VALUES (?, ?, ?)")
            .text(document.name)
            .text(document.body)
            .time(document.received)
            .run();
    }
    Query(file, "UPDATE inbox_state SET version = ?").text(version).run();
}

void put_event(Connection& file, const StoreEvent& event) {
    Query(file, "INSERT INTO events (time_ms, kind, detail) VALUES (?, ?, ?)")
        .time(event.time)
        .text(event.kind)
        .text(event.detail)
        .run();
}

}  // namespace hailong::kiosk
