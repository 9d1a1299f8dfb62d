// Every address of the service: request in, answer out. Knows no socket.
#pragma once

#include <functional>
#include <string>

#include "sync/backend/http/message.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/ops/metrics.h"
#include "sync/backend/service/writer.h"
#include "sync/backend/site/pages.h"
#include "sync/backend/terminals/enrolment.h"
#include "sync/backend/terminals/inbox.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {

/// What a terminal that is told to come again later waits at least, in seconds.
inline constexpr int kRetryAfterS = 5;

/// Longest target answered, in bytes.
inline constexpr std::size_t kTargetBytesMax = 2'000;

/// What the routes work with; all of it outlives them.
struct RouteParts {
    Store& store;
    ReferenceCache& references;
    InboxCache& inboxes;
    Writer& writer;
    Metrics& metrics;
    const Pages& pages;
    const survey::Clock& clock;
    const ServiceKeys& keys;
    WrongCodes& wrong_codes;
    std::function<void(const std::string&)> log;  // hears of what the store refused
    std::string version;                          // of this program, for /healthz
};

/// Safe to use from any thread.
///
///   GET  /                               list of centers
///   GET  /centers/{id}                   posted results; ?period= ?lang= ?live=1
///   GET  /centers/{id}/results.json      the same figures; ?period=
///   GET  /centers/{id}/results.csv       the same figures; ?period= ?lang=
///   GET  /style.css  /icon.svg
///   GET  /healthz  /metrics              for those who run the service; keep them from the public in front of it
///   POST /v1/enrolments                  with a one-time code
///   GET  /v1/terminals/{kiosk}/inbox     with the terminal's token
///   POST /v1/terminals/{kiosk}/batches   with the terminal's token
class Routes {
  public:
    explicit Routes(RouteParts parts) : parts_(std::move(parts)) {}

    /// Answers at once, or, for a batch, after its commit.
    void handle(HttpRequest request, Responder respond);

    /// What a client reads whose request was refused before it got here: a problem, as terminals understand it.
    [[nodiscard]] static HttpResponse refusal(int status, const std::string& reason);

  private:
    RouteParts parts_;
};

}  // namespace hailong::sync
