#include "sync/backend/site/site_endpoints.h"

#include <string>
#include <utility>

#include "sync/backend/audit/reconcile.h"
#include "sync/backend/figures/day_totals.h"
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

/// What is asked for beside its path: pages in two languages, for people and for a screen in the lobby.
std::string key_of(std::string_view name, const PageRequest& request) {
    return std::string(name) + "/" + std::string(survey::code(request.language)) + (request.live ? "/live" : "");
}

HttpResponse centers(const SiteParts& parts, const RoutedRequest& routed) {
    const auto snapshot = parts.store.read();
    if (!snapshot) return parts.errors.unavailable(routed, describe(snapshot.error()));
    const auto reference = parts.references.current(**snapshot);
    if (!reference) return parts.errors.unavailable(routed, describe(reference.error()));
    const PageRequest request = page_request(routed.query, parts.clock);
    const Versioned wanted{key_of("centers", request),
                           parts.pages.version() + "." + std::to_string((*reference)->revision)};
    return parts.cache.answer(routed.request, wanted,
                              [&] { return page_answer(200, parts.pages.centers((*reference)->centers, request)); });
}

/// The page `name` of the center that the path names and the period that the query does, made by `make` when the
/// figures are others than before.
template <class Make>
HttpResponse page_of_center(const SiteParts& parts, const RoutedRequest& routed, std::string_view name, Make&& make) {
    const auto view = view_center(parts.store, parts.references, {routed.path.get("center")});
    if (!view) return parts.errors.unavailable(routed, describe(view.error()));
    if (view->center == nullptr) return other_center(view->alike.text, routed, parts.errors);
    const PageRequest request = page_request(routed.query, parts.clock);
    const auto period = asked_period(routed.query.get("period"), request.today, view->center->periods);
    if (!period) return parts.errors.bad_field(routed.query, "period");
    const auto version = figures_version(*view->snapshot, view->reference->revision, view->center->id, request.today);
    if (!version) return parts.errors.unavailable(routed, describe(version.error()));
    const std::string key = view->center->id.text + "/" + to_string(*period) + "/" + key_of(name, request);
    const Versioned wanted{key, parts.pages.version() + "." + survey::to_string(request.today) + "." + *version};
    return parts.cache.answer(routed.request, wanted, [&] {
        const StoreResult<std::string> html = make(*view, *period, request);
        // Only the results are parted into slides.
        const bool is_wall = request.live && name == "results";
        return html ? page_answer(200, *html, is_wall ? PageScript::own : PageScript::none)
                    : parts.errors.unavailable(routed, describe(html.error()));
    });
}

HttpResponse results_page(const SiteParts& parts, const RoutedRequest& routed) {
    const auto make = [&](const CenterView& view, const survey::Period& period,
                          const PageRequest& request) -> StoreResult<std::string> {
        const auto found =
            results(*view.snapshot, view.reference->questionnaires, *view.center, period, parts.clock.now());
        if (!found) return unexpected(found.error());
        return parts.pages.results(*found, view.center->periods, request);
    };
    return page_of_center(parts, routed, "results", make);
}

HttpResponse reconciliation_page(const SiteParts& parts, const RoutedRequest& routed) {
    const auto make = [&](const CenterView& view, const survey::Period& period,
                          const PageRequest& request) -> StoreResult<std::string> {
        const auto found =
            reconcile_for_public(*view.snapshot, view.center->id, period.first, period.last, request.today);
        if (!found) return unexpected(found.error());
        return parts.pages.reconciliation(*found, *view.center, period, request);
    };
    return page_of_center(parts, routed, "reconciliation", make);
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
    const auto script = [](const SiteParts& own, const RoutedRequest& routed) {
        return asset(own, routed, "text/javascript; charset=utf-8", own.pages.script());
    };
    const auto robots = [](const SiteParts& own, const RoutedRequest& routed) {
        return asset(own, routed, kText, "User-agent: *\nDisallow: /v1/\nDisallow: /metrics\nDisallow: /healthz\n");
    };
    // Browsers and messengers ask for it by that name, whatever the page says.
    const auto favicon = icon;
    return {get("/", centers, "centers"),
            get("/centers", centers, "centers"),
            get("/centers/{center}", results_page, "results"),
            get("/centers/{center}/reconciliation", reconciliation_page, "reconciliation"),
            get("/style.css", style, "asset"),
            get("/live.js", script, "asset"),
            get("/icon.svg", icon, "asset"),
            get("/favicon.ico", favicon, "asset"),
            get("/robots.txt", robots, "asset")};
}

}  // namespace hailong::sync
