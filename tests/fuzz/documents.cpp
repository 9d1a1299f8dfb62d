// Documents that people write, and texts that the programs keep.
#include <algorithm>
#include <set>

#include "survey/base/check.h"
#include "survey/base/hex.h"
#include "survey/base/json.h"
#include "survey/base/uuid.h"
#include "survey/center.h"
#include "survey/conditions.h"
#include "survey/crypto/keys.h"
#include "survey/crypto/shares.h"
#include "survey/period.h"
#include "survey/questionnaire.h"
#include "survey/response.h"
#include "survey/tally.h"
#include "sync/protocol/status.h"
#include "tests/fuzz/targets.h"

namespace hailong::fuzz {
namespace {

using survey::check;

/// The same document with its white space and its order of members changed; empty where it holds fractions.
std::optional<std::string> rearranged(std::string_view json) {
    const auto value = survey::parse_json(json);
    if (!value) return std::nullopt;
    const std::string text = boost::json::serialize(*value);
    if (text.find_first_of(".eE") != std::string::npos) return text;  // canonical text has no fractions
    return survey::canonical_json(*value);
}

template <class Range, class Id>
void check_unique(const Range& range, Id&& id, const char* what) {
    std::set<std::string> seen;
    for (const auto& one : range)
        check(seen.insert(id(one)).second, what);
}

/// A visitor who taps the first option of whatever is shown.
survey::Response first_answers(const survey::Questionnaire& questionnaire) {
    survey::Response response;
    response.questionnaire = questionnaire.ref;
    response.context.officer = {"o"};
    response.complete = true;
    for (const survey::Item& item : questionnaire.items) {
        if (!is_visible(item, questionnaire, response.answers, response.context)) continue;
        if (!item.options.empty()) {
            response.answers.push_back({item.id, {item.options.front().value}, std::nullopt});
        } else if (item.type == survey::ItemType::text || item.type == survey::ItemType::phone) {
            response.answers.push_back({item.id, {}, survey::sha256("text")});
        }
    }
    return response;
}

void check_questionnaire(const survey::Questionnaire& questionnaire) {
    check(questionnaire.items.size() <= survey::kItemsMax, "a questionnaire keeps its limit of items");
    check_unique(
        questionnaire.items, [](const auto& item) { return item.id.text; }, "items have ids of their own");
    for (const survey::Item& item : questionnaire.items) {
        check(item.options.size() <= survey::kOptionsMax, "an item keeps its limit of options");
        check_unique(
            item.options, [](const auto& option) { return option.value; }, "options have their own values");
        for (const auto& condition : {item.show_if, item.required_if}) {
            check(!condition || questionnaire.item(condition->item) != nullptr, "a condition asks of a known item");
        }
        for (const survey::Option& option : item.options) {
            for (const survey::ItemId& opened : option.opens_items)
                check(questionnaire.item(opened) != nullptr, "an option opens a known item");
        }
    }
    const survey::Response response = first_answers(questionnaire);
    check(validate(response, questionnaire).empty(), "whoever answers all that is shown has answered validly");
    for (const survey::Contribution& one : contributions(response, questionnaire))
        check(one.tally.responses == 1, "a response counts once for each subject");
    survey::Catalog catalog;
    check(catalog.add(questionnaire).has_value() && catalog.add(questionnaire).has_value(), "a version is added twice");
    check(catalog.in_effect(questionnaire.ref.id, questionnaire.effective_from) != nullptr,
          "a version is in effect on its first day");
}

void check_center(const survey::Center& center) {
    check_unique(
        center.counters, [](const auto& one) { return one.id.text; }, "counters have ids of their own");
    check_unique(
        center.officers, [](const auto& one) { return one.id.text; }, "officers have ids of their own");
    check_unique(
        center.procedures, [](const auto& one) { return one.id.text; }, "procedures have ids of their own");
    for (const survey::Officer& officer : center.officers)
        check(center.counter(officer.counter) != nullptr, "an officer sits at a known counter");
    for (const survey::Procedure& procedure : center.procedures)
        check(center.field(procedure.field) != nullptr, "a procedure is of a known field");
    check(center.periods.cut_off_day >= 0 && center.periods.cut_off_day <= survey::kCutOffDayMax, "periods can be cut");
}

}  // namespace

void questionnaire(std::string_view input) {
    const auto parsed = survey::parse_questionnaire(input);
    if (!parsed) return check(!parsed.error().empty(), "a refused questionnaire has a fault");
    check_questionnaire(*parsed);
    const auto text = rearranged(input);
    check(text.has_value(), "what was read as a questionnaire is JSON");
    check(survey::parse_questionnaire(*text) == *parsed, "neither order nor spaces change a questionnaire");
}

void center(std::string_view input) {
    const auto parsed = survey::parse_center(input);
    if (!parsed) return check(!parsed.error().empty(), "a refused center has a fault");
    check_center(*parsed);
    const auto text = rearranged(input);
    check(text.has_value(), "what was read as a center is JSON");
    check(survey::parse_center(*text) == *parsed, "neither order nor spaces change a center");
}

void tally(std::string_view input) {
    const auto parsed = survey::parse_tally(input);
    if (!parsed) return check(!parsed.error().empty(), "a refused tally has a fault");
    const std::string text = to_text(*parsed);
    check(survey::parse_tally(text) == *parsed, "a tally reads back as it was written");
    survey::Tally sum;
    sum += *parsed;
    check(sum == *parsed, "nothing and a tally is that tally");
}

void small(std::string_view input) {
    if (const auto date = survey::parse_date(input)) check(survey::to_string(*date) == input, "a date has one text");
    for (const std::int64_t cut_off_day : {0, 14, 28}) {
        if (const auto period = survey::parse_period(input, {cut_off_day})) {
            check(to_string(*period) == input, "a period has one text");
            check(period->first <= period->last && period->contains(period->first), "a period has its days");
        }
    }
    if (const auto uuid = survey::parse_uuid(input)) {
        check(survey::parse_uuid(to_string(*uuid)) == *uuid, "an id reads back as it was written");
    }
    if (const auto digest = survey::parse_digest(input)) {
        check(survey::parse_digest(to_hex(*digest)) == *digest, "a hash reads back as it was written");
    }
    if (const auto bytes = survey::parse_base64(input))
        check(survey::to_base64(*bytes) == input, "bytes have one text");
    check(survey::parse_base64(survey::to_base64(input)) == std::string(input), "any bytes survive as text");
    const std::size_t middle = std::min(input.find('\n'), input.size());
    const auto joined = survey::join_shares(input.substr(0, middle), input.substr(std::min(middle + 1, input.size())));
    if (!joined) check(!joined.error().empty(), "a refusal says why");
    if (const auto messages = survey::parse_messages(input)) {
        for (const auto& [key, text] : messages->all())
            check(messages->at(key) == text, "a text is found by its key");
    }
    if (const auto status = sync::decode_status(input)) {
        const std::string text = encode(*status);
        check(text.size() <= sync::kStatusBytesMax, "a status keeps its limit");
        check(sync::decode_status(text) == *status, "a status reads back as it was written");
    }
}

}  // namespace hailong::fuzz
