#include "survey/terminal_results.h"

#include <cmath>

#include "survey/base/json.h"

namespace hailong::survey {
namespace {

namespace json = boost::json;

constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kTenthsMax = 1'000;
constexpr std::int64_t kNumberMax = 1'000'000;
constexpr std::int64_t kCounterNumberMax = 1'000;
constexpr Verdict kVerdicts[] = {Verdict::met, Verdict::met_unproven, Verdict::not_met};

// ---- Writing --------------------------------------------------------------------------------------------------------

void write(CanonicalWriter& out, const LocalizedText& text) {
    out.begin_object().key("en").text(text.en).key("vi").text(text.vi).end_object();
}

void write(CanonicalWriter& out, const PostedShare& share) {
    out.begin_object();
    out.key("high").integer(share.high_tenths);
    out.key("low").integer(share.low_tenths);
    out.key("satisfied").integer(share.satisfied);
    out.key("tenths").integer(share.tenths);
    out.key("total").integer(share.total);
    out.key("verdict").text(name(share.verdict));
    out.end_object();
}

void write(CanonicalWriter& out, Objective objective) {
    out.key("objective").begin_object();
    out.key("more_than_percent").integer(objective.more_than_percent);
    out.end_object();
}

void write(CanonicalWriter& out, const PostedLevel& level) {
    out.begin_object();
    out.key("count").integer(level.count);
    out.key("excluded").boolean(level.excluded);
    out.key("icon").text(level.icon);
    out.key("label");
    write(out, level.label);
    out.key("satisfied").boolean(level.satisfied);
    out.key("value").text(level.value);
    out.end_object();
}

void write(CanonicalWriter& out, const PostedCounter& counter) {
    out.begin_object();
    out.key("id").text(counter.id);
    out.key("name");
    write(out, counter.name);
    out.key("number").integer(counter.number);
    if (counter.share) {
        out.key("share");
        write(out, *counter.share);
    }
    out.end_object();
}

void write(CanonicalWriter& out, const Period& period) {
    out.begin_object();
    out.key("first").text(to_string(period.first));
    out.key("last").text(to_string(period.last));
    out.key("name").text(to_string(period));
    out.end_object();
}

void write(CanonicalWriter& out, const PostedFigure& figure) {
    out.begin_object();
    out.key("counters");
    out.begin_list();
    for (const PostedCounter& counter : figure.counters)
        write(out, counter);
    out.end_list();
    out.key("levels");
    out.begin_list();
    for (const PostedLevel& level : figure.levels)
        write(out, level);
    out.end_list();
    if (figure.objective) write(out, *figure.objective);
    out.key("period");
    write(out, figure.period);
    out.key("question");
    write(out, figure.question);
    if (figure.share) {
        out.key("share");
        write(out, *figure.share);
    }
    out.end_object();
}

// ---- Reading --------------------------------------------------------------------------------------------------------

Objective read_objective(const json::value& value, const std::string& place, Faults& faults) {
    ObjectReader members(value, place, faults);
    return {members.integer("more_than_percent", 0, 100)};
}

/// The object at `key`; null, with a fault, when it is missing.
const json::value* required(ObjectReader& parent, std::string_view key) {
    if (!parent.has(key)) parent.fault(key, "is missing", "add it, as an object");
    return parent.has(key) ? parent.find(key) : nullptr;
}

/// The list at `key`, each entry by `read`.
template <class Read>
auto read_list(ObjectReader& parent, std::string_view key, std::size_t count_max, Faults& faults, Read read) {
    std::vector<decltype(read(parent))> entries;
    const json::array& list = parent.list(key);
    if (list.size() > count_max) {
        parent.fault(key, "holds more than " + std::to_string(count_max), "send fewer");
        return entries;
    }
    for (std::size_t i = 0; i < list.size(); ++i) {
        ObjectReader reader(list[i], parent.place_of(place_of_entry(key, i)), faults);
        if (reader.is_object()) entries.push_back(read(reader));
    }
    return entries;
}

Date read_day(ObjectReader& reader, std::string_view key) {
    const std::string text = reader.text(key);
    const auto day = parse_date(text);
    if (!text.empty() && !day) reader.fault(key, "\"" + text + "\" is no day", "write it as 2026-11-22");
    return day.value_or(Date{});
}

Verdict read_verdict(ObjectReader& reader) {
    const std::string text = reader.text("verdict");
    for (const Verdict verdict : kVerdicts) {
        if (name(verdict) == text) return verdict;
    }
    if (!text.empty()) reader.fault("verdict", "\"" + text + "\" is none", "use met, met_unproven or not_met");
    return Verdict::not_met;
}

std::optional<PostedShare> read_share(ObjectReader& parent, Faults& faults) {
    if (!parent.has("share")) return std::nullopt;
    ObjectReader reader(*parent.find("share"), parent.place_of("share"), faults);
    if (!reader.is_object()) return std::nullopt;
    const std::size_t before = faults.size();
    PostedShare share;
    share.total = reader.integer("total", 1, kCountMax);
    share.satisfied = reader.integer("satisfied", 0, kCountMax);
    share.tenths = reader.integer("tenths", 0, kTenthsMax);
    share.low_tenths = reader.integer("low", 0, kTenthsMax);
    share.high_tenths = reader.integer("high", 0, kTenthsMax);
    share.verdict = read_verdict(reader);
    if (faults.size() != before) return share;
    if (share.satisfied > share.total)
        reader.fault("satisfied", "is more than \"total\"", "send counts of the same answers");
    if (share.low_tenths > share.high_tenths) reader.fault("low", "lies above \"high\"", "send the interval's ends");
    return share;
}

Period read_period(ObjectReader& parent, Faults& faults) {
    const json::value* value = required(parent, "period");
    if (value == nullptr) return {};
    ObjectReader reader(*value, parent.place_of("period"), faults);
    const std::string named = reader.text("name");
    const auto period = parse_period(named);
    if (!named.empty() && !period) reader.fault("name", "\"" + named + "\" is no period", "write it as 2026-M11");
    // The days come along: a terminal need not know how the center cuts its periods.
    Period result = period.value_or(Period{});
    result.first = read_day(reader, "first");
    result.last = read_day(reader, "last");
    if (result.first.ok() && result.last.ok() && result.last < result.first) {
        reader.fault("last", "lies before \"first\"", "send the period's first and last day");
    }
    return result;
}

PostedLevel read_level(ObjectReader& reader, Faults& faults) {
    PostedLevel level;
    level.value = reader.text("value");
    level.label = read_localized(reader, "label", faults);
    level.icon = reader.text_or("icon", {});
    level.satisfied = reader.boolean_or("satisfied", false);
    level.excluded = reader.boolean_or("excluded", false);
    level.count = reader.integer("count", 0, kCountMax);
    return level;
}

PostedCounter read_counter(ObjectReader& reader, Faults& faults) {
    PostedCounter counter;
    counter.id = reader.text("id");
    counter.number = reader.maybe_integer("number", 0, kCounterNumberMax).value_or(0);
    counter.name = read_localized(reader, "name", faults);
    counter.share = read_share(reader, faults);
    return counter;
}

void check_sums(ObjectReader& reader, const PostedFigure& figure) {
    std::int64_t total = 0;
    std::int64_t satisfied = 0;
    for (const PostedLevel& level : figure.levels) {
        if (level.excluded) continue;
        total += level.count;
        satisfied += level.satisfied ? level.count : 0;
    }
    const bool same = figure.share ? figure.share->total == total && figure.share->satisfied == satisfied : total == 0;
    if (!same) reader.fault("levels", "do not add up to the share", "send counts and share of the same answers");
}

PostedFigure read_figure(ObjectReader& reader, Faults& faults) {
    const std::size_t before = faults.size();
    PostedFigure figure;
    figure.period = read_period(reader, faults);
    figure.question = read_localized(reader, "question", faults);
    figure.share = read_share(reader, faults);
    figure.levels = read_list(reader, "levels", kPostedLevelsMax, faults,
                              [&](ObjectReader& level) { return read_level(level, faults); });
    figure.counters = read_list(reader, "counters", kPostedCountersMax, faults,
                                [&](ObjectReader& counter) { return read_counter(counter, faults); });
    if (const json::value* objective = reader.has("objective") ? reader.find("objective") : nullptr) {
        figure.objective = read_objective(*objective, reader.place_of("objective"), faults);
    }
    if (faults.size() == before) check_sums(reader, figure);
    return figure;
}

}  // namespace

std::optional<PostedShare> posted_share(const std::optional<Satisfaction>& figure) {
    if (!figure) return std::nullopt;
    return PostedShare{figure->satisfied,
                       figure->total,
                       figure->share_tenths,
                       std::lround(figure->interval.low * 1000),
                       std::lround(figure->interval.high * 1000),
                       figure->verdict};
}

Objective objective_of(const PostedResults& results, const PostedFigure& figure) {
    return figure.objective.value_or(results.objective);
}

bool has_ended(const PostedResults& results, const PostedFigure& figure) {
    return figure.period.last < results.computed;
}

Date last_counted(const PostedResults& results, const PostedFigure& figure) {
    if (has_ended(results, figure)) return figure.period.last;
    return Date{std::chrono::sys_days{results.computed} - std::chrono::days{1}};
}

std::string to_text(const PostedResults& results) {
    CanonicalWriter out;
    out.begin_object();
    out.key("computed").text(to_string(results.computed));
    out.key("figures").begin_list();
    for (const PostedFigure& figure : results.figures)
        write(out, figure);
    out.end_list();
    out.key("format").integer(kFormat);
    if (results.number) out.key("number").integer(*results.number);
    write(out, results.objective);
    out.end_object();
    return out.take();
}

Expected<PostedResults, Faults> parse_posted(std::string_view text) {
    const auto value = parse_json(text);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    if (!reader.is_object()) return unexpected(std::move(faults));
    if (reader.integer("format", 1, kNumberMax) > kFormat) {
        reader.fault("format", "this program reads formats up to " + std::to_string(kFormat),
                     "install a newer program");
        return unexpected(std::move(faults));
    }
    PostedResults results;
    results.number = reader.maybe_integer("number", 1, kNumberMax);
    results.computed = read_day(reader, "computed");
    if (const json::value* objective = required(reader, "objective")) {
        results.objective = read_objective(*objective, "objective", faults);
    }
    results.figures = read_list(reader, "figures", kPostedFiguresMax, faults,
                                [&](ObjectReader& figure) { return read_figure(figure, faults); });
    if (faults.empty() && results.figures.empty()) reader.fault("figures", "is empty", "leave the document out");
    if (!faults.empty()) return unexpected(std::move(faults));
    return results;
}

}  // namespace hailong::survey
