// From the journal's tallies to what staff see of them. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kiosk/app/background_reader.h"
#include "kiosk/app/content.h"
#include "kiosk/app/staff.h"
#include "kiosk/screens/screens.h"
#include "survey/base/messages.h"

namespace hailong::kiosk {

/// What the answers are counted of, and whose words they are: of the content in use.
struct TallySource {
    const survey::Center& center;
    const survey::Questionnaire& questionnaire;
};

/// The headline question's counts, of days before the one that the sheet was read on: of today nothing is told but how
/// many responses came. The whole terminal and its trend are told of released days alone (released_days.h), and so
/// are the rows: one for each counter (in order of number), field or beginning of a visit, month by month. A walk-up is
/// every visit that did not begin with a ticket.
/// Flagged responses are left out, as in the posted figure, and counted by themselves. Versions of the questionnaire
/// are added up where the option values agree.
/// Officers: the first rating about the officer; one row each, in the center's order, those who left only with figures.
/// The headline, the objective and the minimum n are those that held on the first day of what is counted (of each month
/// of an officer); a counter or field that the center has no more is a row only with figures.
/// A row below the minimum n says only that; so does a longer period from which a shorter one that is shown
/// would leave a rest below it (see officer_shown).
[[nodiscard]] TallyModel make_tally_model(const TallySource& source, const TallyChoice& choice, const TallySheet& sheet,
                                          const TallyRules& rules, const survey::Messages& text,
                                          survey::Language language);

/// The results as `state` has them: what was read last, the way to the periods before and after what is chosen now,
/// and why nothing can be shown where that is so.
[[nodiscard]] TallyModel staff_results(const TallySource& source, const StaffState& state, const TallyRules& rules,
                                       const survey::Messages& text, survey::Language language);

/// What an officer got in one month, and from how many on that may be shown: at least 1.
struct MonthOfOfficer {
    std::int64_t n = 0;
    std::int64_t n_min = 1;
};
/// Whether what an officer got in a period of these months, in order, may be shown: by the largest minimum of them.
/// Months may be looked at one by one, and so may quarters where the period is a year. What is left of a sum when the
/// parts that are shown are taken away must be nothing, or enough to be shown itself.
[[nodiscard]] bool officer_shown(std::span<const MonthOfOfficer> months);

/// "22/11/2026", or "01/11/2026 – 30/11/2026".
[[nodiscard]] std::string days_text(const Days& days, survey::Language language);

}  // namespace hailong::kiosk
