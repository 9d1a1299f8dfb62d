#include "sync/backend/site/page_parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hailong::sync {

using kainjow::mustache::data;
using survey::Language;
using survey::Messages;
using survey::Period;
using survey::PeriodKind;

namespace {

constexpr std::array kKinds = {PeriodKind::day, PeriodKind::month, PeriodKind::quarter, PeriodKind::half_year,
                               PeriodKind::year};

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

/// Every text of the language as {{t.key}}, dots in keys as underscores.
data messages_data(const Messages& messages) {
    data result{data::type::object};
    for (const auto& [key, text] : messages.all()) {
        std::string name = key;
        std::replace(name.begin(), name.end(), '.', '_');
        result.set(name, text);
    }
    return result;
}

}  // namespace

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

std::string rendered(const std::map<std::string, std::string>& templates, const std::string& name, data page) {
    for (const char* partial : {"head", "icons"}) {
        const std::string& text = templates.at(partial);
        page.set(partial, kainjow::mustache::partial([&text] { return text; }));
    }
    kainjow::mustache::mustache view(templates.at(name));
    return view.render(page);
}

void common(data& page, const Messages& messages, const PageRequest& request, const std::string& style_version) {
    page.set("language", std::string(survey::code(request.language)));
    page.set("live", request.live);
    page.set("style_version", style_version);
    page.set("t", messages_data(messages));
}

data PeriodPage::step(const std::string& path, const Period& period) const {
    // A neighbour whose name no page understands lies beyond the years that have periods.
    if (!survey::parse_period(to_string(period), scheme_)) return data(false);
    data one;
    one.set("href", link(path, to_string(period), request_));
    one.set("name", period_text(period));
    return one;
}

void PeriodPage::navigation(data& page, const std::string& path) const {
    const Period& period = period_;
    page.set("previous", step(path, survey::previous(period, scheme_)));
    const Period next = survey::next(period, scheme_);
    page.set("next", next.first <= request_.today ? step(path, next) : data(false));
    const survey::Date anchor = period.contains(request_.today) ? request_.today : period.last;
    data kinds{data::type::list};
    for (const PeriodKind kind : kKinds) {
        data one;
        one.set("href", link(path, to_string(survey::period_of(anchor, kind, scheme_)), request_));
        one.set("label", std::string(messages_.at("period.switch." + std::string(key_of(kind)))));
        one.set("is_current", kind == period.kind);
        kinds << one;
    }
    page.set("kinds", kinds);
}

void PeriodPage::heading(data& page, const std::string& path, const survey::LocalizedText& name,
                         const survey::LocalizedText& parent) const {
    page.set("name", name.in(language_));
    page.set("parent", parent.in(language_));
    page.set("period", period_text(period_));
    const bool one_day = period_.kind == PeriodKind::day;
    page.set("period_range", one_day ? data(false)
                                     : data(messages_.format("period.range", {{"first", date(period_.first)},
                                                                              {"last", date(period_.last)}})));
    page.set("is_open", request_.today <= period_.last);
    page.set("language_href", link(path, to_string(period_), other_language(request_)));
    navigation(page, path);
}

}  // namespace hailong::sync
