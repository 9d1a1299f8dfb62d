// What stands where when answers are counted: the key of one row of tallies, and rows added up in memory. The same at
// the terminal and at the backend (which keeps one set of rows a center).
#pragma once

#include <compare>
#include <map>
#include <tuple>

#include "survey/base/time.h"
#include "survey/questionnaire.h"
#include "survey/response.h"
#include "survey/tally.h"

namespace hailong::survey {

/// How long a stretch one row covers.
enum class Grain { day, month };

/// What a row of tallies stands under.
struct TallyKey {
    Grain grain = Grain::day;
    Date date{};  // the day, or the first of the month
    QuestionnaireRef questionnaire;
    Subject subject;
    bool flagged = false;  // flagged responses are counted apart, never dropped
    bool operator==(const TallyKey&) const = default;
    /// What differs most often is compared first.
    std::strong_ordering operator<=>(const TallyKey& other) const {
        return std::tie(subject, date, grain, flagged, questionnaire) <=>
               std::tie(other.subject, other.date, other.grain, other.flagged, other.questionnaire);
    }
};

/// Rows added up in memory, to be written once.
using TallySheet = std::map<TallyKey, Tally>;

/// Adds every row of `more` to `sheet`.
void add(TallySheet& sheet, const TallySheet& more);

/// The first day of the day's month.
[[nodiscard]] Date month_of(Date day);
/// The row of the month that a row of a day is added up in.
[[nodiscard]] TallyKey month_key(TallyKey day);

/// The rows of a response that counts on `day`: what it adds (see contributions()) for each subject on that day, and
/// for officers in that month as well, which is the finest that anybody is shown of them. What one end does not keep,
/// it leaves out.
[[nodiscard]] TallySheet tally_rows(const Response& response, const Questionnaire& questionnaire, Date day);
/// The same where no more is known of the questionnaire: see contributions().
[[nodiscard]] TallySheet tally_rows(const Response& response, const OfficerItems& about_officer, Date day);

}  // namespace hailong::survey
