// Tickets that visits began with: remembered only so far that a second use of the same one is noticed.
#include <cerrno>
#include <system_error>

#include <sys/random.h>

#include "kiosk/journal/state.h"

namespace hailong::kiosk {
namespace {

/// From the system's generator; it never gives less for so few bytes.
Key random_key() {
    Key key{};
    if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
        throw std::system_error(errno, std::generic_category(), "the system gives no random bytes");
    }
    return key;
}

}  // namespace

std::string normal_ticket(std::string_view code) {
    std::string normal;
    for (const char c : code) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= ' ' || byte == 0x7f) continue;
        normal += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return normal;
}

void Journal::State::put_ticket_key(const Key& key) {
    const std::string bytes = guarded(key);
    SQLite::Statement row(sqlite(), "INSERT INTO ticket_key VALUES (1, ?)");
    row.bind(1, static_cast<const void*>(bytes.data()), static_cast<int>(bytes.size()));
    row.exec();
}

std::optional<Key> Journal::State::read_ticket_key() {
    SQLite::Statement row(sqlite(), "SELECT key FROM ticket_key");
    if (!row.executeStep()) return std::nullopt;
    const auto key = unguarded(row.getColumn(0).getString());
    if (!key) throw Damage("the key of the tickets was spoiled");
    return key;
}

bool Journal::State::put_ticket(const TicketMark& ticket) {
    const InUse row(insert_ticket);
    bind_bytes(row, 1, ticket.hash.bytes);
    row->bindNoCopy(2, ticket.month);
    return row->exec() > 0;
}

bool Journal::State::note_ticket(const std::string& ticket, const survey::Response& response) {
    auto key = read_ticket_key();
    if (!key) {
        key = random_key();
        put_ticket_key(*key);
    }
    const std::string_view secret(reinterpret_cast<const char*>(key->data()), key->size());
    return put_ticket({survey::hmac_sha256(secret, ticket), month_of(day_of(response))});
}

Expected<std::int64_t, StoreError> Journal::forget_tickets(survey::UtcTime now) {
    return state_->database.run<std::int64_t>("forget old tickets", [&]() -> Expected<std::int64_t, StoreError> {
        WriteTransaction transaction(state_->database);
        SQLite::Statement row(state_->sqlite(), "DELETE FROM tickets WHERE month < ?");
        row.bind(1, month_of(survey::to_string(survey::local_date(now - kTicketMemory))));
        const std::int64_t forgotten = row.exec();
        transaction.commit();
        return forgotten;
    });
}

}  // namespace hailong::kiosk
