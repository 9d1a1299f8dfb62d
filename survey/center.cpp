#include "survey/center.h"

#include <algorithm>
#include <set>

#include "survey/base/json.h"
#include "survey/base/utf8.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

constexpr std::int64_t kCenterFormat = 1;  // the newest that is read
constexpr std::int64_t kPortraits = 16;

template <class Entry>
const Entry* find_in(const std::vector<Entry>& entries, const decltype(Entry::id)& id) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.id == id; });
    return found == entries.end() ? nullptr : &*found;
}

/// Reads the list at `key` with `read`, and notes too many entries and ids that stand twice.
template <class Entry, class Read>
std::vector<Entry> read_list(ObjectReader& parent, std::string_view key, std::size_t count_max, Faults& faults,
                             Read read) {
    const json::array& list = parent.list(key);
    std::vector<Entry> entries;
    if (list.size() > count_max) {
        parent.fault(key, "holds more than " + std::to_string(count_max), "remove some");
        return entries;
    }
    std::set<std::string> ids;
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader reader(list[i], place_of_entry(key, i), faults);
        Entry entry = read(reader);
        if (!entry.id.empty() && !ids.insert(entry.id.text).second) {
            reader.fault("id", "\"" + entry.id.text + "\" stands twice", "give each its own id");
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

char upper(char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

std::vector<TicketRule> read_ticket_rules(ObjectReader& parent, Faults& faults) {
    std::vector<TicketRule> rules;
    const json::array& list = parent.list_or_empty("tickets");
    if (list.size() > kTicketRulesMax) {
        parent.fault("tickets", "holds more than " + std::to_string(kTicketRulesMax), "remove some");
        return rules;
    }
    std::set<std::string> prefixes;
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader reader(list[i], place_of_entry("tickets", i), faults);
        TicketRule rule{reader.identifier("prefix"), CounterId{reader.identifier("counter")}, {}};
        if (reader.has("procedure")) rule.procedure = ProcedureId{reader.identifier("procedure")};
        if (rule.prefix.size() > kTicketPrefixMax) {
            reader.fault("prefix", "is longer than " + std::to_string(kTicketPrefixMax), "shorten it");
        }
        if (rule.prefix.find('_') != std::string::npos) {
            reader.fault("prefix", "holds \"_\", which parts the words of a scan", "use letters, digits, . and -");
        }
        std::string capitals = rule.prefix;
        std::transform(capitals.begin(), capitals.end(), capitals.begin(), upper);
        if (!capitals.empty() && !prefixes.insert(capitals).second) {
            reader.fault("prefix", "\"" + rule.prefix + "\" stands twice; case does not matter",
                         "give each queue its own prefix");
        }
        rules.push_back(std::move(rule));
    }
    return rules;
}

LocalizedText read_short(ObjectReader& parent, std::string_view key, Faults& faults) {
    LocalizedText text = read_localized(parent, key, faults);
    for (const Language language : kLanguages) {
        const std::string& said = text.in(language);
        const std::string place = parent.place_of(key) + "." + std::string(code(language));
        if (character_count(said) > kActionCharactersMax) {
            faults.push_back({place, "has more than " + std::to_string(kActionCharactersMax) + " characters",
                              "say it in fewer words"});
        }
        // What is missing is a fault already.
        const bool is_known = std::any_of(faults.begin(), faults.end(),
                                          [&](const Fault& fault) { return place.starts_with(fault.place); });
        if (said.empty() && !is_known) faults.push_back({place, "is empty", "write the text"});
    }
    return text;
}

std::vector<Action> read_actions(ObjectReader& parent, Faults& faults) {
    const json::array& list = parent.list_or_empty("actions");
    std::vector<Action> actions;
    if (list.size() > kActionsMax) {
        parent.fault("actions", "holds more than " + std::to_string(kActionsMax), "keep the newest");
        return actions;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader reader(list[i], place_of_entry("actions", i), faults);
        if (!reader.is_object()) continue;
        Action action{read_short(reader, "said", faults), read_short(reader, "done", faults), {}};
        const std::string on = reader.text("on");
        const auto day = parse_date(on);
        if (!on.empty() && !day) reader.fault("on", "\"" + on + "\" is no day", "write it as 2026-11-22");
        action.on = day.value_or(Date{});
        actions.push_back(std::move(action));
    }
    return actions;
}

void check_known(bool known, std::string_view list, std::size_t at, std::string_view key, const std::string& id,
                 Faults& faults) {
    if (known) return;
    faults.push_back({place_of_entry(list, at) + "." + std::string(key),
                      "there is no " + std::string(key) + " \"" + id + "\"", "add it to this file or correct the id"});
}

void check_references(const Center& center, Faults& faults) {
    for (std::size_t i = 0; i < center.officers.size(); ++i) {
        const CounterId& counter = center.officers[i].counter;
        check_known(center.counter(counter) != nullptr, "officers", i, "counter", counter.text, faults);
    }
    for (std::size_t i = 0; i < center.procedures.size(); ++i) {
        const Procedure& procedure = center.procedures[i];
        check_known(center.field(procedure.field) != nullptr, "procedures", i, "field", procedure.field.text, faults);
        check_known(center.counter(procedure.counter) != nullptr, "procedures", i, "counter", procedure.counter.text,
                    faults);
    }
    for (std::size_t i = 0; i < center.tickets.size(); ++i) {
        const TicketRule& rule = center.tickets[i];
        check_known(center.counter(rule.counter) != nullptr, "tickets", i, "counter", rule.counter.text, faults);
        const bool known = rule.procedure.empty() || center.procedure(rule.procedure) != nullptr;
        check_known(known, "tickets", i, "procedure", rule.procedure.text, faults);
    }
}

}  // namespace

const Counter* Center::counter(const CounterId& wanted) const {
    return find_in(counters, wanted);
}
const Officer* Center::officer(const OfficerId& wanted) const {
    return find_in(officers, wanted);
}
const Field* Center::field(const FieldId& wanted) const {
    return find_in(fields, wanted);
}
const Procedure* Center::procedure(const ProcedureId& wanted) const {
    return find_in(procedures, wanted);
}

Expected<Center, Faults> parse_center(std::string_view text) {
    const auto value = parse_json(text);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    if (!reader.is_object()) return unexpected(std::move(faults));
    if (reader.integer("format", 1, 1'000'000) > kCenterFormat) {
        reader.fault("format", "this program reads formats up to " + std::to_string(kCenterFormat),
                     "install a newer program, or write the center in that format");
        return unexpected(std::move(faults));
    }
    Center center;
    center.id = CenterId{reader.identifier("id")};
    center.name = read_localized(reader, "name", faults);
    center.parent = read_localized(reader, "parent", faults);
    center.questionnaire = QuestionnaireId{reader.identifier("questionnaire")};
    if (reader.has("feedback")) center.feedback = QuestionnaireId{reader.identifier("feedback")};
    center.headline = ItemId{reader.identifier("headline")};
    CenterSettings top;
    top.headline = center.headline;
    top = read_setting(reader, std::move(top), faults);
    center.settings = read_settings(reader, top, faults);
    center.periods = center.settings.periods();
    center.counters = read_list<Counter>(reader, "counters", kCountersMax, faults, [&](ObjectReader& r) {
        return Counter{CounterId{r.identifier("id")}, read_localized(r, "name", faults),
                       read_localized(r, "short_name", faults), r.integer("number", 1, 1000),
                       r.boolean_or("active", true)};
    });
    center.officers = read_list<Officer>(reader, "officers", kOfficersMax, faults, [&](ObjectReader& r) {
        return Officer{OfficerId{r.identifier("id")},
                       r.text("name"),
                       read_localized(r, "post", faults),
                       CounterId{r.identifier("counter")},
                       r.maybe_integer("portrait", 0, kPortraits - 1).value_or(0),
                       r.boolean_or("active", true)};
    });
    center.fields = read_list<Field>(reader, "fields", kProceduresMax, faults, [&](ObjectReader& r) {
        return Field{FieldId{r.identifier("id")}, read_localized(r, "name", faults), r.boolean_or("active", true)};
    });
    center.procedures = read_list<Procedure>(reader, "procedures", kProceduresMax, faults, [&](ObjectReader& r) {
        return Procedure{ProcedureId{r.identifier("id")},    r.text_or("code", {}),
                         read_localized(r, "name", faults),  FieldId{r.identifier("field")},
                         CounterId{r.identifier("counter")}, r.boolean_or("active", true)};
    });
    center.tickets = read_ticket_rules(reader, faults);
    center.actions = read_actions(reader, faults);
    check_references(center, faults);
    if (!faults.empty()) return unexpected(std::move(faults));
    return center;
}

}  // namespace hailong::survey
