// Which items are shown, and which must be answered, given what was answered so far.
#pragma once

#include <vector>

#include "survey/questionnaire.h"
#include "survey/response.h"

namespace hailong::survey {

/// Whether the condition holds for the answers. Without an answer to its item it does not hold.
[[nodiscard]] bool holds(const Condition& condition, const Questionnaire& questionnaire,
                         const std::vector<Answer>& answers);

/// Shown iff: its own show_if holds (or there is none); if any option of the questionnaire opens it, such an option
/// is chosen; and if it is about the officer, an officer is known.
[[nodiscard]] bool is_visible(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                              const Context& context);

/// Must be answered iff it is visible and required, or visible and its required_if holds.
[[nodiscard]] bool is_required(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                               const Context& context);

}  // namespace hailong::survey
