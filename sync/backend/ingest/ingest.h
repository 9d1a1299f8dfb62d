// Takes one batch in: checks the chain, judges each record, writes raw records and tallies, answers with a receipt.
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

/// What a record is judged against. Built from the store's documents; rebuilt when they change.
struct Reference {
    std::int64_t revision = 0;  // of the documents it was built from
    survey::Catalog questionnaires;
    std::vector<survey::Center> centers;
    /// Null when unknown.
    [[nodiscard]] const survey::Center* center(const survey::CenterId& id) const;
};

/// From the documents as the reader sees them. A document that was imported but can't be parsed now is `newer`.
[[nodiscard]] Stored<Reference> load_reference(Reader& reader);

/// Most set-aside records that one receipt names, in order of seq: enough to see the pattern, whatever the batch.
/// All of them are held and counted.
inline constexpr std::size_t kSetAsideListedMax = 100;
/// Longest reason given in words for a set-aside record, in bytes.
inline constexpr std::size_t kAsideDetailBytesMax = 400;

/// Why a record is held but not counted; the words are stable, terminals and reports rely on them.
inline constexpr std::string_view kAsideUnreadable = "unreadable";
inline constexpr std::string_view kAsideUnknownFormat = "unknown_format";
inline constexpr std::string_view kAsideWrongPlace = "wrong_place";
inline constexpr std::string_view kAsideDuplicateId = "duplicate_id";
inline constexpr std::string_view kAsideUnknownQuestionnaire = "unknown_questionnaire";
inline constexpr std::string_view kAsideUnknownCenter = "unknown_center";
inline constexpr std::string_view kAsideUnknownCounter = "unknown_counter";
inline constexpr std::string_view kAsideUnknownOfficer = "unknown_officer";
inline constexpr std::string_view kAsideUnknownProcedure = "unknown_procedure";
inline constexpr std::string_view kAsideUnknownField = "unknown_field";
inline constexpr std::string_view kAsideInvalid = "invalid";

/// Why a record is set aside, and what exactly was found. An empty reason: it counts.
struct Aside {
    std::string reason;
    std::string detail;
    [[nodiscard]] bool counts() const { return reason.empty(); }
};

/// One record read at its place in a terminal's chain.
struct Read {
    std::optional<survey::Record> record;  // empty when the bytes could not be read
    Aside aside;                           // unreadable, unknown_format or wrong_place
};
[[nodiscard]] Read read_record(std::string_view bytes, const survey::KioskId& kiosk, std::int64_t seq);

/// Whether what a record says makes sense: everything it names exists at the terminal's center, and its answers are
/// valid for its questionnaire.
[[nodiscard]] Aside judge(const survey::Response& response, const survey::CenterId& center, const Reference& reference);

/// Tallies of one commit, added up in memory: written once by flush, whatever the number of batches.
class TallySheet {
  public:
    void add(const TallyKey& key, const survey::Tally& tally);
    void add(const TallySheet& other);
    /// Writes every row and leaves the sheet empty.
    [[nodiscard]] Stored<void> flush(WriteTransaction& transaction);
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] const std::map<TallyKey, survey::Tally>& rows() const { return rows_; }

  private:
    std::map<TallyKey, survey::Tally> rows_;
};

/// What became of a batch.
struct Ingested {
    Receipt receipt;             // names at most kSetAsideListedMax of the records set aside
    std::int64_t set_aside = 0;  // all of them
    bool operator==(const Ingested&) const = default;
};

/// The outer expectation is the store's (retry the batch later); the inner is the protocol's answer.
using IngestAnswer = Expected<Ingested, Problem>;

/// Takes `batch` of `terminal` (as it stands in this transaction) in; tallies go to `sheet`, which the caller flushes
/// before the commit. The receipt may be sent only after that commit. On a Problem the batch wrote nothing, except that
/// `altered` leaves an incident.
///
/// In this order: another terminal's batch is forbidden; a batch that starts beyond what is held is a gap; a previous
/// hash other than the one held is altered; bytes that do not lead to the last hash are a chain_mismatch; a record held
/// with another chain value is altered, with the same one a duplicate. Every new record is held, counted or set aside.
[[nodiscard]] Stored<IngestAnswer> ingest(const Batch& batch, const Terminal& terminal, const Reference& reference,
                                          survey::UtcTime received, WriteTransaction& transaction, TallySheet& sheet);

/// Which tallies one valid response adds to: each subject by day, the officer by month as well. The day is the one in
/// Vietnam when the visit finished, by the terminal's wall clock, whatever offset that clock claims.
[[nodiscard]] std::vector<TallyRow> tally_rows(const survey::Response& response,
                                               const survey::Questionnaire& questionnaire,
                                               const survey::CenterId& center);

}  // namespace hailong::sync
