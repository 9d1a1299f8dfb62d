#include "survey/response.h"

#include <algorithm>
#include <set>

#include "survey/conditions.h"

namespace hailong::survey {
namespace {

void check_values(const Answer& answer, const Item& item, const std::string& place, Faults& faults) {
    if (answer.text) {
        faults.push_back({place + ".text", "an item of type " + std::string(name(item.type)) + " takes no free text",
                          "send option values"});
    }
    const bool many = item.type == ItemType::multi;
    if (answer.values.empty()) {
        faults.push_back({place + ".values", "is empty", "leave the answer out when nothing was chosen"});
    }
    if (!many && answer.values.size() > 1) {
        faults.push_back({place + ".values", "holds " + std::to_string(answer.values.size()) + " options",
                          "an item of type " + std::string(name(item.type)) + " takes one"});
    }
    if (many && item.choices_max > 0 && answer.values.size() > static_cast<std::size_t>(item.choices_max)) {
        faults.push_back({place + ".values", "holds " + std::to_string(answer.values.size()) + " options",
                          "at most " + std::to_string(item.choices_max) + " may be chosen"});
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < answer.values.size(); ++i) {
        const std::string value_place = place + ".values[" + std::to_string(i) + "]";
        if (item.option(answer.values[i]) == nullptr) {
            faults.push_back({value_place, "\"" + answer.values[i] + "\" is not an option of \"" + item.id.text + "\"",
                              "use one of the questionnaire's option values"});
        }
        if (!seen.insert(answer.values[i]).second) {
            faults.push_back({value_place, "\"" + answer.values[i] + "\" stands twice", "name each option once"});
        }
    }
}

void check_answer(const Answer& answer, const Item& item, const std::string& place, Faults& faults) {
    switch (item.type) {
        case ItemType::counter:
        case ItemType::officer:
            faults.push_back({place, "who served is context, not an answer", "put it into \"context\""});
            return;
        case ItemType::text:
        case ItemType::phone:
            if (!answer.text || !answer.values.empty()) {
                faults.push_back({place, "free text stands in a record only as its hash",
                                  "send \"text\": the salted SHA-256 of the text, and no \"values\""});
            }
            return;
        case ItemType::scale:
        case ItemType::points:
        case ItemType::single:
        case ItemType::multi:
        case ItemType::consent:
            check_values(answer, item, place, faults);
            return;
    }
}

}  // namespace

Date local_day(const Response& response) {
    return local_day(response.finished);
}

std::string_view name(Channel channel) {
    switch (channel) {
        case Channel::terminal:
            return "terminal";
        case Channel::phone:
            return "phone";
    }
    return "terminal";
}

std::optional<Channel> parse_channel(std::string_view word) {
    for (const Channel channel : {Channel::terminal, Channel::phone}) {
        if (name(channel) == word) return channel;
    }
    return std::nullopt;
}

std::string_view name(RespondentKind kind) {
    switch (kind) {
        case RespondentKind::individual:
            return "individual";
        case RespondentKind::organisation:
            return "organisation";
        case RespondentKind::business:
            return "business";
    }
    return "individual";
}

std::optional<RespondentKind> parse_respondent_kind(std::string_view word) {
    for (const RespondentKind kind :
         {RespondentKind::individual, RespondentKind::organisation, RespondentKind::business}) {
        if (name(kind) == word) return kind;
    }
    return std::nullopt;
}

const Answer* answer_to(const std::vector<Answer>& answers, const ItemId& item) {
    const auto found = std::find_if(answers.begin(), answers.end(), [&](const Answer& a) { return a.item == item; });
    return found == answers.end() ? nullptr : &*found;
}

Faults validate(const Response& response, const Questionnaire& questionnaire) {
    Faults faults;
    if (response.questionnaire != questionnaire.ref) {
        faults.push_back({"questionnaire",
                          "is " + response.questionnaire.id.text + " version " +
                              std::to_string(response.questionnaire.version) + ", not " + questionnaire.ref.id.text +
                              " version " + std::to_string(questionnaire.ref.version),
                          "check it against the questionnaire it names"});
        return faults;
    }
    if (response.finished.monotonic < response.started.monotonic) {
        faults.push_back({"finished.monotonic_ms", "lies before started.monotonic_ms", "take both from one clock"});
    }
    const AnsweredForm form(questionnaire, response.answers, response.context);
    std::set<const Item*> answered;
    for (std::size_t i = 0; i < response.answers.size(); ++i) {
        const Answer& answer = response.answers[i];
        const std::string place = "answers[" + std::to_string(i) + "]";
        const Item* item = form.item(answer.item);
        if (item == nullptr) {
            faults.push_back({place + ".item", "\"" + answer.item.text + "\" is not asked in this questionnaire",
                              "use one of its item ids"});
            continue;
        }
        if (!answered.insert(item).second) {
            faults.push_back({place + ".item", "\"" + answer.item.text + "\" is answered twice", "answer it once"});
        }
        check_answer(answer, *item, place, faults);
        if (!form.is_visible(*item)) {
            faults.push_back({place, "\"" + answer.item.text + "\" was not shown, given the other answers",
                              "leave out answers to items that are not shown"});
        }
    }
    if (!response.complete) return faults;
    for (const Item& item : questionnaire.items) {
        const bool context_item = item.type == ItemType::counter || item.type == ItemType::officer;
        if (context_item || answered.count(&item) > 0) continue;
        if (form.is_required(item)) {
            faults.push_back({"answers", "the required item \"" + item.id.text + "\" is not answered",
                              "answer it, or send the response as not complete"});
        }
    }
    return faults;
}

}  // namespace hailong::survey
