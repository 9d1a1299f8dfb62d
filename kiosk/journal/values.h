// What stands in the device's file, as values.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "survey/base/time.h"
#include "survey/chain.h"
#include "survey/questionnaire.h"
#include "survey/record.h"
#include "survey/tally.h"

namespace hailong::kiosk {

/// One record as it stands on disk.
struct JournalEntry {
    std::int64_t seq = 0;
    survey::Digest hash;  // chain value after this record
    std::string bytes;    // the record, exactly as hashed and sent
    bool operator==(const JournalEntry&) const = default;
};

/// Where a chain stands: the last sequence number and its chain value; {0, kChainStart} before the first record.
struct ChainHead {
    std::int64_t seq = 0;
    survey::Digest hash = survey::kChainStart;
    bool operator==(const ChainHead&) const = default;
};

/// Numbers that no record of this journal stands under any more, and never will.
using survey::Skip;
using survey::SkipReason;

/// 32 random bytes, or a public key of X25519.
using KeyBytes = std::array<std::uint8_t, 32>;
/// The backend's public key for texts (X25519).
using TextKey = KeyBytes;

/// What staff can count at the terminal without any network. Kept in the same transaction as the record, for the whole
/// visit, each counter, each field and the visits that began with a ticket (survey::SubjectKind::began; walk-ups are
/// the visit without them). Not for officers: one officer's ratings of one day are too few to be fair to anybody.
struct DayTally {
    survey::Date day{};
    survey::QuestionnaireRef questionnaire;
    survey::Subject subject;
    survey::Tally tally;
    bool flagged = false;  // of responses with quality flags: counted apart, never dropped
    bool operator==(const DayTally&) const = default;
};

using Month = std::chrono::year_month;

/// The same for a calendar month. For officers this is the finest there is.
struct MonthTally {
    Month month{};
    survey::QuestionnaireRef questionnaire;
    survey::Subject subject;
    survey::Tally tally;
    bool flagged = false;
    bool operator==(const MonthTally&) const = default;
};

/// The same for a period, added up.
struct PeriodTally {
    survey::QuestionnaireRef questionnaire;
    survey::Subject subject;
    survey::Tally tally;
    bool flagged = false;
    bool operator==(const PeriodTally&) const = default;
};

/// A ticket as it is remembered.
struct TicketMark {
    survey::Digest hash;   // HMAC-SHA-256 of its code under the file's key
    survey::Date month{};  // the first day of the month of its first use
    bool operator==(const TicketMark&) const = default;
};

/// What the sync program last achieved, for the staff screen.
struct SyncStatus {
    survey::UtcTime last_attempt{};
    std::optional<survey::UtcTime> last_success;
    std::string last_error;  // empty after a success
    std::optional<survey::milliseconds> server_offset;
    bool operator==(const SyncStatus&) const = default;
};

/// What happened to the store, kept in it for staff.
struct StoreEvent {
    survey::UtcTime time{};
    std::string kind;    // "repaired", "numbers_lost", "saved": stable, for texts and metrics
    std::string detail;  // for support: file names and numbers, in English
    bool operator==(const StoreEvent&) const = default;
};

/// A document that came down, as received: "center", "questionnaire/WARD5/1", "results".
struct Document {
    std::string name;
    std::string body;
    survey::UtcTime received{};
    bool operator==(const Document&) const = default;
};

}  // namespace hailong::kiosk
