#include "sync/backend/ops/ops_endpoints.h"

#include <utility>

#include <boost/json.hpp>

#include "sync/backend/http/answers.h"

namespace hailong::sync {
namespace {

HttpResponse health(const OpsParts& parts, const RoutedRequest&) {
    boost::json::object health{{"version", parts.version}};
    const auto snapshot = parts.store.read();
    const auto totals = snapshot ? parts.totals.read(**snapshot) : unexpected(snapshot.error());
    if (!totals) {
        parts.store_refused(totals.error());
        health["status"] = "the store can't be read: " + std::string(told_outside(totals.error().kind));
        return answer(503, kJson, boost::json::serialize(health) + "\n");
    }
    if (const auto why = parts.metrics.why_storing_fails()) {
        health["status"] = "nothing can be stored: " + *why;
        return answer(503, kJson, boost::json::serialize(health) + "\n");
    }
    if (const auto why = parts.why_uploads_fail()) {
        health["status"] = "uploads fail: " + *why;
        return answer(503, kJson, boost::json::serialize(health) + "\n");
    }
    health["status"] = "ok";
    health["centers"] = totals->centers;
    health["stored"] = totals->records.stored;
    health["counted"] = totals->records.counted;
    health["quarantined"] = totals->records.quarantined;
    return answer(200, kJson, boost::json::serialize(health) + "\n");
}

HttpResponse metrics(const OpsParts& parts, const RoutedRequest&) {
    const auto snapshot = parts.store.read();
    const auto terminals =
        snapshot ? (*snapshot)->terminals().page({}, kTerminalsShownMax) : unexpected(snapshot.error());
    // In order of their ids, as the terminals: those of all that are shown are among the first as many.
    const auto statuses =
        snapshot ? (*snapshot)->terminals().statuses({}, kTerminalsShownMax) : unexpected(snapshot.error());
    const auto totals = snapshot ? parts.totals.read(**snapshot) : unexpected(snapshot.error());
    const auto counts = snapshot ? (*snapshot)->counts() : unexpected(snapshot.error());
    if (!terminals || !statuses || !totals || !counts) return answer(503, kText, "the store can't be read\n");
    return answer(200, "text/plain; version=0.0.4; charset=utf-8",
                  parts.metrics.text(*terminals, totals->records, *counts, *statuses));
}

}  // namespace

std::vector<Route> ops_routes(const OpsParts& parts) {
    const auto get = [&](std::string pattern, HttpResponse (*make)(const OpsParts&, const RoutedRequest&),
                         std::string metrics_name) {
        Route route;
        route.pattern = std::move(pattern);
        route.handler = answering([parts, make](const RoutedRequest& routed) { return make(parts, routed); });
        route.metrics_name = std::move(metrics_name);
        return route;
    };
    return {get("/healthz", health, "healthz"), get("/metrics", metrics, "metrics")};
}

}  // namespace hailong::sync
