#include "sync/backend/ingest/center_document.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/base/utf8.h"
#include "survey/center_settings.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Date;
using survey::Faults;

/// What records may name.
constexpr std::string_view kRosters[] = {"counters", "officers", "fields", "procedures"};
/// What survey::describe_changes() tells of.
constexpr std::string_view kSettings[] = {"headline", "objective", "periods", "officer_n_min", "settings"};

/// Of a document that was read before. The copy is its own.
json::object object_of(const std::string& text) {
    auto value = survey::parse_json(text);
    survey::check(value && value->is_object(), "a center that was read is an object");
    return std::move(value->as_object());
}

/// The entries of a list by their ids. A list may be missing.
std::map<std::string, const json::object*> entries_of(const json::object& document, std::string_view list) {
    std::map<std::string, const json::object*> entries;
    const json::value* found = document.if_contains(list);
    if (found == nullptr || !found->is_array()) return entries;
    for (const json::value& one : found->get_array()) {
        const json::value* id = one.is_object() ? one.get_object().if_contains("id") : nullptr;
        if (id != nullptr && id->is_string()) entries[std::string(id->get_string())] = &one.get_object();
    }
    return entries;
}

/// Whether there was one to add.
bool add_missing(json::object& given, const json::object& known) {
    bool is_added = false;
    for (const std::string_view list : kRosters) {
        const auto kept = entries_of(known, list);
        std::set<std::string> there;
        for (const auto& [id, entry] : entries_of(given, list))
            there.insert(id);
        for (const auto& [id, entry] : kept) {
            if (there.contains(id)) continue;
            json::object inactive = *entry;
            inactive["active"] = false;
            given[list].as_array().push_back(std::move(inactive));
            is_added = true;
        }
    }
    return is_added;
}

json::object settings_object(const survey::CenterSettings& settings) {
    return {{"headline", settings.headline.text},
            {"objective", {{"more_than_percent", settings.objective.more_than_percent}}},
            {"periods", {{"cut_off_day", settings.cut_off_day}}},
            {"officer_n_min", settings.officer_n_min}};
}

json::array settings_array(const survey::SettingsHistory& history) {
    json::array list{settings_object(history.first)};
    for (const survey::SettingsChange& one : history.changes) {
        json::object entry = settings_object(one.settings);
        entry["from"] = survey::to_string(one.from);
        list.push_back(std::move(entry));
    }
    return list;
}

std::string text_of(const json::value* value) {
    // Of a document without fractions: document_faults().
    return value == nullptr ? std::string("nothing") : survey::canonical_json(*value);
}

/// "was -> is", each of at most so many bytes, from where they differ on when they are longer.
std::string change_of(const json::value* before, const json::value* after) {
    constexpr std::size_t kBytesMax = 80;
    constexpr std::size_t kContextBytes = 20;
    const std::string was = text_of(before);
    const std::string is = text_of(after);
    std::size_t from = 0;
    if (std::max(was.size(), is.size()) > kBytesMax) {
        const auto common = std::mismatch(was.begin(), was.end(), is.begin(), is.end()).first - was.begin();
        from =
            static_cast<std::size_t>(common) - std::min<std::size_t>(static_cast<std::size_t>(common), kContextBytes);
        while (from > 0 && (static_cast<unsigned char>(was[from]) & 0xc0U) == 0x80U)
            --from;
    }
    const auto part = [&](const std::string& text) {
        const std::string_view rest = std::string_view(text).substr(from);
        return (from > 0 ? "…" : "") + std::string(survey::shortened(rest, kBytesMax));
    };
    return part(was) + " -> " + part(is);
}

/// The members that differ, with both values.
std::string member_changes(const json::object& before, const json::object& after) {
    std::set<std::string> keys;
    for (const json::object* object : {&before, &after}) {
        for (const auto& member : *object)
            keys.insert(std::string(member.key()));
    }
    std::string text;
    for (const std::string& key : keys) {
        const json::value* was = before.if_contains(key);
        const json::value* is = after.if_contains(key);
        if (was != nullptr && is != nullptr && *was == *is) continue;
        text += (text.empty() ? "" : ", ") + key + " " + change_of(was, is);
    }
    return text;
}

class ChangeList {
  public:
    void add(const std::string& sentence) {
        count_ += 1;
        if (sentences_.size() < kChangesToldMax) sentences_.emplace_back(survey::shortened(sentence, kChangeBytesMax));
    }
    std::vector<std::string> take() {
        if (count_ > sentences_.size())
            sentences_.push_back("and " + std::to_string(count_ - sentences_.size()) + " more");
        return std::move(sentences_);
    }

  private:
    std::size_t count_ = 0;
    std::vector<std::string> sentences_;
};

void add_roster_changes(std::string_view list, const json::object& before, const json::object& after,
                        ChangeList& changes) {
    const auto were = entries_of(before, list);
    const auto are = entries_of(after, list);
    const auto tell = [&](std::string_view id, std::string_view change) {
        std::string sentence(list);
        sentence.append(": ").append(id).append(change);
        changes.add(sentence);
    };
    for (const auto& [id, entry] : were) {
        const auto found = are.find(id);
        if (found == are.end()) {
            tell(id, " is gone");
        } else if (const std::string members = member_changes(*entry, *found->second); !members.empty()) {
            tell(id, ": " + members);
        }
    }
    for (const auto& [id, entry] : are) {
        if (!were.contains(id)) tell(id, " is new");
    }
}

}  // namespace

Expected<CenterDocument, Faults> merged_center(const CenterDocument& known, const CenterDocument& given, Date today) {
    const Faults past = survey::past_faults(known.center.settings, given.center.settings, today);
    if (!past.empty()) return unexpected(past);
    const survey::Period running = survey::period_of(today, survey::PeriodKind::month, known.center.periods);
    const Date next{std::chrono::sys_days{running.last} + std::chrono::days{1}};
    const auto settings = survey::settings_after(known.center.settings, given.center.settings, today, next);
    json::object document = object_of(given.json);
    bool is_changed = add_missing(document, object_of(known.json));
    if (settings != given.center.settings) {
        document["settings"] = settings_array(settings);
        is_changed = true;
    }
    if (!is_changed) return given;
    std::string text = survey::canonical_json(document);
    auto center = survey::parse_center(text);
    if (!center) return unexpected(center.error());
    return CenterDocument{std::move(text), std::move(*center)};
}

std::vector<std::string> center_changes(const CenterDocument& before, const CenterDocument& after) {
    ChangeList changes;
    for (const std::string& one : survey::describe_changes(before.center.settings, after.center.settings))
        changes.add(one);
    const json::object was = object_of(before.json);
    const json::object is = object_of(after.json);
    json::object other_before = was;
    json::object other_after = is;
    for (const auto& keys :
         {std::span<const std::string_view>(kRosters), std::span<const std::string_view>(kSettings)}) {
        for (const std::string_view key : keys) {
            other_before.erase(key);
            other_after.erase(key);
        }
    }
    for (const std::string_view list : kRosters)
        add_roster_changes(list, was, is, changes);
    if (const std::string members = member_changes(other_before, other_after); !members.empty()) changes.add(members);
    return changes.take();
}

}  // namespace hailong::sync
