#include "kiosk/app/tally_view.h"

#include <algorithm>

namespace hailong::kiosk {
namespace {

using survey::Subject;
using survey::SubjectKind;
using survey::Tally;

Tally sum_for(const Overview& overview, const survey::Questionnaire& form, const Subject& subject) {
    Tally sum;
    for (const DayTally& row : overview.tallies) {
        if (row.questionnaire.id == form.ref.id && row.subject == subject && !row.flagged) sum += row.tally;
    }
    return sum;
}

TallyRow make_row(std::string label, const Tally& tally, const survey::Item& item, survey::Objective objective) {
    TallyRow row;
    row.label = std::move(label);
    row.responses = tally.responses;
    const auto found = tally.items.find(item.id);
    const survey::OptionCounts counts = found == tally.items.end() ? survey::OptionCounts{} : found->second;
    for (const survey::Option& option : item.options) {
        const auto count = counts.find(option.value);
        row.counts.push_back(count == counts.end() ? 0 : count->second);
    }
    const survey::ItemCounts figure = count(item, counts);
    row.satisfaction = survey::satisfaction(figure.satisfied, figure.valid, objective);
    return row;
}

std::string last_sync_words(const SyncStatus& sync, const survey::Messages& text, survey::Language language) {
    if (!sync.last_error.empty()) {
        return text.format("sync.failed",
                           {{"time", format_time(sync.last_attempt, language)}, {"why", sync.last_error}});
    }
    if (!sync.last_success) return std::string(text.at("sync.never"));
    return text.format("sync.at", {{"time", format_time(*sync.last_success, language)}});
}

std::string period_label(const survey::Period& period, survey::Language language) {
    const std::string first = survey::format_date(period.first, language);
    return period.first == period.last ? first : first + " – " + survey::format_date(period.last, language);
}

}  // namespace

survey::Period tally_period(TallyPeriod choice, survey::Date today, const survey::Center& center) {
    const auto kind = choice == TallyPeriod::today ? survey::PeriodKind::day : survey::PeriodKind::month;
    return survey::period_of(today, kind, center.periods);
}

std::string format_time(survey::UtcTime time, survey::Language language) {
    const std::string iso = survey::to_rfc3339(time);
    return iso.substr(11, 5) + ", " + survey::format_date(survey::local_date(time), language);
}

std::vector<std::string> store_words(const Overview& overview, const survey::Messages& text,
                                     survey::Language language) {
    std::vector<std::string> lines;
    if (overview.set_aside > 0) {
        lines.push_back(
            text.format("store.set_aside", {{"count", survey::format_count(overview.set_aside, language)}}));
    }
    if (!overview.events.empty()) {
        const StoreEvent& newest = overview.events.back();
        const char* key = newest.kind == "numbers_lost" ? "store.numbers_lost" : "store.healed";
        lines.push_back(text.format(key, {{"time", format_time(newest.time, language)}}));
    }
    return lines;
}

TallyModel make_tally_model(const Content& content, const Overview& overview, TallyPeriod choice, survey::Date today,
                            const survey::Messages& text, survey::Language language) {
    const survey::Center& center = content.center;
    const survey::Item* item = content.questionnaire.item(center.headline);
    TallyModel model;
    model.center_name = center.name.in(language);
    model.period = choice;
    model.period_label = period_label(tally_period(choice, today, center), language);
    model.collected = overview.collected;
    model.delivered = overview.delivered;
    model.last_sync = last_sync_words(overview.sync, text, language);
    if (item == nullptr) return model;  // make_content refuses such content

    model.question = item->text.in(language);
    model.options = item->options;
    model.objective = center.objective;
    const auto row = [&](std::string label, const Subject& subject) {
        return make_row(std::move(label), sum_for(overview, content.questionnaire, subject), *item, center.objective);
    };
    model.total = row(std::string(text.at("tally.all")), Subject{SubjectKind::visit, {}});
    std::vector<survey::Counter> counters = center.counters;
    std::sort(counters.begin(), counters.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    for (const survey::Counter& counter : counters) {
        model.counters.push_back(row(std::to_string(counter.number) + ". " + counter.short_name.in(language),
                                     Subject{SubjectKind::counter, counter.id.text}));
    }
    return model;
}

}  // namespace hailong::kiosk
