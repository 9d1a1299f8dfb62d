#include "survey/center_settings.h"

#include <algorithm>
#include <optional>

namespace hailong::survey {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr const char* kList = "settings";

/// Puts `settings` in effect from that day on, unless they are already. REQUIRES: no change stands on a later day.
void add(SettingsHistory& history, Date from, const CenterSettings& settings) {
    if (!history.changes.empty() && history.changes.back().from == from) history.changes.pop_back();
    const CenterSettings& last = history.changes.empty() ? history.first : history.changes.back().settings;
    if (last != settings) history.changes.push_back({from, settings});
}

/// What of `after` is other than in `before`.
std::string described(const CenterSettings& before, const CenterSettings& after) {
    std::string text;
    const auto say = [&](bool differs, const std::string& what) {
        if (differs) text += (text.empty() ? "" : ", ") + what;
    };
    say(before.objective != after.objective,
        "objective more than " + std::to_string(after.objective.more_than_percent) + " %");
    say(before.cut_off_day != after.cut_off_day, after.cut_off_day == 0
                                                     ? std::string("months end with the calendar's")
                                                     : "months end on day " + std::to_string(after.cut_off_day));
    say(before.officer_n_min != after.officer_n_min,
        "officers' shares from n = " + std::to_string(after.officer_n_min));
    say(before.headline != after.headline, "the figure is that of the item " + after.headline.text);
    return text;
}

/// The first month from `since` to the one after it that has too few days.
std::optional<Period> short_month(const PeriodScheme& scheme, std::chrono::year_month since) {
    for (const auto month : {since, since + std::chrono::months{1}}) {
        const auto period = make_period(PeriodKind::month, static_cast<int>(month.year()),
                                        static_cast<unsigned>(month.month()), scheme);
        if (period && (sys_days{period->last} - sys_days{period->first}).count() + 1 < kMonthDaysMin) return period;
    }
    return std::nullopt;
}

/// The day of one entry; empty for the first one without any, and after noting a fault.
std::optional<Date> read_from(ObjectReader& reader, bool is_first, std::optional<Date> before) {
    if (is_first && !reader.has("from")) return std::nullopt;
    const std::string text = reader.text("from");
    if (!reader.has("from")) return std::nullopt;
    const auto day = parse_date(text);
    if (!day || !is_in_range(*day)) {
        reader.fault("from", "\"" + text + "\" is no day", "write it as 2027-01-01");
        return std::nullopt;
    }
    if (before && *day <= *before) {
        reader.fault("from", "is not after the entry before", "order the entries by their day, each its own");
        return std::nullopt;
    }
    return day;
}

}  // namespace

const CenterSettings& SettingsHistory::on(Date day) const {
    const auto later = std::find_if(changes.begin(), changes.end(), [&](const auto& one) { return one.from > day; });
    return later == changes.begin() ? first : std::prev(later)->settings;
}

PeriodScheme SettingsHistory::periods() const {
    PeriodScheme scheme{first.cut_off_day};
    for (const SettingsChange& one : changes)
        scheme = with_cut_off(std::move(scheme), one.from, one.settings.cut_off_day);
    return scheme;
}

CenterSettings read_setting(ObjectReader& reader, CenterSettings otherwise, Faults& faults) {
    CenterSettings settings = std::move(otherwise);
    if (reader.has("objective")) {
        ObjectReader objective(*reader.find("objective"), reader.place_of("objective"), faults);
        settings.objective.more_than_percent = objective.integer("more_than_percent", 0, 100);
    }
    if (reader.has("periods")) {
        ObjectReader periods(*reader.find("periods"), reader.place_of("periods"), faults);
        settings.cut_off_day = periods.integer("cut_off_day", 0, kCutOffDayMax);
    }
    settings.officer_n_min = reader.maybe_integer("officer_n_min", 1, kOfficerMinMax).value_or(settings.officer_n_min);
    return settings;
}

SettingsHistory read_settings(ObjectReader& center, const CenterSettings& top, Faults& faults) {
    SettingsHistory history{top, {}};
    const boost::json::array& list = center.list_or_empty(kList);
    if (list.size() > kSettingsChangesMax) {
        center.fault(kList, "holds more than " + std::to_string(kSettingsChangesMax), "leave out what is to come last");
        return history;
    }
    std::optional<Date> before;
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader reader(list[i], place_of_entry(kList, i), faults);
        if (!reader.is_object()) continue;
        const std::size_t faults_before = faults.size();
        const auto from = read_from(reader, i == 0, before);
        const CenterSettings& last = history.changes.empty() ? history.first : history.changes.back().settings;
        CenterSettings settings = read_setting(reader, last, faults);
        if (reader.has("headline")) settings.headline = ItemId{reader.identifier("headline")};
        if (faults.size() > faults_before) continue;
        before = from ? from : before;
        if (!from) {
            history.first = settings;
            continue;
        }
        const bool is_cut_anew = last.cut_off_day != settings.cut_off_day;
        add(history, *from, settings);
        if (!is_cut_anew) continue;
        const PeriodScheme scheme = history.periods();
        if (scheme.changes.empty()) continue;
        if (const auto found = short_month(scheme, scheme.changes.back().since)) {
            reader.fault("periods",
                         "leaves the month " + to_string(*found) + " fewer than " + std::to_string(kMonthDaysMin) +
                             " days, of which more would be told than of any days",
                         "name a cut-off day that leaves it more");
        }
    }
    return history;
}

SettingsHistory settings_after(const SettingsHistory& known, const SettingsHistory& wanted, Date today, Date next) {
    Date start = next;
    for (const SettingsChange& one : wanted.changes) {
        if (one.from >= today) start = std::min(start, one.from);
    }
    SettingsHistory result{known.first, {}};
    for (const SettingsChange& one : known.changes) {
        if (one.from < start) add(result, one.from, one.settings);
    }
    add(result, start, wanted.on(start));
    for (const SettingsChange& one : wanted.changes) {
        if (one.from > start) add(result, one.from, one.settings);
    }
    return result;
}

Faults past_faults(const SettingsHistory& known, const SettingsHistory& wanted, Date today) {
    Faults faults;
    for (const SettingsChange& one : wanted.changes) {
        if (one.from >= today) continue;
        if (std::find(known.changes.begin(), known.changes.end(), one) != known.changes.end()) continue;
        faults.push_back({kList, "from " + to_string(one.from) + ": the day is over, and other settings held then",
                          "name " + to_string(today) + " or a later day; leave out what held before: it is kept"});
    }
    return faults;
}

std::vector<std::string> describe_changes(const SettingsHistory& before, const SettingsHistory& after) {
    std::vector<Date> starts;
    for (const SettingsHistory* history : {&before, &after}) {
        for (const SettingsChange& one : history->changes)
            starts.push_back(one.from);
    }
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    std::vector<std::string> sentences;
    const std::string first = described(before.first, after.first);
    if (!first.empty()) sentences.push_back("from the beginning: " + first);
    for (const Date from : starts) {
        if (before.on(from) == after.on(from)) continue;
        sentences.push_back("from " + to_string(from) + ": " + described(before.on(from), after.on(from)));
    }
    return sentences;
}

}  // namespace hailong::survey
