// Takes one batch in: checks the chain, validates each record, writes raw records and tallies, answers with a receipt.
// Pure over the store's interface: no socket, no clock, no thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/center.h"
#include "survey/questionnaire.h"
#include "survey/record.h"
#include "sync/backend/store/store.h"
#include "sync/protocol/batch.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// What a record is validated against. Built from the store's documents; rebuilt when they change.
struct Reference {
    std::int64_t revision = 0;  // of the documents it was built from
    survey::Catalog questionnaires;
    std::vector<survey::Center> centers;
    /// Null when unknown.
    [[nodiscard]] const survey::Center* center(const survey::CenterId& id) const;
};

/// From the documents as the reader sees them. A document that was imported but can't be parsed now is `newer`.
[[nodiscard]] StoreResult<Reference> load_reference(Reader& reader);

/// Longest reason given in words for a quarantined record, in bytes.
inline constexpr std::size_t kQuarantineDetailBytesMax = 400;
/// Largest evidence kept with one incident, in bytes: a few hundred records; what is beyond is cut off.
inline constexpr std::size_t kEvidenceBytesMax = 1u << 20u;
/// How far back, in numbers, the record before is looked for whose time is the earliest possible one for the next.
/// Farther back, a row of records that were quarantined stands between: then there is no earliest time.
inline constexpr std::int64_t kTimeFloorRecordsMax = 500;

/// What people must look at; the kinds of incidents that ingest leaves.
inline constexpr std::string_view kIncidentBadSignature = "bad_signature";  // not signed by the terminal's key
inline constexpr std::string_view kIncidentForked =
    "forked";  // two histories under one key: a disk was cloned or restored
inline constexpr std::string_view kIncidentSkipped = "skipped";     // numbers that stand for no record
inline constexpr std::string_view kIncidentCloned = "cloned";       // two machines take turns under one key
inline constexpr std::string_view kIncidentStrayText = "stray_text";  // sealed text that no record names

/// Why a record is stored but not counted; the words are stable, terminals and reports rely on them.
inline constexpr std::string_view kQuarantineUnreadable = "unreadable";
inline constexpr std::string_view kQuarantineUnknownFormat = "unknown_format";
inline constexpr std::string_view kQuarantineWrongPlace = "wrong_place";
inline constexpr std::string_view kQuarantineDuplicateId = "duplicate_id";
inline constexpr std::string_view kQuarantineUnknownQuestionnaire = "unknown_questionnaire";
inline constexpr std::string_view kQuarantineUnknownCenter = "unknown_center";
inline constexpr std::string_view kQuarantineUnknownCounter = "unknown_counter";
inline constexpr std::string_view kQuarantineUnknownOfficer = "unknown_officer";
inline constexpr std::string_view kQuarantineUnknownProcedure = "unknown_procedure";
inline constexpr std::string_view kQuarantineUnknownField = "unknown_field";
inline constexpr std::string_view kQuarantineInvalid = "invalid";

/// Whether a record that is quarantined for this reason may count later: with other documents, or a newer program.
[[nodiscard]] bool may_pass(std::string_view reason);

/// Why a record is quarantined, and what exactly was found. An empty reason: it counts.
struct Quarantine {
    std::string reason;
    std::string detail;
    [[nodiscard]] bool counts() const { return reason.empty(); }
};

/// One record read at its place in a terminal's chain.
struct Read {
    std::optional<survey::Record> record;  // empty when the bytes could not be read
    Quarantine quarantined;                           // unreadable, unknown_format or wrong_place
};
[[nodiscard]] Read read_record(std::string_view bytes, const survey::KioskId& kiosk, std::int64_t seq);

/// The earliest time that the next record can have: what the nearest one before it was counted at when it came.
class TimeFloor {
  public:
    TimeFloor() = default;
    explicit TimeFloor(const CountedAt& last) : last_(last) {}
    void counted(std::int64_t seq, survey::UtcTime time) { last_ = {seq, time}; }
    /// 1970 when none of the kTimeFloorRecordsMax records before `seq` was counted.
    [[nodiscard]] survey::UtcTime before(std::int64_t seq) const {
        return seq - last_.seq <= kTimeFloorRecordsMax ? last_.time : survey::UtcTime{};
    }

  private:
    CountedAt last_;
};

/// What a batch that came at `received` says of the time of record `seq` in it.
[[nodiscard]] survey::TimeEvidence time_evidence_of(const BatchHeader& header, survey::UtcTime received,
                                             const TimeFloor& floor, std::int64_t seq);

struct Validation {
    Quarantine quarantined;
    survey::ResolvedTime time;  // also of what is quarantined
};

/// Whether what a record says makes sense: everything it names exists at the terminal's center, its answers are valid
/// for its questionnaire, and there is a day to count it on. without evidence (it came before times were resolved) it is
/// taken at its word.
[[nodiscard]] Validation validate(const survey::Response& response, const survey::CenterId& center,
                              const Reference& reference, const std::optional<survey::TimeEvidence>& evidence);

/// Whether the record names texts for this item, so that a sealed text may stand beside it.
[[nodiscard]] bool names_text(const survey::Response& response, const survey::ItemId& item);

/// Whether the record is quarantined for an id that the same terminal sent before.
[[nodiscard]] StoreResult<bool> is_copy(const StoredRecord& record, Reader& reader);

/// Tallies of one commit, added up in memory: written once by flush, whatever the number of batches.
class TallySheet {
  public:
    void add(const TallyKey& key, const survey::Tally& tally);
    void add(const TallySheet& other);
    /// Writes every row and leaves the sheet empty.
    [[nodiscard]] StoreResult<void> flush(WriteTransaction& transaction);
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] const std::map<TallyKey, survey::Tally>& rows() const { return rows_; }

  private:
    std::map<TallyKey, survey::Tally> rows_;
};

/// What became of a batch.
struct Ingested {
    Receipt receipt;             // not signed yet
    std::int64_t quarantined = 0;  // how many it names
    bool operator==(const Ingested&) const = default;
};

/// The outer expectation is the store's (retry the batch later); the inner is the protocol's answer.
using IngestAnswer = Expected<Ingested, Problem>;

/// Takes `batch` of `terminal` (as it stands in this transaction) in; tallies go to `sheet`, which the caller flushes
/// before the commit. The receipt may be sent only after that commit. On a Problem the batch wrote nothing, except that
/// `altered` and `bad_signature` leave an incident.
///
/// The order of PROTOCOL.md 5.1: another terminal's batch is forbidden; one that the terminal's key did not sign is a
/// bad_signature; one with records or texts where none can be is malformed; one that starts beyond what is stored is a
/// gap, unless it names every number between as skipped; a previous hash other than the one stored is altered; bytes that
/// do not lead to the last hash are a chain_mismatch; a record stored with another chain value is altered, with the same
/// one a duplicate. Every new record is stored, counted or quarantined. Texts are kept beside new records and duplicates
/// alike. What the terminal says of itself (how many it collected) is believed unless the batch ends before what is
/// stored: it is old.
[[nodiscard]] StoreResult<IngestAnswer> ingest(const Batch& batch, const Terminal& terminal, const Reference& reference,
                                          survey::UtcTime received, WriteTransaction& transaction, TallySheet& sheet);

/// Which tallies one valid response adds to: each subject by day, the officer by month as well. The day is the one in
/// Vietnam at the resolved time. Each tally says how it came by that time.
[[nodiscard]] std::vector<TallyRow> tally_rows(const survey::Response& response,
                                               const survey::Questionnaire& questionnaire,
                                               const survey::CenterId& center, const survey::ResolvedTime& time);

}  // namespace hailong::sync
