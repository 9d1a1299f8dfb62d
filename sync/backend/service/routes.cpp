#include "sync/backend/service/routes.h"

#include <algorithm>
#include <map>
#include <memory>

#include <boost/json.hpp>

#include "survey/base/hex.h"
#include "survey/base/host.h"
#include "sync/backend/api/documents.h"
#include "sync/backend/terminals/inbox.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/endpoints.h"

namespace hailong::sync {
namespace {

using survey::Language;

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kText = "text/plain; charset=utf-8";

/// Longest text of a bad request that is said back to whoever sent it, in bytes.
constexpr std::size_t kEchoBytesMax = 40;

/// "/a/b?x=1&y=2", taken apart and decoded.
struct Target {
    std::vector<std::string> path;
    std::map<std::string, std::string, std::less<>> query;
    [[nodiscard]] std::string get(std::string_view key) const {
        const auto found = query.find(key);
        return found == query.end() ? std::string() : found->second;
    }
};

/// %XX and, in a query, "+" for a space; empty when a % does not lead to two digits.
std::optional<std::string> decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+') {
            result += ' ';
        } else if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = survey::hex_digit(text[i + 1]);
            const int low = survey::hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            result += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            result += text[i];
        }
    }
    return result;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::optional<Target> parse_target(std::string_view text) {
    if (text.size() > kTargetBytesMax || !text.starts_with('/')) return std::nullopt;
    const std::size_t mark = text.find('?');
    Target target;
    for (const std::string_view segment :
         split(text.substr(1, mark == std::string_view::npos ? mark : mark - 1), '/')) {
        target.path.emplace_back(segment);
    }
    if (mark == std::string_view::npos) return target;
    for (const std::string_view pair : split(text.substr(mark + 1), '&')) {
        const std::size_t equals = pair.find('=');
        const auto key = decoded(pair.substr(0, equals));
        const auto value = equals == std::string_view::npos ? std::string() : decoded(pair.substr(equals + 1));
        if (!key || !value) return std::nullopt;
        target.query.emplace(*key, *value);
    }
    return target;
}

/// What is safe to say back: valid characters only, and not much of them.
std::string echo(std::string_view text) {
    std::string result;
    for (const char letter : text.substr(0, kEchoBytesMax))
        result += letter >= ' ' && letter < '\x7f' ? letter : '?';
    return result;
}

HttpResponse answer(int status, std::string_view type, std::string body) {
    return {status,
            {{"Content-Type", std::string(type)},
             {"X-Content-Type-Options", "nosniff"},
             {"Referrer-Policy", "no-referrer"},
             {"Cache-Control", "no-cache"}},
            std::move(body)};
}

/// A page may load its own style and icon and nothing else, run nothing, and stand in nobody's frame.
HttpResponse page(int status, std::string body) {
    HttpResponse response = answer(status, kHtml, std::move(body));
    response.headers.emplace_back("Content-Security-Policy",
                                  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                                  "form-action 'none'; frame-ancestors 'none'");
    response.headers.emplace_back("X-Frame-Options", "DENY");
    response.headers.emplace_back("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    return response;
}

void set_header(HttpResponse& response, std::string_view name, std::string value) {
    for (auto& [key, old] : response.headers) {
        if (key == name) {
            old = std::move(value);
            return;
        }
    }
    response.headers.emplace_back(name, std::move(value));
}

HttpResponse problem_answer(const Problem& problem) {
    HttpResponse response = answer(http_status(problem.kind), kJson, encode(problem));
    if (problem.kind == ProblemKind::unauthorized) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (problem.kind == ProblemKind::overloaded || problem.kind == ProblemKind::internal) {
        response.headers.emplace_back("Retry-After", std::to_string(kRetryAfterS));
    }
    return response;
}

Problem problem_of_kind(ProblemKind kind, std::string detail) {
    Problem problem;
    problem.kind = kind;
    problem.detail = std::move(detail);
    return problem;
}

bool matches(std::string_view if_none_match, std::string_view etag) {
    for (std::string_view one : split(if_none_match, ',')) {
        while (one.starts_with(' '))
            one.remove_prefix(1);
        while (one.ends_with(' '))
            one.remove_suffix(1);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == etag || one == "*") return true;
    }
    return false;
}

