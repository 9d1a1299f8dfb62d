#include "survey/tally.h"

#include <array>
#include <charconv>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/satisfaction.h"

namespace hailong::survey {
namespace {

constexpr std::array<std::pair<std::string_view, SubjectKind>, 6> kSubjectKinds = {
    {{"visit", SubjectKind::visit},
     {"counter", SubjectKind::counter},
     {"field", SubjectKind::field},
     {"officer", SubjectKind::officer},
     {"respondent", SubjectKind::respondent},
     {"began", SubjectKind::began}}};

constexpr std::string_view kRespondentRole = "respondent_kind";

/// Reads exactly what to_text() writes, several times as fast as by way of a json::value: a period of ten years is
/// thousands of rows. What it does not take may still be a tally, or says why it is none: see parse_tally.
class CanonicalTallyReader {
  public:
    explicit CanonicalTallyReader(std::string_view text) : rest_(text) {}

    [[nodiscard]] std::optional<Tally> read() {
        Tally tally;
        if (!take("{")) return std::nullopt;
        if (take(R"("corrected":)") && !(take_count(tally.corrected) && take(","))) return std::nullopt;
        if (take(R"("doubtful":)") && !(take_count(tally.doubtful) && take(","))) return std::nullopt;
        if (!take(R"("items":{)") || !take_items(tally.items)) return std::nullopt;
        if (!take(R"(,"responses":)") || !take_count(tally.responses) || rest_ != "}") return std::nullopt;
        return tally;
    }

  private:
    bool take(std::string_view expected) {
        if (rest_.substr(0, expected.size()) != expected) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }

    bool take_count(std::int64_t& count) {
        const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), count);
        if (read.ec != std::errc{} || count < 0 || count > kCountMax) return false;
        const auto length = static_cast<std::size_t>(read.ptr - rest_.data());
        const bool is_plain = rest_.front() != '-' && (length == 1 || rest_.front() != '0');
        if (!is_plain) return false;
        rest_.remove_prefix(length);
        return true;
    }

    /// A key and its colon. Plain ASCII alone: what is escaped or must be checked as UTF-8 is left to the JSON parser.
    bool take_key(std::string_view& key) {
        if (!take("\"")) return false;
        std::size_t length = 0;
        while (length < rest_.size() && rest_[length] >= ' ' && rest_[length] != '"' && rest_[length] != '\\')
            ++length;
        key = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return take("\":");
    }

    /// Members up to the closing brace, in the order of their keys, so that none comes twice.
    template <class Map, class TakeValue>
    bool take_members(Map& map, TakeValue&& take_value) {
        if (take("}")) return true;
        do {
            std::string_view key;
            if (!take_key(key)) return false;
            typename Map::key_type made{std::string(key)};
            if (!map.empty() && !(std::prev(map.end())->first < made)) return false;
            if (!take_value(map.try_emplace(map.end(), std::move(made))->second)) return false;
        } while (take(","));
        return take("}");
    }

    bool take_items(std::map<ItemId, OptionCounts>& items) {
        return take_members(items, [this](OptionCounts& options) {
            return take("{") && take_members(options, [this](std::int64_t& count) { return take_count(count); });
        });
    }

    std::string_view rest_;
};

// What a response adds, and to whom, stands in the next two alone.
// `counted_of`: std::optional<Counted>(const Answer&), empty for what is not counted at all.

template <class CountedOf>
std::vector<Subject> subjects_by(const Response& response, CountedOf&& counted_of) {
    bool is_about_officer = false;
    const std::string* respondent = nullptr;
    for (const Answer& answer : response.answers) {
        if (answer.values.empty()) continue;
        const std::optional<Counted> counted = counted_of(answer);
        if (!counted) continue;
        is_about_officer |= counted->about_officer;
        if (counted->names_respondent) respondent = &answer.values.front();
    }
    const Context& context = response.context;
    std::vector<Subject> subjects;
    subjects.reserve(6);
    const auto add = [&](SubjectKind kind, const std::string& id) {
        if (!id.empty()) subjects.push_back({kind, id});
    };
    subjects.push_back({SubjectKind::visit, {}});
    add(SubjectKind::counter, context.counter.text);
    add(SubjectKind::field, context.field.text);
    if (respondent != nullptr) add(SubjectKind::respondent, *respondent);
    if (context.began == Began::scanned) add(SubjectKind::began, std::string(kScannedId));
    if (is_about_officer) add(SubjectKind::officer, context.officer.text);
    return subjects;
}

template <class CountedOf>
void add_by(Tally& tally, SubjectKind kind, const Response& response, CountedOf&& counted_of) {
    tally.responses += 1;
    for (const Answer& answer : response.answers) {
        if (answer.values.empty()) continue;
        const std::optional<Counted> counted = counted_of(answer);
        if (!counted || (kind == SubjectKind::officer && !counted->about_officer)) continue;
        OptionCounts& counts = tally.items[answer.item];
        for (const std::string& value : answer.values)
            counts[value] += 1;
    }
}

