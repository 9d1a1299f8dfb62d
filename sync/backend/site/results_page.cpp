#include "sync/backend/site/results_page.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sync/backend/site/live_page.h"
#include "sync/backend/site/page_parts.h"

namespace hailong::sync {
namespace {

using kainjow::mustache::data;
using survey::Messages;
using survey::Satisfaction;

constexpr std::size_t kFieldsShownMax = 8;  // rows by field on the page; JSON and CSV hold all

constexpr double kScaleWidth = 400;  // of the drawn scale, in its own units: see results.mustache

/// Tenths of the whole for a length in a picture: "92.4". A point whatever the language.
std::string length(double value) {
    const auto tenths = std::int64_t{std::llround(value * 10)};
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// Builds the data of one results page.
class ResultsPage : private PeriodPage {
  public:
    ResultsPage(const Results& results, const survey::PeriodScheme& scheme, const PageRequest& request,
                const Messages& messages)
        : PeriodPage(results.period, scheme, request, messages), results_(results) {}

    data run() {
        const std::string path = "/centers/" + results_.center.text;
        const std::string period = to_string(results_.period);
        data page;
        page.set("title", period_text(results_.period) + " – " + results_.name.in(language_));
        heading(page, path, results_.name, results_.parent);
        page.set("json_href", link(path + "/results.json", period, {language_, false, {}}));
        page.set("csv_href", csv_link(path, period));
        page.set("xlsx_href", link(path + "/results.xlsx", period, {language_, false, {}}));
        page.set("reconciliation_href", link(path + "/reconciliation", period, request_));
        page.set("alternates", alternates(path, period));
        data headlines{data::type::list};
        for (const Headline& one : results_.headlines)
            headlines << headline(one);
        page.set("has_headline", !results_.headlines.empty());
        page.set("headlines", headlines);
        days(page);
        sections(page);
        actions(page);
        method(page);
        integrity(page);
        if (request_.live) add_slides(page);
        return page;
    }

  private:
    std::string percent(std::int64_t tenths) const { return survey::format_tenths(tenths, language_) + "%"; }
    /// An end of an interval, to one decimal; toward the outside would promise more than the figure in the JSON.
    std::string percent(double share) const { return percent(std::int64_t{std::llround(share * 1000)}); }
    std::string objective() const { return std::to_string(results_.objective.more_than_percent); }

    /// As a spreadsheet in the page's language reads it.
    std::string csv_link(const std::string& path, const std::string& period) const {
        return path + "/results.csv?period=" + period + "&locale=" + std::string(survey::code(language_));
    }

    data alternates(const std::string& path, const std::string& period) const {
        data list{data::type::list};
        const auto add = [&](const std::string& type, const std::string& hreflang, const std::string& href,
                             std::string_view title) {
            data one;
            one.set("type", type);
            one.set("hreflang", hreflang.empty() ? data(false) : data(hreflang));
            one.set("href", href);
            one.set("title", std::string(title));
            list << one;
        };
        const PageRequest other = other_language({language_, false, {}});
        add("application/json", "", link(path + "/results.json", period, {}), messages_.at("data.json"));
        add("text/csv", "", csv_link(path, period), messages_.at("data.csv"));
        add("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "",
            link(path + "/results.xlsx", period, {language_, false, {}}), messages_.at("data.xlsx"));
        add("text/html", std::string(survey::code(other.language)), link(path, period, other),
            messages_.at("language.other"));
        return list;
    }

    /// Up to when the figures count, what came in since, what is not shown yet.
    void days(data& page) const {
        const bool has_today = request_.today <= results_.period.last && results_.period.first <= request_.today;
        page.set("until", is_pending() ? data(false)
                                       : data(messages_.format("period.until", {{"date", date(*results_.until)}})));
        page.set("received_today", has_today ? data(messages_.format("period.received_today",
                                                                     {{"count", count(results_.received_today)}}))
                                             : data(false));
        const bool is_later = !results_.has_details && results_.period.kind != survey::PeriodKind::day;
        page.set("details_later", is_later);
        page.set("is_pending", is_pending());
    }

    std::string verdict_key(const std::optional<Satisfaction>& figure) const {
        return figure ? std::string(name(figure->verdict)) : "none";
    }
    /// Whether no day of the period is public yet.
    bool is_pending() const { return !results_.until || *results_.until < results_.period.first; }

    data headline(const Headline& one) const {
        const std::optional<Satisfaction>& figure = one.item.figure;
        const std::string key = verdict_key(figure);
        data result;
        result.set("question", one.item.item.text.in(language_));
        result.set("version_line", results_.headlines.size() > 1 ? data(version_line(one.item)) : data(false));
        result.set("version_note", version_note(one.item));
        // Before the verdict: it may still change.
        result.set("so_far", figure && !results_.is_over ? data(so_far()) : data(false));
        result.set("verdict", key);
        const std::string said = !figure && is_pending() ? "pending" : key;
        result.set("verdict_text", std::string(messages_.at("verdict." + said)));
        result.set("verdict_why", messages_.format("verdict." + said + ".why", {{"percent", objective()}}));
        result.set("has_figure", figure.has_value());
        if (figure) draw_figure(result, *figure);
        result.set("trend", trend(one));
        result.set("options", options(one.item));
        result.set("flagged_text", flagged_text(one.item));
        result.set("quarantined_text", quarantined_text(one.quarantined));
        result.set("has_counters", !one.counters.empty());
        result.set("counters", parts(one.counters));
        result.set("has_fields", !one.fields.empty());
        result.set("fields", parts(leading(one.fields)));
        return result;
    }

    std::string version_line(const ItemResult& item) const {
        std::string versions;
        for (const survey::QuestionnaireRef& ref : item.versions)
            versions += (versions.empty() ? "" : ", ") + std::to_string(ref.version);
        return messages_.format("headline.version",
                                {{"questionnaire", item.versions.back().id.text}, {"versions", versions}});
    }

    /// Why a question stands twice: its answers changed within the period.
    data version_note(const ItemResult& item) const {
        if (!item.stands_twice) return data(false);
        const std::string from = date(item.from);
        const std::string version = std::to_string(item.versions.back().version);
        // A later version that holds from the same day on: the earlier one was still asked where that had not come yet.
        if (item.to && *item.to < item.from) return data(messages_.format("version.note", {{"version", version}}));
        if (!item.to) return data(messages_.format("version.note.since", {{"version", version}, {"first", from}}));
        return data(
            messages_.format("version.note.days", {{"version", version}, {"first", from}, {"last", date(*item.to)}}));
    }

    std::string so_far() const { return messages_.format("period.so_far", {{"date", date(*results_.until)}}); }

    void actions(data& page) const {
        data list{data::type::list};
        for (const survey::Action& action : results_.actions) {
            data one;
            one.set("said", action.said.in(language_));
            one.set("done", action.done.in(language_));
            one.set("since", messages_.format("actions.since", {{"date", date(action.on)}}));
            list << one;
        }
        page.set("has_actions", !results_.actions.empty());
        page.set("actions", list);
    }

    void draw_figure(data& result, const Satisfaction& figure) const {
        const std::string low = percent(figure.interval.low);
        const std::string high = percent(figure.interval.high);
        const double goal = static_cast<double>(results_.objective.more_than_percent) / 100;
        result.set("share", percent(figure.share_tenths));
        result.set("of", messages_.format("headline.of",
                                          {{"satisfied", count(figure.satisfied)}, {"total", count(figure.total)}}));
        result.set("interval_text",
                   messages_.format("interval.text", {{"total", count(figure.total)}, {"low", low}, {"high", high}}));
        result.set("interval_caption", messages_.format("interval.caption", {{"low", low}, {"high", high}}));
        result.set("objective_text", messages_.format("interval.objective", {{"percent", objective()}}));
        // Drawn from 0 or, where everything lies above it, from a half: the interval of many ratings is narrow.
        const double from = std::min(figure.interval.low, goal) >= 0.5 ? 0.5 : 0;
        const auto place = [from](double share) { return (share - from) / (1 - from) * kScaleWidth; };
        result.set("goal_label", ">" + objective() + "%");
        result.set("from_label", from > 0 ? "50%" : "0%");
        result.set("goal_x", length(place(goal)));
        result.set("goal_width", length(kScaleWidth - place(goal)));
        result.set("low_x", length(place(figure.interval.low)));
        result.set("span_width", length(place(figure.interval.high) - place(figure.interval.low)));
        result.set("share_x", length(place(figure.share)));
    }

    data trend(const Headline& one) const {
        if (!one.item.figure) return data(false);
        const std::string period = period_text(one.before);
        if (!one.figure_before) return data(messages_.format("trend.none", {{"period", period}}));
        const std::int64_t change = one.item.figure->share_tenths - one.figure_before->share_tenths;
        const std::string_view key = change > 0 ? "trend.up" : change < 0 ? "trend.down" : "trend.same";
        const std::string points = survey::format_tenths(std::abs(change), language_);
        std::string sentence = messages_.format(key, {{"points", points},
                                                      {"period", period},
                                                      {"share", percent(one.figure_before->share_tenths)},
                                                      {"total", count(one.figure_before->total)}});
        return data((change > 0 ? "▲ " : change < 0 ? "▼ " : "= ") + sentence);
    }

    /// Bars: shares of the valid answers; where several could be chosen, lengths against the longest.
    data options(const ItemResult& item) const {
        const bool multi = item.item.type == survey::ItemType::multi;
        std::vector<OptionResult> rows = item.options;
        std::int64_t most = 0;
        for (const OptionResult& row : rows)
            most = std::max(most, row.count);
        if (multi) {
            std::stable_sort(rows.begin(), rows.end(),
                             [](const OptionResult& a, const OptionResult& b) { return a.count > b.count; });
        }
        data list{data::type::list};
        for (const OptionResult& row : rows) {
            const std::int64_t whole = multi ? most : item.counts.valid;
            const bool has_length = whole > 0 && !row.option.excluded;
            const double part = has_length ? static_cast<double>(row.count) / static_cast<double>(whole) : 0;
            data one;
            one.set("label", row.option.label.in(language_));
            one.set("icon", face(row.option));
            // Nobody's reasons take no room on paper.
            one.set("row_class", std::string(row.option.excluded       ? "excluded"
                                             : multi && row.count == 0 ? "zero"
                                                                       : "level"));
            one.set("tone", tone(row.option));
            one.set("bar", length(part * 100));
            one.set("count", count(row.count));
            if (row.option.excluded) {
                one.set("percent", std::string(messages_.at("distribution.excluded")));
            } else if (multi || whole == 0) {
                one.set("percent", std::string());
            } else {
                one.set("percent", percent(survey::share_tenths(row.count, whole)));
            }
            list << one;
        }
        return list;
    }

    /// The icons that icons.mustache draws.
    static data face(const survey::Option& option) {
        const bool drawn = option.icon.size() == 6 && option.icon.starts_with("face_") && option.icon[5] >= '1' &&
                           option.icon[5] <= '5';
        return drawn ? data(option.icon) : data(false);
    }

    static std::string tone(const survey::Option& option) {
        const bool face = option.icon.size() == 6 && option.icon.starts_with("face_");
        return face ? "tone-" + option.icon.substr(5) : option.satisfied ? "tone-4" : "tone-plain";
    }

    data flagged_text(const ItemResult& item) const {
        const std::int64_t flagged = item.all.valid - item.counts.valid;
        if (item.counts.valid == 0) return data(false);
        if (flagged == 0) return data(std::string(messages_.at("flagged.apart")));
        return data(messages_.format("flagged.some", {{"count", count(flagged)},
                                                      {"share", percent(item.figure_of_all->share_tenths)},
                                                      {"total", count(item.figure_of_all->total)}}));
    }

    data quarantined_text(const survey::ItemCounts& counts) const {
        if (counts.valid == 0) return data(false);
        return data(messages_.format("quarantined.some", {{"count", count(counts.valid)},
                                                          {"dissatisfied", count(counts.valid - counts.satisfied)}}));
    }

    /// The fields with most answers, and the rest as one: a page is to be read.
    std::vector<PartResult> leading(std::vector<PartResult> parts) const {
        if (parts.size() <= kFieldsShownMax) return parts;
        PartResult rest;
        rest.name = {std::string(messages_.at("fields.rest")), std::string(messages_.at("fields.rest"))};
        for (std::size_t i = kFieldsShownMax - 1; i < parts.size(); ++i) {
            rest.counts.satisfied += parts[i].counts.satisfied;
            rest.counts.valid += parts[i].counts.valid;
            rest.counts.excluded += parts[i].counts.excluded;
        }
        rest.figure = survey::satisfaction(rest.counts.satisfied, rest.counts.valid, results_.objective);
        parts.resize(kFieldsShownMax - 1);
        parts.push_back(std::move(rest));
        return parts;
    }

    data parts(const std::vector<PartResult>& parts) const {
        data list{data::type::list};
        for (const PartResult& part : parts) {
            const std::string none(messages_.at("none.share"));
            data one;
            one.set("number", part.number);
            one.set("name", part.name.in(language_));
            one.set("total", part.figure ? count(part.counts.valid) : std::string(messages_.at("none.part")));
            one.set("satisfied", part.figure ? count(part.counts.satisfied) : none);
            one.set("share", part.figure ? percent(part.figure->share_tenths) : none);
            one.set("interval", part.figure
                                    ? percent(part.figure->interval.low) + " – " + percent(part.figure->interval.high)
                                    : none);
            const std::string key = verdict_key(part.figure);
            one.set("verdict", part.figure ? data(key) : data(false));
            one.set("verdict_text", std::string(messages_.at("verdict." + key)));
            list << one;
        }
        return list;
    }

    void sections(data& page) const {
        data items{data::type::list};
        bool any = false;
        for (const Section& section : results_.sections) {
            for (const ItemResult& item : section.items) {
                const bool multi = item.item.type == survey::ItemType::multi;
                data one;
                one.set("question", item.item.text.in(language_));
                one.set("version_note", version_note(item));
                one.set("share", item.figure ? data(percent(item.figure->share_tenths)) : data(false));
                const bool has_answers = item.counts.valid + item.counts.excluded > 0;
                const std::string total =
                    messages_.format(multi ? "item.choices" : "item.total", {{"total", count(item.counts.valid)}});
                one.set("total_text", has_answers ? total : std::string());
                one.set("note",
                        multi && has_answers ? data(std::string(messages_.at("item.multi.note"))) : data(false));
                one.set("has_answers", has_answers);
                one.set("options", options(item));
                items << one;
                any = true;
            }
        }
        page.set("has_sections", any && results_.has_details);
        page.set("items", items);
    }

    void method(data& page) const {
        data list{data::type::list};
        const auto add = [&](const std::string& sentence) {
            data one;
            one.set("text", sentence);
            list << one;
        };
        if (!results_.headlines.empty()) {
            std::string levels;
            for (const survey::Option& option : results_.headlines.front().item.item.options) {
                if (option.satisfied) levels += (levels.empty() ? "" : ", ") + option.label.in(language_);
            }
            add(messages_.format("method.satisfied", {{"levels", levels}}));
        }
        add(messages_.format("method.objective", {{"percent", objective()}}));
        add(std::string(messages_.at("method.interval")));
        add(std::string(messages_.at("method.anonymous")));
        add(std::string(messages_.at("method.disclosure")));
        page.set("method", list);
    }

    void integrity(data& page) const {
        const Integrity& integrity = results_.integrity;
        const bool complete = integrity.missing == 0 && integrity.lost == 0;
        page.set("times", messages_.format("integrity.times", {{"trusted", count(results_.times.trusted)},
                                                               {"corrected", count(results_.times.corrected)},
                                                               {"doubtful", count(results_.times.doubtful)}}));
        const bool has_lost = integrity.lost > 0;
        page.set("integrity_lost",
                 has_lost ? data(messages_.format("integrity.lost", {{"lost", count(integrity.lost)}})) : data(false));
        page.set("integrity", messages_.format("integrity.line", {{"collected", count(integrity.collected)},
                                                                  {"stored", count(integrity.stored)},
                                                                  {"counted", count(integrity.counted)},
                                                                  {"quarantined", count(integrity.quarantined)}}));
        page.set("integrity_state", complete ? std::string(messages_.at("integrity.complete"))
                                    : integrity.missing > 0
                                        ? messages_.format("integrity.missing", {{"missing", count(integrity.missing)}})
                                        : std::string());
        page.set("integrity_class", complete ? "state" : "state is-missing");
        const std::string time = survey::to_rfc3339(results_.generated).substr(11, 5);
        page.set("generated",
                 messages_.format("footer.generated",
                                  {{"time", time}, {"date", date(survey::local_date(results_.generated))}}));
    }

    const Results& results_;
};

}  // namespace

data results_data(const Results& results, const survey::PeriodScheme& scheme, const PageRequest& request,
                  const Messages& messages) {
    return ResultsPage(results, scheme, request, messages).run();
}

}  // namespace hailong::sync
