#include "sync/backend/api/terminal_endpoints.h"

#include <algorithm>
#include <any>
#include <memory>
#include <optional>
#include <utility>

#include "survey/base/check.h"
#include "survey/base/hex.h"
#include "survey/base/host.h"
#include "sync/backend/http/answers.h"
#include "sync/backend/http/conditional.h"
#include "sync/backend/ingest/claims.h"
#include "sync/protocol/compression.h"
#include "sync/protocol/endpoints.h"
#include "sync/protocol/inbox.h"

namespace hailong::sync {
namespace {

/// kStatusHeader as requests have it: names in lower case.
constexpr std::string_view kStatusHeaderKey = "hailong-status";

/// What somebody waits who tried codes while too many wrong ones were tried, in seconds.
constexpr int kWrongCodesPauseS = 60;

Problem problem_of_kind(ProblemKind kind, std::string detail) {
    Problem problem;
    problem.kind = kind;
    problem.detail = std::move(detail);
    return problem;
}

/// The bytes of a batch as they were before they were compressed.
Expected<std::string, Problem> unpacked(HttpRequest& request) {
    const auto encoding = parse_encoding(request.header("content-encoding"));
    if (!encoding) return unexpected(problem_of_kind(ProblemKind::unsupported, encoding.error()));
    if (*encoding == Encoding::identity) return std::move(request.body);
    auto bytes = decompress(request.body, *encoding, kBatchBytesMax);
    if (!bytes) {
        const bool is_large = bytes.error().kind == UnpackErrorKind::too_large;
        return unexpected(
            problem_of_kind(is_large ? ProblemKind::too_large : ProblemKind::malformed, bytes.error().what));
    }
    return std::move(*bytes);
}

Expected<Batch, Problem> batch_in(HttpRequest& request, const survey::KioskId& kiosk) {
    const auto bytes = unpacked(request);
    if (!bytes) return unexpected(bytes.error());
    auto batch = decode_batch(*bytes);
    if (!batch) return unexpected(problem_of(batch.error()));
    if (batch->header.kiosk != kiosk) {
        return unexpected(
            problem_of_kind(ProblemKind::forbidden, "the batch says it is of \"" + batch->header.kiosk.text + "\""));
    }
    return std::move(*batch);
}

/// The documents that the writer will most probably find; it looks again.
StoreResult<std::shared_ptr<const Reference>> newest_reference(const TerminalParts& parts) {
    if (auto known = parts.references.newest()) return known;
    const auto snapshot = parts.store.read();
    if (!snapshot) return unexpected(snapshot.error());
    return parts.references.current(**snapshot);
}

const Terminal& caller_of(const RoutedRequest& routed) {
    const auto* terminal = std::any_cast<Terminal>(&routed.caller);
    survey::check(terminal != nullptr, "the route lets only terminals in");
    return *terminal;
}

/// What a terminal is told when the store refused; the store's own sentence is for the log.
Problem store_refused(const StoreRefused& refused, const StoreError& error) {
    refused(error);
    return problem_of_kind(ProblemKind::internal, std::string(told_outside(error.kind)));
}

/// A batch on its way to the writer.
struct Arrival {
    Batch batch;
    Terminal terminal;  // that sent it, as it stood
    survey::UtcTime received{};
    Responder respond;
};

void refuse_batch(const TerminalParts& parts, const survey::KioskId& kiosk, const Responder& respond,
                  const Problem& problem) {
    parts.batch_refused(problem.kind);
    parts.batch_answered(kiosk, &problem);
    respond(problem_answer(problem));
}

void prepare_and_submit(const TerminalParts& parts, const std::shared_ptr<const survey::Signer>& signer,
                        Arrival& arrival) {
    const survey::KioskId& kiosk = arrival.terminal.kiosk;
    const auto reference = newest_reference(parts);
    if (!reference) {
        return refuse_batch(parts, kiosk, arrival.respond, store_refused(parts.store_refused, reference.error()));
    }
    auto prepared = prepare(std::move(arrival.batch), arrival.terminal, **reference, arrival.received);
    // The answer may come when the routes are gone.
    const auto answered = [respond = arrival.respond, signer, kiosk,
                           told = parts.batch_answered](const WriterAnswer& outcome) {
        told(kiosk, outcome ? nullptr : &outcome.error());
        respond(outcome ? answer(200, kJson, encode(signed_receipt(*outcome, *signer)))
                        : problem_answer(outcome.error()));
    };
    parts.queue.submit(std::move(prepared), answered);
}

void take_batch(const TerminalParts& parts, const std::shared_ptr<const survey::Signer>& signer, RoutedRequest routed,
                const Responder& respond) {
    auto batch = batch_in(routed.request, caller_of(routed).kiosk);
    if (!batch) return refuse_batch(parts, caller_of(routed).kiosk, respond, batch.error());
    Arrival arrival{std::move(*batch), caller_of(routed), parts.clock.now(), respond};
    if (!is_large(arrival.batch)) return prepare_and_submit(parts, signer, arrival);
    // A job is copied, and what it works on is not.
    const auto large = std::make_shared<Arrival>(std::move(arrival));
    if (parts.run_large([&parts, signer, large] { prepare_and_submit(parts, signer, *large); })) return;
    refuse_batch(parts, large->terminal.kiosk, respond,
                 problem_of_kind(ProblemKind::overloaded, "too many large batches wait; come again later"));
}

StoreResult<HttpResponse> inbox_answer(const TerminalParts& parts, const survey::Signer& signer,
                                       const RoutedRequest& routed) {
    const Terminal& terminal = caller_of(routed);
    const auto snapshot = parts.store.read();
    if (!snapshot) return unexpected(snapshot.error());
    const auto inbox = parts.inboxes.find(terminal, **snapshot, survey::local_date(parts.clock.now()));
    if (!inbox) return unexpected(inbox.error());
    HttpResponse response = answer(200, kJson, {});
    const std::string_view packed = packed_body_of(*inbox, terminal);
    const bool is_packed = !packed.empty() && takes_gzip(routed.request.header("accept-encoding"));
    // Weak: the packed and the plain form are one inbox (RFC 9110, section 8.8.3.3).
    const std::string etag = (is_packed ? "W/" : "") + inbox->etag;
    const auto sign = [&](std::string_view body) {
        const auto signature = signer.sign(inbox_text(terminal.kiosk, etag, terminal.last_seq, body));
        response.headers.emplace_back(kInboxSignatureHeader, survey::key_text(signature));
    };
    response.headers.emplace_back("ETag", etag);
    response.headers.emplace_back("Vary", "Accept-Encoding");
    response.headers.emplace_back(kStoredSeqHeader, std::to_string(terminal.last_seq));
    if (is_named_in(routed.request.header("if-none-match"), inbox->etag)) {
        sign({});
        return not_modified(response);
    }
    auto body = body_of(*inbox, terminal, (*snapshot)->texts());
    if (!body) return unexpected(body.error());
    sign(*body);
    response.body = std::move(*body);
    if (is_packed) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.body = packed;
    }
    return response;
}

/// Without a word to the terminal: nobody waits for its status to be written.
void keep_status(const TerminalParts& parts, const RoutedRequest& routed) {
    auto due = parts.statuses.hear(caller_of(routed), routed.request.header(kStatusHeaderKey));
    if (due.empty()) return;
    const auto statuses = std::make_shared<const std::vector<HeardStatus>>(std::move(due));
    parts.queue.run_soon(
        [statuses](Transaction& transaction) -> StoreResult<void> {
            const auto put = transaction.terminals().put_statuses(*statuses);
            if (!put) return put;
            for (const HeardStatus& one : *statuses) {
                const auto noted =
                    transaction.incidents().add(claim_incidents(one.doubts, one.kiosk, one.heard, encode(one.status)));
                if (!noted) return noted;
            }
            return {};
        },
        [statuses, &kept = parts.statuses](const StoreResult<void>& written) {
            kept.written(*statuses, written.has_value());
        });
}

HttpResponse inbox(const TerminalParts& parts, const survey::Signer& signer, const RoutedRequest& routed) {
    keep_status(parts, routed);
    const auto response = inbox_answer(parts, signer, routed);
    return response ? *response : problem_answer(store_refused(parts.store_refused, response.error()));
}

HttpResponse enrolment_answer(const StoreResult<void>& written, const EnrolmentAnswer& outcome) {
    if (!written) {
        const bool is_busy = written.error().kind == StoreErrorKind::busy;
        return problem_answer(is_busy ? ProblemKind::overloaded : ProblemKind::internal,
                              "nothing was enrolled: " + std::string(told_outside(written.error().kind)));
    }
    if (!outcome) return problem_answer(outcome.error());
    HttpResponse response = answer(200, kJson, encode(*outcome));
    set_header(response, "Cache-Control", "no-store");  // it holds a token
    return response;
}

/// What is answered to a wrong code that nothing is written for. Empty: the writer decides.
std::optional<HttpResponse> refused_enrolment(const TerminalParts& parts, const EnrolmentRequest& request,
                                              const std::string& client) {
    const auto snapshot = parts.store.read();
    const auto why = snapshot ? why_not_enrolled(request, parts.clock.now(), (*snapshot)->terminals())
                              : unexpected(snapshot.error());
    if (!why) return problem_answer(store_refused(parts.store_refused, why.error()));
    if (!*why) return std::nullopt;
    parts.enrolment_answered(request.kiosk, &**why);
    const survey::MonoTime now = parts.clock.monotonic();
    if (parts.wrong_codes.are_too_many(client, request.kiosk, now)) {
        HttpResponse later =
            problem_answer(ProblemKind::overloaded, "too many wrong codes were tried; come again in a minute");
        set_header(later, "Retry-After", std::to_string(kWrongCodesPauseS));
        return later;
    }
    if (!parts.wrong_codes.add(client, request.kiosk, now)) return problem_answer(**why);
    return std::nullopt;
}

void take_enrolment(const TerminalParts& parts, const RoutedRequest& routed, const Responder& respond) {
    const auto encoding = parse_encoding(routed.request.header("content-encoding"));
    if (!encoding || *encoding != Encoding::identity) {
        return respond(problem_answer(ProblemKind::unsupported, "send the request uncompressed"));
    }
    const auto request = decode_enrolment_request(routed.request.body);
    if (!request) return respond(problem_answer(ProblemKind::malformed, survey::describe(request.error())));
    if (const auto refused = refused_enrolment(parts, *request, routed.request.client)) return respond(*refused);
    const auto outcome = std::make_shared<EnrolmentAnswer>(unexpected(Problem{}));
    parts.queue.run_soon(
        [request = *request, outcome, &keys = parts.keys,
         &clock = parts.clock](Transaction& transaction) -> StoreResult<void> {
            auto answered = enrol(request, keys, clock.now(), transaction);
            if (!answered) return unexpected(answered.error());
            *outcome = std::move(*answered);
            return {};
        },
        [outcome, respond, kiosk = request->kiosk, told = parts.enrolment_answered](const StoreResult<void>& written) {
            if (written && *outcome) told(kiosk, nullptr);
            respond(enrolment_answer(written, *outcome));
        });
}

}  // namespace

