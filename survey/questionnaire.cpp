#include "survey/questionnaire.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/pattern.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

constexpr std::int64_t kQuestionnaireFormat = 1;  // the newest that is read
constexpr std::int64_t kVersionMax = 1'000'000;
constexpr std::int64_t kCharsMax = 10'000;  // far above the longest comment asked for (1,000)

constexpr std::array<std::pair<std::string_view, ItemType>, 9> kTypes = {{{"scale", ItemType::scale},
                                                                          {"points", ItemType::points},
                                                                          {"single", ItemType::single},
                                                                          {"multi", ItemType::multi},
                                                                          {"text", ItemType::text},
                                                                          {"phone", ItemType::phone},
                                                                          {"consent", ItemType::consent},
                                                                          {"counter", ItemType::counter},
                                                                          {"officer", ItemType::officer}}};

constexpr std::array<std::pair<std::string_view, Operator>, 7> kOperators = {{{"=", Operator::equal},
                                                                              {"!=", Operator::not_equal},
                                                                              {"<", Operator::less},
                                                                              {"<=", Operator::at_most},
                                                                              {">", Operator::greater},
                                                                              {">=", Operator::at_least},
                                                                              {"in", Operator::any_of}}};

bool has_options(ItemType type) {
    return type == ItemType::scale || type == ItemType::points || type == ItemType::single || type == ItemType::multi ||
           type == ItemType::consent;
}

bool is_ordered(Operator op) {
    return op == Operator::less || op == Operator::at_most || op == Operator::greater || op == Operator::at_least;
}

/// A required list that must hold something.
const json::array& read_filled_list(ObjectReader& reader, std::string_view key, std::string remedy) {
    const json::array& list = reader.list(key);
    const bool is_list = reader.has(key) && reader.find(key)->is_array();
    if (is_list && list.empty()) reader.fault(key, "is empty", std::move(remedy));
    return list;
}

/// A text that is shown: neither empty nor longer than kTextBytesMax.
LocalizedText read_shown_text(ObjectReader& parent, std::string_view key, Faults& faults) {
    LocalizedText text = read_localized(parent, key, faults);
    const json::value* value = parent.find(key);
    if (value == nullptr || !value->is_object()) return text;
    ObjectReader reader(*value, parent.place_of(key), faults);
    for (const Language language : kLanguages) {
        const std::size_t bytes = text.in(language).size();
        if (bytes > kTextBytesMax) {
            reader.fault(code(language), "is longer than " + std::to_string(kTextBytesMax) + " bytes", "shorten it");
        }
        if (bytes == 0 && reader.has(code(language))) reader.fault(code(language), "is empty", "write the text");
    }
    return text;
}

LocalizedText read_optional_text(ObjectReader& parent, std::string_view key, Faults& faults) {
    return parent.has(key) ? read_shown_text(parent, key, faults) : LocalizedText{};
}

Option read_option(const json::value& value, const std::string& place, Faults& faults) {
    ObjectReader reader(value, place, faults);
    Option option;
    option.value = reader.identifier("value");
    option.label = read_shown_text(reader, "label", faults);
    option.level = reader.maybe_integer("level", -1000, 1000);
    option.points = reader.maybe_integer("points", -1000, 1000);
    option.satisfied = reader.boolean_or("satisfied", false);
    option.excluded = reader.boolean_or("excluded", false);
    option.icon = reader.text_or("icon", {});
    option.opens = QuestionnaireId{reader.text_or("opens", {})};
    for (const json::value& item : reader.list_or_empty("opens_items")) {
        if (const json::string* id = item.if_string()) {
            option.opens_items.push_back(ItemId{std::string(std::string_view(*id))});
        } else {
            reader.fault("opens_items", "holds something other than text", "list item ids");
        }
    }
    option.message = read_optional_text(reader, "message", faults);
    option.route = reader.text_or("route", {});
    option.alert = reader.boolean_or("alert", false);
    if (option.satisfied && option.excluded) {
        reader.fault("excluded", "an option can't be both satisfied and excluded", "drop one of the two");
    }
    return option;
}

std::vector<Option> read_options(const json::array& list, const std::string& place, Faults& faults) {
    std::vector<Option> options;
    if (list.size() > kOptionsMax) {
        faults.push_back({place, "has more than " + std::to_string(kOptionsMax) + " options", "ask in two items"});
        return options;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        options.push_back(read_option(list[i], place_of_entry(place, i), faults));
        for (std::size_t before = 0; before < i; ++before) {
            if (options[before].value == options[i].value && !options[i].value.empty()) {
                faults.push_back({place_of_entry(place, i) + ".value", "\"" + options[i].value + "\" stands twice",
                                  "give each option its own value"});
            }
        }
    }
    return options;
}