StoreResult<Totals> totals_of_all(Snapshot& reader) {
    const auto ids = reader.documents().centers();
    if (!ids) return unexpected(ids.error());
    Totals sum;
    for (const survey::CenterId& id : *ids) {
        const auto totals = reader.terminals().totals(id);
        if (!totals) return unexpected(totals.error());
        sum += totals->records;
    }
    return sum;
}

StoreResult<std::vector<Terminal>> all_terminals(TerminalReader& reader) {
    constexpr std::size_t kPage = 1'000;
    std::vector<Terminal> all;
    for (;;) {
        auto page = reader.page(all.empty() ? survey::KioskId{} : all.back().kiosk, kPage);
        if (!page) return page;
        all.insert(all.end(), page->begin(), page->end());
        if (page->size() < kPage) return all;
    }
}

/// One request on its way through the routes.
class Visit {
  public:
    Visit(RouteParts& parts, HttpRequest request, Responder respond)
        : parts_(parts), request_(std::move(request)), respond_(std::move(respond)), began_(parts.clock.monotonic()) {}

    void run() {
        const auto target = parse_target(request_.target);
        if (!target) return finish("other", answer(400, kText, "bad target\n"));
        target_ = *target;
        language_ = survey::parse_language(target_.get("lang")).value_or(Language::vi);
        const std::vector<std::string>& path = target_.path;
        if (path.size() == 4 && path[0] == "v1" && path[1] == "terminals" && survey::is_identifier(path[2])) {
            if (path[3] == "batches") return only("POST", "batches", [&] { take_batch({path[2]}); });
            if (path[3] == "inbox") return read_only("inbox", [&] { return inbox({path[2]}); });
        }
        if (request_.target == kEnrolmentsPath) return only("POST", "enrolments", [&] { take_enrolment(); });
        if (path.size() == 1 && path[0].empty()) return read_only("centers", [&] { return centers(); });
        if (path.size() == 1 && path[0] == "style.css") return read_only("asset", [&] { return style(); });
        if (path.size() == 1 && path[0] == "icon.svg") return read_only("asset", [&] { return icon(); });
        if (path.size() == 1 && path[0] == "healthz") return read_only("healthz", [&] { return healthz(); });
        if (path.size() == 1 && path[0] == "metrics") return read_only("metrics", [&] { return metrics(); });
        if (path.size() >= 2 && path.size() <= 3 && path[0] == "centers") {
            if (path.size() == 2) return read_only("results", [&] { return results(Form::page); });
            if (path[2] == "results.json") return read_only("results_json", [&] { return results(Form::json); });
            if (path[2] == "reconciliation") {
                return read_only("reconciliation", [&] { return reconciliation(Form::page); });
            }
            if (path[2] == "reconciliation.json") {
                return read_only("reconciliation_json", [&] { return reconciliation(Form::json); });
            }
            if (path[2] == "results.csv") return read_only("results_csv", [&] { return results(Form::csv); });
        }
        finish("other", not_found());
    }

  private:
    enum class Form { page, json, csv };

    void finish(std::string_view route, HttpResponse response) {
        parts_.metrics.request_done(route, response.status, parts_.clock.monotonic() - began_);
        respond_(std::move(response));
    }

    template <class Action>
    void only(std::string_view method, std::string_view route, Action&& action) {
        if (request_.method == method) return action();
        HttpResponse response = answer(405, kText, "use " + std::string(method) + "\n");
        response.headers.emplace_back("Allow", std::string(method));
        finish(route, std::move(response));
    }
    template <class Action>
    void read_only(std::string_view route, Action&& action) {
        if (request_.method == "GET" || request_.method == "HEAD") return finish(route, action());
        HttpResponse response = answer(405, kText, "use GET\n");
        response.headers.emplace_back("Allow", "GET, HEAD");
        finish(route, std::move(response));
    }

