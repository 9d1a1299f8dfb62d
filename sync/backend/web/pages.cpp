#include "sync/backend/web/pages.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <mustache.hpp>

#include "survey/digest.h"
#include "survey/host/host.h"

namespace hailong::sync {
namespace {

using kainjow::mustache::data;
using survey::Language;
using survey::Messages;
using survey::Period;
using survey::PeriodKind;
using survey::Satisfaction;

constexpr const char* kTemplates[] = {"head", "icons", "centers", "results", "error"};

constexpr std::array kKinds = {PeriodKind::day, PeriodKind::month, PeriodKind::quarter, PeriodKind::half_year,
                               PeriodKind::year};

constexpr std::size_t kFieldsShownMax = 8;  // rows by field on the page; JSON and CSV hold all

constexpr double kScaleWidth = 400;  // of the drawn scale, in its own units: see results.mustache

std::string_view key_of(PeriodKind kind) {
    switch (kind) {
        case PeriodKind::day:
            return "day";
        case PeriodKind::month:
            return "month";
        case PeriodKind::quarter:
            return "quarter";
        case PeriodKind::half_year:
            return "half_year";
        case PeriodKind::year:
            return "year";
    }
    return {};
}

/// Every word of the language as {{t.key}}, dots in keys as underscores.
data words_data(const Messages& words) {
    data result{data::type::object};
    for (const auto& [key, text] : words.all()) {
        std::string name = key;
        std::replace(name.begin(), name.end(), '.', '_');
        result.set(name, text);
    }
    return result;
}

/// Tenths of the whole for a length in a picture: "92.4". A point whatever the language.
std::string length(double value) {
    const auto tenths = std::int64_t{std::llround(value * 10)};
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

/// Only what stands in our own URLs and identifiers gets here, so nothing needs escaping.
std::string link(const std::string& path, const std::string& period, const PageRequest& request) {
    std::string query;
    const auto add = [&](const std::string& part) { query += (query.empty() ? "?" : "&") + part; };
    if (!period.empty()) add("period=" + period);
    if (request.language != Language::vi) add("lang=" + std::string(survey::code(request.language)));
    if (request.live) add("live=1");
    return path + query;
}

PageRequest other_language(PageRequest request) {
    request.language = request.language == Language::vi ? Language::en : Language::vi;
    return request;
}

/// Builds the data of one results page.
class ResultsPage {
  public:
    ResultsPage(const Results& results, survey::PeriodScheme scheme, const PageRequest& request, const Messages& words)
        : results_(results), scheme_(scheme), request_(request), words_(words), language_(request.language) {}

    data run() {
        const std::string path = "/centers/" + results_.center.text;
        const std::string period = to_string(results_.period);
        data page;
        page.set("title", period_text(results_.period) + " – " + results_.name.in(language_));
        page.set("name", results_.name.in(language_));
        page.set("parent", results_.parent.in(language_));
        page.set("period", period_text(results_.period));
        const bool one_day = results_.period.kind == PeriodKind::day;
        page.set("period_range", one_day ? data(false)
                                         : data(words_.format("period.range", {{"first", date(results_.period.first)},
                                                                               {"last", date(results_.period.last)}})));
        page.set("is_open", request_.today <= results_.period.last);
        page.set("language_href", link(path, period, other_language(request_)));
        page.set("json_href", link(path + "/results.json", period, {language_, false, {}}));
        page.set("csv_href", link(path + "/results.csv", period, {language_, false, {}}));
        page.set("alternates", alternates(path, period));
        navigation(page, path);
        data headlines{data::type::list};
        for (const Headline& one : results_.headlines)
            headlines << headline(one);
        page.set("has_headline", !results_.headlines.empty());
        page.set("headlines", headlines);
        sections(page);
        method(page);
        integrity(page);
        return page;
    }

  private:
    std::string date(survey::Date day) const { return survey::format_date(day, language_); }
    std::string period_text(const Period& period) const { return period_name(period, words_, language_); }
    std::string count(std::int64_t number) const { return survey::format_count(number, language_); }
    std::string percent(std::int64_t tenths) const { return survey::format_tenths(tenths, language_) + "%"; }
    /// An end of an interval, to one decimal; toward the outside would promise more than the figure in the JSON.
    std::string percent(double share) const { return percent(std::int64_t{std::llround(share * 1000)}); }
    std::string objective() const { return std::to_string(results_.objective.more_than_percent); }

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
        add("application/json", "", link(path + "/results.json", period, {}), words_.at("data.json"));
        add("text/csv", "", link(path + "/results.csv", period, {language_, false, {}}), words_.at("data.csv"));
        add("text/html", std::string(survey::code(other.language)), link(path, period, other),
            words_.at("language.other"));
        return list;
    }

    data step(const std::string& path, const Period& period) const {
        // A neighbour whose name no page understands lies beyond the years that have periods.
        if (!survey::parse_period(to_string(period), scheme_)) return data(false);
        data one;
        one.set("href", link(path, to_string(period), request_));
        one.set("name", period_text(period));
        return one;
    }

    void navigation(data& page, const std::string& path) const {
        const Period& period = results_.period;
        page.set("previous", step(path, survey::previous(period, scheme_)));
        const Period next = survey::next(period, scheme_);
        page.set("next", next.first <= request_.today ? step(path, next) : data(false));
        const survey::Date anchor = period.contains(request_.today) ? request_.today : period.last;
        data kinds{data::type::list};
        for (const PeriodKind kind : kKinds) {
            data one;
            one.set("href", link(path, to_string(survey::period_of(anchor, kind, scheme_)), request_));
            one.set("label", std::string(words_.at("period.switch." + std::string(key_of(kind)))));
            one.set("is_current", kind == period.kind);
            kinds << one;
        }
        page.set("kinds", kinds);
    }

    std::string verdict_key(const std::optional<Satisfaction>& figure) const {
        return figure ? std::string(name(figure->verdict)) : "none";
    }

    data headline(const Headline& one) const {
        const std::optional<Satisfaction>& figure = one.item.figure;
        const std::string key = verdict_key(figure);
        data result;
        result.set("question", one.item.item.text.in(language_));
        result.set("version_line", results_.headlines.size() > 1 ? data(version_line(one.item)) : data(false));
        result.set("verdict", key);
        result.set("verdict_words", std::string(words_.at("verdict." + key)));
        result.set("verdict_why", words_.format("verdict." + key + ".why", {{"percent", objective()}}));
        result.set("has_figure", figure.has_value());
        if (figure) draw_figure(result, *figure);
        result.set("trend", trend(one));
        result.set("options", options(one.item));
        result.set("flagged_words", flagged_words(one.item));
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
        return words_.format("headline.version",
                             {{"questionnaire", item.versions.back().id.text}, {"versions", versions}});
    }

    void draw_figure(data& result, const Satisfaction& figure) const {
        const std::string low = percent(figure.interval.low);
        const std::string high = percent(figure.interval.high);
        const double goal = static_cast<double>(results_.objective.more_than_percent) / 100;
        result.set("share", percent(figure.share_tenths));
        result.set("of", words_.format("headline.of",
                                       {{"satisfied", count(figure.satisfied)}, {"total", count(figure.total)}}));
        result.set("interval_words",
                   words_.format("interval.words", {{"total", count(figure.total)}, {"low", low}, {"high", high}}));
        result.set("interval_caption", words_.format("interval.caption", {{"low", low}, {"high", high}}));
        result.set("objective_words", words_.format("interval.objective", {{"percent", objective()}}));
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
        if (!one.figure_before) return data(words_.format("trend.none", {{"period", period}}));
        const std::int64_t change = one.item.figure->share_tenths - one.figure_before->share_tenths;
        const std::string_view key = change > 0 ? "trend.up" : change < 0 ? "trend.down" : "trend.same";
        const std::string points = survey::format_tenths(std::abs(change), language_);
        std::string sentence = words_.format(key, {{"points", points},
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
                one.set("percent", std::string(words_.at("distribution.excluded")));
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

    data flagged_words(const ItemResult& item) const {
        const std::int64_t flagged = item.all.valid - item.counts.valid;
        if (item.all.valid == 0) return data(false);
        if (flagged == 0) return data(std::string(words_.at("flagged.none")));
        return data(words_.format("flagged.some", {{"count", count(flagged)},
                                                   {"share", percent(item.figure_of_all->share_tenths)},
                                                   {"total", count(item.figure_of_all->total)}}));
    }

    /// The fields with most answers, and the rest as one: a page is to be read.
    std::vector<PartResult> leading(std::vector<PartResult> parts) const {
        if (parts.size() <= kFieldsShownMax) return parts;
        PartResult rest;
        rest.name = {std::string(words_.at("fields.rest")), std::string(words_.at("fields.rest"))};
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
            const std::string none(words_.at("none.share"));
            data one;
            one.set("number", part.number);
            one.set("name", part.name.in(language_));
            one.set("total", count(part.counts.valid));
            one.set("satisfied", part.figure ? count(part.counts.satisfied) : none);
            one.set("share", part.figure ? percent(part.figure->share_tenths) : none);
            one.set("interval", part.figure
                                    ? percent(part.figure->interval.low) + " – " + percent(part.figure->interval.high)
                                    : none);
            const std::string key = verdict_key(part.figure);
            one.set("verdict", part.figure ? data(key) : data(false));
            one.set("verdict_words", std::string(words_.at("verdict." + key)));
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
                one.set("share", item.figure ? data(percent(item.figure->share_tenths)) : data(false));
                one.set("total_words",
                        words_.format(multi ? "item.choices" : "item.total", {{"total", count(item.counts.valid)}}));
                one.set("note", multi ? data(std::string(words_.at("item.multi.note"))) : data(false));
                one.set("has_answers", item.counts.valid + item.counts.excluded > 0);
                one.set("options", options(item));
                items << one;
                any = true;
            }
        }
        page.set("has_sections", any);
        page.set("items", items);
    }

    void method(data& page) const {
        data list{data::type::list};
        const auto add = [&](const std::string& sentence) {
            data one;
            one.set("words", sentence);
            list << one;
        };
        if (!results_.headlines.empty()) {
            std::string levels;
            for (const survey::Option& option : results_.headlines.front().item.item.options) {
                if (option.satisfied) levels += (levels.empty() ? "" : ", ") + option.label.in(language_);
            }
            add(words_.format("method.satisfied", {{"levels", levels}}));
        }
        add(words_.format("method.objective", {{"percent", objective()}}));
        add(std::string(words_.at("method.interval")));
        add(std::string(words_.at("method.anonymous")));
        page.set("method", list);
    }

    void integrity(data& page) const {
        const Integrity& integrity = results_.integrity;
        const bool complete = integrity.missing == 0;
        page.set("integrity", words_.format("integrity.line", {{"collected", count(integrity.collected)},
                                                               {"held", count(integrity.held)},
                                                               {"counted", count(integrity.counted)},
                                                               {"aside", count(integrity.aside)}}));
        page.set("integrity_state", complete
                                        ? std::string(words_.at("integrity.complete"))
                                        : words_.format("integrity.missing", {{"missing", count(integrity.missing)}}));
        page.set("integrity_class", complete ? "state" : "state is-missing");
        const std::string time = survey::to_rfc3339(results_.generated).substr(11, 5);
        page.set("generated", words_.format("footer.generated",
                                            {{"time", time}, {"date", date(survey::local_date(results_.generated))}}));
    }

    const Results& results_;
    const survey::PeriodScheme scheme_;
    const PageRequest& request_;
    const Messages& words_;
    const Language language_;
};

std::string rendered(const std::map<std::string, std::string>& templates, const std::string& name, data page) {
    for (const char* partial : {"head", "icons"}) {
        const std::string& text = templates.at(partial);
        page.set(partial, kainjow::mustache::partial([&text] { return text; }));
    }
    kainjow::mustache::mustache view(templates.at(name));
    return view.render(page);
}

void common(data& page, const Messages& words, const PageRequest& request, const std::string& style_version) {
    page.set("language", std::string(survey::code(request.language)));
    page.set("live", request.live);
    page.set("style_version", style_version);
    page.set("t", words_data(words));
}

}  // namespace

std::string period_name(const Period& period, const Messages& words, Language language) {
    static constexpr std::array kRoman = {"I", "II", "III", "IV"};
    const std::string year = std::to_string(period.year);
    const std::string number = std::to_string(period.number);
    switch (period.kind) {
        case PeriodKind::day:
            return words.format("period.day", {{"date", survey::format_date(period.first, language)}});
        case PeriodKind::month:
            return words.format("period.month", {{"month", words.at("month." + number)}, {"year", year}});
        case PeriodKind::quarter:
            return words.format("period.quarter", {{"roman", kRoman.at(static_cast<std::size_t>(period.number - 1))},
                                                   {"number", number},
                                                   {"year", year}});
        case PeriodKind::half_year:
            return words.format("period.half_year." + number, {{"year", year}});
        case PeriodKind::year:
            return words.format("period.year", {{"year", year}});
    }
    return {};
}

Expected<Pages, std::string> Pages::load(const std::filesystem::path& assets) {
    Pages pages;
    for (const char* name : kTemplates) {
        const std::filesystem::path file = assets / "web" / (std::string(name) + ".mustache");
        auto text = survey::read_file(file);
        if (!text) return unexpected(text.error());
        const kainjow::mustache::mustache parsed(*text);
        if (!parsed.is_valid()) {
            return unexpected(file.string() + ": " + parsed.error_message() + "; restore the file from the package");
        }
        pages.templates_[name] = std::move(*text);
    }
    auto style = survey::read_file(assets / "web" / "style.css");
    if (!style) return unexpected(style.error());
    auto icon = survey::read_file(assets / "web" / "icon.svg");
    if (!icon) return unexpected(icon.error());
    pages.style_version_ = to_hex(survey::sha256(*style)).substr(0, 12);
    pages.style_ = std::move(*style);
    pages.icon_ = std::move(*icon);
    for (const Language language : survey::kLanguages) {
        const std::filesystem::path file = assets / "i18n" / ("web." + std::string(survey::code(language)) + ".json");
        const auto text = survey::read_file(file);
        if (!text) return unexpected(text.error());
        auto words = survey::parse_messages(*text);
        if (!words) return unexpected(survey::describe(words.error(), file.string()));
        pages.words_[static_cast<std::size_t>(language)] = std::move(*words);
    }
    return pages;
}

const Messages& Pages::words(Language language) const {
    return words_[static_cast<std::size_t>(language)];
}

std::string Pages::centers(const std::vector<survey::Center>& centers, const PageRequest& request) const {
    const Messages& text = words(request.language);
    data page;
    common(page, text, request, style_version_);
    page.set("title", std::string(text.at("centers.title")));
    page.set("alternates", data(data::type::list));
    page.set("language_href", link("/", {}, other_language(request)));
    data list{data::type::list};
    for (const survey::Center& center : centers) {
        data one;
        one.set("href", link("/centers/" + center.id.text, {}, request));
        one.set("name", center.name.in(request.language));
        one.set("parent", center.parent.in(request.language));
        list << one;
    }
    page.set("has_centers", !centers.empty());
    page.set("centers", list);
    return rendered(templates_, "centers", std::move(page));
}

std::string Pages::results(const Results& results, survey::PeriodScheme scheme, const PageRequest& request) const {
    const Messages& text = words(request.language);
    data page = ResultsPage(results, scheme, request, text).run();
    common(page, text, request, style_version_);
    return rendered(templates_, "results", std::move(page));
}

std::string Pages::error(std::string_view key, const std::string& text, const PageRequest& request) const {
    const Messages& messages = words(request.language);
    data page;
    common(page, messages, request, style_version_);
    page.set("title", std::string(messages.at("error." + std::string(key) + ".title")));
    page.set("text", text);
    page.set("alternates", data(data::type::list));
    page.set("home_href", link("/", {}, {request.language, false, {}}));
    return rendered(templates_, "error", std::move(page));
}

std::string Pages::not_found(const PageRequest& request) const {
    return error("not_found", std::string(words(request.language).at("error.not_found.text")), request);
}

std::string Pages::bad_period(std::string_view period, const PageRequest& request) const {
    return error("bad_period", words(request.language).format("error.bad_period.text", {{"period", period}}), request);
}

std::string Pages::unavailable(const PageRequest& request) const {
    return error("unavailable", std::string(words(request.language).at("error.unavailable.text")), request);
}

}  // namespace hailong::sync
