// From the journal's day tallies to the counts that staff may be told of: those of released days (released_days.h).
// Pure.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "kiosk/app/background_reader.h"
#include "kiosk/app/released_days.h"
#include "kiosk/screens/screens.h"

namespace hailong::kiosk {

/// A row of one item's counts, with nothing counted yet.
[[nodiscard]] TallyRow row_for(std::string label, const survey::Item& item);
/// A row of which nothing more is told.
[[nodiscard]] TallyRow too_few(std::string label);
/// Counts more into a row of row_for().
void count_in(TallyRow& row, const survey::Tally& tally, const survey::Item& item);
void count_in(TallyRow& row, const TallyRow& other);
[[nodiscard]] survey::ItemCounts figure_of(const TallyRow& row, const survey::Item& item);
void add_share(TallyRow& row, const survey::Item& item, survey::Objective objective);

/// What is counted: one item, of one questionnaire, all versions.
struct Counted {
    const survey::QuestionnaireId& questionnaire;
    const survey::Item& item;
};

struct Visits {
    TallyRow counted;
    std::int64_t flagged = 0;
};

/// The visits of each day before the one that the sheet was read on, and which days may be told of.
struct ReleasedVisits {
    std::map<survey::Date, Visits> days;
    std::vector<DayGroup> groups;
};
/// O(sheet.days).
[[nodiscard]] ReleasedVisits released_visits(const TallySheet& sheet, const Counted& counted);

/// What may be told of the visits of these days together.
[[nodiscard]] Visits told_of(const ReleasedVisits& visits, const Days& span, const Counted& counted);
/// The valid answers of these days, told of or not.
[[nodiscard]] std::int64_t valid_in(const ReleasedVisits& visits, const Days& span, const Counted& counted);

/// Whose row it is, with what words. The visit's, beside that of scanned tickets, is of all others: who walked up.
struct RowOf {
    std::string label;
    survey::Subject subject;
};
/// The sums of the months of `span` that are over, as each month is told row by row (survey::told_rows): a longer
/// period tells nothing that they do not. A row that no month tells of is too_few. REQUIRES: whole calendar months.
[[nodiscard]] std::vector<TallyRow> told_rows_of(const TallySheet& sheet, const ReleasedVisits& visits,
                                                 const Days& span, const Counted& counted, std::span<const RowOf> rows);

}  // namespace hailong::kiosk