std::optional<Condition> read_condition(ObjectReader& item, std::string_view key, Faults& faults) {
    if (!item.has(key)) return std::nullopt;
    ObjectReader reader(*item.find(key), item.place_of(key), faults);
    Condition condition;
    condition.item = ItemId{reader.identifier("item")};
    const std::string op = reader.text("op");
    const auto* const found =
        std::find_if(kOperators.begin(), kOperators.end(), [&](const auto& entry) { return entry.first == op; });
    if (found != kOperators.end()) {
        condition.op = found->second;
    } else if (reader.has("op")) {
        reader.fault("op", "\"" + op + "\" is not an operator", "use one of = != < <= > >= in");
    }
    if (condition.op == Operator::any_of) {
        for (const json::value& value : read_filled_list(reader, "value", "list at least one option value")) {
            if (const json::string* text = value.if_string()) {
                condition.values.emplace_back(std::string_view(*text));
            } else {
                reader.fault("value", "holds something other than text", "list option values");
            }
        }
    } else if (const std::string value = reader.identifier("value"); !value.empty()) {
        condition.values.push_back(value);
    }
    return condition;
}

using Scales = std::map<std::string, std::vector<Option>, std::less<>>;

Item read_item(const json::value& value, const std::string& place, const Scales& scales, Faults& faults) {
    ObjectReader reader(value, place, faults);
    Item item;
    item.id = ItemId{reader.identifier("id")};
    const std::string type = reader.text("type");
    const auto* const found =
        std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& entry) { return entry.first == type; });
    if (found != kTypes.end()) {
        item.type = found->second;
    } else if (reader.has("type")) {
        reader.fault("type", "\"" + type + "\" is not a type",
                     "use scale, points, single, multi, text, phone, consent, counter or officer");
        return item;
    }
    const std::string about = reader.text_or("about", "visit");
    if (about == "officer") {
        item.about = About::officer;
    } else if (about != "visit") {
        reader.fault("about", "\"" + about + "\" is nothing an item can be about", "write visit or officer");
    }
    item.text = read_shown_text(reader, "text", faults);
    item.hint = read_optional_text(reader, "hint", faults);
    item.required = reader.boolean_or("required", false);
    item.show_if = read_condition(reader, "show_if", faults);
    item.required_if = read_condition(reader, "required_if", faults);
    item.choices_max = reader.maybe_integer("choices_max", 1, static_cast<std::int64_t>(kOptionsMax)).value_or(0);
    item.chars_max = reader.maybe_integer("chars_max", 1, kCharsMax).value_or(0);
    item.pattern = reader.text_or("pattern", {});
    item.sensitive = reader.boolean_or("sensitive", false);
    item.personal_data = reader.boolean_or("personal_data", false);
    item.role = reader.text_or("role", {});
    item.index = reader.maybe_integer("index", 1, 9);
    item.feeds_index = reader.boolean_or("feeds_index", false);
    item.factor = reader.text_or("factor", {});

    if (const auto fault = pattern_fault(item.pattern)) {
        reader.fault("pattern", "is not a regular expression: " + *fault, "correct it");
    }
    if (!has_options(item.type)) {
        if (reader.has("options") || reader.has("scale")) {
            reader.fault(reader.has("options") ? "options" : "scale", "an item of type " + type + " has no options",
                         "drop them or change the type");
        }
        return item;
    }
    if (reader.has("scale") == reader.has("options")) {
        reader.fault("options", "an item of type " + type + " needs either options or a scale",
                     "add \"options\": [...] or \"scale\": \"name\", not both");
        return item;
    }
    if (reader.has("scale")) {
        const std::string scale = reader.text("scale");
        const auto options = scales.find(scale);
        if (options == scales.end()) {
            reader.fault("scale", "there is no scale \"" + scale + "\"", "add it under \"scales\" in this file");
        } else {
            item.options = options->second;
        }
    } else {
        item.options = read_options(read_filled_list(reader, "options", "list the options to choose from"),
                                    reader.place_of("options"), faults);
    }
    return item;
}

void check_scale(const Item& item, const std::string& place, Faults& faults) {
    if (item.type != ItemType::scale) return;
    std::set<std::int64_t> levels;
    for (const Option& option : item.options) {
        if (option.excluded) continue;
        if (!option.level) {
            faults.push_back({place, "option \"" + option.value + "\" of a scale has no level",
                              "give it a \"level\", or mark it \"excluded\""});
        } else if (!levels.insert(*option.level).second) {
            faults.push_back({place, "level " + std::to_string(*option.level) + " stands twice in one scale",
                              "give each option its own level"});
        }
    }
}

