// The public pages' addresses:
//
//   GET /  /centers                   list of centers; ?lang=
//   GET /centers/{center}             posted results; ?period= ?lang= ?live=1
//   GET /centers/{center}/reconciliation
//   GET /style.css  /live.js  /icon.svg  /favicon.ico  /robots.txt
#pragma once

#include <vector>

#include "survey/base/time.h"
#include "sync/backend/http/answers.h"
#include "sync/backend/http/response_cache.h"
#include "sync/backend/http/router.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/site/pages.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// All of it outlives the routes.
struct SiteParts {
    Store& store;
    ReferenceCache& references;
    ResponseCache& cache;
    const Pages& pages;
    const ErrorAnswers& errors;
    const survey::Clock& clock;
};

[[nodiscard]] std::vector<Route> site_routes(const SiteParts& parts);

}  // namespace hailong::sync
