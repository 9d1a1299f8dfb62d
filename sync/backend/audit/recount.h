// Records validated and counted anew, one after the other, whatever is stored of them. Private to this room.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "sync/backend/audit/findings.h"
#include "sync/backend/ingest/tallies.h"
#include "sync/backend/ingest/validate.h"
#include "sync/backend/model/terminal.h"
#include "sync/backend/model/terminal_day.h"

namespace hailong::sync {

/// A record of `terminal` with what is known beside it.
struct AuditedRecord {
    const StoredRecord& stored;
    const Read& read;
    const Terminal& terminal;
    std::optional<survey::TimeEvidence> evidence;
    std::optional<survey::TimeEvidence> former_evidence;  // as an earlier version had it when the record came
    survey::UtcTime received{};                           // at the earliest, as is known by now
    bool is_copy = false;
    std::string name;  // "record 3 of K1"
};

class Recount {
  public:
    Recount(const Reference& reference, Findings& findings) : reference_(reference), findings_(findings) {}

    /// Whether the record is rightly counted or rightly quarantined, and its time rightly resolved; counts it.
    void look_at(const AuditedRecord& record);
    /// A counted id stands once; a record quarantined as duplicate_id has a twin. Once, at the end.
    void check_ids();
    /// The tallies against what was counted. Once, at the end.
    [[nodiscard]] StoreResult<void> compare_tallies(TallyReader& reader);
    /// The days and totals of a terminal whose records were looked at against what they make.
    [[nodiscard]] StoreResult<void> compare_sums(const Terminal& terminal, TerminalReader& reader);

  private:
    void check_counted(const AuditedRecord& record, const Validation& now);
    void check_time(const AuditedRecord& record, const survey::ResolvedTime& time);
    void check_quarantined(const AuditedRecord& record, const Quarantine& now);
    void compare_days(const std::vector<TerminalDay>& stored);

    const Reference& reference_;
    Findings& findings_;
    std::map<survey::Date, TerminalDay> days_;  // of the terminal that is looked at
    Totals totals_;                             // of the same
    std::vector<survey::Uuid> counted_ids_;
    std::vector<survey::Uuid> quarantined_ids_;
    std::vector<std::pair<survey::Uuid, std::string>> repeated_;  // quarantined as duplicate_id: id and name
    CenterSheets expected_;
};

}  // namespace hailong::sync
