#include "sync/backend/site/site_endpoints.h"

#include <string>
#include <utility>

#include "sync/backend/audit/reconcile.h"
#include "sync/backend/figures/results.h"
#include "sync/backend/ingest/center_view.h"
#include "sync/backend/site/page_answers.h"

namespace hailong::sync {
namespace {

/// Browsers keep what never changes under its address for a day.
constexpr std::string_view kKeepForADay = "public, max-age=86400";

HttpResponse asset(const SiteParts& parts, const RoutedRequest& routed, std::string_view type,
                   const std::string& text) {
    Versioned wanted{std::string(type), parts.pages.version(), std::string(kKeepForADay)};
    return parts.cache.answer(routed.request, wanted, [&] { return answer(200, type, text); });
}

HttpResponse centers(const SiteParts& parts, const RoutedRequest& routed) {
    const auto reader = parts.store.read();
    if (!reader) return parts.errors.unavailable(routed, describe(reader.error()));
    const auto reference = parts.references.current(**reader);
    if (!reference) return parts.errors.unavailable(routed, describe(reference.error()));
    return page_answer(200, parts.pages.centers((*reference)->centers, page_request(routed.query, parts.clock)));
}

/// The center that the path names and the period that the query does, with the page that `make` makes of them.
template <class Make>
HttpResponse page_of_center(const SiteParts& parts, const RoutedRequest& routed, Make&& make) {
    const auto view = view_center(parts.store, parts.references, {routed.path.get("center")});
    if (!view) return parts.errors.unavailable(routed, describe(view.error()));
    if (view->center == nullptr) return parts.errors.not_found(routed.query);
    const PageRequest request = page_request(routed.query, parts.clock);
    const auto period = asked_period(routed.query.get("period"), request.today, view->center->periods);
    if (!period) return parts.errors.bad_field(routed.query, "period");
    const StoreResult<std::string> html = make(*view, *period, request);
    if (!html) return parts.errors.unavailable(routed, describe(html.error()));
    return page_answer(200, *html);
}

HttpResponse results_page(const SiteParts& parts, const RoutedRequest& routed) {
    const auto make = [&](const CenterView& view, const survey::Period& period,
                          const PageRequest& request) -> StoreResult<std::string> {
        const auto found =
            results(*view.reader, view.reference->questionnaires, *view.center, period, parts.clock.now());
        if (!found) return unexpected(found.error());
        return parts.pages.results(*found, view.center->periods, request);
    };
    return page_of_center(parts, routed, make);
}

HttpResponse reconciliation_page(const SiteParts& parts, const RoutedRequest& routed) {
    const auto make = [&](const CenterView& view, const survey::Period& period,
                          const PageRequest& request) -> StoreResult<std::string> {
        const auto found = reconcile_quickly(*view.reader, view.center->id, period.first, period.last);
        if (!found) return unexpected(found.error());
        return parts.pages.reconciliation(*found, *view.center, period, request);
    };
    return page_of_center(parts, routed, make);
}

}  // namespace

std::vector<Route> site_routes(const SiteParts& parts) {
    const auto get = [&](std::string pattern, HttpResponse (*make)(const SiteParts&, const RoutedRequest&),
                         std::string metrics_name) {
        Route route;
        route.pattern = std::move(pattern);
        route.handler = answering([parts, make](const RoutedRequest& routed) { return make(parts, routed); });
        route.metrics_name = std::move(metrics_name);
        return route;
    };
    const auto style = [](const SiteParts& own, const RoutedRequest& routed) {
        return asset(own, routed, "text/css; charset=utf-8", own.pages.style());
    };
    const auto icon = [](const SiteParts& own, const RoutedRequest& routed) {
        return asset(own, routed, "image/svg+xml", own.pages.icon());
    };
    return {get("/", centers, "centers"), get("/centers/{center}", results_page, "results"),
            get("/centers/{center}/reconciliation", reconciliation_page, "reconciliation"),
            get("/style.css", style, "asset"), get("/icon.svg", icon, "asset")};
}

}  // namespace hailong::sync