    PageRequest page_request() const {
        return {language_, target_.get("live") == "1", survey::local_date(parts_.clock.now())};
    }
    HttpResponse not_found() const { return page(404, parts_.pages.not_found(page_request())); }
    HttpResponse unavailable(const StoreError& error) const {
        parts_.log(request_.target.substr(0, kEchoBytesMax) + ": " + error.what + "; " + error.remedy);
        HttpResponse response = page(503, parts_.pages.unavailable(page_request()));
        response.headers.emplace_back("Retry-After", std::to_string(kRetryAfterS));
        return response;
    }

    HttpResponse style() const {
        HttpResponse response = answer(200, "text/css; charset=utf-8", parts_.pages.style());
        set_header(response, "Cache-Control", "public, max-age=86400");
        return response;
    }
    HttpResponse icon() const {
        HttpResponse response = answer(200, "image/svg+xml", parts_.pages.icon());
        set_header(response, "Cache-Control", "public, max-age=86400");
        return response;
    }

    HttpResponse centers() const {
        const auto reader = parts_.store.read();
        if (!reader) return unavailable(reader.error());
        const auto reference = parts_.references.current((*reader)->documents());
        if (!reference) return unavailable(reference.error());
        return page(200, parts_.pages.centers((*reference)->centers, page_request()));
    }

    /// What the figures of the center in the path and the period in the query are made from.
    struct Asked {
        Snapshot& reader;
        const Reference& reference;
        const survey::Center& center;
        survey::Period period;
        PageRequest request;
    };
    /// The answer that `make` gives, or why nothing was asked that there is.
    template <class Make>
    HttpResponse of_center(Make&& make) const {
        const auto reader = parts_.store.read();
        if (!reader) return unavailable(reader.error());
        const auto reference = parts_.references.current((*reader)->documents());
        if (!reference) return unavailable(reference.error());
        const survey::Center* center = (*reference)->center({target_.path[1]});
        if (center == nullptr) return not_found();
        const PageRequest request = page_request();
        const std::string wanted = target_.get("period");
        const auto period = wanted.empty()
                                ? survey::period_of(request.today, survey::PeriodKind::month, center->periods)
                                : survey::parse_period(wanted, center->periods);
        if (!period) return page(400, parts_.pages.bad_period(echo(wanted), request));
        return make(Asked{**reader, **reference, *center, *period, request});
    }
    /// Open to every page on the web: the figures are public.
    static HttpResponse open_json(std::string json) {
        HttpResponse response = answer(200, kJson, std::move(json));
        response.headers.emplace_back("Access-Control-Allow-Origin", "*");
        return response;
    }

