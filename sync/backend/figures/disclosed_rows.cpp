#include "sync/backend/figures/disclosed_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "survey/disclosure.h"

namespace hailong::sync {
namespace {

using survey::Item;
using survey::OptionCounts;

const std::string kRest;

std::int64_t count_of(const OptionCounts& counts, const std::string& value) {
    const auto found = counts.find(value);
    return found == counts.end() ? 0 : found->second;
}

/// Of how many people the answers at least came or went between the two.
std::int64_t moved(const Item& item, const OptionCounts& from, const OptionCounts& to) {
    OptionCounts more;
    OptionCounts less;
    for (const survey::Option& option : item.options) {
        const std::int64_t change = count_of(to, option.value) - count_of(from, option.value);
        if (change > 0) more[option.value] = change;
        if (change < 0) less[option.value] = -change;
    }
    return std::max(people(item, more), people(item, less));
}

std::int64_t size_of(const Parts& parts, const std::string& id, const Item& item) {
    const auto found = parts.find(id);
    return found == parts.end() ? 0 : people(item, found->second);
}

std::set<std::string> ids_of(const Parts& parts) {
    std::set<std::string> ids;
    for (const auto& [id, counts] : parts)
        ids.insert(id);
    return ids;
}

void drop_smallest(Parts& parts, const std::set<std::string>& among, const Item& item) {
    parts.erase(*std::min_element(among.begin(), among.end(), [&](const std::string& a, const std::string& b) {
        return size_of(parts, a, item) < size_of(parts, b, item);
    }));
}

/// As many as may be told beside the `whole`.
Parts told_parts(Parts parts, const Item& item, const OptionCounts& whole) {
    std::vector<std::int64_t> sizes;
    sizes.reserve(parts.size());
    for (const auto& [id, counts] : parts)
        sizes.push_back(people(item, counts));
    const std::vector<bool> told = survey::told_rows(people(item, whole), sizes);
    std::size_t at = 0;
    std::erase_if(parts, [&](const auto&) { return !told[at++]; });
    return parts;
}

void add_rest(Parts& parts, const OptionCounts& whole) {
    if (parts.empty()) return;
    OptionCounts rest = whole;
    for (const auto& [id, counts] : parts) {
        for (const auto& [value, count] : counts)
            rest[value] = std::max<std::int64_t>(rest[value] - count, 0);
    }
    std::erase_if(rest, [](const auto& option) { return option.second == 0; });
    if (!rest.empty()) parts[kRest] = std::move(rest);
}

/// Counters, told ones and the rest, with fields that nobody else serves.
struct Group {
    std::set<std::string> counters;
    std::set<std::string> fields;
};

/// Each counter with the fields that it alone serves; then those that share fields, all together.
std::vector<Group> groups_of(const Parts& fields, const Parts& counters, const Places& places) {
    std::vector<Group> alone;
    std::vector<Group> joined;
    for (const auto& [counter, counts] : counters)
        alone.push_back({{counter}, {}});
    for (const auto& [field, counts] : fields) {
        Group own{{}, {field}};
        const auto found = places.find(field);
        if (found != places.end()) {
            for (const std::string& counter : found->second)
                own.counters.insert(counters.contains(counter) ? counter : kRest);
        }
        // Nobody knows where it is served: anywhere.
        if (own.counters.empty()) own.counters = ids_of(counters);
        for (Group& group : alone) {
            if (group.counters == own.counters) group.fields.insert(field);
        }
        std::erase_if(joined, [&](const Group& group) {
            const bool is_met = std::any_of(group.counters.begin(), group.counters.end(),
                                            [&](const std::string& one) { return own.counters.contains(one); });
            if (!is_met) return false;
            own.counters.insert(group.counters.begin(), group.counters.end());
            own.fields.insert(group.fields.begin(), group.fields.end());
            return true;
        });
        joined.push_back(std::move(own));
    }
    alone.insert(alone.end(), joined.begin(), joined.end());
    return alone;
}

/// Fields that leave few of their counters' answers when they are taken away; none: nothing is found by that.
std::set<std::string> fields_that_tell(const Parts& fields, const Parts& counters, const Places& places,
                                       const Item& item) {
    for (const Group& group : groups_of(fields, counters, places)) {
        if (group.fields.empty()) continue;
        std::int64_t whole = 0;
        for (const std::string& counter : group.counters)
            whole += size_of(counters, counter, item);
        std::int64_t part = 0;
        for (const std::string& field : group.fields)
            part += size_of(fields, field, item);
        if (!survey::leaves_no_rest(whole, part)) return group.fields;
    }
    return {};
}

/// Each changes by enough or not at all, and none that was told goes.
bool may_all_follow(const Parts& before, const Parts& after, const Item& item) {
    if (before.empty()) return true;
    return !after.empty() && std::all_of(before.begin(), before.end(), [&](const auto& part) {
        const auto found = after.find(part.first);
        if (found == after.end()) return part.first == kRest;
        return may_follow(item, part.second, found->second);
    });
}

Parts without_rest(Parts parts) {
    parts.erase(kRest);
    return parts;
}

}  // namespace

std::int64_t people(const Item& item, const OptionCounts& counts) {
    if (item.type != survey::ItemType::multi) return survey::count(item, counts).valid;
    std::int64_t most = 0;
    for (const auto& [value, count] : counts)
        most = std::max(most, count);
    return most;
}

bool may_follow(const Item& item, const OptionCounts& from, const OptionCounts& to) {
    return from == to || survey::is_told(moved(item, from, to));
}

Rows next_rows(const Rows& all, const Item& item, const OptionCounts& whole, const Rows& before, const Places& places) {
    Rows after;
    after.counters = told_parts(all.counters, item, whole);
    add_rest(after.counters, whole);
    if (!may_all_follow(before.counters, after.counters, item)) after.counters = before.counters;
    after.fields = told_parts(all.fields, item, whole);
    while (true) {
        const auto telling = fields_that_tell(after.fields, after.counters, places, item);
        if (telling.empty()) break;
        drop_smallest(after.fields, telling, item);
    }
    add_rest(after.fields, whole);
    if (may_all_follow(before.fields, after.fields, item)) return after;
    // What stands for a while longer must not tell beside what is new.
    after.fields = before.fields;
    return fields_that_tell(without_rest(after.fields), after.counters, places, item).empty() ? after : before;
}

}  // namespace hailong::sync
