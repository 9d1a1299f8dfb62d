// For those who run the service; keep these addresses from the public in front of it.
//
//   GET /healthz   whether the store can be read, and how much is in it
//   GET /metrics   Prometheus' text format
#pragma once

#include <string>
#include <vector>

#include "sync/backend/http/router.h"
#include "sync/backend/ops/metrics.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// All of it outlives the routes.
struct OpsParts {
    Store& store;
    const Metrics& metrics;
    std::string version;  // of this program
};

[[nodiscard]] std::vector<Route> ops_routes(const OpsParts& parts);

}  // namespace hailong::sync
