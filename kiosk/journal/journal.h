// The journal: every response this terminal ever took, append-only, numbered without gaps, hash-chained, on disk.
// Exists so that an answer once given is never lost, doubled or altered.
//
// Durability: when append() returned a value, the record survives a crash of the program, of the system and a power
// cut (SQLite WAL with synchronous=FULL). What append() refused is not visible afterwards; when the disk failed in the
// very act of syncing, it may turn up after a restart, once and whole. Appending it again is harmless in every case.
//
// Numbers: 1, 2, 3 ... Where a number stands for no record any more, a skip says so and why; the first record after a
// skip chains from kChainStart. What was delivered long ago may be pruned: then the file begins after its base.
//
// Tallies: of each day for the visit, the counter, the field and how the visit began; of each month the sums of its
// days and the officers' counts. All are written with the record, and stay when it is pruned. A file of a program that
// did not count fields, beginnings and officers yet gets them from the records that are still in it: what was pruned
// before is missing there, and so is what was said about officers where the file does not hold the questionnaire.
//
// Threads and processes: one Journal object is used by one thread at a time. The kiosk and the sync program open the
// same file in two processes; SQLite's locks keep them apart.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/store_error.h"
#include "kiosk/journal/values.h"
#include "survey/agreed_time.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/questionnaire.h"
#include "survey/record.h"
#include "survey/response.h"

