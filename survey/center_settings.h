// What a center's figures are cut and judged by, from a day on. A change holds from its day; what was before keeps what
// held then, so that no document makes another figure of a month that is over.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/json.h"
#include "survey/base/time.h"
#include "survey/period.h"
#include "survey/satisfaction.h"

namespace hailong::survey {

struct CenterSettings {
    ItemId headline;  // the item whose satisfied share is the objective's figure
    Objective objective;
    std::int64_t cut_off_day = 0;     // see PeriodScheme
    std::int64_t officer_n_min = 10;  // below it no officer's share is shown
    bool operator==(const CenterSettings&) const = default;
};

struct SettingsChange {
    Date from{};
    CenterSettings settings;  // all of them, also those that stay
    bool operator==(const SettingsChange&) const = default;
};

/// Every setting that ever held, and those to come.
struct SettingsHistory {
    CenterSettings first;                 // before the first change, for ever back
    std::vector<SettingsChange> changes;  // ascending by `from`, which are different
    bool operator==(const SettingsHistory&) const = default;

    [[nodiscard]] const CenterSettings& on(Date day) const;
    /// A period is judged by what held on its first day: what is announced while it runs changes nothing of it.
    [[nodiscard]] const CenterSettings& of(const Period& period) const { return on(period.first); }
    /// How its periods are cut, by all of it. A month that has begun keeps its end.
    [[nodiscard]] PeriodScheme periods() const;
};

/// The largest minimum: beyond it nothing of anybody would be shown.
inline constexpr std::int64_t kOfficerMinMax = 1'000'000;
/// Most changes of one center: one a month for sixteen years.
inline constexpr std::size_t kSettingsChangesMax = 200;
/// The fewest days of a month between two cut-off days: what is told of a month alone must not be told of a few days.
inline constexpr std::int64_t kMonthDaysMin = 7;

/// Reads the member `settings` of a center's document: a list of {"from", "objective", "periods", "officer_n_min",
/// "headline"}, ascending by `from`; what an entry leaves out stays as it was. Before the first holds what `top`, the
/// document's own members, says; an entry without `from`, the first one alone, takes its place. Absent: `top` for ever.
/// Faults also where a change of the cut-off day leaves a month fewer than kMonthDaysMin days.
[[nodiscard]] SettingsHistory read_settings(ObjectReader& center, const CenterSettings& top, Faults& faults);

/// All but the headline as they stand in a document, at its top or in an entry of `settings`; absent: as `otherwise`
/// says.
[[nodiscard]] CenterSettings read_setting(ObjectReader& reader, CenterSettings otherwise, Faults& faults);

/// What a document that wants `wanted` makes of `known`, which holds already: `known` before a day, `wanted` from then
/// on. The day is the first that `wanted` names itself on or after `today`, else `next`, the first day of the next
/// month.
[[nodiscard]] SettingsHistory settings_after(const SettingsHistory& known, const SettingsHistory& wanted, Date today,
                                             Date next);

/// Changes of `wanted` before `today` that do not stand in `known` exactly so: nobody changes what held on days that
/// are over. The places are those of its document.
[[nodiscard]] Faults past_faults(const SettingsHistory& known, const SettingsHistory& wanted, Date today);

/// What differs between the two from one to the other, a sentence each: "from 2027-01-01: objective more than 95 %".
[[nodiscard]] std::vector<std::string> describe_changes(const SettingsHistory& before, const SettingsHistory& after);

}  // namespace hailong::survey