HttpResponse problem_answer(const Problem& problem) {
    HttpResponse response = answer(http_status(problem.kind), kJson, encode(problem));
    if (problem.kind == ProblemKind::unauthorized) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (problem.kind == ProblemKind::overloaded || problem.kind == ProblemKind::internal) ask_to_come_later(response);
    return response;
}

HttpResponse problem_answer(ProblemKind kind, std::string detail) {
    return problem_answer(problem_of_kind(kind, std::move(detail)));
}

Expected<Terminal, Problem> authenticate_terminal(const HttpRequest& request, const survey::KioskId& kiosk,
                                                  Store& store, const StoreRefused& refused) {
    const auto refuse = [](ProblemKind kind, std::string detail) {
        return unexpected(problem_of_kind(kind, std::move(detail)));
    };
    const std::string_view header = request.header("authorization");
    static constexpr std::string_view kScheme = "bearer ";
    const bool is_bearer = header.size() > kScheme.size() &&
                           std::equal(kScheme.begin(), kScheme.end(), header.begin(), [](char ours, char theirs) {
                               return ours == theirs || ours == theirs + ('a' - 'A');
                           });
    if (!is_bearer) return refuse(ProblemKind::unauthorized, "send Authorization: Bearer and the token");
    const auto snapshot = store.read();
    if (!snapshot) return unexpected(store_refused(refused, snapshot.error()));
    const auto found = (*snapshot)->terminals().by_token(to_hex(survey::sha256(header.substr(kScheme.size()))));
    if (!found) return unexpected(store_refused(refused, found.error()));
    if (!*found) return refuse(ProblemKind::unauthorized, "the token is not known here");
    const Terminal& terminal = **found;
    if (terminal.kiosk != kiosk) {
        return refuse(ProblemKind::forbidden, "the token belongs to \"" + terminal.kiosk.text + "\"");
    }
    return terminal;
}

std::vector<Route> terminal_routes(const TerminalParts& parts) {
    Route enrolments{Method::post, kEnrolmentsPath, Authentication::none, Lane::terminals,
                     {},           "enrolments",    kEnrolmentBytesMax};
    enrolments.handler = [parts](const RoutedRequest& routed, const Responder& respond) {
        take_enrolment(parts, routed, respond);
    };
    Route down{Method::get, inbox_path({"{kiosk}"}), Authentication::terminal, Lane::terminals, {}, "inbox"};
    const auto signer = std::make_shared<const survey::Signer>(parts.keys.sign);
    down.handler = answering([parts, signer](const RoutedRequest& routed) { return inbox(parts, *signer, routed); });
    Route up{Method::post,  batches_path({"{kiosk}"}), Authentication::terminal, Lane::terminals, {}, "batches",
             kBatchBytesMax};
    // Large batches are prepared when the handler has returned.
    const auto lasting = std::make_shared<const TerminalParts>(parts);
    up.handler = [lasting, signer](RoutedRequest routed, const Responder& respond) {
        take_batch(*lasting, signer, std::move(routed), respond);
    };
    return {std::move(enrolments), std::move(down), std::move(up)};
}

}  // namespace hailong::sync
