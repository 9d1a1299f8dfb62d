#include "sync/backend/api/open_data.h"

#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "sync/backend/figures/figure_json.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;

json::object localized(const survey::LocalizedText& text) {
    return {{"vi", text.vi}, {"en", text.en}};
}

std::string_view kind_name(survey::PeriodKind kind) {
    switch (kind) {
        case survey::PeriodKind::day:
            return "day";
        case survey::PeriodKind::month:
            return "month";
        case survey::PeriodKind::quarter:
            return "quarter";
        case survey::PeriodKind::half_year:
            return "half_year";
        case survey::PeriodKind::year:
            return "year";
    }
    return {};
}

json::object period_object(const survey::Period& period) {
    return {{"name", to_string(period)},
            {"kind", kind_name(period.kind)},
            {"first", survey::to_string(period.first)},
            {"last", survey::to_string(period.last)}};
}

std::string_view name_of(Balance balance) {
    switch (balance) {
        case Balance::agrees:
            return "agrees";
        case Balance::unknown:
            return "unknown";
        case Balance::differs:
            return "differs";
    }
    return {};
}

/// Whether there is anything to tell: nothing is told of fewer than kCellMin answers.
bool is_shown(const survey::ItemCounts& counts) {
    return counts.valid + counts.excluded > 0;
}

/// What counts in no figure; null where it is none, or too few to be told of.
json::value quarantined_or_null(const survey::ItemCounts& counts) {
    if (counts.valid == 0) return {};
    return json::object{
        {"answers", counts.valid}, {"satisfied", counts.satisfied}, {"dissatisfied", counts.valid - counts.satisfied}};
}

json::value figure_or_null(const survey::ItemCounts& counts, const std::optional<survey::Satisfaction>& figure) {
    if (!figure) return {};
    return figure_object(counts.satisfied, counts.valid, figure);
}

json::object item_object(const ItemResult& result) {
    const bool shown = is_shown(result.counts);
    const bool flagged_shown = result.all.valid + result.all.excluded > result.counts.valid + result.counts.excluded;
    json::array versions;
    for (const survey::QuestionnaireRef& ref : result.versions)
        versions.push_back(json::object{{"id", ref.id.text}, {"version", ref.version}});
    json::array options;
    for (const OptionResult& one : result.options) {
        json::object option{{"value", one.option.value}, {"label", localized(one.option.label)}};
        if (one.option.level) option["level"] = *one.option.level;
        if (one.option.points) option["points"] = *one.option.points;
        option["satisfied"] = one.option.satisfied;
        option["excluded"] = one.option.excluded;
        option["count"] = shown ? json::value(one.count) : json::value();
        option["flagged"] = flagged_shown ? json::value(one.flagged) : json::value();
        options.push_back(std::move(option));
    }
    json::object object{{"item", result.item.id.text},
                        {"type", name(result.item.type)},
                        {"about", result.item.about == survey::About::officer ? "officer" : "visit"},
                        {"text", localized(result.item.text)},
                        {"questionnaires", std::move(versions)},
                        {"from", survey::to_string(result.from)},
                        {"to", result.to ? json::value(survey::to_string(*result.to)) : json::value()},
                        {"options", std::move(options)},
                        {"shown", shown},
                        {"valid", shown ? json::value(result.counts.valid) : json::value()},
                        {"excluded", shown ? json::value(result.counts.excluded) : json::value()}};
    if (result.has_share) {
        object["official"] = figure_or_null(result.counts, result.figure);
        object["with_flagged"] = flagged_shown ? figure_or_null(result.all, result.figure_of_all) : json::value();
    }
    return object;
}

json::array parts_array(const std::vector<PartResult>& parts) {
    json::array array;
    for (const PartResult& part : parts) {
        array.push_back(json::object{{"id", part.id},
                                     {"name", localized(part.name)},
                                     {"shown", part.figure.has_value()},
                                     {"official", figure_or_null(part.counts, part.figure)}});
    }
    return array;
}

json::array actions_array(const std::vector<survey::Action>& actions) {
    json::array array;
    for (const survey::Action& action : actions) {
        array.push_back(json::object{
            {"said", localized(action.said)}, {"done", localized(action.done)}, {"on", survey::to_string(action.on)}});
    }
    return array;
}

