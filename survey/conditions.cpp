#include "survey/conditions.h"

#include <algorithm>
#include <string>

#include "survey/base/check.h"

namespace hailong::survey {
namespace {

bool compares(std::int64_t answered, Operator op, std::int64_t with) {
    switch (op) {
        case Operator::less:
            return answered < with;
        case Operator::at_most:
            return answered <= with;
        case Operator::greater:
            return answered > with;
        case Operator::at_least:
            return answered >= with;
        case Operator::equal:
        case Operator::not_equal:
        case Operator::any_of:
            break;
    }
    check(false, "only ordered operators compare levels");
    return false;
}

bool contains(const std::vector<std::string>& values, const std::string& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

AnsweredForm::AnsweredForm(const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                           const Context& context)
    : context_(context) {
    for (const Answer& answer : answers)
        answers_.emplace(answer.item.text, &answer);
    for (const Item& item : questionnaire.items) {
        items_.emplace(item.id.text, &item);
        const auto answer = answers_.find(item.id.text);
        for (const Option& option : item.options) {
            if (option.opens_items.empty()) continue;
            const bool is_chosen = answer != answers_.end() && contains(answer->second->values, option.value);
            for (const ItemId& opened : option.opens_items) {
                opened_.insert(opened.text);
                if (is_chosen) open_.insert(opened.text);
            }
        }
    }
}

const Item* AnsweredForm::item(const ItemId& id) const {
    const auto found = items_.find(id.text);
    return found == items_.end() ? nullptr : found->second;
}

bool AnsweredForm::holds(const Condition& condition) const {
    const auto found = answers_.find(condition.item.text);
    if (found == answers_.end() || found->second->values.empty() || condition.values.empty()) return false;
    const Answer& answer = *found->second;
    const auto chosen = [&](const std::string& value) { return contains(answer.values, value); };
    switch (condition.op) {
        case Operator::equal:
            return chosen(condition.values.front());
        case Operator::not_equal:
            return !chosen(condition.values.front());
        case Operator::any_of:
            return std::any_of(condition.values.begin(), condition.values.end(), chosen);
        case Operator::less:
        case Operator::at_most:
        case Operator::greater:
        case Operator::at_least:
            break;
    }
    const Item* asked = item(condition.item);
    const Option* with = asked == nullptr ? nullptr : asked->option(condition.values.front());
    const Option* answered = asked == nullptr ? nullptr : asked->option(answer.values.front());
    if (with == nullptr || answered == nullptr || !with->level || !answered->level) return false;
    return compares(*answered->level, condition.op, *with->level);
}

bool AnsweredForm::is_visible(const Item& item) const {
    if (item.about == About::officer && context_.officer.empty()) return false;
    if (item.show_if && !holds(*item.show_if)) return false;
    return !opened_.contains(item.id.text) || open_.contains(item.id.text);
}

bool AnsweredForm::is_required(const Item& item) const {
    const bool is_wanted = item.required || (item.required_if && holds(*item.required_if));
    return is_wanted && is_visible(item);
}

bool is_visible(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                const Context& context) {
    return AnsweredForm(questionnaire, answers, context).is_visible(item);
}

bool is_required(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                 const Context& context) {
    return AnsweredForm(questionnaire, answers, context).is_required(item);
}

}  // namespace hailong::survey
