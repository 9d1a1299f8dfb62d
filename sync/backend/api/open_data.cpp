#include "sync/backend/api/documents.h"

#include <charconv>
#include <vector>

#include <boost/json.hpp>

namespace hailong::sync {
namespace {

namespace json = boost::json;

/// The shortest text that reads back as the same number.
std::string number_text(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

/// JSON with fractions written the way people write them: Boost.JSON would say 9.24E-1.
void write(std::string& out, const json::value& value) {
    if (const json::object* object = value.if_object()) {
        out += '{';
        bool first = true;
        for (const auto& member : *object) {
            if (!first) out += ',';
            first = false;
            out += json::serialize(json::value(member.key()));
            out += ':';
            write(out, member.value());
        }
        out += '}';
    } else if (const json::array* array = value.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (i > 0) out += ',';
            write(out, (*array)[i]);
        }
        out += ']';
    } else if (const double* fraction = value.if_double()) {
        out += number_text(*fraction);
    } else {
        out += json::serialize(value);
    }
}

std::string text_of(const json::value& value) {
    std::string out;
    write(out, value);
    return out;
}

json::object figure_object(std::int64_t satisfied, std::int64_t total,
                           const std::optional<survey::Satisfaction>& figure) {
    json::object object{{"satisfied", satisfied}, {"total", total}};
    object["share"] = figure ? json::value(figure->share) : json::value();
    object["low"] = figure ? json::value(figure->interval.low) : json::value();
    object["high"] = figure ? json::value(figure->interval.high) : json::value();
    object["verdict"] = figure ? json::value(name(figure->verdict)) : json::value();
    return object;
}

json::object words(const survey::LocalizedText& text) {
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

json::object item_object(const ItemResult& result) {
    json::array versions;
    for (const survey::QuestionnaireRef& ref : result.versions)
        versions.push_back(json::object{{"id", ref.id.text}, {"version", ref.version}});
    json::array options;
    for (const OptionResult& one : result.options) {
        json::object option{{"value", one.option.value}, {"label", words(one.option.label)}};
        if (one.option.level) option["level"] = *one.option.level;
        if (one.option.points) option["points"] = *one.option.points;
        option["satisfied"] = one.option.satisfied;
        option["excluded"] = one.option.excluded;
        option["count"] = one.count;
        option["flagged"] = one.flagged;
        options.push_back(std::move(option));
    }
    json::object object{{"item", result.item.id.text},
                        {"type", name(result.item.type)},
                        {"about", result.item.about == survey::About::officer ? "officer" : "visit"},
                        {"text", words(result.item.text)},
                        {"questionnaires", std::move(versions)},
                        {"options", std::move(options)},
                        {"valid", result.counts.valid},
                        {"excluded", result.counts.excluded}};
    if (result.has_share) {
        object["official"] = figure_object(result.counts.satisfied, result.counts.valid, result.figure);
        object["with_flagged"] = figure_object(result.all.satisfied, result.all.valid, result.figure_of_all);
    }
    return object;
}

json::array parts_array(const std::vector<PartResult>& parts) {
    json::array array;
    for (const PartResult& part : parts) {
        json::object object = figure_object(part.counts.satisfied, part.counts.valid, part.figure);
        object["id"] = part.id;
        object["name"] = words(part.name);
        array.push_back(std::move(object));
    }
    return array;
}

json::object headline_object(const Headline& headline) {
    json::object object = item_object(headline.item);
    object["counters"] = parts_array(headline.counters);
    object["fields"] = parts_array(headline.fields);
    json::object before =
        figure_object(headline.counts_before.satisfied, headline.counts_before.valid, headline.figure_before);
    before["period"] = period_object(headline.before);
    object["before"] = std::move(before);
    return object;
}

/// Lines of comma-separated values.
class Csv {
  public:
    Csv& text(std::string value) {
        // What a spreadsheet would run as a formula.
        if (!value.empty() && std::string_view("=+-@\t\r").find(value.front()) != std::string_view::npos) {
            value.insert(value.begin(), '\'');
        }
        if (value.find_first_of(",\"\r\n") != std::string::npos) {
            std::string quoted = "\"";
            for (const char letter : value) {
                if (letter == '"') quoted += '"';
                quoted += letter;
            }
            value = std::move(quoted) + '"';
        }
        return cell(value);
    }
    Csv& count(std::int64_t value) { return cell(std::to_string(value)); }
    Csv& fraction(double value) { return cell(number_text(value)); }
    Csv& empty(int cells = 1) {
        for (int i = 0; i < cells; ++i)
            cell({});
        return *this;
    }
    void end() {
        out_ += "\r\n";
        at_start_ = true;
    }
    std::string take() { return std::move(out_); }

  private:
    Csv& cell(const std::string& text) {
        if (!at_start_) out_ += ',';
        at_start_ = false;
        out_ += text;
        return *this;
    }

    std::string out_ = "\xef\xbb\xbf";
    bool at_start_ = true;
};

class CsvResults {
  public:
    CsvResults(const Results& results, survey::Language language) : results_(results), language_(language) {}

    std::string run() {
        csv_.text("center").text("period").text("first_day").text("last_day").text("part").text("questionnaire");
        csv_.text("item").text("question").text("key").text("label").text("count").text("flagged");
        csv_.text("satisfied").text("total").text("share").text("low").text("high").text("verdict").end();
        for (const Headline& headline : results_.headlines) {
            item(headline.item, "headline");
            for (const PartResult& one : headline.counters)
                part(headline.item, "counter", one);
            for (const PartResult& one : headline.fields)
                part(headline.item, "field", one);
        }
        for (const Section& section : results_.sections) {
            for (const ItemResult& one : section.items)
                item(one, "item");
        }
        const Integrity& integrity = results_.integrity;
        total("responses", results_.responses, results_.flagged);
        total("collected", integrity.collected, 0);
        total("stored", integrity.stored, 0);
        total("counted", integrity.counted, 0);
        total("quarantined", integrity.quarantined, 0);
        total("missing", integrity.missing, 0);
        total("lost", integrity.lost, 0);
        total("skipped", integrity.skipped, 0);
        total("times_trusted", results_.times.trusted, 0);
        total("times_corrected", results_.times.corrected, 0);
        total("times_doubtful", results_.times.doubtful, 0);
        return csv_.take();
    }

  private:
    void start(std::string part, const ItemResult* result) {
        csv_.text(results_.center.text).text(to_string(results_.period));
        csv_.text(survey::to_string(results_.period.first)).text(survey::to_string(results_.period.last));
        csv_.text(std::move(part));
        if (result == nullptr) {
            csv_.empty(3);
            return;
        }
        std::string versions = result->versions.back().id.text;
        for (const survey::QuestionnaireRef& ref : result->versions)
            versions += " " + std::to_string(ref.version);
        csv_.text(versions).text(result->item.id.text).text(result->item.text.in(language_));
    }

    void figure(const survey::ItemCounts& counts, const std::optional<survey::Satisfaction>& figure) {
        csv_.count(counts.satisfied).count(counts.valid);
        if (figure) {
            csv_.fraction(figure->share).fraction(figure->interval.low).fraction(figure->interval.high);
            csv_.text(std::string(name(figure->verdict)));
        } else {
            csv_.empty(4);
        }
        csv_.end();
    }

    void item(const ItemResult& result, const std::string& kind) {
        if (result.has_share) {
            start(kind, &result);
            csv_.empty(2).empty(2);
            figure(result.counts, result.figure);
            start(kind + "_with_flagged", &result);
            csv_.empty(2).empty(2);
            figure(result.all, result.figure_of_all);
        }
        for (const OptionResult& one : result.options) {
            start(kind + (one.option.excluded ? "_option_excluded" : "_option"), &result);
            csv_.text(one.option.value).text(one.option.label.in(language_)).count(one.count).count(one.flagged);
            csv_.empty(6).end();
        }
    }

    void part(const ItemResult& result, const std::string& kind, const PartResult& one) {
        start(kind, &result);
        csv_.text(one.id).text(one.name.in(language_)).empty(2);
        figure(one.counts, one.figure);
    }

    void total(const std::string& key, std::int64_t count, std::int64_t flagged) {
        start("integrity", nullptr);
        csv_.text(key).empty().count(count).count(flagged).empty(6).end();
    }

    const Results& results_;
    const survey::Language language_;
    Csv csv_;
};

}  // namespace

std::string figure_json(std::int64_t satisfied, std::int64_t total, survey::Objective objective) {
    return text_of(figure_object(satisfied, total, survey::satisfaction(satisfied, total, objective)));
}

std::string results_json(const Results& results) {
    json::array headlines;
    for (const Headline& headline : results.headlines)
        headlines.push_back(headline_object(headline));
    json::array sections;
    for (const Section& section : results.sections) {
        json::array items;
        for (const ItemResult& item : section.items)
            items.push_back(item_object(item));
        sections.push_back(json::object{
            {"questionnaire", section.questionnaire.text}, {"name", words(section.name)}, {"items", std::move(items)}});
    }
    const Integrity& integrity = results.integrity;
    return text_of(json::object{
        {"format", 1},
        {"center", {{"id", results.center.text}, {"name", words(results.name)}, {"parent", words(results.parent)}}},
        {"period", period_object(results.period)},
        {"generated", survey::to_rfc3339(results.generated)},
        {"objective", {{"more_than_percent", results.objective.more_than_percent}}},
        {"responses", results.responses},
        {"flagged", results.flagged},
        {"headlines", std::move(headlines)},
        {"sections", std::move(sections)},
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
            skipped.push_back({{"first", skip.first_seq}, {"last", skip.last_seq}, {"reason", skip.reason}});
        json::object one{
            {"kiosk", terminal.kiosk.text}, {"collected", terminal.collected}, {"stored", terminal.stored},
            {"counted", terminal.counted},  {"quarantined", terminal.quarantined},         {"copies", terminal.copies},
            {"lost", terminal.lost},        {"missing", terminal.missing},     {"missing_from", terminal.missing_from}};
        one["surplus"] = terminal.surplus;
        one["last_seen"] = terminal.last_seen ? json::value(survey::to_rfc3339(*terminal.last_seen)) : json::value();
        one["skipped"] = std::move(skipped);
        json::array quarantined;
        for (const NumberRange& range : terminal.quarantined_numbers.ranges)
            quarantined.push_back({{"first", range.first}, {"last", range.last}});
        one["quarantined_numbers"] = std::move(quarantined);
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
                        {"copies", day.copies}});
    }
    json::array posted;
    for (const PostedDay& day : found.posted) {
        posted.push_back({{"day", survey::to_string(day.day)},
                          {"posted", day.posted},
                          {"flagged", day.flagged},
                          {"corrected", day.corrected},
                          {"doubtful", day.doubtful}});
    }
    json::array differences;
    for (const std::string& sentence : found.differences)
        differences.push_back(json::value(sentence));
    return text_of(json::object{
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
    });
}

std::string results_csv(const Results& results, survey::Language language) {
    return CsvResults(results, language).run();
}

}  // namespace hailong::sync