namespace hailong::kiosk {

/// How long a call waits for another process to let go of the file.
inline constexpr survey::milliseconds kBusyTimeout{5'000};

/// The flag of a response that began with a ticket which another response began with before.
inline constexpr std::string_view kTicketAgainFlag = "ticket_again";
/// How long a ticket is remembered after the month of its use: a procedure takes up to half a year, and whoever comes
/// back a year later with the old receipt is still noticed.
inline constexpr std::chrono::days kTicketMemory{400};

/// A step of the clocks after which what was confirmed is kept for the whole retention again.
inline constexpr std::chrono::days kRestartRetention{14};

/// What is compared of a ticket's code: ASCII letters in upper case, without spaces and control characters. Empty text:
/// no ticket.
[[nodiscard]] std::string normal_ticket(std::string_view code);

class Database;

class Journal {
  public:
    /// Opens or creates the file (its folder must exist) and brings its schema up to date, forward only. A new file
    /// belongs to `kiosk` for good. Checks the newest record against its chain value; verify() checks them all.
    /// Errors: busy, read_only, full, io, corrupt, newer, wrong_kiosk.
    [[nodiscard]] static StoreResult<Journal> open(const std::filesystem::path& file, const survey::KioskId& kiosk,
                                                   survey::milliseconds busy_timeout = kBusyTimeout);
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    ~Journal();

    /// Numbers, encodes, chains and commits one response; counts it into the tallies in the same transaction. Its day
    /// is the local date of `finished`, by the offset that stands there. Appending a response whose id the journal
    /// already holds returns the entry it has: retrying is harmless, and the object stays usable after every error but
    /// corrupt (from then on it writes nothing and repeats that error). `texts`: what its free text was sealed
    /// into, their numbers not asked for, kept in the same transaction. `ticket`: the code that the visit began with,
    /// empty when there was none. Only its HMAC-SHA-256 under a key of this file is kept, with the month and nothing
    /// that leads to the record. When another response was appended with it within kTicketMemory, this one gets
    /// kTicketAgainFlag among its flags before it is written, and is counted apart. A code must be given out once: to a
    /// number that begins anew each day the caller adds the day. REQUIRES: `questionnaire` is the one the response
    /// answers; the record is at most survey::kRecordBytesMax long; at most survey::kSealedTextsMax texts of at most
    /// survey::kSealedTextBytesMax bytes, each for another answer with text. Errors: busy (after the timeout), full
    /// (also when no number is left: they end at survey::kSeqMax), read_only, io, corrupt.
    [[nodiscard]] StoreResult<JournalEntry> append(const survey::Response& response,
                                                   const survey::Questionnaire& questionnaire,
                                                   const std::vector<survey::SealedText>& texts = {},
                                                   std::string_view ticket = {});

    /// One try of everything an append needs: reads the newest record and checks it, writes a row anew as it is, and
    /// commits. Costs one sync. Errors: as append.
    [[nodiscard]] StoreResult<void> probe();
    /// Whether it is still there and can be read by who opens it next: as probe(), without writing. O(log).
    [[nodiscard]] StoreResult<void> look();

    /// The last number given out and the chain value that the next record follows: a record's, the base's, or
    /// kChainStart after a skip.
    [[nodiscard]] StoreResult<ChainHead> head() const;
    /// Everything up to base().seq is not in this file any more: pruned, or of an earlier file. {0, kChainStart} for a
    /// file that holds the beginning.
    [[nodiscard]] StoreResult<ChainHead> base() const;
    /// The chain value that a record with number `seq` + 1 follows: kChainStart at 0 and at a skipped number, base()'s
    /// at base().seq; empty where the journal knows none (before the base, after the head).
    [[nodiscard]] StoreResult<std::optional<survey::Digest>> hash_at(std::int64_t seq) const;

    /// Records from `first_seq` on, in order, at most `count_max` and at most `bytes_max` of record bytes together
    /// (but at least one record when there is one).
    [[nodiscard]] StoreResult<std::vector<JournalEntry>> read(std::int64_t first_seq, std::size_t count_max,
                                                              std::size_t bytes_max) const;

    /// The texts beside the records `first_seq` to `last_seq`, both included, in order of seq and item.
    [[nodiscard]] StoreResult<std::vector<survey::SealedText>> texts(std::int64_t first_seq,
                                                                     std::int64_t last_seq) const;
    /// Removes one person's texts; the record and its chain stay. False: there was no such text.
    [[nodiscard]] StoreResult<bool> erase_text(std::int64_t seq, const survey::ItemId& item);

    /// In order of number; no two overlap. Also those below the base.
    [[nodiscard]] StoreResult<std::vector<Skip>> skips() const;

    /// Responses ever taken under this terminal's numbers: head().seq without the numbers of skips that are
    /// `renumbered` or `unknown`.
    [[nodiscard]] StoreResult<std::int64_t> collected() const;
    /// The same up to delivered_seq(): how many of them the backend confirmed.
    [[nodiscard]] StoreResult<std::int64_t> collected_and_delivered() const;
    /// Responses taken on each local day from `first` to `last`, both included, flagged ones too, pruned ones too; days
    /// without any are left out. REQUIRES: both days are ok().
    [[nodiscard]] StoreResult<std::map<survey::Date, std::int64_t>> collected_by_day(survey::Date first,
                                                                                     survey::Date last) const;

    /// The last sequence number that the backend confirmed to hold; 0 before the first.
    [[nodiscard]] StoreResult<std::int64_t> delivered_seq() const;
    /// Moves the confirmed number forward, never back. `received`: when the backend confirmed it, by the latest clock
    /// that says; empty: nobody knows, and nothing of it is pruned before a later confirmation. REQUIRES: seq <=
    /// head().seq.
    [[nodiscard]] StoreResult<void> mark_delivered(std::int64_t seq,
                                                   std::optional<survey::UtcTime> received = std::nullopt);

    /// A new device continues a terminal's numbering after `stored`, what the backend has of it: head, base and the
    /// delivered number become `stored`. False, and nothing changes, when this journal has given out numbers of its own
    /// (see renumber_after). Harmless to repeat for the same `stored`, also after records were appended behind it.
    [[nodiscard]] StoreResult<bool> adopt(const ChainHead& stored);
    /// The backend holds another history up to `seq` with chain value `hash` than this journal (a cloned or restored
    /// disk): every record that is still here is appended anew, with its own id, texts and place in the tallies, under
    /// numbers beyond both histories; its old number becomes a skip. Confirmed ones, too: a backend that went back to
    /// an older copy and then on with the other disk no longer holds them, and nobody can tell. It counts an id once,
    /// so that what it does hold is not counted twice. Numbers that it lacks and that were pruned here become skips.
    /// Returns how many were renumbered; 0, and nothing changes, where hash_at(seq) is `hash`.
    /// One transaction: O(records).
    [[nodiscard]] StoreResult<std::int64_t> renumber_after(std::int64_t seq, const survey::Digest& hash);
    /// Whether `now`, the earliest of the clocks that can be asked, may be gone by where something is removed: see
    /// survey::agree(). After a step of more than kRestartRetention that was believed, all that was confirmed counts as
    /// confirmed now: nobody knows which of the times before were right.
    [[nodiscard]] StoreResult<survey::TimeAgreement> agree_on_time(survey::UtcTime now);
    /// Removes records that the backend confirmed before `received_before`: only from the beginning on, never across
    /// one that must stay, never the newest. Their texts go, the base moves, the day tallies stay. Returns how many.
    /// Works in steps, so that an append never waits long. REQUIRES: agree_on_time() agreed.
    [[nodiscard]] StoreResult<std::int64_t> prune(survey::UtcTime received_before);
    /// Forgets the tickets of the calendar months that were over kTicketMemory before `now`. Returns how many.
    /// REQUIRES: as prune.
    [[nodiscard]] StoreResult<std::int64_t> forget_tickets(survey::UtcTime now);

    /// Empty until enrolment put one there; without it no texts are asked for.
    [[nodiscard]] StoreResult<std::optional<TextKey>> text_key() const;
    [[nodiscard]] StoreResult<void> set_text_key(const std::optional<TextKey>& key);

    /// Records that the backend keeps but can't count yet, as it last said; for staff.
    [[nodiscard]] StoreResult<std::int64_t> quarantined_count() const;
    /// `count` may be negative, when some were reprocessed; the total never falls below 0.
    [[nodiscard]] StoreResult<void> add_quarantined(std::int64_t count);

    /// Whether one of the journal's files was removed, replaced or cut short while it was open. Every call says so from
    /// then on; what this object still holds is saved by open_or_repair().
    [[nodiscard]] bool is_displaced() const;

    /// What happened to this store, oldest first.
    [[nodiscard]] StoreResult<std::vector<StoreEvent>> events() const;

    /// The version of the kiosk program that last worked with this file, as it said itself; empty before one did. For
    /// the sync program, which tells the backend.
    [[nodiscard]] StoreResult<std::string> kiosk_version() const;
    /// Writes only where another version stands.
    [[nodiscard]] StoreResult<void> set_kiosk_version(std::string_view version);

    [[nodiscard]] StoreResult<SyncStatus> sync_status() const;
    [[nodiscard]] StoreResult<void> set_sync_status(const SyncStatus& status);

    /// Day tallies from `first` to `last`, both included, in order of day, questionnaire, flagged and subject.
    /// REQUIRES: both days are ok(). O(days x subjects).
    [[nodiscard]] StoreResult<std::vector<DayTally>> tallies(survey::Date first, survey::Date last) const;

    /// The same days added up, in order of questionnaire, flagged and subject: visit, counters, fields, began. Whole
    /// calendar months cost one row a subject, the days at the edges one each: ten years take milliseconds.
    /// Empty when `first` is after `last`. REQUIRES: both days are ok().
    [[nodiscard]] StoreResult<std::vector<PeriodTally>> period_tallies(survey::Date first, survey::Date last) const;
    /// What was said about officers in the months `first` to `last`, both included, added up, in order of
    /// questionnaire, flagged and officer. Whoever shows it keeps the minimum n. REQUIRES: both months are ok().
    /// O(months x officers).
    [[nodiscard]] StoreResult<std::vector<PeriodTally>> officer_tallies(Month first, Month last) const;
    /// One subject of any kind month by month, for a trend, in order of month, questionnaire and flagged; months
    /// without any are left out. REQUIRES: both months are ok(). O(months).
    [[nodiscard]] StoreResult<std::vector<MonthTally>> month_tallies(const survey::Subject& subject, Month first,
                                                                     Month last) const;

    /// Recomputes everything that can be without a questionnaire: SQLite's own structure, the sequence from the base on
    /// without gaps but the skips, each record's chain value, that each record names this terminal, its own number and
    /// its own id, that each sealed text stands beside a record, that the day tallies count exactly these records and
    /// those that were removed, and that each month is the sum of its days. Not covered: how often each option was
    /// chosen, and officers. Empty when whole; otherwise one sentence a fault, each with its sequence number ("seq 12:
    /// the record's bytes do not match its chain value"), at most kVerifyFaultsMax of them. O(records).
    [[nodiscard]] StoreResult<std::vector<std::string>> verify() const;

    /// Makes a verify() that runs on another thread end with an error, as soon as it does something that can be ended:
    /// repeated until it did. From any thread.
    void interrupt() const noexcept;

    static constexpr std::size_t kVerifyFaultsMax = 100;  // more tell a person nothing new

  private:
    friend class Repairer;
    struct State;
    /// Takes over an open file.
    [[nodiscard]] static StoreResult<Journal> on(std::unique_ptr<Database> database, const survey::KioskId& kiosk);
    explicit Journal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace hailong::kiosk