    HttpResponse results(Form form) const {
        return of_center([&](const Asked& asked) {
            const auto found = sync::results(asked.reader, asked.reference.questionnaires, asked.center, asked.period,
                                             parts_.clock.now());
            if (!found) return unavailable(found.error());
            if (form == Form::page) {
                return page(200, parts_.pages.results(*found, asked.center.periods, asked.request));
            }
            if (form == Form::json) return open_json(results_json(*found));
            HttpResponse response =
                answer(200, "text/csv; charset=utf-8; header=present", results_csv(*found, language_));
            response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + asked.center.id.text +
                                                                     "-" + to_string(asked.period) + ".csv\"");
            return response;
        });
    }

    HttpResponse reconciliation(Form form) const {
        return of_center([&](const Asked& asked) {
            const auto found = reconcile_quickly(asked.reader, asked.center.id, asked.period.first, asked.period.last);
            if (!found) return unavailable(found.error());
            if (form == Form::page) {
                return page(200, parts_.pages.reconciliation(*found, asked.center, asked.period, asked.request));
            }
            return open_json(reconciliation_json(*found, parts_.clock.now()));
        });
    }

    HttpResponse healthz() const {
        boost::json::object health{{"version", parts_.version}};
        const auto reader = parts_.store.read();
        const auto ids = reader ? (*reader)->documents().centers() : unexpected(reader.error());
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

    HttpResponse metrics() const {
        const auto reader = parts_.store.read();
        const auto terminals = reader ? all_terminals((*reader)->terminals()) : unexpected(reader.error());
        const auto totals = reader ? totals_of_all(**reader) : unexpected(reader.error());
        const auto counts = reader ? (*reader)->counts() : unexpected(reader.error());
        if (!terminals || !totals || !counts) return answer(503, kText, "the store can't be read\n");
        return answer(200, "text/plain; version=0.0.4; charset=utf-8",
                      parts_.metrics.text(*terminals, *totals, *counts));
    }

    /// The terminal whose token came with the request, when it is `kiosk`.
    Expected<Terminal, Problem> authorized(const survey::KioskId& kiosk) const {
        const std::string_view header = request_.header("authorization");
        static constexpr std::string_view kScheme = "bearer ";
        const bool is_bearer = header.size() > kScheme.size() &&
                               std::equal(kScheme.begin(), kScheme.end(), header.begin(), [](char ours, char theirs) {
                                   return ours == theirs || ours == theirs + ('a' - 'A');
                               });
        if (!is_bearer) {
            return unexpected(problem_of_kind(ProblemKind::unauthorized, "send Authorization: Bearer and the token"));
        }
        const auto reader = parts_.store.read();
        if (!reader) return unexpected(problem_of_kind(ProblemKind::internal, reader.error().what));
        const auto terminal = (*reader)->terminals().by_token(to_hex(survey::sha256(header.substr(kScheme.size()))));
        if (!terminal) return unexpected(problem_of_kind(ProblemKind::internal, terminal.error().what));
        if (!*terminal) return unexpected(problem_of_kind(ProblemKind::unauthorized, "the token is not known here"));
        if ((*terminal)->kiosk != kiosk) {
            return unexpected(
                problem_of_kind(ProblemKind::forbidden, "the token belongs to \"" + (*terminal)->kiosk.text + "\""));
        }
        return **terminal;
    }

    void refuse_batch(const Problem& problem) {
        parts_.metrics.batch_refused(problem.kind);
        finish("batches", problem_answer(problem));
    }

    void take_batch(const survey::KioskId& kiosk) {
        const auto terminal = authorized(kiosk);
        if (!terminal) return refuse_batch(terminal.error());
        const auto encoding = parse_encoding(request_.header("content-encoding"));
        if (!encoding) return refuse_batch(problem_of_kind(ProblemKind::unsupported, encoding.error()));
        if (*encoding != Encoding::identity) {
            auto unpacked = decompress(request_.body, *encoding, kBatchBytesMax);
            if (!unpacked) {
                // Of what unpacking can refuse, only size has another remedy than mending the bytes.
                const bool is_large = unpacked.error().kind == UnpackErrorKind::too_large;
                const ProblemKind kind = is_large ? ProblemKind::too_large : ProblemKind::malformed;
                return refuse_batch(problem_of_kind(kind, unpacked.error().what));
            }
            request_.body = std::move(*unpacked);
        }
        auto batch = decode_batch(request_.body);
        if (!batch) return refuse_batch(problem_of(batch.error()));
        if (batch->header.kiosk != kiosk) {
            return refuse_batch(problem_of_kind(ProblemKind::forbidden,
                                                "the batch says it is of \"" + batch->header.kiosk.text + "\""));
        }
        const auto reference = newest_reference();
        if (!reference) return refuse_batch(problem_of_kind(ProblemKind::internal, reference.error().what));
        // The answer may come when this visit, and even the routes, are gone; clock and metrics outlive the writer.
        parts_.writer.submit(prepare(std::move(*batch), *terminal, **reference, parts_.clock.now()),
                             [respond = respond_, began = began_, &metrics = parts_.metrics, &clock = parts_.clock,
                              &key = parts_.keys.sign](const WriterAnswer& outcome) {
                                 HttpResponse response = outcome
                                                             ? answer(200, kJson, encode(signed_receipt(*outcome, key)))
                                                             : problem_answer(outcome.error());
                                 metrics.request_done("batches", response.status, clock.monotonic() - began);
                                 respond(std::move(response));
                             });
    }

    /// What the writer will most probably find; it looks again.
    StoreResult<std::shared_ptr<const Reference>> newest_reference() const {
        if (auto known = parts_.references.newest()) return known;
        const auto reader = parts_.store.read();
        if (!reader) return unexpected(reader.error());
        return parts_.references.current((*reader)->documents());
    }

    HttpResponse inbox(const survey::KioskId& kiosk) const {
        const auto terminal = authorized(kiosk);
        if (!terminal) return problem_answer(terminal.error());
        const auto reader = parts_.store.read();
        if (!reader) return problem_answer(problem_of_kind(ProblemKind::internal, reader.error().what));
        const auto inbox = parts_.inboxes.find(*terminal, **reader, survey::local_date(parts_.clock.now()));
        if (!inbox) return problem_answer(problem_of_kind(ProblemKind::internal, inbox.error().what));
        HttpResponse response = answer(304, kJson, {});
        if (!matches(request_.header("if-none-match"), inbox->etag)) {
            auto body = body_of(*inbox, *terminal, (*reader)->texts());
            if (!body) return problem_answer(problem_of_kind(ProblemKind::internal, body.error().what));
            response = answer(200, kJson, std::move(*body));
        }
        response.headers.emplace_back("ETag", inbox->etag);
        response.headers.emplace_back(kStoredSeqHeader, std::to_string(terminal->last_seq));
        return response;
    }

    void refuse_enrolment(const Problem& problem) { finish("enrolments", problem_answer(problem)); }

    void take_enrolment() {
        if (parts_.wrong_codes.are_too_many(parts_.clock.monotonic())) {
            HttpResponse later = problem_answer(
                problem_of_kind(ProblemKind::overloaded, "too many wrong codes were tried; come again in a minute"));
            set_header(later, "Retry-After", "60");
            return finish("enrolments", std::move(later));
        }
        const auto encoding = parse_encoding(request_.header("content-encoding"));
        if (!encoding || *encoding != Encoding::identity) {
            return refuse_enrolment(problem_of_kind(ProblemKind::unsupported, "send the request uncompressed"));
        }
        const auto request = decode_enrolment_request(request_.body);
        if (!request) {
            return refuse_enrolment(problem_of_kind(ProblemKind::malformed, survey::describe(request.error())));
        }
        // What the answer needs is kept apart from this visit, which may be gone by then.
        const auto outcome = std::make_shared<EnrolmentAnswer>(unexpected(Problem{}));
        parts_.writer.run_soon(
            [request = *request, outcome, &keys = parts_.keys,
             &clock = parts_.clock](Transaction& transaction) -> StoreResult<void> {
                auto answered =
                    enrol(request, survey::random_hex(kTokenBytes), public_halves(keys), clock.now(), transaction);
                if (!answered) return unexpected(answered.error());
                *outcome = std::move(*answered);
                return {};
            },
            [outcome, respond = respond_, began = began_, &metrics = parts_.metrics, &clock = parts_.clock,
             &wrong_codes = parts_.wrong_codes](const StoreResult<void>& written) {
                if (written && !*outcome) wrong_codes.add(clock.monotonic());
                HttpResponse response = enrolment_answer(written, *outcome);
                metrics.request_done("enrolments", response.status, clock.monotonic() - began);
                respond(std::move(response));
            });
    }

    static HttpResponse enrolment_answer(const StoreResult<void>& written, const EnrolmentAnswer& outcome) {
        if (!written) {
            const bool is_busy = written.error().kind == StoreErrorKind::busy;
            return problem_answer(problem_of_kind(is_busy ? ProblemKind::overloaded : ProblemKind::internal,
                                                  "nothing was enrolled: " + written.error().what));
        }
        if (!outcome) return problem_answer(outcome.error());
        HttpResponse response = answer(200, kJson, encode(*outcome));
        set_header(response, "Cache-Control", "no-store");  // it holds a token
        return response;
    }

    RouteParts& parts_;
    HttpRequest request_;
    Responder respond_;
    const survey::MonoTime began_;
    Target target_;
    Language language_ = Language::vi;
};

}  // namespace

HttpResponse Routes::refusal(int status, const std::string& reason) {
    const ProblemKind kind = status == 413   ? ProblemKind::too_large
                             : status == 503 ? ProblemKind::overloaded
                                             : ProblemKind::malformed;
    HttpResponse response = problem_answer(problem_of_kind(kind, reason));
    response.status = status;
    return response;
}

void Routes::handle(HttpRequest request, Responder respond) {
    Visit(parts_, std::move(request), std::move(respond)).run();
}

}  // namespace hailong::sync