void check_condition(const std::optional<Condition>& condition, std::string_view key, std::size_t at,
                     const std::vector<Item>& items, Faults& faults) {
    if (!condition || condition->item.empty()) return;  // what is missing is a fault already
    const std::string place = place_of_entry("items", at) + "." + std::string(key);
    const auto end = items.begin() + static_cast<std::ptrdiff_t>(at);
    const auto asked = std::find_if(items.begin(), end, [&](const Item& item) { return item.id == condition->item; });
    if (asked == end) {
        faults.push_back({place + ".item", "\"" + condition->item.text + "\" is not asked before this item",
                          "name an item that stands above it"});
        return;
    }
    for (const std::string& value : condition->values) {
        const Option* option = asked->option(value);
        if (option == nullptr) {
            faults.push_back({place + ".value", "\"" + value + "\" is not an answer to \"" + asked->id.text + "\"",
                              "use one of its option values"});
        } else if (is_ordered(condition->op) && !option->level) {
            faults.push_back({place + ".value", "\"" + value + "\" has no level to compare with",
                              "use = or in, or give the options levels"});
        }
    }
}

/// What an option opens stands below its item.
void check_opened_items(const Questionnaire& form, std::size_t at, Faults& faults) {
    const Item& item = form.items[at];
    const auto after = form.items.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    for (std::size_t o = 0; o < item.options.size(); ++o) {
        for (const ItemId& opened : item.options[o].opens_items) {
            const bool is_below =
                std::any_of(after, form.items.end(), [&](const Item& other) { return other.id == opened; });
            if (is_below) continue;
            faults.push_back({place_of_entry(place_of_entry("items", at) + ".options", o) + ".opens_items",
                              "\"" + opened.text + "\" is not asked after this item",
                              "name items that stand below it"});
        }
    }
}

bool knows_factor(const Questionnaire& form, const std::string& factor) {
    return factor.empty() || factor == "overall" ||
           std::any_of(form.factors.begin(), form.factors.end(), [&](const Factor& one) { return one.id == factor; });
}

void check_items(const Questionnaire& form, Faults& faults) {
    std::set<ItemId> ids;
    for (std::size_t i = 0; i < form.items.size(); ++i) {
        const Item& item = form.items[i];
        const std::string place = place_of_entry("items", i);
        if (!item.id.empty() && !ids.insert(item.id).second) {
            faults.push_back({place + ".id", "\"" + item.id.text + "\" stands twice", "give each item its own id"});
        }
        check_scale(item, place, faults);
        check_condition(item.show_if, "show_if", i, form.items, faults);
        check_condition(item.required_if, "required_if", i, form.items, faults);
        if (item.choices_max != 0 && item.type != ItemType::multi) {
            faults.push_back({place + ".choices_max", "only a multi item has it", "drop it"});
        }
        if (!knows_factor(form, item.factor)) {
            faults.push_back({place + ".factor", "there is no factor \"" + item.factor + "\"",
                              "add it under \"factors\" or drop it"});
        }
        check_opened_items(form, i, faults);
    }
}

Date read_date(ObjectReader& reader, std::string_view key) {
    const std::string text = reader.text(key);
    const auto date = parse_date(text);
    if (!date && reader.has(key)) reader.fault(key, "\"" + text + "\" is not a day", "write it as YYYY-MM-DD");
    return date.value_or(Date{});
}

}  // namespace

std::string_view name(ItemType type) {
    for (const auto& [text, value] : kTypes) {
        if (value == type) return text;
    }
    check(false, "every item type has a name");
    return {};
}

const Option* Item::option(std::string_view value) const {
    const auto found = std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.value == value; });
    return found == options.end() ? nullptr : &*found;
}

const Item* Questionnaire::item(const ItemId& id) const {
    const auto found = std::find_if(items.begin(), items.end(), [&](const Item& i) { return i.id == id; });
    return found == items.end() ? nullptr : &*found;
}

