// What a record is worth by itself: read at its place, validated against the documents, its time resolved. Pure: no
// store, no clock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "survey/record.h"
#include "sync/backend/ingest/reference.h"
#include "sync/backend/model/record.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {

/// Longest explanation given for a quarantined record, in bytes.
inline constexpr std::size_t kQuarantineDetailBytesMax = 400;
/// How far back, in numbers, the record before is looked for whose time is the earliest possible one for the next.
/// Farther back, a row of records that were quarantined or whose time is doubtful stands between: then there is no
/// earliest time.
inline constexpr std::int64_t kTimeFloorRecordsMax = 500;

/// Whether a record that is quarantined for this reason may count later: with other documents, or a newer program.
[[nodiscard]] bool may_pass(QuarantineReason reason);

/// Why a record is quarantined, and what exactly was found. Without a reason it counts.
struct Quarantine {
    std::optional<QuarantineReason> reason;
    std::string detail;
    [[nodiscard]] bool counts() const { return !reason; }
    bool operator==(const Quarantine&) const = default;
};

/// One record read at its place in a terminal's chain.
struct Read {
    std::optional<survey::Record> record;  // empty when the bytes could not be read
    Quarantine quarantined;                // unreadable, unknown_format or wrong_place
    [[nodiscard]] const survey::Response* response() const { return record ? &record->response : nullptr; }
};
[[nodiscard]] Read read_record(std::string_view bytes, const survey::KioskId& kiosk, std::int64_t seq);

/// The earliest time that the next record can have: what the nearest one before it was counted at when it came. One
/// whose time is doubtful binds nothing: a single clock that is ahead would date all that follow.
class TimeFloor {
  public:
    TimeFloor() = default;
    explicit TimeFloor(const std::optional<CountedAt>& last) : last_(last) {}
    void counted(std::int64_t seq, const survey::ResolvedTime& time) {
        if (time.trust != survey::TimeTrust::doubtful) last_ = CountedAt{seq, time.counted_at};
    }
    /// 1970 when none of the kTimeFloorRecordsMax records before `seq` was counted at a time that is not doubtful.
    [[nodiscard]] survey::UtcTime before(std::int64_t seq) const {
        return last_ && seq - last_->seq <= kTimeFloorRecordsMax ? last_->time : survey::UtcTime{};
    }
    /// The newest that was counted when it came, at a time that is not doubtful.
    [[nodiscard]] const std::optional<CountedAt>& last() const { return last_; }

  private:
    std::optional<CountedAt> last_;
};

/// What a batch that came at `receipt` says of the time of record `seq` in it.
[[nodiscard]] survey::TimeEvidence time_evidence_of(const BatchHeader& header, const ReceiptTime& receipt,
                                                    const TimeFloor& floor, std::int64_t seq);

struct Validation {
    Quarantine quarantined;
    survey::ResolvedTime time;  // also of what is quarantined
};

/// Whether what a record says makes sense: everything it names exists at the terminal's center, and its answers are
/// valid for its questionnaire. What it says of its time is another matter.
[[nodiscard]] Quarantine validate_content(const survey::Response& response, const survey::CenterId& center,
                                          const Reference& reference);

/// `content`, and whether there is a day to count the record on. Without evidence (it came before times were resolved)
/// it is taken at its word.
[[nodiscard]] Validation with_time(const Quarantine& content, const survey::Response& response,
                                   const std::optional<survey::TimeEvidence>& evidence);

/// Both.
[[nodiscard]] Validation validate(const survey::Response& response, const survey::CenterId& center,
                                  const Reference& reference, const std::optional<survey::TimeEvidence>& evidence);

/// Whether the record names a text for this item, so that a sealed text may stand beside it.
[[nodiscard]] bool names_text(const survey::Response& response, const survey::ItemId& item);
/// The same of a stored record: what can't be read may name it.
[[nodiscard]] bool may_name_text(const Read& read, const survey::ItemId& item);

/// Whether the responses of numbers skipped for this reason were collected, and exist no more.
[[nodiscard]] bool is_lost(survey::SkipReason reason);

/// Of the records of one terminal, in order of seq, the numbers of those that are copies: quarantined because the same
/// terminal sent their response under an earlier number. One call of the store, or none.
[[nodiscard]] StoreResult<std::set<std::int64_t>> copies_among(std::span<const StoredRecord> records,
                                                               RecordReader& reader);
/// The same of records that are not stored yet, where `stored` is where their ids stand already.
[[nodiscard]] std::set<std::int64_t> copies_among(std::span<const StoredRecord> records,
                                                  std::span<const IdPlace> stored);

}  // namespace hailong::sync
