// What the backend answers to a batch: a receipt, or a problem that says what to do. PROTOCOL.md is the specification.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"

namespace hailong::sync {

/// Why a record is stored but not counted (PROTOCOL.md 5.2, in the order in which they are looked for).
enum class QuarantineReason {
    unknown_format,
    unreadable,
    wrong_place,
    duplicate_id,
    unknown_questionnaire,
    unknown_center,
    unknown_counter,
    unknown_officer,
    unknown_procedure,
    unknown_field,
    invalid,
    other  // never written by this program: a word of a newer backend that a terminal does not know
};
/// The enumerator as text: stable, on the wire and in the backend's store.
[[nodiscard]] std::string_view name(QuarantineReason reason);
[[nodiscard]] std::optional<QuarantineReason> parse_quarantine_reason(std::string_view word);

/// A record that was kept but could not be counted.
struct Quarantined {
    std::int64_t seq = 0;
    QuarantineReason reason = QuarantineReason::other;
    std::string detail;  // for people; with `other` it begins with the word that is not known
    bool operator==(const Quarantined&) const = default;
};

/// Stored durably up to and including `last_seq`. The only thing that lets a terminal count a record as delivered.
struct Receipt {
    survey::KioskId kiosk;
    std::int64_t last_seq = 0;
    survey::Digest last_hash;
    std::int64_t accepted = 0;    // new with this batch, quarantined ones included
    std::int64_t duplicates = 0;  // stored before, same bytes
    std::vector<Quarantined> quarantined;
    survey::UtcTime received{};                  // the backend's wall clock
    std::optional<survey::Signature> signature;  // of the backend, over receipt_text(); empty: not signed yet
    bool operator==(const Receipt&) const = default;
};

/// Why a batch was not taken. The word stands in the body's "problem" member.
enum class ProblemKind {
    malformed,       // 400: the frame is broken; sending it again won't help
    unauthorized,    // 401: no or unknown token, or a code that is wrong, used or too old
    bad_signature,   // 401: not signed with the terminal's key
    forbidden,       // 403: the token belongs to another terminal
    gap,             // 409: records before this batch are missing; send from `wanted_seq`
    altered,         // 409: a record stored already has other bytes; `seq` names it; people must look
    chain_mismatch,  // 422: the bytes do not lead to `last_hash`; send again, damaged on the way
    too_large,       // 413: send fewer records
    unsupported,     // 415, 426: encoding or protocol version
    overloaded,      // 503: later
    internal         // 500: later
};
[[nodiscard]] std::string_view name(ProblemKind kind);
[[nodiscard]] int http_status(ProblemKind kind);

struct Problem {
    ProblemKind kind = ProblemKind::internal;
    std::string detail;                      // for people
    std::optional<std::int64_t> wanted_seq;  // gap
    std::optional<std::int64_t> seq;         // altered
    bool operator==(const Problem&) const = default;
};

/// What the backend signs: "hailong-receipt-1", kiosk, last_seq, last_hash in hexadecimal, received_ms, and "seq
/// reason" of each quarantined record; each on a line, no line feed after the last.
[[nodiscard]] std::string receipt_text(const Receipt& receipt);
[[nodiscard]] bool is_signed_by(const Receipt& receipt, const survey::SignPublicKey& key);

/// Most records that one receipt lists as quarantined: all of a batch.
inline constexpr std::size_t kQuarantinedMax = 500;

// Canonical JSON. Reading ignores unknown members; an unknown problem word is a fault (its reader goes by the status).
[[nodiscard]] std::string encode(const Receipt& receipt);
[[nodiscard]] Expected<Receipt, survey::Faults> decode_receipt(std::string_view body);
[[nodiscard]] std::string encode(const Problem& problem);
[[nodiscard]] Expected<Problem, survey::Faults> decode_problem(std::string_view body);

}  // namespace hailong::sync
