#include "kiosk/app/tally_view.h"

#include <algorithm>

namespace hailong::kiosk {
namespace {

using survey::Item;
using survey::Language;
using survey::Messages;
using survey::Subject;
using survey::SubjectKind;
using survey::Tally;

constexpr std::size_t kMonthsOfAQuarter = 3;

Tally sum_for(std::span<const PeriodTally> rows, const survey::QuestionnaireId& form, const Subject& subject,
              bool flagged = false) {
    Tally sum;
    for (const PeriodTally& row : rows) {
        if (row.questionnaire.id == form && row.subject == subject && row.flagged == flagged) sum += row.tally;
    }
    return sum;
}

/// What stays of `whole` without `part`; never less than nothing, whatever the file says.
Tally without(Tally whole, const Tally& part) {
    const auto take = [](std::int64_t& from, std::int64_t count) { from = std::max<std::int64_t>(from - count, 0); };
    take(whole.responses, part.responses);
    for (const auto& [item, counts] : part.items) {
        for (const auto& [option, count] : counts) {
            if (whole.items.contains(item) && whole.items[item].contains(option))
                take(whole.items[item][option], count);
        }
    }
    return whole;
}

survey::ItemCounts figure_of(const Tally& tally, const Item& item) {
    const auto found = tally.items.find(item.id);
    return survey::count(item, found == tally.items.end() ? survey::OptionCounts{} : found->second);
}

TallyRow make_row(std::string label, const Tally& tally, const Item& item, survey::Objective objective) {
    TallyRow row;
    row.label = std::move(label);
    row.responses = tally.responses;
    const auto found = tally.items.find(item.id);
    for (const survey::Option& option : item.options) {
        const bool any = found != tally.items.end() && found->second.contains(option.value);
        row.counts.push_back(any ? found->second.at(option.value) : 0);
    }
    const survey::ItemCounts figure = figure_of(tally, item);
    row.satisfaction = survey::satisfaction(figure.satisfied, figure.valid, objective);
    return row;
}

/// What an officer is rated by: the first item about the officer with satisfied levels. Null where there is none.
const Item* officer_item(const survey::Questionnaire& form) {
    for (const Item& item : form.items) {
        const bool rates = std::any_of(item.options.begin(), item.options.end(),
                                       [](const survey::Option& option) { return option.satisfied; });
        if (item.about == survey::About::officer && rates) return &item;
    }
    return nullptr;
}

std::vector<TallyRow> counter_rows(const TallySource& source, const TallySheet& sheet, const Item& item,
                                   Language language) {
    std::vector<TallyRow> rows;
    std::vector<survey::Counter> counters = source.center.counters;
    std::sort(counters.begin(), counters.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    for (const survey::Counter& counter : counters) {
        const Tally sum = sum_for(sheet.sums, source.questionnaire.ref.id, {SubjectKind::counter, counter.id.text});
        rows.push_back(make_row(std::to_string(counter.number) + ". " + counter.short_name.in(language), sum, item,
                                source.center.objective));
    }
    return rows;
}

std::vector<TallyRow> field_rows(const TallySource& source, const TallySheet& sheet, const Item& item,
                                 Language language) {
    std::vector<TallyRow> rows;
    for (const survey::Field& field : source.center.fields) {
        const Tally sum = sum_for(sheet.sums, source.questionnaire.ref.id, {SubjectKind::field, field.id.text});
        rows.push_back(make_row(field.name.in(language), sum, item, source.center.objective));
    }
    return rows;
}

std::vector<TallyRow> beginning_rows(const TallySource& source, const TallySheet& sheet, const Item& item,
                                     const Messages& text) {
    const survey::QuestionnaireId& form = source.questionnaire.ref.id;
    const Tally all = sum_for(sheet.sums, form, {SubjectKind::visit, {}});
    const Tally scanned = sum_for(sheet.sums, form, {SubjectKind::began, std::string(survey::kScannedId)});
    const survey::Objective objective = source.center.objective;
    return {make_row(std::string(text.at("tally.scanned")), scanned, item, objective),
            make_row(std::string(text.at("tally.walk_up")), without(all, scanned), item, objective)};
}

std::vector<TallyRow> officer_rows(const TallySource& source, const TallySheet& sheet, const Item& item) {
    std::vector<TallyRow> rows;
    for (const survey::Officer& officer : source.center.officers) {
        const Subject subject{SubjectKind::officer, officer.id.text};
        Tally sum;
        std::vector<std::int64_t> months;
        for (const OfficerMonth& month : sheet.officers) {
            const Tally tally = sum_for(month.officers, source.questionnaire.ref.id, subject);
            months.push_back(figure_of(tally, item).valid);
            sum += tally;
        }
        if (officer_shown(months, source.center.officer_n_min)) {
            rows.push_back(make_row(officer.name, sum, item, source.center.objective));
        } else if (officer.active) {
            TallyRow row;
            row.label = officer.name;
            row.too_few = true;
            rows.push_back(std::move(row));
        }
    }
    return rows;
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

bool officer_shown(std::span<const std::int64_t> months, std::int64_t n_min) {
    const auto enough_or_none = [n_min](std::int64_t n) { return n == 0 || n >= n_min; };
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
        for (const std::int64_t n : part) {
            sum += n;
            if (n < n_min) hidden += n;
        }
        whole += sum;
        const bool part_shown = quarters_too && sum >= n_min && enough_or_none(hidden);
        if (!part_shown) unknown += hidden;
    }
    if (whole < n_min) return false;
    return months.size() == 1 || enough_or_none(unknown);
}

std::vector<TrendPoint> make_trend(const Days& days, std::span<const TrendPart> parts,
                                   const survey::QuestionnaireId& questionnaire, const Item& item,
                                   survey::Objective objective, Language language) {
    std::vector<TrendPoint> points;
    const TrendGrain grain = trend_grain(days);
    for (const Days& span : trend_spans(days)) {
        Tally sum;
        for (const TrendPart& part : parts) {
            const bool within = span.first <= part.days.first && part.days.last <= span.last;
            if (within && !part.flagged && part.questionnaire.id == questionnaire) sum += part.tally;
        }
        TrendPoint point;
        point.label = point_label(span, grain, language);
        const survey::ItemCounts figure = figure_of(sum, item);
        point.n = figure.valid;
        if (const auto share = survey::satisfaction(figure.satisfied, figure.valid, objective)) {
            point.share_tenths = share->share_tenths;
            point.met = share->verdict != survey::Verdict::not_met;
        }
        points.push_back(std::move(point));
    }
    return points;
}

TallyModel make_tally_model(const TallySource& source, const TallyChoice& choice, const TallySheet& sheet,
                            const TallyRules& rules, const Messages& text, Language language) {
    const survey::Center& center = source.center;
    const survey::Questionnaire& form = source.questionnaire;
    TallyModel model;
    model.by = choice.by;
    if (const auto period = named_period(choice, rules)) model.period_name = period_text(*period, text, language);
    model.period_days = days_text(choice.days, language);
    const bool officers = choice.by == TallyBy::officers;
    const Item* item = officers ? officer_item(form) : form.item(center.headline);
    if (officers) {
        model.note = text.format("tally.officer_rule", {{"count", std::to_string(center.officer_n_min)}});
    }
    if (item == nullptr) return model;  // make_content refuses a form without its headline

    model.question = item->text.in(language);
    model.options = item->options;
    model.objective = center.objective;
    if (!officers) {
        const Subject visit{SubjectKind::visit, {}};
        model.total = make_row(std::string(text.at("tally.all")), sum_for(sheet.sums, form.ref.id, visit), *item,
                               center.objective);
        model.flagged = sum_for(sheet.sums, form.ref.id, visit, /*flagged=*/true).responses;
        model.trend = make_trend(choice.days, sheet.trend, form.ref.id, *item, center.objective, language);
    }
    switch (choice.by) {
        case TallyBy::all:
            break;
        case TallyBy::counters:
            model.rows = counter_rows(source, sheet, *item, language);
            break;
        case TallyBy::fields:
            model.rows = field_rows(source, sheet, *item, language);
            break;
        case TallyBy::officers:
            model.rows = officer_rows(source, sheet, *item);
            break;
        case TallyBy::beginnings:
            model.rows = beginning_rows(source, sheet, *item, text);
            break;
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
