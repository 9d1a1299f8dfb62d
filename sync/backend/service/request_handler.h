// What becomes of a request: the routes of every room that answers, who may ask, which threads do the work, and what is
// counted of it. Knows no socket.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sync/backend/api/write_queue.h"
#include "sync/backend/http/message.h"
#include "sync/backend/http/response_cache.h"
#include "sync/backend/http/router.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/ops/kept_totals.h"
#include "sync/backend/ops/metrics.h"
#include "sync/backend/service/trouble_log.h"
#include "sync/backend/service/upload_watch.h"
#include "sync/backend/site/page_answers.h"
#include "sync/backend/site/pages.h"
#include "sync/backend/terminals/enrolment.h"
#include "sync/backend/terminals/inbox.h"
#include "sync/backend/terminals/kept_statuses.h"
#include "sync/backend/terminals/keys.h"

namespace hailong::sync {

/// Runs a job on the threads of a lane, at once or soon. False: too many wait there, and it never runs.
using RunOn = std::function<bool(Lane, std::function<void()>)>;

/// What requests are answered from. All of it outlives the handler; the clock, the keys, the metrics and the
/// statuses also outlive every answer that the queue still owes.
struct RequestParts {
    Store& store;
    ReferenceCache& references;
    InboxCache& inboxes;
    WriteQueue& queue;
    Metrics& metrics;
    const Pages& pages;
    const survey::Clock& clock;
    const ServiceKeys& keys;
    WrongCodes& wrong_codes;
    KeptStatuses& statuses;
    std::function<void(const std::string&)> log;  // hears of what the store refused
    std::string version;                          // of this program, for /healthz
    // Hears of what happened and is no trouble: who was enrolled, what ended.
    std::function<void(const std::string&)> tell = [](const std::string&) {};
};

/// Safe to use from any thread.
class RequestHandler {
  public:
    RequestHandler(RequestParts parts, RunOn run);
    RequestHandler(const RequestHandler&) = delete;
    RequestHandler& operator=(const RequestHandler&) = delete;

    /// Decides of a request whose body has not been taken yet: no body goes with an address that is not there, another
    /// method, or a token that is none. Never blocks. Who was let in is asked again by handle(): a body may take long.
    void admit(const HttpRequest& head, const Admit& admit) const;

    /// Finds the route and hands the work over; never blocks. The answer comes from a thread of the route's lane, or,
    /// for what is written, after its commit. 503 when too much waits.
    void handle(HttpRequest request, Responder respond) const;

    /// The server gave something up: counted, and told once when it begins and once when it ended.
    void strained(HttpStrain strain) const;

    /// What a client reads whose request was refused before it got here, of which `head` is what could be read: a
    /// problem, as terminals understand it, where one can act on it; a page for everybody who is no terminal.
    [[nodiscard]] HttpResponse refusal(int status, const std::string& reason, const HttpRequest& head) const;

  private:
    struct Job;
    [[nodiscard]] Expected<Terminal, HttpResponse> authenticated(const Route& route, const HttpRequest& request,
                                                                 const Fields& path) const;
    [[nodiscard]] std::optional<HttpResponse> hand_over(Lane lane, std::function<void()> job) const;
    void answer_no_route(const HttpRequest& request, const NoRoute& none, Responder respond) const;
    [[nodiscard]] std::optional<std::string> meant(const HttpRequest& request) const;
    [[nodiscard]] Responder for_reader(const HttpRequest& request, Responder respond) const;
    [[nodiscard]] Responder counted(std::string metrics_name, Responder respond) const;
    void run(Job& job) const;

    RequestParts parts_;
    const RunOn run_;
    ResponseCache cache_;
    mutable TroubleLog troubles_;
    mutable UploadWatch uploads_;
    ErrorPages errors_;
    KeptTotals totals_;
    Router router_;
};

}  // namespace hailong::sync
