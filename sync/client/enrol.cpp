#include "sync/client/enrol.h"

#include <utility>

#include "survey/base/fault.h"
#include "sync/client/client.h"
#include "sync/client/identity.h"
#include "sync/protocol/endpoints.h"

namespace hailong::sync {
namespace {

using kiosk::Journal;
using kiosk::StoreError;

constexpr const char* kNewCode = "print a new code with `hailong-backend enroll` and use it within its time";

/// How many records got new numbers.
Expected<std::int64_t, StoreError> continue_numbering(Journal& journal, const kiosk::ChainHead& stored) {
    const auto adopted = journal.adopt(stored);
    if (!adopted) return unexpected(adopted.error());
    if (*adopted) return 0;
    const auto own = journal.hash_at(stored.seq);
    if (!own) return unexpected(own.error());
    if (*own == stored.hash) return 0;
    const auto base = journal.base();
    if (!base) return unexpected(base.error());
    // Only what was pruned here: the backend lost it, nothing says that it went another way.
    if (stored.seq < base->seq) return 0;
    return journal.renumber_after(stored.seq, stored.hash);
}

Exchange refused(const Problem& problem, int retry_after_s) {
    const std::string said = std::string(name(problem.kind)) + ": " + one_line(problem.detail) + "; ";
    switch (problem.kind) {
        case ProblemKind::unauthorized:
            return person(said + "the code was mistyped, used by another device, or is too old: compare it, or " +
                          kNewCode);
        case ProblemKind::forbidden:
            return person(said + "the code is for another terminal: correct `kiosk` in the configuration, or " +
                          kNewCode);
        case ProblemKind::bad_signature:
            return person(said + "the request was changed on the way: ask again");
        case ProblemKind::malformed:
        case ProblemKind::unsupported:
        case ProblemKind::too_large:
        case ProblemKind::gap:
        case ProblemKind::altered:
        case ProblemKind::chain_mismatch:
        case ProblemKind::overloaded:
        case ProblemKind::internal:
            break;
    }
    return from_problem(problem, retry_after_s);
}

}  // namespace

Expected<EnrolmentRequest, Exchange> request_enrolment(const std::filesystem::path& identity_file,
                                                       const survey::KioskId& kiosk, std::string_view code) {
    const auto read = parse_code(code);
    if (!read) {
        return unexpected(person("\"" + one_line(code) + "\" is no code: type the " + std::to_string(kCodeCharacters) +
                                 " letters and digits as they were printed, like " + show_code("K7QM2XRT9FAB")));
    }
    auto pending = load_pending(identity_file);
    if (!pending || pending->code != *read || pending->kiosk != kiosk) {
        pending = PendingEnrolment{kiosk, *read, survey::make_sign_key()};
        const auto saved = save_pending(identity_file, *pending);
        if (!saved) return unexpected(saved.error());
    }
    EnrolmentRequest request{*read, kiosk, survey::public_half(pending->secret_key), {}};
    request.proof = survey::sign(proof_text(request), pending->secret_key);
    return request;
}

Exchange take_enrolment(const std::filesystem::path& identity_file, const survey::KioskId& kiosk,
                        const Enrolment& enrolment, kiosk::Journal& journal) {
    if (enrolment.kiosk != kiosk) {
        return person("the answer is for terminal \"" + enrolment.kiosk.text + "\", this is terminal \"" + kiosk.text +
                      "\": bring the right file, or correct `kiosk` in the configuration");
    }
    const auto pending = load_pending(identity_file);
    if (!pending || pending->kiosk != kiosk) {
        const auto present = load_identity(identity_file, kiosk);
        if (present && present->token == enrolment.token) {
            return {Outcome::idle, "this answer was taken before: the terminal is enrolled"};
        }
        return person("no request of this terminal waits for this answer: " + std::string(kNewCode));
    }
    const auto renumbered = continue_numbering(journal, {enrolment.last_seq, enrolment.last_hash});
    if (!renumbered) return from_store(renumbered.error());
    const auto keyed = journal.set_text_key(enrolment.keys.text.bytes);
    if (!keyed) return from_store(keyed.error());
    const auto saved =
        save_identity(identity_file, {kiosk, enrolment.center, enrolment.token, pending->secret_key, enrolment.keys});
    if (!saved) return saved.error();
    std::error_code ignored;  // what stays is a key without use: the next request replaces it
    std::filesystem::remove(pending_file(identity_file), ignored);

    Exchange done = progress("enrolled as terminal \"" + kiosk.text + "\" of center \"" + enrolment.center.text +
                             "\"; the backend holds its records up to " + std::to_string(enrolment.last_seq));
    if (*renumbered > 0) {
        done.what += "; it stored another history, so " + std::to_string(*renumbered) +
                     " records of this terminal got new numbers behind it; none is lost, none is counted twice";
        done.is_warning = true;
    }
    return done;
}

Exchange enrol(const std::filesystem::path& identity_file, const survey::KioskId& kiosk, std::string_view code,
               Transport& transport, kiosk::Journal& journal) {
    const auto request = request_enrolment(identity_file, kiosk, code);
    if (!request) return request.error();
    const auto reply = transport.send({"POST", kEnrolmentsPath, {"Content-Type: application/json"}, encode(*request)});
    if (!reply) return later(reply.error().what + "; the same code can be used again");
    if (reply->status == 200) {
        const auto enrolment = decode_enrolment(reply->body);
        return enrolment ? take_enrolment(identity_file, kiosk, *enrolment, journal) : not_the_backend(*reply);
    }
    const auto problem = decode_problem(reply->body);
    return problem ? refused(*problem, reply->retry_after_s) : not_the_backend(*reply);
}

}  // namespace hailong::sync
