// What terminals ask for (PROTOCOL.md): they send batches, fetch their inbox, and become terminals with a one-time
// code.
//
//   POST /v1/enrolments                  with the code
//   GET  /v1/terminals/{kiosk}/inbox     with the terminal's token
//   POST /v1/terminals/{kiosk}/batches   with the terminal's token
#pragma once

#include <functional>
#include <vector>

#include "survey/base/time.h"
#include "sync/backend/api/write_queue.h"
#include "sync/backend/http/router.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/store/store.h"
#include "sync/backend/terminals/enrolment.h"
#include "sync/backend/terminals/inbox.h"
#include "sync/backend/terminals/kept_statuses.h"
#include "sync/backend/terminals/keys.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// Hears of each refusal of the store to read.
using StoreRefused = std::function<void(const StoreError&)>;

/// All of it outlives the routes, and every answer that the queue still owes.
struct TerminalParts {
    Store& store;
    ReferenceCache& references;
    InboxCache& inboxes;
    WriteQueue& queue;
    const survey::Clock& clock;
    const ServiceKeys& keys;
    WrongCodes& wrong_codes;
    KeptStatuses& statuses;
    std::function<void(ProblemKind)> batch_refused;  // hears of each batch that never reached the queue
    StoreRefused store_refused;
    /// Runs a job where nothing but large batches waits behind it; false when too many wait there.
    std::function<bool(std::function<void()>)> run_large;
    /// Hears what became of each batch of a terminal; null: it was taken. From any thread.
    std::function<void(const survey::KioskId&, const Problem*)> batch_answered = [](const survey::KioskId&,
                                                                                    const Problem*) {};
    /// Hears what became of each request to be enrolled; null: the terminal was. From any thread.
    std::function<void(const survey::KioskId&, const Problem*)> enrolment_answered = [](const survey::KioskId&,
                                                                                        const Problem*) {};
};

/// Those that need a terminal find it, a Terminal, as the caller of the request.
[[nodiscard]] std::vector<Route> terminal_routes(const TerminalParts& parts);

/// The terminal `kiosk`, when the token that came with the request is its own.
[[nodiscard]] Expected<Terminal, Problem> authenticate_terminal(const HttpRequest& request,
                                                                const survey::KioskId& kiosk, Store& store,
                                                                const StoreRefused& refused);

/// A problem as terminals understand it.
[[nodiscard]] HttpResponse problem_answer(const Problem& problem);
[[nodiscard]] HttpResponse problem_answer(ProblemKind kind, std::string detail);

}  // namespace hailong::sync
