#include "kiosk/app/tally_view.h"

#include <algorithm>

#include "kiosk/app/told_counts.h"
#include "survey/disclosure.h"

namespace hailong::kiosk {
namespace {

using survey::Item;
using survey::Language;
using survey::Messages;
using survey::Subject;
using survey::SubjectKind;

constexpr std::size_t kMonthsOfAQuarter = 3;

/// What an officer is rated by: the first item about the officer with satisfied levels. Null where there is none.
const Item* officer_item(const survey::Questionnaire& form) {
    for (const Item& item : form.items) {
        const bool rates = std::any_of(item.options.begin(), item.options.end(),
                                       [](const survey::Option& option) { return option.satisfied; });
        if (item.about == survey::About::officer && rates) return &item;
    }
    return nullptr;
}

std::vector<RowOf> rows_of(const survey::Center& center, TallyBy by, const Messages& text, Language language) {
    std::vector<RowOf> rows;
    if (by == TallyBy::counters) {
        std::vector<survey::Counter> counters = center.counters;
        std::sort(counters.begin(), counters.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
        for (const survey::Counter& counter : counters) {
            rows.push_back({std::to_string(counter.number) + ". " + counter.short_name.in(language),
                            {SubjectKind::counter, counter.id.text}});
        }
    } else if (by == TallyBy::fields) {
        for (const survey::Field& field : center.fields)
            rows.push_back({field.name.in(language), {SubjectKind::field, field.id.text}});
    } else if (by == TallyBy::beginnings) {
        rows.push_back({std::string(text.at("tally.scanned")), {SubjectKind::began, std::string(survey::kScannedId)}});
        rows.push_back({std::string(text.at("tally.walk_up")), {SubjectKind::visit, {}}});
    }
    return rows;
}

std::vector<TallyRow> officer_rows(const TallySource& source, const TallySheet& sheet, const Item& item,
                                   survey::Objective objective) {
    std::vector<TallyRow> rows;
    for (const survey::Officer& officer : source.center.officers) {
        const Subject subject{SubjectKind::officer, officer.id.text};
        TallyRow sum = row_for(officer.name, item);
        std::vector<MonthOfOfficer> months;
        for (const OfficerMonth& month : sheet.officers) {
            TallyRow of_month = row_for({}, item);
            for (const PeriodTally& row : month.officers) {
                const bool counted = row.questionnaire.id == source.questionnaire.ref.id && !row.flagged;
                if (counted && row.subject == subject) count_in(of_month, row.tally, item);
            }
            const std::int64_t n_min = source.center.settings.on(month.month / 1).officer_n_min;
            months.push_back({figure_of(of_month, item).valid, n_min});
            count_in(sum, of_month);
        }
        if (officer_shown(months)) {
            add_share(sum, item, objective);
            rows.push_back(std::move(sum));
        } else if (officer.active) {
            rows.push_back(too_few(officer.name));
        }
    }
    return rows;
}

/// The least number that an officer's share is shown from in each month of these days: the largest.
std::int64_t officer_n_min(const survey::Center& center, const Days& days) {
    std::int64_t most = 1;
    for (const Month month : months_of(days))
        most = std::max(most, center.settings.on(month / 1).officer_n_min);
    return most;
}

/// Whether it is a counter or field that the center has no more: shown where there are figures of it.
bool is_closed(const survey::Center& center, const Subject& subject) {
    const survey::Counter* counter = subject.kind == SubjectKind::counter ? center.counter({subject.id}) : nullptr;
    const survey::Field* field = subject.kind == SubjectKind::field ? center.field({subject.id}) : nullptr;
    return (counter != nullptr && !counter->active) || (field != nullptr && !field->active);
}

/// English "November 2026" of "1 November 2026".
std::string month_text(std::int64_t year, std::int64_t month, Language language) {
    const survey::Date day = std::chrono::year{static_cast<int>(year)} / static_cast<int>(month) / 1;
    const std::string date = survey::format_date(day, language);
    return language == Language::vi ? date.substr(date.find('/') + 1) : date.substr(date.find(' ') + 1);
}

std::string period_text(const survey::Period& period, const Messages& text, Language language) {
    const std::string year = std::to_string(period.year);
    const std::string number = std::to_string(period.number);
    switch (period.kind) {
        case survey::PeriodKind::day:
            return text.format("period.day_of", {{"day", survey::format_date(period.first, language)}});
        case survey::PeriodKind::month:
            return text.format("period.month_of", {{"month", month_text(period.year, period.number, language)}});
        case survey::PeriodKind::quarter:
            return text.format("period.quarter_of", {{"number", number}, {"year", year}});
        case survey::PeriodKind::half_year:
            return text.format("period.half_year_of", {{"number", number}, {"year", year}});
        case survey::PeriodKind::year:
            return text.format("period.year_of", {{"year", year}});
    }
    return {};
}

/// Of a point of a trend: "22/11", "22 Nov"; of a month "11/2026", "Nov 2026".
std::string point_label(const Days& days, TrendGrain grain, Language language) {
    constexpr std::size_t kShortMonth = 3;
    const std::string date = survey::format_date(days.first, language);
    if (language == Language::vi) {
        return grain == TrendGrain::month ? date.substr(date.find('/') + 1) : date.substr(0, date.rfind('/'));
    }
    const std::size_t month = date.find(' ') + 1;
    const std::string name = date.substr(month, kShortMonth);
    return grain == TrendGrain::month ? name + date.substr(date.rfind(' ')) : date.substr(0, month) + name;
}

}  // namespace

std::string days_text(const Days& days, Language language) {
    const std::string first = survey::format_date(days.first, language);
    return days.first == days.last ? first : first + " – " + survey::format_date(days.last, language);
}

bool officer_shown(std::span<const MonthOfOfficer> months) {
    const auto least_of = [](std::span<const MonthOfOfficer> part) {
        std::int64_t most = 1;
        for (const MonthOfOfficer& month : part)
            most = std::max(most, month.n_min);
        return most;
    };
    const auto enough_or_none = [](std::int64_t n, std::int64_t n_min) { return n == 0 || n >= n_min; };
    // What stays unknown of each quarter (of each month, where there is no whole year) to whoever saw all that is
    // shown.
    const bool quarters_too = months.size() > kMonthsOfAQuarter;
    const std::size_t step = quarters_too ? kMonthsOfAQuarter : months.size();
    std::int64_t whole = 0;
    std::int64_t unknown = 0;
    for (std::size_t first = 0; first < months.size(); first += step) {
        const auto part = months.subspan(first, std::min(step, months.size() - first));
        std::int64_t sum = 0;
        std::int64_t hidden = 0;
        for (const MonthOfOfficer& month : part) {
            sum += month.n;
            if (month.n < month.n_min) hidden += month.n;
        }
        whole += sum;
        const std::int64_t part_min = least_of(part);
        const bool part_shown = quarters_too && sum >= part_min && enough_or_none(hidden, part_min);
        if (!part_shown) unknown += hidden;
    }
    const std::int64_t n_min = least_of(months);
    if (whole < n_min) return false;
    return months.size() == 1 || enough_or_none(unknown, n_min);
}

namespace {

/// A point for each of trend_spans(days), of what is told of its days.
std::vector<TrendPoint> make_trend(const Days& days, const ReleasedVisits& visits, const Counted& counted,
                                   survey::Objective objective, Language language) {
    std::vector<TrendPoint> points;
    const TrendGrain grain = trend_grain(days);
    for (const Days& span : trend_spans(days)) {
        TrendPoint point;
        point.label = point_label(span, grain, language);
        const survey::ItemCounts figure = figure_of(told_of(visits, span, counted).counted, counted.item);
        point.n = figure.valid;
        if (const auto share = survey::satisfaction(figure.satisfied, figure.valid, objective)) {
            point.share_tenths = share->share_tenths;
            point.met = share->verdict != survey::Verdict::not_met;
        }
        points.push_back(std::move(point));
    }
    return points;
}

/// All but the rows: what is told of the visits of these days.
void add_whole(TallyModel& model, const ReleasedVisits& visits, const Days& days, const Counted& counted,
               const Messages& text, Language language) {
    Visits told = told_of(visits, days, counted);
    model.flagged = told.flagged;
    model.some_untold = valid_in(visits, days, counted) > figure_of(told.counted, counted.item).valid;
    model.total = std::move(told.counted);
    model.total.label = text.at("tally.all");
    add_share(model.total, counted.item, model.objective);
    if (model.some_untold && !model.total.satisfaction) model.total = too_few(model.total.label);
    model.trend = make_trend(days, visits, counted, model.objective, language);
}

}  // namespace

TallyModel make_tally_model(const TallySource& source, const TallyChoice& choice, const TallySheet& sheet,
                            const TallyRules& rules, const Messages& text, Language language) {
    const survey::Center& center = source.center;
    const survey::Questionnaire& form = source.questionnaire;
    TallyModel model;
    model.by = choice.by;
    if (const auto period = named_period(choice, rules)) model.period_name = period_text(*period, text, language);
    model.period_days = days_text(choice.days, language);
    const bool officers = choice.by == TallyBy::officers;
    const survey::CenterSettings& settings = center.settings.on(choice.days.first);
    const Item* item = officers ? officer_item(form) : form.item(settings.headline);
    if (officers) {
        const std::int64_t n_min = officer_n_min(center, choice.days);
        model.note = text.format("tally.officer_rule", {{"count", std::to_string(n_min)}});
    } else if (by_months(choice.by)) {
        model.note = text.format("tally.rows_rule", {{"count", std::to_string(survey::kCellMin)}});
    }
    if (choice.days.first <= sheet.today && sheet.today <= choice.days.last) {
        const auto received = sheet.received_today.find(form.ref.id);
        model.received_today = received == sheet.received_today.end() ? 0 : received->second;
        model.not_before_today = choice.days.first == sheet.today;
    }
    if (item == nullptr) return model;  // the form asks no more what the objective was about then

    model.question = item->text.in(language);
    model.options = item->options;
    model.objective = settings.objective;
    if (officers) {
        model.rows = officer_rows(source, sheet, *item, model.objective);
        return model;
    }
    const Counted counted{form.ref.id, *item};
    const ReleasedVisits visits = released_visits(sheet, counted);
    if (choice.by == TallyBy::all) {
        add_whole(model, visits, choice.days, counted, text, language);
        return model;
    }
    const std::vector<RowOf> rows = rows_of(center, choice.by, text, language);
    const std::vector<TallyRow> told = told_rows_of(sheet, visits, choice.days, counted, rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (told[i].too_few && is_closed(center, rows[i].subject)) continue;
        model.rows.push_back(told[i]);
        if (!told[i].too_few) add_share(model.rows.back(), *item, model.objective);
    }
    return model;
}

TallyModel staff_results(const TallySource& source, const StaffState& state, const TallyRules& rules,
                         const Messages& text, Language language) {
    const bool read = state.shown && state.sheet && *state.sheet;
    const TallyChoice& choice = read ? *state.shown : state.choice;
    TallyModel model = make_tally_model(source, choice, read ? **state.sheet : TallySheet{}, rules, text, language);
    model.reading = !state.sheet.has_value();
    if (state.sheet && !*state.sheet) {
        model.trouble = text.at(std::string("trouble.") + name(state.sheet->error().kind));
    }
    model.can_go_back = stepped(state.choice, -1, rules).has_value();
    model.can_go_on = stepped(state.choice, 1, rules).has_value();
    model.page = state.page;
    return model;
}

}  // namespace hailong::kiosk
