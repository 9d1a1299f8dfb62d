// From the journal's day tallies to what the staff screen shows. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kiosk/app/back_office.h"
#include "kiosk/app/content.h"
#include "kiosk/screens/screens.h"
#include "survey/messages.h"
#include "survey/period.h"

namespace hailong::kiosk {

/// The days that the choice covers on `today`, by the center's way of counting periods.
[[nodiscard]] survey::Period tally_period(TallyPeriod choice, survey::Date today, const survey::Center& center);

/// The headline question's counts, for the whole terminal and for each counter of the center (in order of number; those
/// nobody rated too). Flagged responses are left out, as in the posted figure. Versions of the questionnaire are added
/// up where the option values agree.
[[nodiscard]] TallyModel make_tally_model(const Content& content, const Overview& overview, TallyPeriod choice,
                                          survey::Date today, const survey::Messages& text, survey::Language language);

/// Lines for staff about the store: what the backend set aside, and the newest thing that happened to the file.
[[nodiscard]] std::vector<std::string> store_words(const Overview& overview, const survey::Messages& text,
                                                   survey::Language language);

/// "09:30, 22/11/2026": when staff see it, on Vietnam's clocks.
[[nodiscard]] std::string format_time(survey::UtcTime time, survey::Language language);

}  // namespace hailong::kiosk
