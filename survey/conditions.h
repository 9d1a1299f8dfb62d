// Which items are shown, and which must be answered, given what was answered so far.
#pragma once

#include <set>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "survey/questionnaire.h"
#include "survey/response.h"

namespace hailong::survey {

/// A questionnaire with what was answered to it so far. O(items, options and answers) once, then each question of it
/// O(options of an item): a response with many answers costs no more for each of them. What it is given outlives it.
class AnsweredForm {
  public:
    AnsweredForm(const Questionnaire& questionnaire, const std::vector<Answer>& answers, const Context& context);

    /// Null when there is no such item.
    [[nodiscard]] const Item* item(const ItemId& id) const;
    /// Shown iff: its own show_if holds (or there is none); if any option of the questionnaire opens it, such an option
    /// is chosen; and if it is about the officer, an officer is known.
    [[nodiscard]] bool is_visible(const Item& item) const;
    /// Must be answered iff it is visible and required, or visible and its required_if holds.
    [[nodiscard]] bool is_required(const Item& item) const;
    /// Without an answer to its item it does not hold.
    [[nodiscard]] bool holds(const Condition& condition) const;

  private:
    const Context& context_;
    std::unordered_map<std::string_view, const Item*> items_;
    std::unordered_map<std::string_view, const Answer*> answers_;  // the first to each item
    std::set<std::string_view> opened_;                            // items that some option opens
    std::set<std::string_view> open_;                              // of them: those that a chosen one does
};

/// For a single item.
[[nodiscard]] bool is_visible(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                              const Context& context);
[[nodiscard]] bool is_required(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                               const Context& context);

}  // namespace hailong::survey
