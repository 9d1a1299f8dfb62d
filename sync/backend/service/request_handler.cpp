#include "sync/backend/service/request_handler.h"

#include <iterator>
#include <memory>
#include <utility>

#include "sync/backend/api/open_data_endpoints.h"
#include "sync/backend/api/terminal_endpoints.h"
#include "sync/backend/http/mangled_link.h"
#include "sync/backend/ops/ops_endpoints.h"
#include "sync/backend/site/site_endpoints.h"
#include "sync/protocol/compression.h"

namespace hailong::sync {
namespace {

/// Under which name requests are counted that no route fits.
constexpr const char* kNoRouteName = "other";

/// As which requests are counted whose client hung up before it was their turn; nobody reads it.
constexpr int kGoneStatus = 499;

/// What people read when batches are refused because too many wait.
constexpr const char* kBatchesWait =
    "batches came faster than they could be stored, and some terminals were told to come again later; they keep what "
    "they have. If it stays so, look at the load of this machine and of its disk";

std::string gzip(std::string_view text) {
    return compress(text, Encoding::gzip);
}

/// The whole table.
std::vector<Route> routes_of(RequestParts& parts, const RunOn& run, ResponseCache& cache, const ErrorAnswers& errors,
                             KeptTotals& totals, TroubleLog& troubles, UploadWatch& uploads) {
    const auto batch_refused = [&metrics = parts.metrics](ProblemKind kind) { metrics.batch_refused(kind); };
    const auto store_refused = [&troubles](const StoreError& error) { troubles.refused(describe(error)); };
    const auto run_large = [&metrics = parts.metrics, &run](std::function<void()> job) {
        const bool is_taken = run(Lane::large_batches, std::move(job));
        if (!is_taken) metrics.gave_up("terminals");
        return is_taken;
    };
    const auto batch_answered = [&](const survey::KioskId& kiosk, const Problem* problem) {
        if (problem == nullptr) return uploads.taken(kiosk);
        if (problem->kind == ProblemKind::overloaded) troubles.refused(kBatchesWait);
        uploads.refused(kiosk, *problem);
    };
    const auto enrolment_answered = [&](const survey::KioskId& kiosk, const Problem* problem) {
        problem == nullptr ? uploads.enrolled(kiosk) : uploads.refused_enrolment(kiosk, *problem);
    };
    std::vector<Route> all = terminal_routes({parts.store, parts.references, parts.inboxes, parts.queue, parts.clock,
                                              parts.keys, parts.wrong_codes, parts.statuses, batch_refused,
                                              store_refused, run_large, batch_answered, enrolment_answered});
    const auto add = [&](std::vector<Route> more) { std::move(more.begin(), more.end(), std::back_inserter(all)); };
    add(site_routes({parts.store, parts.references, cache, parts.pages, errors, parts.clock}));
    const auto messages = [&pages = parts.pages](survey::Language language) -> const survey::Messages& {
        return pages.messages(language);
    };
    // The files hold texts of the pages: another version of either makes other files.
    add(open_data_routes({parts.store, parts.references, cache, errors, parts.clock, messages,
                          parts.version + "." + parts.pages.version()}));
    add(ops_routes({parts.store, parts.metrics, totals, parts.version, store_refused,
                    [&uploads] { return uploads.why_failing(); }}));
    return all;
}

/// Where terminals ask; see sync/protocol/endpoints.h.
constexpr std::string_view kTerminalPaths = "/v1/";

/// The fields of a target that may be broken.
Fields query_of(std::string_view target) {
    auto parsed = parse_target(target);
    return parsed ? std::move(parsed->query) : Fields{};
}

/// Refuses a request with the answer that it gets.
Responder refusing(const Admit& admit) {
    return Responder([admit](HttpResponse response) { admit({std::move(response)}); });
}

}  // namespace

struct RequestHandler::Job {
    const Route* route = nullptr;
    RoutedRequest routed;
    Responder respond;
};

RequestHandler::RequestHandler(RequestParts parts, RunOn run)
    : parts_(std::move(parts)),
      run_(std::move(run)),
      cache_(gzip),
      troubles_(parts_.clock, parts_.log),
      uploads_(parts_.clock, parts_.log, parts_.tell),
      errors_(parts_.pages, parts_.clock, [this](const std::string& why) { troubles_.refused(why); }),
      totals_(parts_.clock),
      router_(routes_of(parts_, run_, cache_, errors_, totals_, troubles_, uploads_)) {}

HttpResponse RequestHandler::refusal(int status, const std::string& reason, const HttpRequest& head) const {
    for (const ProblemKind kind : {ProblemKind::too_large, ProblemKind::overloaded}) {
        if (status == http_status(kind) && !wants_page(head)) return problem_answer(kind, reason);
    }
    // Of a head that is too long or broken no header is known: a browser's, unless it asks where terminals do.
    const bool is_unknown = head.headers.empty() && !head.target.starts_with(kTerminalPaths);
    if (wants_page(head) || is_unknown) return errors_.of_status(status, query_of(head.target));
    // What is wrong with HTTP says nothing about the records: no problem that a terminal would stop for.
    return answer(status, kText, reason + '\n');
}

void RequestHandler::admit(const HttpRequest& head, const Admit& admit) const {
    auto found = router_.find(head);
    if (!found) return answer_no_route(head, found.error(), for_reader(head, refusing(admit)));
    const Route& route = *found->route;
    if (route.authentication == Authentication::none) return admit({{}, route.body_bytes, false});
    // Counted only when it is refused: who is let in is answered later.
    const auto refuse = [this, to = for_reader(head, refusing(admit)),
                         name = route.metrics_name](HttpResponse response) { counted(name, to)(std::move(response)); };
    const auto job = [this, head, path = std::move(found->path), &route, admit, refuse] {
        if (head.is_gone && head.is_gone()) return refuse(answer(kGoneStatus, kText, {}));
        const auto terminal = authenticated(route, head, path);
        if (!terminal) return refuse(terminal.error());
        admit({{}, route.body_bytes, true});
    };
    if (auto later = hand_over(route.lane, job)) refuse(std::move(*later));
}

void RequestHandler::strained(HttpStrain strain) const {
    switch (strain) {
        case HttpStrain::uploads:
            parts_.metrics.gave_up("uploads");
            uploads_.gave_up();
            return troubles_.refused(
                "too much was being uploaded at once, and an upload was refused; terminals send again by themselves. "
                "If it stays so, look in /metrics for who sends so much");
        case HttpStrain::connections:
            parts_.metrics.gave_up("connections");
            return troubles_.refused(
                "more connections came than there are places, and the idlest of those without a terminal's token were "
                "closed; terminals keep theirs. If it stays so, limit connections in the proxy in front");
    }
}

void RequestHandler::handle(HttpRequest request, Responder respond) const {
    auto found = router_.find(request);
    respond = for_reader(request, std::move(respond));
    if (!found) return answer_no_route(request, found.error(), std::move(respond));
    const Route& route = *found->route;
    if (has_mangled_field(found->query)) {
        if (auto target = meant(request))
            return counted(route.metrics_name, std::move(respond))(redirect(std::move(*target)));
    }
    Responder answer_to = counted(route.metrics_name, std::move(respond));
    // A job is copied, and what it works on is not.
    auto job = std::make_shared<Job>(
        Job{&route, {std::move(request), std::move(found->path), std::move(found->query), {}}, answer_to});
    if (auto later = hand_over(route.lane, [this, job] { run(*job); })) answer_to(std::move(*later));
}

/// Empty: the job runs soon. Otherwise what is answered instead.
std::optional<HttpResponse> RequestHandler::hand_over(Lane lane, std::function<void()> job) const {
    if (run_(lane, std::move(job))) return std::nullopt;
    parts_.metrics.gave_up(lane == Lane::terminals ? "terminals" : "pages");
    if (lane == Lane::terminals) uploads_.gave_up();
    troubles_.refused(
        "more was asked for at once than can wait for its turn, and some of it was told to come again later; batches "
        "of terminals come before pages. If it stays so, limit requests in the proxy in front");
    return problem_answer(ProblemKind::overloaded, "too many requests wait; come again later");
}

Expected<Terminal, HttpResponse> RequestHandler::authenticated(const Route& route, const HttpRequest& request,
                                                               const Fields& path) const {
    auto terminal = authenticate_terminal(request, {path.get("kiosk")}, parts_.store,
                                          [this](const StoreError& error) { troubles_.refused(describe(error)); });
    if (terminal) return std::move(*terminal);
    // A batch that is refused for who brings it counts among the batches.
    if (route.method == Method::post) parts_.metrics.batch_refused(terminal.error().kind);
    uploads_.refused_stranger({path.get("kiosk")}, terminal.error());
    return unexpected(problem_answer(terminal.error()));
}

void RequestHandler::run(Job& job) const {
    // What was asked for by who left is not made; what was brought is taken all the same.
    const auto& is_gone = job.routed.request.is_gone;
    if (job.route->method == Method::get && is_gone && is_gone()) return job.respond(answer(kGoneStatus, kText, {}));
    if (job.route->authentication == Authentication::terminal) {
        auto terminal = authenticated(*job.route, job.routed.request, job.routed.path);
        if (!terminal) return job.respond(terminal.error());
        job.routed.caller = std::move(*terminal);
    }
    job.route->handler(std::move(job.routed), job.respond);
}

void RequestHandler::answer_no_route(const HttpRequest& request, const NoRoute& none, Responder respond) const {
    if (const auto* wrong = std::get_if<WrongMethod>(&none)) {
        const std::string first = wrong->allow.substr(0, wrong->allow.find(','));
        HttpResponse response = answer(405, kText, "use " + first + "\n");
        response.headers.emplace_back("Allow", wrong->allow);
        return counted(wrong->metrics_name, std::move(respond))(std::move(response));
    }
    const Responder answer_to = counted(kNoRouteName, std::move(respond));
    if (auto target = meant(request)) return answer_to(redirect(std::move(*target)));
    const auto* missing = std::get_if<NoSuchPath>(&none);
    if (missing == nullptr) {
        const bool is_long = request.target.size() > kTargetBytesMax;
        return answer_to(is_long ? answer(414, kText, "the address is longer than this server takes\n")
                                 : answer(400, kText, "bad target\n"));
    }
    // A page takes a moment to make.
    auto later =
        hand_over(Lane::pages, [this, query = missing->query, answer_to] { answer_to(errors_.not_found(query)); });
    if (later) answer_to(std::move(*later));
}

/// Where a link leads that was changed on its way; empty where nothing like it is.
std::optional<std::string> RequestHandler::meant(const HttpRequest& request) const {
    if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
    auto target = mended_target(request.target);
    if (!target) return std::nullopt;
    const auto found = router_.find({"GET", *target, {}, {}});
    const bool is_public = found && found->route->authentication == Authentication::none &&
                           found->route->method == Method::get && found->route->lane != Lane::terminals;
    return is_public ? target : std::nullopt;
}

/// A browser never shows bare text: whatever is refused, or got lost, comes to it as a page.
Responder RequestHandler::for_reader(const HttpRequest& request, Responder respond) const {
    if (!wants_page(request)) return respond;
    return Responder([this, respond = std::move(respond), query = query_of(request.target)](HttpResponse response) {
        if (response.status < 400 || response.header("Content-Type") == kHtml) return respond(std::move(response));
        HttpResponse page = errors_.of_status(response.status, query);
        for (const std::string_view name : {"Allow", "Retry-After"}) {
            if (!response.header(name).empty()) set_header(page, name, std::string(response.header(name)));
        }
        respond(std::move(page));
    });
}

Responder RequestHandler::counted(std::string metrics_name, Responder respond) const {
    const survey::MonoTime began = parts_.clock.monotonic();
    return Responder([name = std::move(metrics_name), respond = std::move(respond), began, &metrics = parts_.metrics,
                      &clock = parts_.clock, &troubles = troubles_](HttpResponse response) {
        if (response.status < 400) troubles.answered();
        metrics.request_done(name, response.status, clock.monotonic() - began);
        respond(std::move(response));
    });
}

}  // namespace hailong::sync
