// What an open journal consists of; shared by the files that implement Journal. Private to this room.
#pragma once

#include <compare>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/Column.h>

#include "kiosk/journal/database.h"
#include "kiosk/journal/head_file.h"
#include "kiosk/journal/journal.h"
#include "kiosk/journal/response_counts.h"
#include "kiosk/journal/tally_rows.h"
#include "survey/record.h"

namespace hailong::kiosk {

/// Tally rows kept in memory between appends, about 1 KB each. A day and a month of a center with eight counters, ten
/// fields and forty officers need 80, and those of flagged responses as many.
inline constexpr std::size_t kTallyCacheRowsMax = 256;

/// A blob of exactly Size bytes, or Damage that says `what` it should have been.
template <std::size_t Size>
[[nodiscard]] std::array<std::uint8_t, Size> bytes_of(const SQLite::Column& column, const char* what) {
    std::array<std::uint8_t, Size> bytes{};
    if (column.getBytes() != static_cast<int>(Size)) throw Damage(what);
    std::memcpy(bytes.data(), column.getBlob(), Size);
    return bytes;
}
[[nodiscard]] inline survey::Digest digest_of(const SQLite::Column& column) {
    return {bytes_of<32>(column, "a chain value is not 32 bytes long")};
}

/// What stands beside a record's bytes to tell whether they are whole, without the record before it.
[[nodiscard]] std::string record_sum(std::string_view bytes);

/// A key as it stands on disk: its 32 bytes and the first 8 of their SHA-256. Texts sealed with a key that was spoiled
/// could never be read by anybody, tickets would never be known again; so one spoiled byte must show.
using Key = std::array<std::uint8_t, 32>;
[[nodiscard]] std::string guarded(const Key& key);
/// Empty unless it is what guarded() makes.
[[nodiscard]] std::optional<Key> unguarded(std::string_view bytes);

/// A ticket as it is remembered.
struct TicketMark {
    survey::Digest hash;
    std::string month;  // "2026-11", of its first use
};

template <std::size_t Size>
void bind_bytes(const InUse& statement, int index, const std::array<std::uint8_t, Size>& bytes) {
    statement->bindNoCopy(index, static_cast<const void*>(bytes.data()), static_cast<int>(Size));
}

[[nodiscard]] inline std::int64_t in_ms(survey::UtcTime time) {
    return time.time_since_epoch().count();
}
[[nodiscard]] inline survey::UtcTime from_ms(std::int64_t time) {
    return survey::UtcTime{survey::milliseconds{time}};
}

struct Journal::State {
    State(Database& opened, survey::KioskId owner);

    [[nodiscard]] SQLite::Database& sqlite() { return database.sqlite(); }

    [[nodiscard]] ChainHead read_head();
    [[nodiscard]] ChainHead read_base();
    [[nodiscard]] std::int64_t read_delivered();
    /// See Journal::hash_at.
    [[nodiscard]] std::optional<survey::Digest> read_hash_at(std::int64_t seq);
    [[nodiscard]] std::vector<Skip> read_skips();
    /// Responses taken under the numbers up to `seq`.
    [[nodiscard]] std::int64_t collected_to(std::int64_t seq);
    [[nodiscard]] std::optional<JournalEntry> find(const survey::Uuid& id);
    void claim();
    void check_newest();
    [[nodiscard]] survey::Tally read_tally(const TallyKey& key);
    /// The key of the tickets, when there is one.
    [[nodiscard]] std::optional<Key> read_ticket_key();
    /// Remembers the ticket of `response`. False when it is remembered already.
    [[nodiscard]] bool note_ticket(const std::string& ticket, const survey::Response& response);

    // Inside a transaction.
    void put_record(const JournalEntry& entry, const survey::Uuid& id);
    void put_text(std::int64_t seq, const survey::ItemId& item, const std::string& bytes);
    void put_skip(const Skip& skip);
    /// The numbers from `first_seq` to `last_seq` that no skip covers become skips: damaged.
    void skip_uncovered(std::int64_t first_seq, std::int64_t last_seq);
    /// Gives the record the next number; its texts follow it.
    void move_to_end(const survey::Record& record);
    [[nodiscard]] std::int64_t renumber(std::int64_t held_seq);
    /// At most `count_max` records; see Journal::prune.
    [[nodiscard]] std::int64_t prune_some(survey::UtcTime finished_before, std::int64_t count_max);
    void put_event(const StoreEvent& event);
    void note_gone(const ResponseGroup& group, std::int64_t responses);
    void count(const TallyKey& key, const survey::Tally& added);
    void put_ticket_key(const Key& key);
    /// False when it is there already.
    bool put_ticket(const TicketMark& ticket);

    void verify_records(std::vector<std::string>& faults, ResponseCounts& counts);
    void verify_texts(std::vector<std::string>& faults);
    void verify_ticket_key(std::vector<std::string>& faults);
    void verify_tallies(std::vector<std::string>& faults, const ResponseCounts& counts);
    void verify_months(std::vector<std::string>& faults);
    void verify_month(std::vector<std::string>& faults, const std::string& month, Tallies days);
    /// Adds what the tallies count beside the records.
    void add_gone(ResponseCounts& counts);

    std::unique_ptr<Database>
        owned;  // taken over at the end of open(); declared first, so that statements go before it
    Database& database;
    survey::KioskId kiosk;
    HeadFile head_file;
    SQLite::Statement head;
    SQLite::Statement base;
    SQLite::Statement skipped;
    SQLite::Statement by_id;
    SQLite::Statement hash_at;
    SQLite::Statement from;
    SQLite::Statement insert;
    SQLite::Statement insert_text;
    SQLite::Statement day_tally;
    SQLite::Statement month_tally;
    SQLite::Statement put_day_tally;
    SQLite::Statement put_month_tally;
    SQLite::Statement insert_ticket;
    SQLite::Statement delivered;
    SQLite::Statement mark;

    // The tally rows as they stand while the newest record is `cached_seq`. They change only together with a record, so
    // a head with another number, by another process or after a rollback, tells that they must be read again.
    std::int64_t cached_seq = -1;
    Tallies cache;
};

}  // namespace hailong::kiosk
