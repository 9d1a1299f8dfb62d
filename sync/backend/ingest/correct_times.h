// Answers that were dated wrongly because the backend's own clock was wrong when they came: what people found out of it
// is recorded, and everything counted by those times is resolved anew, in one transaction. The raw records and the
// times of receipt as they were written stay; so the whole can be recounted, and corrected once more.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "survey/base/expected.h"
#include "sync/backend/ingest/receipts.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// What moves by a correction.
struct CorrectedTimes {
    std::int64_t batches = 0;  // that it covers
    std::int64_t records = 0;  // counted ones, at another time or with another trust than before
    /// Answers on a day before and after, where that differs.
    std::map<survey::CenterId, std::map<survey::Date, std::pair<std::int64_t, std::int64_t>>> days;
    bool operator==(const CorrectedTimes&) const = default;
};

/// Records the correction and moves what was counted: records, tallies, and an incident that says so. The caller
/// commits, or not, to see only what would move. The inner error is a sentence, and then nothing may be committed: such
/// batches do not exist; another correction covers some of them and is not of the same ones; with it fewer receipts
/// agree with the terminals' monotonic clocks, or as few, and no fewer lie out of order; nothing is there to take back.
/// O(batches), and O(records) of the terminals that sent one of the batches.
[[nodiscard]] StoreResult<Expected<CorrectedTimes, std::string>> correct_times(const TimeCorrection& correction,
                                                                               Transaction& transaction);

/// "365 days 0:04:10 ahead", "1 day 0:00:00 behind".
[[nodiscard]] std::string described_error(survey::milliseconds ahead);

}  // namespace hailong::sync
