#include "kiosk/app/told_counts.h"

#include <algorithm>
#include <set>

#include "survey/disclosure.h"

namespace hailong::kiosk {
namespace {

using survey::Item;
using survey::Subject;
using survey::SubjectKind;
using survey::Tally;

/// Never less than nothing, whatever the file says.
void take_off(TallyRow& row, const TallyRow& part) {
    row.responses = std::max<std::int64_t>(row.responses - part.responses, 0);
    for (std::size_t i = 0; i < row.counts.size(); ++i)
        row.counts[i] = std::max<std::int64_t>(row.counts[i] - part.counts[i], 0);
}

/// What the released days of a month brought each row.
std::vector<TallyRow> rows_of_month(const TallySheet& sheet, const ReleasedVisits& visits, const Days& month,
                                    const Counted& counted, std::span<const RowOf> rows) {
    std::set<survey::Date> days;
    for (const DayGroup& group : visits.groups) {
        if (lies_in(group, month)) days.insert(group.begin(), group.end());
    }
    std::map<Subject, std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i)
        places[rows[i].subject] = i;
    std::vector<TallyRow> found(rows.size(), row_for({}, counted.item));
    const auto before = [](const DayTally& one, survey::Date day) { return one.day < day; };
    auto one = std::lower_bound(sheet.days.begin(), sheet.days.end(), month.first, before);
    for (; one != sheet.days.end() && one->day <= month.last; ++one) {
        if (one->flagged || one->questionnaire.id != counted.questionnaire || !days.contains(one->day)) continue;
        if (const auto place = places.find(one->subject); place != places.end())
            count_in(found[place->second], one->tally, counted.item);
    }
    const auto visit = places.find({SubjectKind::visit, {}});
    const auto scanned = places.find({SubjectKind::began, std::string(survey::kScannedId)});
    if (visit != places.end() && scanned != places.end()) take_off(found[visit->second], found[scanned->second]);
    return found;
}

}  // namespace

TallyRow row_for(std::string label, const Item& item) {
    TallyRow row;
    row.label = std::move(label);
    row.counts.resize(item.options.size());
    return row;
}

TallyRow too_few(std::string label) {
    TallyRow row;
    row.label = std::move(label);
    row.too_few = true;
    return row;
}

void count_in(TallyRow& row, const Tally& tally, const Item& item) {
    row.responses += tally.responses;
    const auto found = tally.items.find(item.id);
    if (found == tally.items.end()) return;
    for (std::size_t i = 0; i < item.options.size(); ++i) {
        const auto count = found->second.find(item.options[i].value);
        if (count != found->second.end()) row.counts[i] += count->second;
    }
}

void count_in(TallyRow& row, const TallyRow& other) {
    row.responses += other.responses;
    for (std::size_t i = 0; i < row.counts.size(); ++i)
        row.counts[i] += other.counts[i];
}

survey::ItemCounts figure_of(const TallyRow& row, const Item& item) {
    survey::ItemCounts figure;
    for (std::size_t i = 0; i < row.counts.size(); ++i) {
        (item.options[i].excluded ? figure.excluded : figure.valid) += row.counts[i];
        if (item.options[i].satisfied) figure.satisfied += row.counts[i];
    }
    return figure;
}

void add_share(TallyRow& row, const Item& item, survey::Objective objective) {
    const survey::ItemCounts figure = figure_of(row, item);
    row.satisfaction = survey::satisfaction(figure.satisfied, figure.valid, objective);
}

ReleasedVisits released_visits(const TallySheet& sheet, const Counted& counted) {
    ReleasedVisits visits;
    for (const DayTally& one : sheet.days) {
        const bool other = one.subject.kind != SubjectKind::visit || one.questionnaire.id != counted.questionnaire;
        if (other || one.day >= sheet.today) continue;
        Visits& day = visits.days.try_emplace(one.day, Visits{row_for({}, counted.item), 0}).first->second;
        if (one.flagged) {
            day.flagged += one.tally.responses;
        } else {
            count_in(day.counted, one.tally, counted.item);
        }
    }
    std::vector<DayCount> counts;
    for (const auto& [day, one] : visits.days)
        counts.push_back({day, figure_of(one.counted, counted.item).valid});
    visits.groups = released_days(counts);
    return visits;
}

Visits told_of(const ReleasedVisits& visits, const Days& span, const Counted& counted) {
    Visits told{row_for({}, counted.item), 0};
    for (const DayGroup& group : visits.groups) {
        if (!lies_in(group, span)) continue;
        for (const survey::Date day : group) {
            count_in(told.counted, visits.days.at(day).counted);
            told.flagged += visits.days.at(day).flagged;
        }
    }
    return told;
}

std::int64_t valid_in(const ReleasedVisits& visits, const Days& span, const Counted& counted) {
    std::int64_t valid = 0;
    for (auto day = visits.days.lower_bound(span.first); day != visits.days.end() && day->first <= span.last; ++day)
        valid += figure_of(day->second.counted, counted.item).valid;
    return valid;
}

std::vector<TallyRow> told_rows_of(const TallySheet& sheet, const ReleasedVisits& visits, const Days& span,
                                   const Counted& counted, std::span<const RowOf> rows) {
    std::vector<TallyRow> sums;
    for (const RowOf& row : rows)
        sums.push_back(too_few(row.label));
    for (const Month each : months_of(span)) {
        const Days month = days_of(each);
        if (month.last >= sheet.today) continue;
        const std::vector<TallyRow> found = rows_of_month(sheet, visits, month, counted, rows);
        std::vector<std::int64_t> valid(found.size());
        std::transform(found.begin(), found.end(), valid.begin(),
                       [&](const TallyRow& row) { return figure_of(row, counted.item).valid; });
        const std::vector<bool> told =
            survey::told_rows(figure_of(told_of(visits, month, counted).counted, counted.item).valid, valid);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!told[i]) continue;
            if (sums[i].too_few) sums[i] = row_for(rows[i].label, counted.item);
            count_in(sums[i], found[i]);
        }
    }
    return sums;
}

}  // namespace hailong::kiosk