template <class CountedOf>
std::vector<Contribution> contributions_by(const Response& response, CountedOf&& counted_of) {
    std::vector<Contribution> result;
    for (Subject& subject : subjects_by(response, counted_of)) {
        Contribution& one = result.emplace_back();
        add_by(one.tally, subject.kind, response, counted_of);
        one.subject = std::move(subject);
    }
    return result;
}

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
    responses += other.responses;
    corrected += other.corrected;
    doubtful += other.doubtful;
    for (const auto& [item, options] : other.items) {
        OptionCounts& mine = items[item];
        for (const auto& [option, count] : options)
            mine[option] += count;
    }
    return *this;
}

bool subtract(Tally& tally, const Tally& less) {
    Tally rest = tally;
    rest.responses -= less.responses;
    rest.corrected -= less.corrected;
    rest.doubtful -= less.doubtful;
    if (rest.responses < 0 || rest.corrected < 0 || rest.doubtful < 0) return false;
    for (const auto& [item, options] : less.items) {
        const auto mine = rest.items.find(item);
        if (mine == rest.items.end()) return false;
        for (const auto& [option, count] : options) {
            const auto found = mine->second.find(option);
            if (found == mine->second.end() || found->second < count) return false;
            found->second -= count;
            if (found->second == 0) mine->second.erase(found);
        }
        if (mine->second.empty()) rest.items.erase(mine);
    }
    tally = std::move(rest);
    return true;
}

std::string to_text(const Tally& tally) {
    CanonicalWriter out;
    out.begin_object();
    if (tally.corrected != 0) out.key("corrected").integer(tally.corrected);
    if (tally.doubtful != 0) out.key("doubtful").integer(tally.doubtful);
    out.key("items").begin_object();
    for (const auto& [item, options] : tally.items) {
        out.key(item.text).begin_object();
        for (const auto& [option, count] : options)
            out.key(option).integer(count);
        out.end_object();
    }
    out.end_object();
    out.key("responses").integer(tally.responses);
    out.end_object();
    return out.take();
}

Expected<Tally, Faults> parse_tally(std::string_view text) {
    if (auto canonical = CanonicalTallyReader(text).read()) return std::move(*canonical);
    const auto value = parse_json(text);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    Tally tally;
    tally.responses = reader.integer("responses", 0, kCountMax);
    tally.corrected = reader.maybe_integer("corrected", 0, kCountMax).value_or(0);
    tally.doubtful = reader.maybe_integer("doubtful", 0, kCountMax).value_or(0);
    if (reader.has("items")) {
        ObjectReader items(*reader.find("items"), "items", faults);
        if (items.is_object()) {
            for (const auto& item : reader.find("items")->get_object()) {
                ObjectReader counts(item.value(), items.place_of(item.key()), faults);
                OptionCounts& options = tally.items[ItemId{std::string(item.key())}];
                if (!counts.is_object()) continue;
                for (const auto& option : item.value().get_object()) {
                    options[std::string(option.key())] = counts.integer(option.key(), 0, kCountMax);
                }
            }
        }
    } else {
        reader.fault("items", "is missing", "add it, as an object");
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return tally;
}

std::string_view name(SubjectKind kind) {
    for (const auto& [text, value] : kSubjectKinds) {
        if (value == kind) return text;
    }
    check(false, "every subject kind has a name");
    return {};
}

std::optional<SubjectKind> parse_subject_kind(std::string_view text) {
    for (const auto& [known, value] : kSubjectKinds) {
        if (known == text) return value;
    }
    return std::nullopt;
}

OfficerItems officer_items(const Questionnaire& questionnaire) {
    OfficerItems items;
    for (const Item& item : questionnaire.items) {
        if (item.about == About::officer) items.insert(item.id);
    }
    return items;
}

CountedResponse::CountedResponse(const Response& response, const Questionnaire& questionnaire) : response_(response) {
    std::unordered_map<std::string_view, Counted> counted;
    for (const Item& item : questionnaire.items)
        counted.emplace(item.id.text, Counted{item.about == About::officer, item.role == kRespondentRole});
    counted_.reserve(response.answers.size());
    for (const Answer& answer : response.answers) {
        const auto found = counted.find(answer.item.text);
        counted_.push_back(found == counted.end() ? std::nullopt : std::optional(found->second));
    }
}

std::optional<Counted> CountedResponse::of(const Answer& answer) const {
    return counted_[static_cast<std::size_t>(&answer - response_.answers.data())];
}

std::vector<Subject> CountedResponse::subjects() const {
    return subjects_by(response_, [this](const Answer& answer) { return of(answer); });
}

void CountedResponse::add_to(Tally& tally, SubjectKind kind) const {
    add_by(tally, kind, response_, [this](const Answer& answer) { return of(answer); });
}

std::vector<Contribution> contributions(const Response& response, const Questionnaire& questionnaire) {
    const CountedResponse counted(response, questionnaire);
    return contributions_by(response, [&](const Answer& answer) { return counted.of(answer); });
}

std::vector<Contribution> contributions(const Response& response, const OfficerItems& about_officer) {
    return contributions_by(response, [&](const Answer& answer) {
        return std::optional(Counted{about_officer.count(answer.item) > 0, false});
    });
}

ItemCounts count(const Item& item, const OptionCounts& counts) {
    ItemCounts result;
    for (const auto& [value, number] : counts) {
        const Option* option = item.option(value);
        if (option == nullptr) continue;
        (option->excluded ? result.excluded : result.valid) += number;
        if (option->satisfied) result.satisfied += number;
    }
    return result;
}

}  // namespace hailong::survey