json::object headline_object(const Headline& headline) {
    json::object object = item_object(headline.item);
    object["counters"] = parts_array(headline.counters);
    object["fields"] = parts_array(headline.fields);
    object["quarantined"] = quarantined_or_null(headline.quarantined);
    object["before"] = json::object{{"period", period_object(headline.before)},
                                    {"official", figure_or_null(headline.counts_before, headline.figure_before)}};
    return object;
}

}  // namespace

std::string results_json(const Results& results) {
    json::array headlines;
    for (const Headline& headline : results.headlines)
        headlines.push_back(headline_object(headline));
    json::array sections;
    for (const Section& section : results.sections) {
        json::array items;
        for (const ItemResult& item : section.items)
            items.push_back(item_object(item));
        sections.push_back(json::object{{"questionnaire", section.questionnaire.text},
                                        {"name", localized(section.name)},
                                        {"items", std::move(items)}});
    }
    const Integrity& integrity = results.integrity;
    return json_text(json::object{
        {"format", 1},
        {"center",
         {{"id", results.center.text}, {"name", localized(results.name)}, {"parent", localized(results.parent)}}},
        {"period", period_object(results.period)},
        {"generated", survey::to_rfc3339(results.generated)},
        {"objective", {{"more_than_percent", results.objective.more_than_percent}}},
        {"until", results.until ? json::value(survey::to_string(*results.until)) : json::value()},
        {"received_today", results.received_today},
        {"is_over", results.is_over},
        {"has_details", results.has_details},
        {"responses", results.responses},
        {"flagged", results.flagged},
        {"headlines", std::move(headlines)},
        {"sections", std::move(sections)},
        {"actions", actions_array(results.actions)},
        {"integrity",
         {{"collected", integrity.collected},
          {"stored", integrity.stored},
          {"counted", integrity.counted},
          {"quarantined", integrity.quarantined},
          {"missing", integrity.missing},
          {"lost", integrity.lost},
          {"skipped", integrity.skipped}}},
        {"times",
         {{"trusted", results.times.trusted},
          {"corrected", results.times.corrected},
          {"doubtful", results.times.doubtful}}},
    });
}

std::string reconciliation_json(const Reconciliation& found, survey::UtcTime generated) {
    json::array terminals;
    for (const TerminalBalance& terminal : found.terminals) {
        json::array skipped;
        for (const StoredSkip& skip : terminal.skips)
            skipped.push_back(
                {{"first", skip.first_seq}, {"last", skip.last_seq}, {"reason", survey::name(skip.reason)}});
        json::object one{
            {"kiosk", terminal.kiosk.text}, {"collected", terminal.collected},     {"stored", terminal.stored},
            {"counted", terminal.counted},  {"quarantined", terminal.quarantined}, {"copies", terminal.copies},
            {"lost", terminal.lost},        {"missing", terminal.missing}};
        one["skipped"] = std::move(skipped);
        terminals.push_back(std::move(one));
    }
    json::array days;
    for (const DayBalance& day : found.days) {
        days.push_back({{"kiosk", day.kiosk.text},
                        {"day", survey::to_string(day.day)},
                        {"collected", day.collected ? json::value(*day.collected) : json::value()},
                        {"stored", day.stored},
                        {"counted", day.counted},
                        {"quarantined", day.quarantined},
                        {"copies", day.copies},
                        {"state", name_of(day.balance())}});
    }
    json::array unreported;
    for (const Unreported& one : found.unreported)
        unreported.push_back({{"kiosk", one.kiosk.text}, {"from", survey::to_string(one.from)}});
    json::array posted;
    for (const PostedDay& day : found.posted) {
        posted.push_back({{"day", survey::to_string(day.day)}, {"posted", day.posted}});
    }
    json::array differences;
    for (const std::string& sentence : found.differences)
        differences.push_back(json::value(sentence));
    return json_text(json::object{
        {"format", 1},
        {"center", found.center.text},
        {"first", survey::to_string(found.first)},
        {"last", survey::to_string(found.last)},
        {"generated", survey::to_rfc3339(generated)},
        {"difference_count", found.difference_count},
        {"differences", std::move(differences)},
        {"terminals", std::move(terminals)},
        {"days", std::move(days)},
        {"posted", std::move(posted)},
        {"unreported", std::move(unreported)},
    });
}

}  // namespace hailong::sync
