#include "sync/backend/ops/ops_endpoints.h"

#include <utility>

#include <boost/json.hpp>

#include "sync/backend/http/answers.h"

namespace hailong::sync {
namespace {

StoreResult<CenterTotals> totals_of_all(Reader& reader) {
    const auto ids = reader.centers();
    if (!ids) return unexpected(ids.error());
    CenterTotals sum;
    for (const survey::CenterId& id : *ids) {
        const auto totals = reader.totals(id);
        if (!totals) return unexpected(totals.error());
        sum.stored += totals->stored;
        sum.counted += totals->counted;
        sum.quarantined += totals->quarantined;
        sum.skipped += totals->skipped;
        sum.reported_collected += totals->reported_collected;
    }
    return sum;
}

HttpResponse health(const OpsParts& parts, const RoutedRequest&) {
    boost::json::object health{{"version", parts.version}};
    const auto reader = parts.store.read();
    const auto ids = reader ? (*reader)->centers() : unexpected(reader.error());
    const auto sum = ids ? totals_of_all(**reader) : unexpected(ids.error());
    if (!sum) {
        health["status"] = "the store can't be read: " + sum.error().what;
        return answer(503, kJson, boost::json::serialize(health) + "\n");
    }
    health["status"] = "ok";
    health["centers"] = ids->size();
    health["stored"] = sum->stored;
    health["counted"] = sum->counted;
    health["quarantined"] = sum->quarantined;
    return answer(200, kJson, boost::json::serialize(health) + "\n");
}

HttpResponse metrics(const OpsParts& parts, const RoutedRequest&) {
    const auto reader = parts.store.read();
    const auto terminals = reader ? (*reader)->terminals() : unexpected(reader.error());
    const auto totals = reader ? totals_of_all(**reader) : unexpected(reader.error());
    const auto counts = reader ? (*reader)->counts() : unexpected(reader.error());
    if (!terminals || !totals || !counts) return answer(503, kText, "the store can't be read\n");
    return answer(200, "text/plain; version=0.0.4; charset=utf-8", parts.metrics.text(*terminals, *totals, *counts));
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
