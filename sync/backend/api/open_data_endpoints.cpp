#include "sync/backend/api/open_data_endpoints.h"

#include <optional>
#include <string>
#include <utility>

#include "sync/backend/api/open_data.h"
#include "sync/backend/figures/day_totals.h"
#include "sync/backend/ingest/center_view.h"

namespace hailong::sync {
namespace {

/// Open to every page on the web: the figures are public.
HttpResponse open_json(std::string json) {
    HttpResponse response = answer(200, kJson, std::move(json));
    response.headers.emplace_back("Access-Control-Allow-Origin", "*");
    return response;
}

/// The file `name` of the center that the path names and the period that the query does, made by `make` when the
/// figures are others than before.
template <class Make>
HttpResponse file_of_center(const OpenDataParts& parts, const RoutedRequest& routed, const std::string& name,
                            Make&& make) {
    const auto view = view_center(parts.store, parts.references, {routed.path.get("center")});
    if (!view) return parts.errors.unavailable(routed, describe(view.error()));
    if (view->center == nullptr) return other_center(view->alike.text, routed, parts.errors);
    const survey::Date today = survey::local_date(parts.clock.now());
    const auto period = asked_period(routed.query.get("period"), today, view->center->periods);
    if (!period) return parts.errors.bad_field(routed.query, "period");
    const auto version = figures_version(*view->snapshot, view->reference->revision, view->center->id, today);
    if (!version) return parts.errors.unavailable(routed, describe(version.error()));
    const Versioned wanted{view->center->id.text + "/" + to_string(*period) + "/" + name,
                           parts.version + "." + survey::to_string(today) + "." + *version};
    return parts.cache.answer(routed.request, wanted, [&] {
        StoreResult<HttpResponse> file = make(*view, *period);
        return file ? std::move(*file) : parts.errors.unavailable(routed, describe(file.error()));
    });
}

HttpResponse results_json_file(const OpenDataParts& parts, const RoutedRequest& routed) {
    const auto make = [&](const CenterView& view, const survey::Period& period) -> StoreResult<HttpResponse> {
        const auto found =
            results(*view.snapshot, view.reference->questionnaires, *view.center, period, parts.clock.now());
        if (!found) return unexpected(found.error());
        return open_json(results_json(*found));
    };
    return file_of_center(parts, routed, "results.json", make);
}

/// A file that is saved under a name of ours.
HttpResponse saved_file(const CenterView& view, const survey::Period& period, std::string_view type,
                        std::string_view extension, std::string bytes) {
    HttpResponse response = answer(200, type, std::move(bytes));
    const std::string file = view.center->id.text + "-" + to_string(period) + "." + std::string(extension);
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + file + "\"");
    return response;
}

/// "vi", and as systems write it: "vi-VN", "vi_VN.UTF-8", "VI".
std::optional<survey::Language> language_of_locale(std::string_view locale) {
    std::string language;
    for (const char letter : locale.substr(0, locale.find_first_of("-_.")))
        language += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    return survey::parse_language(language);
}

HttpResponse results_csv_file(const OpenDataParts& parts, const RoutedRequest& routed) {
    const auto language = survey::parse_language(routed.query.get("lang")).value_or(survey::Language::vi);
    const std::string locale = routed.query.get("locale");
    const auto for_people = language_of_locale(locale);
    if (!locale.empty() && !for_people) return parts.errors.bad_field(routed.query, "locale");
    const auto make = [&](const CenterView& view, const survey::Period& period) -> StoreResult<HttpResponse> {
        const auto found =
            results(*view.snapshot, view.reference->questionnaires, *view.center, period, parts.clock.now());
        if (!found) return unexpected(found.error());
        std::string text = for_people
                               ? table_csv(results_table(*found, parts.messages(*for_people), *for_people), *for_people)
                               : results_csv(*found, language);
        return saved_file(view, period, "text/csv; charset=utf-8; header=present", "csv", std::move(text));
    };
    const std::string form =
        for_people ? "people/" + std::string(survey::code(*for_people)) : std::string(survey::code(language));
    return file_of_center(parts, routed, "results.csv/" + form, make);
}

HttpResponse results_xlsx_file(const OpenDataParts& parts, const RoutedRequest& routed) {
    const auto language = survey::parse_language(routed.query.get("lang")).value_or(survey::Language::vi);
    const auto make = [&](const CenterView& view, const survey::Period& period) -> StoreResult<HttpResponse> {
        const auto found =
            results(*view.snapshot, view.reference->questionnaires, *view.center, period, parts.clock.now());
        if (!found) return unexpected(found.error());
        auto workbook = table_xlsx(results_table(*found, parts.messages(language), language));
        if (!workbook) return parts.errors.unavailable(routed, workbook.error());
        return saved_file(view, period, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
                          std::move(*workbook));
    };
    return file_of_center(parts, routed, "results.xlsx/" + std::string(survey::code(language)), make);
}

HttpResponse reconciliation_json_file(const OpenDataParts& parts, const RoutedRequest& routed) {
    const auto make = [&](const CenterView& view, const survey::Period& period) -> StoreResult<HttpResponse> {
        const auto found = reconcile_for_public(*view.snapshot, view.center->id, period.first, period.last,
                                                survey::local_date(parts.clock.now()));
        if (!found) return unexpected(found.error());
        return open_json(reconciliation_json(*found, parts.clock.now()));
    };
    return file_of_center(parts, routed, "reconciliation.json", make);
}

}  // namespace

std::vector<Route> open_data_routes(const OpenDataParts& parts) {
    const auto get = [&](std::string pattern, HttpResponse (*make)(const OpenDataParts&, const RoutedRequest&),
                         std::string metrics_name) {
        Route route;
        route.pattern = std::move(pattern);
        route.lane = Lane::exports;
        route.handler = answering([parts, make](const RoutedRequest& routed) { return make(parts, routed); });
        route.metrics_name = std::move(metrics_name);
        return route;
    };
    return {get("/centers/{center}/results.json", results_json_file, "results_json"),
            get("/centers/{center}/results.csv", results_csv_file, "results_csv"),
            get("/centers/{center}/results.xlsx", results_xlsx_file, "results_xlsx"),
            get("/centers/{center}/reconciliation.json", reconciliation_json_file, "reconciliation_json")};
}

}  // namespace hailong::sync
