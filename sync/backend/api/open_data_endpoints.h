// The addresses of open data; whatever is wrong with a question is answered as on the pages that link here.
//
//   GET /centers/{center}/results.json          ?period=
//   GET /centers/{center}/results.csv           ?period= ?lang= ?locale=
//   GET /centers/{center}/results.xlsx          ?period= ?lang=
//   GET /centers/{center}/reconciliation.json   ?period=
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "survey/base/messages.h"
#include "survey/base/time.h"
#include "sync/backend/http/answers.h"
#include "sync/backend/http/response_cache.h"
#include "sync/backend/http/router.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// All of it outlives the routes.
struct OpenDataParts {
    Store& store;
    ReferenceCache& references;
    ResponseCache& cache;
    const ErrorAnswers& errors;
    const survey::Clock& clock;
    std::function<const survey::Messages&(survey::Language)> messages;
    std::string version;  // of this program: another may write other files of the same figures
};

[[nodiscard]] std::vector<Route> open_data_routes(const OpenDataParts& parts);

}  // namespace hailong::sync
