// The rows that the tallies stand in: which of them a terminal keeps, and how a key is written in a row. Called within
// a step of Database::run; what can't be, throws Damage.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "kiosk/journal/response_counts.h"
#include "survey/base/sqlite.h"
#include "survey/tally_sheet.h"

namespace hailong::kiosk {

/// "2026-11" for the first of that month.
[[nodiscard]] std::string month_text(survey::Date month);
/// The first day of the month; empty for anything but "YYYY-MM" of the years 1970 to 9999.
[[nodiscard]] std::optional<survey::Date> parse_month(std::string_view text);

/// What a terminal keeps of a response's rows (survey::tally_rows): the days of the visit, counter, field and began,
/// the sums of those days by month, and officers by month alone.
[[nodiscard]] survey::TallySheet kept_rows(const survey::TallySheet& rows);
/// Whether a row only adds up the days of its month; an officer's says what no day does.
[[nodiscard]] bool is_sum_of_days(const survey::TallyKey& key);

/// Columns 0 to 5 of a row: date, questionnaire, version, flagged, subject_kind, subject_id. Empty when they name no
/// date or subject.
[[nodiscard]] std::optional<survey::TallyKey> maybe_key_at(const survey::sqlite::Query& row, survey::Grain grain);
[[nodiscard]] survey::TallyKey key_at(const survey::sqlite::Query& row, survey::Grain grain);
/// The tally in `column`, as it stands there.
[[nodiscard]] survey::Tally tally_at(const survey::sqlite::Query& row, int column);

/// Empty tally where there is no row.
[[nodiscard]] survey::Tally read_tally(survey::sqlite::Connection& file, const survey::TallyKey& key);

// Inside a transaction.
void put_tally(survey::sqlite::Connection& file, const survey::TallyKey& key, const survey::Tally& tally);
/// Adds to what the tallies count and no record of this file says any more. REQUIRES: a group of a day.
void add_without_record(survey::sqlite::Connection& file, const ResponseGroup& group, std::int64_t responses);
[[nodiscard]] ResponseCounts read_without_record(survey::sqlite::Connection& file);

/// Tally rows kept in memory between appends, about 1 KB each. A day and a month of a center with eight counters, ten
/// fields and forty officers need 80, and those of flagged responses as many.
inline constexpr std::size_t kTallyCacheRowsMax = 256;

/// The rows as they stood when they were last read or written. They change only together with a record, so a head with
/// another number, by another process or after a rollback, tells that they must be read again: the owner clears it
/// then.
class TallyCache {
  public:
    /// Adds to a row. Inside a transaction.
    void count(survey::sqlite::Connection& file, const survey::TallyKey& key, const survey::Tally& added);
    void clear() { rows_.clear(); }

  private:
    survey::TallySheet rows_;
};

}  // namespace hailong::kiosk
