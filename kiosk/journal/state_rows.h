// The rows beside the records and their tallies: tickets, what the sync program reports, documents, events. Called
// within a step of Database::run; what can't be, throws Damage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/values.h"
#include "survey/agreed_time.h"
#include "survey/base/sqlite.h"

namespace hailong::kiosk {

/// The key of the tickets, when there is one.
[[nodiscard]] std::optional<KeyBytes> read_ticket_key(survey::sqlite::Connection& file);
[[nodiscard]] std::optional<TextKey> read_text_key(survey::sqlite::Connection& file);
/// Empty where none stands.
[[nodiscard]] std::string read_kiosk_version(survey::sqlite::Connection& file);
[[nodiscard]] SyncStatus read_sync_status(survey::sqlite::Connection& file);
[[nodiscard]] std::int64_t read_quarantined(survey::sqlite::Connection& file);
/// In order of name.
[[nodiscard]] std::vector<Document> read_documents(survey::sqlite::Connection& file);
[[nodiscard]] std::string read_inbox_version(survey::sqlite::Connection& file);
/// Oldest first.
[[nodiscard]] std::vector<StoreEvent> read_events(survey::sqlite::Connection& file);

// Inside a transaction.
void put_ticket_key(survey::sqlite::Connection& file, const KeyBytes& key);
/// False when it is remembered already.
bool put_ticket(survey::sqlite::Connection& file, const TicketMark& ticket);
/// Those of the months before `month`. Returns how many.
[[nodiscard]] survey::AgreedTime read_agreed_time(survey::sqlite::Connection& file);
void put_agreed_time(survey::sqlite::Connection& file, const survey::AgreedTime& time);
std::int64_t forget_tickets_before(survey::sqlite::Connection& file, survey::Date month);
void put_text_key(survey::sqlite::Connection& file, const std::optional<TextKey>& key);
void put_kiosk_version(survey::sqlite::Connection& file, std::string_view version);
void put_sync_status(survey::sqlite::Connection& file, const SyncStatus& status);
/// The total never falls below 0.
void add_quarantined(survey::sqlite::Connection& file, std::int64_t count);
/// In place of all that are there.
void put_documents(survey::sqlite::Connection& file, const std::vector<Document>& documents,
                   const std::string& version);
void put_event(survey::sqlite::Connection& file, const StoreEvent& event);

}  // namespace hailong::kiosk
