// What the backend keeps, behind one interface: raw records, tallies, terminals, centers, questionnaires, incidents.
// One contract test runs over every implementation (SQLite embedded; PostgreSQL has its place beside it).
//
// Threads: one writer at a time uses a WriteTransaction; readers use their own Reader and never wait for the writer.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/base/uuid.h"
#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"
#include "survey/questionnaire.h"
#include "survey/tally.h"
#include "survey/time_evidence.h"

namespace hailong::sync {

/// The world's refusals, by what the caller can do.
enum class BackendStoreErrorKind {
    busy,       // another writer holds it: try again
    full,       // no space left: make room
    read_only,  // no permission to write: mend permissions
    io,         // the disk failed, or the file is missing
    corrupt,    // not a store of ours, or damaged: restore it
    newer,      // written by a newer version of this program: upgrade
    conflict,   // what is to be added contradicts what is stored; nothing was written
};
struct BackendStoreError {
    BackendStoreErrorKind kind = BackendStoreErrorKind::io;
    std::string what;
    std::string remedy;
};
template <class Value>
using StoreResult = Expected<Value, BackendStoreError>;
/// "what; remedy".
[[nodiscard]] inline std::string describe(const BackendStoreError& error) {
    return error.what + "; " + error.remedy;
}

struct Terminal {
    survey::KioskId kiosk;
    survey::CenterId center;
    std::string token_hash;  // SHA-256 of the token, hexadecimal: the token itself is never kept. Empty: revoked
    std::optional<survey::SignPublicKey> key;  // that its batches are signed with; empty: not enrolled, or revoked
    std::int64_t last_seq = 0;                 // stored durably, without a gap from 1
    survey::Digest last_hash = survey::kChainStart;
    std::int64_t reported_collected = 0;  // what the terminal last said it has collected
    std::optional<survey::UtcTime> last_seen;
    bool operator==(const Terminal&) const = default;
};

/// One record as stored. `quarantine_reason` empty: counted.
struct StoredRecord {
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    std::optional<survey::Uuid> id;  // empty when the record could not be read
    survey::Digest hash;             // chain value after it
    std::string bytes;               // exactly as received
    std::string quarantine_reason;
    std::string quarantine_detail;
    survey::UtcTime received{};
    survey::UtcTime counted_at{};  // the time that decides its day; epoch while it is quarantined
    survey::TimeTrust trust = survey::TimeTrust::doubtful;
    std::optional<survey::UtcTime> reprocessed;  // when it was counted after having been quarantined
    bool operator==(const StoredRecord&) const = default;
};

/// Every key that a terminal's batches were ever signed with: what was accepted once can be checked for ever.
struct TerminalKey {
    survey::KioskId kiosk;
    survey::SignPublicKey key;
    survey::UtcTime since{};
    bool operator==(const TerminalKey&) const = default;
};

/// A one-time code for enrolment; only its hash is kept.
struct EnrolmentCode {
    std::string code_hash;  // SHA-256 of the code as parse_code() gives it, hexadecimal
    survey::KioskId kiosk;
    survey::CenterId center;
    survey::UtcTime expires{};
    std::optional<survey::SignPublicKey> used_by;  // the same terminal may ask again: its answer may have been lost
    bool operator==(const EnrolmentCode&) const = default;
};

/// Numbers that the terminal said it has no record for; the chain goes on behind them from `previous_hash`.
struct StoredSkip {
    survey::KioskId kiosk;
    std::int64_t first_seq = 0;
    std::int64_t last_seq = 0;
    std::string reason;  // as in the protocol
    survey::Digest previous_hash;
    survey::UtcTime received{};
    bool operator==(const StoredSkip&) const = default;
};

/// Sealed text beside a record, opaque here.
struct StoredText {
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    survey::ItemId item;
    std::string bytes;
    survey::UtcTime received{};
    bool operator==(const StoredText&) const = default;
};

/// What stays of texts that were erased: that there were some, and why they are gone.
struct Erasure {
    survey::KioskId kiosk;
    std::int64_t seq = 0;
    survey::ItemId item;
    survey::UtcTime time{};
    std::string reason;
    bool operator==(const Erasure&) const = default;
};

/// One terminal's day by its own clock (the local day of `finished`): what both ends count. A response that came twice,
/// under two numbers (a terminal renumbers what it can't prove), is one response here, and one copy.
struct TerminalDay {
    survey::KioskId kiosk;
    survey::Date day{};
    std::int64_t collected = 0;  // as the terminal last said
    std::int64_t stored = 0;
    std::int64_t counted = 0;  // of them, wherever their time was put
    std::int64_t quarantined = 0;
    std::int64_t copies = 0;  // of a response of the same terminal: neither stored nor quarantined above
    bool operator==(const TerminalDay&) const = default;
    /// Adds the counts, but not what the terminal says.
    TerminalDay& operator+=(const TerminalDay& more);
};

/// The day of TerminalDay that a record belongs to: the local day of `finished` as the terminal claims it, the same as
/// its own journal counts by. A record that can't be read (null) stands on the day in Vietnam that it came.
[[nodiscard]] survey::Date claimed_day(const survey::Response* response, survey::UtcTime received);

/// What one stored record adds to its terminal's days. `response` is null when it could not be read. A copy is a record
/// quarantined because the same terminal sent its response under an earlier number.
[[nodiscard]] TerminalDay terminal_day(const StoredRecord& record, const survey::Response* response, bool is_copy);

/// What a record was counted at when it came.
struct CountedAt {
    std::int64_t seq = 0;
    survey::UtcTime time{};
    bool operator==(const CountedAt&) const = default;
};

/// Which pile a count stands on. Flagged answers are counted apart, never dropped.
enum class Grain { day, month };
struct TallyKey {
    survey::CenterId center;
    Grain grain = Grain::day;  // month only for SubjectKind::officer, beside its days
    survey::Date date{};       // the day, or the first of the month
    survey::QuestionnaireRef questionnaire;
    survey::Subject subject;
    bool flagged = false;
    bool operator==(const TallyKey&) const = default;
    /// What differs most often is compared first: ingest sorts every answer into its pile.
    std::strong_ordering operator<=>(const TallyKey& other) const {
        return std::tie(subject, date, grain, flagged, questionnaire, center) <=>
               std::tie(other.subject, other.date, other.grain, other.flagged, other.questionnaire, other.center);
    }
};
struct TallyRow {
    TallyKey key;
    survey::Tally tally;
    bool operator==(const TallyRow&) const = default;
};

/// The header of a batch that brought something new: members that this version does not know are kept with it.
struct StoredBatch {
    survey::KioskId kiosk;
    std::int64_t first_seq = 0;
    std::int64_t count = 0;
    std::string header_bytes;  // exactly as received
    survey::Signature signature;
    survey::UtcTime received{};
    bool operator==(const StoredBatch&) const = default;
};

/// Something people must look at: a record sent with other bytes, a broken chain, a foreign token.
/// Kept once for each (kiosk, kind, detail), with its first time: a terminal that repeats itself fills no disk.
struct Incident {
    survey::UtcTime time{};
    survey::KioskId kiosk;
    std::string kind;
    std::string detail;
    std::string evidence;  // the bytes in question
    bool operator==(const Incident&) const = default;
};

/// What tallies to read; days `first` to `last`, both included.
struct TallyQuery {
    survey::CenterId center;
    Grain grain = Grain::day;
    survey::Date first{};
    survey::Date last{};
    std::optional<survey::SubjectKind> subject_kind;
    std::optional<std::string> subject_id;
};

struct CenterTotals {
    std::int64_t stored = 0;  // records of the center's terminals
    std::int64_t counted = 0;
    std::int64_t quarantined = 0;
    std::int64_t copies = 0;              // of the stored and the quarantined: came before under another number
    std::int64_t skipped = 0;             // numbers that stand for no record
    std::int64_t lost = 0;                // of them: their responses were collected, and exist no more
    std::int64_t reported_collected = 0;  // sum of what its terminals say
};

/// How much there is of what no center's totals say.
struct StoreCounts {
    std::int64_t incidents = 0;
    std::int64_t texts = 0;     // texts stored
    std::int64_t erasures = 0;  // texts erased
    bool operator==(const StoreCounts&) const = default;
};

/// Reads see one consistent state while the Reader lives.
class Reader {
  public:
    virtual ~Reader() = default;
    [[nodiscard]] virtual StoreResult<std::vector<survey::CenterId>> centers() = 0;
    /// Grows with every center or questionnaire that is added or changed; never otherwise.
    [[nodiscard]] virtual StoreResult<std::int64_t> documents_revision() = 0;
    /// The center's JSON as imported; empty optional when unknown.
    [[nodiscard]] virtual StoreResult<std::optional<std::string>> center(const survey::CenterId& center) = 0;
    /// Every questionnaire version's JSON as imported, in order of id and version.
    [[nodiscard]] virtual StoreResult<std::vector<std::string>> questionnaires() = 0;
    [[nodiscard]] virtual StoreResult<std::vector<Terminal>> terminals() = 0;
    [[nodiscard]] virtual StoreResult<std::optional<Terminal>> terminal(const survey::KioskId& kiosk) = 0;
    [[nodiscard]] virtual StoreResult<std::optional<Terminal>> terminal_by_token(const std::string& token_hash) = 0;
    /// The chain value stored at `seq`; kChainStart at 0; at the end of a skip what the chain goes on from; empty when
    /// not stored.
    [[nodiscard]] virtual StoreResult<std::optional<survey::Digest>> hash_at(const survey::KioskId& kiosk,
                                                                             std::int64_t seq) = 0;
    [[nodiscard]] virtual StoreResult<bool> holds_id(const survey::Uuid& id) = 0;
    /// Whether the same terminal has the id under a number before `seq`.
    [[nodiscard]] virtual StoreResult<bool> holds_id_before(const survey::KioskId& kiosk, std::int64_t seq,
                                                            const survey::Uuid& id) = 0;
    [[nodiscard]] virtual StoreResult<std::vector<TallyRow>> tallies(const TallyQuery& query) = 0;
    [[nodiscard]] virtual StoreResult<CenterTotals> totals(const survey::CenterId& center) = 0;
    [[nodiscard]] virtual StoreResult<std::vector<Incident>> incidents() = 0;
    [[nodiscard]] virtual StoreResult<std::optional<EnrolmentCode>> code(const std::string& code_hash) = 0;
    /// In the order they came.
    [[nodiscard]] virtual StoreResult<std::vector<TerminalKey>> terminal_keys(const survey::KioskId& kiosk) = 0;
    [[nodiscard]] virtual StoreResult<std::vector<StoredSkip>> skips(const survey::KioskId& kiosk) = 0;
    [[nodiscard]] virtual StoreResult<std::optional<StoredRecord>> record(const survey::KioskId& kiosk,
                                                                          std::int64_t seq) = 0;
    /// Records that are quarantined, after (kiosk, seq) in that order, at most `count_max`.
    [[nodiscard]] virtual StoreResult<std::vector<StoredRecord>> quarantined_after(const survey::KioskId& kiosk,
                                                                                   std::int64_t seq,
                                                                                   std::size_t count_max) = 0;
    /// The nearest record before `seq`, from `seq_min` on, that was counted when it came; those that were reprocessed
    /// later are passed over, so that the answer is the same for ever. Empty: there is none.
    [[nodiscard]] virtual StoreResult<std::optional<CountedAt>> counted_before(const survey::KioskId& kiosk,
                                                                               std::int64_t seq,
                                                                               std::int64_t seq_min) = 0;
    /// The batch that brought record `seq`; empty when that is not known.
    [[nodiscard]] virtual StoreResult<std::optional<StoredBatch>> batch_of(const survey::KioskId& kiosk,
                                                                           std::int64_t seq) = 0;
    /// Up to here the terminal's records came before batches were signed; 0: none did. Never changes.
    [[nodiscard]] virtual StoreResult<std::int64_t> unsigned_until(const survey::KioskId& kiosk) = 0;
    /// Texts beside one record; all items.
    [[nodiscard]] virtual StoreResult<std::vector<StoredText>> texts(const survey::KioskId& kiosk,
                                                                     std::int64_t seq) = 0;
    /// Calls `visit` for each sealed text, in order of kiosk, seq and item; stops early when it returns false.
    [[nodiscard]] virtual StoreResult<void> each_text(const std::function<bool(const StoredText&)>& visit) = 0;
    [[nodiscard]] virtual StoreResult<std::vector<Erasure>> erasures() = 0;
    /// The last `count_max` of one terminal, newest first.
    [[nodiscard]] virtual StoreResult<std::vector<Erasure>> newest_erasures(const survey::KioskId& kiosk,
                                                                            std::size_t count_max) = 0;
    [[nodiscard]] virtual StoreResult<StoreCounts> counts() = 0;
    /// Of a center's terminals from `first` to `last`, both included, in order of kiosk and day.
    [[nodiscard]] virtual StoreResult<std::vector<TerminalDay>> terminal_days(const survey::CenterId& center,
                                                                              survey::Date first,
                                                                              survey::Date last) = 0;
    /// Calls `visit` for each day of each terminal, in order of kiosk and day; stops early when it returns false.
    [[nodiscard]] virtual StoreResult<void> each_terminal_day(const std::function<bool(const TerminalDay&)>& visit) = 0;
    /// Calls `visit` for each record of `kiosk` in order of seq; stops early when it returns false.
    [[nodiscard]] virtual StoreResult<void> each_record(const survey::KioskId& kiosk,
                                                        const std::function<bool(const StoredRecord&)>& visit) = 0;
    /// Calls `visit` for each kept batch header of `kiosk` in the order received; stops early when it returns false.
    [[nodiscard]] virtual StoreResult<void> each_batch(const survey::KioskId& kiosk,
                                                       const std::function<bool(const StoredBatch&)>& visit) = 0;
    /// Calls `visit` for each tally row, in no particular order; stops early when it returns false.
    [[nodiscard]] virtual StoreResult<void> each_tally(const std::function<bool(const TallyRow&)>& visit) = 0;
};

/// Everything between begin and commit is one durable step. Destroyed without commit: nothing happened. Reads see
/// what this transaction wrote.
class WriteTransaction : public Reader {
  public:
    /// Adds or replaces. Raises the revision, as put_questionnaire does, unless the same text stands there already.
    [[nodiscard]] virtual StoreResult<void> put_center(const survey::CenterId& center, const std::string& json) = 0;
    /// Adds a version. The same version with other text is a conflict: what was published never changes.
    [[nodiscard]] virtual StoreResult<void> put_questionnaire(const survey::QuestionnaireRef& ref,
                                                              const std::string& json) = 0;
    /// Adds or replaces by kiosk id.
    [[nodiscard]] virtual StoreResult<void> put_terminal(const Terminal& terminal) = 0;
    /// A conflict when (kiosk, seq) is stored already, or a counted record with the same id while this one counts too.
    [[nodiscard]] virtual StoreResult<void> add_record(const StoredRecord& record) = 0;
    [[nodiscard]] virtual StoreResult<void> add_batch(const StoredBatch& batch) = 0;
    /// Adds `row.tally` to what stands at `row.key`.
    [[nodiscard]] virtual StoreResult<void> add_tally(const TallyRow& row) = 0;
    [[nodiscard]] virtual StoreResult<void> add_incident(const Incident& incident) = 0;
    /// Adds or replaces by its hash.
    [[nodiscard]] virtual StoreResult<void> put_code(const EnrolmentCode& code) = 0;
    /// Forgets every code made for that terminal, used or not.
    [[nodiscard]] virtual StoreResult<void> end_codes(const survey::KioskId& kiosk) = 0;
    /// Adds; the same key again changes nothing.
    [[nodiscard]] virtual StoreResult<void> add_terminal_key(const TerminalKey& key) = 0;
    /// A conflict when a record or another skip stands within it.
    [[nodiscard]] virtual StoreResult<void> add_skip(const StoredSkip& skip) = 0;
    /// A record that was quarantined counts from now on: its reason goes, `counted_at`, `trust` and `reprocessed` come,
    /// and its id if it could not be read before; nothing else of it can change. A conflict when it is not quarantined,
    /// or its id is counted already.
    [[nodiscard]] virtual StoreResult<void> reprocess(const StoredRecord& record) = 0;
    /// Keeps a sealed text, unless one stands there already or was erased.
    [[nodiscard]] virtual StoreResult<void> add_text(const StoredText& sealed) = 0;
    /// Removes the sealed text and keeps the trace; also when there is no sealed text (so that none comes back). False
    /// when it was erased before.
    [[nodiscard]] virtual StoreResult<bool> erase_text(const Erasure& erasure) = 0;
    /// Erases at most `count_max` texts that were received before `before`; how many it was.
    [[nodiscard]] virtual StoreResult<std::int64_t> erase_texts_before(survey::UtcTime before, const Erasure& trace,
                                                                       std::size_t count_max) = 0;
    /// Adds `day.stored`, `.counted`, `.quarantined` and `.copies` to what stands there; `collected` replaces, when it
    /// is not 0.
    [[nodiscard]] virtual StoreResult<void> add_terminal_day(const TerminalDay& day) = 0;
    /// Remembers the terminal's present start. True when this start was seen before and another one since: two
    /// machines take turns.
    [[nodiscard]] virtual StoreResult<bool> note_boot(const survey::KioskId& kiosk, const std::string& boot,
                                                      survey::UtcTime time) = 0;
    /// Durable when it returned a value.
    [[nodiscard]] virtual StoreResult<void> commit() = 0;

    // Marks within the transaction, so that one bad batch of a group leaves no trace while the others commit.
    // A new mark replaces the one before it. When rolling back fails, the whole transaction is lost.
    [[nodiscard]] virtual StoreResult<void> set_savepoint() = 0;
    [[nodiscard]] virtual StoreResult<void> roll_back_to_savepoint() = 0;
};

/// Safe to use from any thread; outlives its readers and transactions.
class Store {
  public:
    virtual ~Store() = default;
    [[nodiscard]] virtual StoreResult<std::unique_ptr<Reader>> read() = 0;
    /// busy when a transaction of this store, or of another process, is not finished in time.
    [[nodiscard]] virtual StoreResult<std::unique_ptr<WriteTransaction>> write() = 0;
};

}  // namespace hailong::sync
