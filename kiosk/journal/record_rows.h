// The rows that say which numbers there are: records with their texts, skips, the base, and how far the backend has
// confirmed them. Called within a step of Database::run; what can't be, throws Damage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/values.h"
#include "survey/base/sqlite.h"

namespace hailong::kiosk {

/// See Journal::base, head, delivered_seq, hash_at, skips.
[[nodiscard]] ChainHead read_base(survey::sqlite::Connection& file);
[[nodiscard]] ChainHead read_head(survey::sqlite::Connection& file);
[[nodiscard]] std::int64_t read_delivered(survey::sqlite::Connection& file);
[[nodiscard]] std::optional<survey::Digest> read_hash_at(survey::sqlite::Connection& file, std::int64_t seq);
[[nodiscard]] std::vector<Skip> read_skips(survey::sqlite::Connection& file);
/// The number behind `last`. Throws survey::sqlite::Error (full) when there is none: records end at survey::kSeqMax.
[[nodiscard]] std::int64_t next_seq(const ChainHead& last);
/// Responses taken under the numbers up to `seq`.
[[nodiscard]] std::int64_t collected_to(survey::sqlite::Connection& file, std::int64_t seq);

/// The first one from `first_seq` on.
[[nodiscard]] std::optional<JournalEntry> read_entry_from(survey::sqlite::Connection& file, std::int64_t first_seq);
[[nodiscard]] std::optional<JournalEntry> find_entry(survey::sqlite::Connection& file, const survey::Uuid& id);
/// Of a row whose first columns are seq, hash and bytes.
[[nodiscard]] JournalEntry entry_at(const survey::sqlite::Query& row);

/// The kiosk that the file belongs to; `kiosk` takes it when it belongs to none.
[[nodiscard]] survey::KioskId claim(survey::sqlite::Connection& file, const survey::KioskId& kiosk);

// Inside a transaction.
void put_base(survey::sqlite::Connection& file, const ChainHead& base);
/// Forward only. False when it was confirmed as far already.
bool raise_delivered(survey::sqlite::Connection& file, std::int64_t seq);
void put_delivery(survey::sqlite::Connection& file, std::int64_t last_seq, survey::UtcTime received);
/// The last number that was confirmed before that time; 0: none was, or nobody knows.
[[nodiscard]] std::int64_t read_delivered_before(survey::sqlite::Connection& file, survey::UtcTime received_before);
void put_record(survey::sqlite::Connection& file, const JournalEntry& entry, const survey::Uuid& id);
void put_text(survey::sqlite::Connection& file, std::int64_t seq, const survey::ItemId& item, std::string_view bytes);
void put_skip(survey::sqlite::Connection& file, const Skip& skip);

}  // namespace hailong::kiosk
