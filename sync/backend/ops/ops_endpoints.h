// For those who run the service; keep these addresses from the public in front of it.
//
//   GET /healthz   whether the store can be read and written and uploads are taken, and how much is in it
//   GET /metrics   Prometheus' text format
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sync/backend/http/router.h"
#include "sync/backend/ops/kept_totals.h"
#include "sync/backend/ops/metrics.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Terminals that have figures of their own in the metrics, the first in order of their ids: beyond that a collector
/// drowns in series. The sums are over all of them.
inline constexpr std::size_t kTerminalsShownMax = 1'000;

/// All of it outlives the routes.
struct OpsParts {
    Store& store;
    const Metrics& metrics;
    KeptTotals& totals;
    std::string version;                                   // of this program
    std::function<void(const StoreError&)> store_refused;  // hears of each refusal to read
    /// Why what terminals bring can't be taken just now; empty: it can.
    std::function<std::optional<std::string>()> why_uploads_fail = [] { return std::nullopt; };
};

[[nodiscard]] std::vector<Route> ops_routes(const OpsParts& parts);

}  // namespace hailong::sync
