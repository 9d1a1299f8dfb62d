// The journal: every response this terminal ever took, append-only, numbered without gaps, hash-chained, on disk.
// Exists so that an answer once given is never lost, doubled or altered.
//
// Durability: when append() returned a value, the record survives a crash of the program, of the system and a power
// cut (SQLite WAL with synchronous=FULL). What append() refused is not visible afterwards; when the disk failed in the
// very act of syncing, it may turn up after a restart, once and whole. Appending it again is harmless in every case.
//
// Threads and processes: one Journal object is used by one thread at a time. The kiosk and the sync program open the
// same file in two processes; SQLite's locks keep them apart.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/store/store_error.h"
#include "survey/digest.h"
#include "survey/expected.h"
#include "survey/ids.h"
#include "survey/questionnaire.h"
#include "survey/response.h"
#include "survey/tally.h"
#include "survey/time.h"

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

/// What staff can count at the terminal without any network. Kept in the same transaction as the record, for the whole
/// visit and for each counter. Not for officers: one officer's ratings of one day are too few to be fair to anybody.
struct DayTally {
    survey::Date day{};
    survey::QuestionnaireRef questionnaire;
    survey::Subject subject;
    survey::Tally tally;
    bool flagged = false;  // of responses with quality flags: counted apart, never dropped
    bool operator==(const DayTally&) const = default;
};

/// What the sync program last achieved, for the staff screen.
struct SyncStatus {
    survey::UtcTime last_attempt{};
    std::optional<survey::UtcTime> last_success;
    std::string last_error;  // empty after a success
    std::optional<survey::milliseconds> server_offset;
    bool operator==(const SyncStatus&) const = default;
};

/// How long a call waits for another process to let go of the file.
inline constexpr survey::milliseconds kBusyTimeout{5'000};

class Journal {
  public:
    /// Opens or creates the file (its folder must exist) and brings its schema up to date, forward only. A new file
    /// belongs to `kiosk` for good. Checks the newest record against its chain value; verify() checks them all.
    /// Errors: busy, read_only, full, io, corrupt, newer, wrong_kiosk.
    [[nodiscard]] static Expected<Journal, StoreError> open(const std::filesystem::path& file,
                                                            const survey::KioskId& kiosk,
                                                            survey::milliseconds busy_timeout = kBusyTimeout);
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    /// Numbers, encodes, chains and commits one response; counts it into the day tallies in the same transaction. Its
    /// day is the local date of `finished`, by the offset that stands there.
    /// Appending a response whose id the journal already holds returns the entry it has: retrying is harmless, and the
    /// object stays usable after every error but corrupt (from then on it writes nothing and repeats that error).
    /// REQUIRES: `questionnaire` is the one the response answers; the record is at most survey::kRecordBytesMax long.
    /// Errors: busy (after the timeout), full, read_only, io, corrupt.
    [[nodiscard]] Expected<JournalEntry, StoreError> append(const survey::Response& response,
                                                            const survey::Questionnaire& questionnaire);

    [[nodiscard]] Expected<ChainHead, StoreError> head() const;
    /// The chain value at `seq`; kChainStart at 0; empty where the journal holds no such record.
    [[nodiscard]] Expected<std::optional<survey::Digest>, StoreError> hash_at(std::int64_t seq) const;

    /// Records from `first_seq` on, in order, at most `count_max` and at most `bytes_max` of record bytes together
    /// (but at least one record when there is one).
    [[nodiscard]] Expected<std::vector<JournalEntry>, StoreError> read(std::int64_t first_seq, std::size_t count_max,
                                                                       std::size_t bytes_max) const;

    /// The last sequence number that the backend confirmed to hold; 0 before the first.
    [[nodiscard]] Expected<std::int64_t, StoreError> delivered_seq() const;
    /// Moves the confirmed number forward, never back. REQUIRES: seq <= head().seq.
    [[nodiscard]] Expected<void, StoreError> mark_delivered(std::int64_t seq);

    [[nodiscard]] Expected<SyncStatus, StoreError> sync_status() const;
    [[nodiscard]] Expected<void, StoreError> set_sync_status(const SyncStatus& status);

    /// Day tallies from `first` to `last`, both included, in order of day, questionnaire, flagged and subject.
    /// REQUIRES: both days are ok(). O(days x subjects).
    [[nodiscard]] Expected<std::vector<DayTally>, StoreError> tallies(survey::Date first, survey::Date last) const;

    /// Recomputes everything that can be without a questionnaire: SQLite's own structure, the sequence without gaps,
    /// each record's chain value, that each record names this terminal, its own number and its own id, and that the day
    /// tallies count exactly these records. Not covered: how often each option was chosen.
    /// Empty when whole; otherwise one sentence a fault, each with its sequence number ("seq 12: the record's bytes do
    /// not match its chain value"), at most kVerifyFaultsMax of them. O(records).
    [[nodiscard]] Expected<std::vector<std::string>, StoreError> verify() const;

    static constexpr std::size_t kVerifyFaultsMax = 100;  // more tell a person nothing new

  private:
    struct State;
    explicit Journal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace hailong::kiosk
