#include "sync/backend/terminals/enrolment.h"

#include <algorithm>
#include <utility>

namespace hailong::sync {
namespace {

constexpr std::chrono::minutes kWindow{1};

std::string hash_of(const std::string& secret) {
    return to_hex(survey::sha256(secret));
}

Problem refusal(ProblemKind kind, std::string detail) {
    Problem problem;
    problem.kind = kind;
    problem.detail = std::move(detail);
    return problem;
}

/// Kept once a day for each terminal that exists, and once for all names that do not: who tries fills no disk.
StoreResult<void> note(const std::string& what, const survey::KioskId& kiosk, survey::UtcTime now,
                       Transaction& transaction) {
    const auto known = transaction.terminals().terminal(kiosk);
    if (!known) return unexpected(known.error());
    const std::vector<Incident> incidents = {{now, *known ? kiosk : survey::KioskId{}, IncidentKind::wrong_code,
                                              "on " + survey::to_string(survey::local_date(now)) + ": " + what, ""}};
    return transaction.incidents().add(incidents);
}

/// Why this code is not for this request; empty when it is.
std::string why_not(const EnrolmentCode& code, const EnrolmentRequest& request, const std::optional<Terminal>& terminal,
                    survey::UtcTime now) {
    if (code.kiosk != request.kiosk) return "the code is for another terminal; check the terminal's id";
    if (now > code.expires) return "the code is too old; print a new one at the backend";
    if (code.expires - now > std::chrono::minutes(kCodeMinutesMax)) {
        return "the code was printed while the backend's clock was wrong; print a new one at the backend";
    }
    if (terminal && terminal->center != code.center) {
        return "the terminal belongs to another center than the code; print a new one at the backend";
    }
    if (!code.used_by) return {};
    if (*code.used_by != request.public_key) return "the code was used already; print a new one at the backend";
    const bool is_present_key = terminal && terminal->key == request.public_key;
    return is_present_key ? "" : "the code was used and its terminal revoked; print a new one at the backend";
}

struct Decided {
    EnrolmentCode code;
    std::optional<Terminal> terminal;  // as it is known so far
    std::optional<Problem> refused;    // empty: granted
    std::string incident;              // what people are told of a refusal; empty: nothing
};

StoreResult<Decided> decide(const EnrolmentRequest& request, survey::UtcTime now, TerminalReader& reader) {
    Decided decided;
    if (!survey::verifies(proof_text(request), request.proof, request.public_key)) {
        decided.refused =
            refusal(ProblemKind::bad_signature, "the request is not signed with the key that it brings; send it again");
        return decided;
    }
    const auto found = reader.code(hash_of(request.code));
    if (!found) return unexpected(found.error());
    if (!*found) {
        decided.incident = "a wrong enrolment code was tried";
        decided.refused = refusal(ProblemKind::unauthorized, "there is no such code; compare it with what was printed");
        return decided;
    }
    const auto known = reader.terminal(request.kiosk);
    if (!known) return unexpected(known.error());
    decided.code = **found;
    decided.terminal = *known;
    if (std::string reason = why_not(decided.code, request, *known, now); !reason.empty()) {
        decided.incident = reason.substr(0, reason.find(';'));
        decided.refused = refusal(ProblemKind::unauthorized, std::move(reason));
    }
    return decided;
}

/// 256 bits that can't be guessed, in hexadecimal.
std::string token_of(const EnrolmentRequest& request, const survey::SignSecretKey& key) {
    const std::string_view secret(reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size());
    return to_hex(survey::hmac_sha256(secret, "hailong token 1\n" + request.kiosk.text + '\n' + request.code + '\n' +
                                                  survey::key_text(request.public_key)));
}

}  // namespace

StoreResult<void> keep_code(const std::string& code, const survey::KioskId& kiosk, const survey::CenterId& center,
                            survey::UtcTime expires, Transaction& transaction) {
    if (const auto ended = transaction.terminals().end_codes(kiosk); !ended) return ended;
    return transaction.terminals().put_code({hash_of(code), kiosk, center, expires, std::nullopt});
}

StoreResult<std::string> why_no_code(const survey::KioskId& kiosk, const survey::CenterId& center, Snapshot& snapshot) {
    const auto document = snapshot.documents().center(center);
    if (!document) return unexpected(document.error());
    if (!*document) {
        return "there is no center \"" + center.text +
               "\" in this store; import it with `hailong-backend init`, or correct --center";
    }
    const auto known = snapshot.terminals().terminal(kiosk);
    if (!known) return unexpected(known.error());
    if (*known && (*known)->center != center) {
        return "the terminal \"" + kiosk.text + "\" belongs to the center \"" + (*known)->center.text +
               "\", and its records stay there; choose another --kiosk";
    }
    return std::string();
}

StoreResult<bool> any_terminal_has_key(TerminalReader& reader) {
    constexpr std::size_t kPage = 1'000;
    survey::KioskId after;
    for (;;) {
        const auto page = reader.page(after, kPage);
        if (!page) return unexpected(page.error());
        const auto has_key = [](const Terminal& terminal) { return terminal.key.has_value(); };
        if (std::any_of(page->begin(), page->end(), has_key)) return true;
        if (page->size() < kPage) return false;
        after = page->back().kiosk;
    }
}

StoreResult<std::optional<Problem>> why_not_enrolled(const EnrolmentRequest& request, survey::UtcTime now,
                                                     TerminalReader& reader) {
    const auto decided = decide(request, now, reader);
    if (!decided) return unexpected(decided.error());
    return decided->refused;
}

StoreResult<EnrolmentAnswer> enrol(const EnrolmentRequest& request, const ServiceKeys& keys, survey::UtcTime now,
                                   Transaction& transaction) {
    auto decided = decide(request, now, transaction.terminals());
    if (!decided) return unexpected(decided.error());
    if (decided->refused) {
        if (!decided->incident.empty()) {
            const auto noted = note(decided->incident, request.kiosk, now, transaction);
            if (!noted) return unexpected(noted.error());
        }
        return EnrolmentAnswer(unexpected(std::move(*decided->refused)));
    }
    EnrolmentCode& code = decided->code;
    Terminal terminal = decided->terminal.value_or(Terminal{});
    terminal.kiosk = code.kiosk;
    terminal.center = code.center;
    const std::string token = token_of(request, keys.sign);
    terminal.token_hash = hash_of(token);
    terminal.key = request.public_key;
    code.used_by = request.public_key;
    if (const auto put = transaction.terminals().put(terminal); !put) return unexpected(put.error());
    if (const auto put = transaction.terminals().add_key({terminal.kiosk, request.public_key, now}); !put) {
        return unexpected(put.error());
    }
    if (const auto put = transaction.terminals().put_code(code); !put) return unexpected(put.error());
    return EnrolmentAnswer(Enrolment{terminal.kiosk, terminal.center, token, public_halves(keys), terminal.last_seq,
                                     terminal.last_hash, now});
}

StoreResult<bool> revoke(const survey::KioskId& kiosk, Transaction& transaction) {
    const auto known = transaction.terminals().terminal(kiosk);
    if (!known) return unexpected(known.error());
    if (const auto ended = transaction.terminals().end_codes(kiosk); !ended) return unexpected(ended.error());
    Terminal terminal = known->value();
    if (terminal.token_hash.empty() && !terminal.key) return false;
    terminal.token_hash.clear();
    terminal.key.reset();
    if (const auto put = transaction.terminals().put(terminal); !put) return unexpected(put.error());
    return true;
}

bool WrongCodes::are_too_many(const std::string& client, const survey::KioskId& kiosk, survey::MonoTime now) {
    const std::lock_guard lock(mutex_);
    forget_old(now);
    const auto count = [this](auto is_one) {
        return static_cast<std::size_t>(std::count_if(wrong_.begin(), wrong_.end(), is_one));
    };
    return count([&](const Wrong& one) { return one.client == client; }) >= kMost ||
           count([&](const Wrong& one) { return one.kiosk == kiosk; }) >= kMost;
}

bool WrongCodes::add(const std::string& client, const survey::KioskId& kiosk, survey::MonoTime now) {
    const std::lock_guard lock(mutex_);
    forget_old(now);
    wrong_.push_back({now, client, kiosk});
    const bool is_told = wrong_.size() <= kToldMost;
    if (wrong_.size() > kKeptMost) wrong_.pop_front();
    return is_told;
}

void WrongCodes::forget_old(survey::MonoTime now) {
    while (!wrong_.empty() && now - wrong_.front().time >= kWindow)
        wrong_.pop_front();
}

}  // namespace hailong::sync
