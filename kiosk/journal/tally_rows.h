// The rows that the tallies stand in: what a row stands under, what one response adds to which rows, and how a file of
// an older program gets the rows that it has not kept. Private to this room.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/response_counts.h"
#include "survey/base/ids.h"
#include "survey/questionnaire.h"
#include "survey/response.h"
#include "survey/tally.h"

namespace hailong::kiosk {

/// Which table a row stands in: day_tallies or month_tallies.
enum class Grain { day, month };

/// What a row of tallies stands under.
struct TallyKey {
    Grain grain = Grain::day;
    std::string date;  // "2026-11-22", or "2026-11" for a month
    survey::QuestionnaireRef questionnaire;
    bool flagged = false;
    survey::Subject subject;
    auto operator<=>(const TallyKey&) const = default;
};
using Tallies = std::map<TallyKey, survey::Tally>;

/// The items that ask about the officer, by questionnaire. One that does not stand here is not known.
using OfficerItems = std::map<survey::QuestionnaireRef, std::set<survey::ItemId>>;

/// Of the questionnaires among `documents`; what is none or can't be read is passed over.
[[nodiscard]] OfficerItems officer_items(const std::vector<Document>& documents);

/// "2026-11" of "2026-11-22".
[[nodiscard]] std::string month_of(std::string_view day);
/// The row of the month that a row of a day is added up in.
[[nodiscard]] TallyKey month_key(TallyKey day);

/// The local day a response counts for.
[[nodiscard]] std::string day_of(const survey::Response& response);
[[nodiscard]] ResponseGroup group_of(const survey::Response& response);

/// The row of the whole visit on its day.
[[nodiscard]] TallyKey visit_row(const survey::Response& response);
/// The rows that what `subject` adds to a visit is counted in: the day and the month, for officers the month alone, for
/// other subjects none.
[[nodiscard]] std::vector<TallyKey> rows_of(const TallyKey& visit, const survey::Subject& subject);

/// What one response adds to all rows, without its questionnaire: the same as survey::contributions gives for a valid
/// response. For the officer only where `about_officers` knows the questionnaire.
[[nodiscard]] Tallies tallies_of(const survey::Response& response, const OfficerItems& about_officers);

/// Throws Damage when it can't be read.
[[nodiscard]] survey::Tally tally_of(std::string_view text);

/// Columns from `first` on: date, questionnaire, version, flagged, subject_kind, subject_id. Empty when they name no
/// date or subject.
inline constexpr const char* kDayColumns = "day, questionnaire, version, flagged, subject_kind, subject_id, tally";
inline constexpr const char* kMonthColumns = "month, questionnaire, version, flagged, subject_kind, subject_id, tally";
[[nodiscard]] std::optional<TallyKey> key_of(SQLite::Statement& row, Grain grain);
/// The seventh column.
[[nodiscard]] std::string_view tally_text(SQLite::Statement& row);

/// Fills month_tallies, and the rows of fields, beginnings and officers, in a file that kept only the days of visits
/// and counters: from those days and from the records that are still there. Inside a transaction. O(records + days).
/// Throws Damage when one of them can't be read.
void count_months(SQLite::Database& file);

}  // namespace hailong::kiosk
