#include "survey/conditions.h"

#include <algorithm>

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

}  // namespace

bool holds(const Condition& condition, const Questionnaire& questionnaire, const std::vector<Answer>& answers) {
    const Answer* answer = answer_to(answers, condition.item);
    if (answer == nullptr || answer->values.empty() || condition.values.empty()) return false;
    const auto chosen = [&](const std::string& value) {
        return std::find(answer->values.begin(), answer->values.end(), value) != answer->values.end();
    };
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
    const Item* item = questionnaire.item(condition.item);
    const Option* with = item == nullptr ? nullptr : item->option(condition.values.front());
    const Option* answered = item == nullptr ? nullptr : item->option(answer->values.front());
    if (with == nullptr || answered == nullptr || !with->level || !answered->level) return false;
    return compares(*answered->level, condition.op, *with->level);
}

bool is_visible(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                const Context& context) {
    if (item.about == About::officer && context.officer.empty()) return false;
    if (item.show_if && !holds(*item.show_if, questionnaire, answers)) return false;
    bool opened_by_some = false;
    bool open_now = false;
    for (const Item& other : questionnaire.items) {
        for (const Option& option : other.options) {
            if (std::find(option.opens_items.begin(), option.opens_items.end(), item.id) == option.opens_items.end()) {
                continue;
            }
            opened_by_some = true;
            const Answer* answer = answer_to(answers, other.id);
            open_now = open_now || (answer != nullptr && std::find(answer->values.begin(), answer->values.end(),
                                                                   option.value) != answer->values.end());
        }
    }
    return !opened_by_some || open_now;
}

bool is_required(const Item& item, const Questionnaire& questionnaire, const std::vector<Answer>& answers,
                 const Context& context) {
    const bool is_wanted = item.required || (item.required_if && holds(*item.required_if, questionnaire, answers));
    return is_wanted && is_visible(item, questionnaire, answers, context);
}

}  // namespace hailong::survey