Expected<Questionnaire, Faults> parse_questionnaire(std::string_view text) {
    const auto value = parse_json(text);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    if (!reader.is_object()) return unexpected(std::move(faults));

    Questionnaire form;
    const std::int64_t format = reader.integer("format", 1, 1'000'000);
    if (format > kQuestionnaireFormat) {
        reader.fault("format", "this program reads formats up to " + std::to_string(kQuestionnaireFormat),
                     "install a newer program, or write the questionnaire in that format");
        return unexpected(std::move(faults));
    }
    form.ref.id = QuestionnaireId{reader.identifier("id")};
    form.ref.version = reader.integer("version", 1, kVersionMax);
    form.name = read_shown_text(reader, "name", faults);
    form.basis = reader.text_or("basis", {});
    form.effective_from = read_date(reader, "effective_from");
    if (reader.has("effective_to")) form.effective_to = read_date(reader, "effective_to");
    if (form.effective_to && form.effective_to->ok() && *form.effective_to < form.effective_from) {
        reader.fault("effective_to", "lies before effective_from", "correct one of the two days");
    }
    const json::array& factors = reader.list_or_empty("factors");
    for (std::size_t i = 0; i < factors.size(); ++i) {
        ObjectReader factor(factors[i], place_of_entry("factors", i), faults);
        form.factors.push_back({factor.identifier("id"), read_shown_text(factor, "name", faults)});
    }
    Scales scales;
    if (reader.has("scales")) {
        ObjectReader names(*reader.find("scales"), "scales", faults);
        if (names.is_object()) {
            for (const auto& member : reader.find("scales")->get_object()) {
                scales[std::string(member.key())] =
                    read_options(read_filled_list(names, member.key(), "list the options to choose from"),
                                 names.place_of(member.key()), faults);
            }
        }
    }
    const json::array& items = read_filled_list(reader, "items", "ask at least one question");
    if (items.size() > kItemsMax) {
        reader.fault("items", "holds " + std::to_string(items.size()) + " items",
                     "ask at most " + std::to_string(kItemsMax));
    } else {
        for (std::size_t i = 0; i < items.size(); ++i) {
            form.items.push_back(read_item(items[i], place_of_entry("items", i), scales, faults));
        }
        check_items(form, faults);
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return form;
}

Expected<void, Faults> Catalog::add(Questionnaire questionnaire) {
    const auto at =
        std::lower_bound(questionnaires_.begin(), questionnaires_.end(), questionnaire.ref,
                         [](const Questionnaire& form, const QuestionnaireRef& ref) { return form.ref < ref; });
    if (at != questionnaires_.end() && at->ref == questionnaire.ref) {
        if (*at == questionnaire) return {};
        return unexpected(Faults{{"version",
                                  questionnaire.ref.id.text + " version " + std::to_string(questionnaire.ref.version) +
                                      " is known with other content, and a published version never changes",
                                  "give the changed questionnaire a higher version"}});
    }
    questionnaires_.insert(at, std::move(questionnaire));
    return {};
}

const Questionnaire* Catalog::find(const QuestionnaireRef& ref) const {
    const auto found = std::find_if(questionnaires_.begin(), questionnaires_.end(),
                                    [&](const Questionnaire& form) { return form.ref == ref; });
    return found == questionnaires_.end() ? nullptr : &*found;
}

const Questionnaire* Catalog::in_effect(const QuestionnaireId& id, Date day) const {
    const Questionnaire* best = nullptr;
    for (const Questionnaire& form : questionnaires_) {  // in order of version: the last match is the highest
        const bool started = form.effective_from <= day;
        const bool ended = form.effective_to && *form.effective_to < day;
        if (form.ref.id == id && started && !ended) best = &form;
    }
    return best;
}

const Questionnaire* Catalog::nearest(const QuestionnaireId& id, Date day) const {
    const std::chrono::sys_days wanted{day};
    const auto days_away = [&](const Questionnaire& form) {
        if (wanted < std::chrono::sys_days{form.effective_from})
            return std::chrono::sys_days{form.effective_from} - wanted;
        const bool ended = form.effective_to && std::chrono::sys_days{*form.effective_to} < wanted;
        return ended ? wanted - std::chrono::sys_days{*form.effective_to} : std::chrono::days{0};
    };
    const Questionnaire* best = nullptr;
    for (const Questionnaire& form : questionnaires_) {
        if (form.ref.id == id && (best == nullptr || days_away(form) <= days_away(*best))) best = &form;
    }
    return best;
}

Faults Catalog::check_references() const {
    Faults faults;
    for (const Questionnaire& form : questionnaires_) {
        for (const Item& item : form.items) {
            for (const Option& option : item.options) {
                if (option.opens.empty()) continue;
                const bool known =
                    std::any_of(questionnaires_.begin(), questionnaires_.end(),
                                [&](const Questionnaire& other) { return other.ref.id == option.opens; });
                if (!known) {
                    faults.push_back({form.ref.id.text + "/" + item.id.text + "/" + option.value,
                                      "opens \"" + option.opens.text + "\", which is not known",
                                      "add that questionnaire or drop \"opens\""});
                }
            }
        }
    }
    return faults;
}

}  // namespace hailong::survey
