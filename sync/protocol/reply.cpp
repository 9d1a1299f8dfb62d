#include "sync/protocol/reply.h"

#include <array>

#include "survey/base/check.h"
#include "survey/base/json.h"
#include "survey/record.h"
#include "sync/protocol/json_time.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;
using survey::ObjectReader;

struct ProblemWord {
    ProblemKind kind;
    std::string_view word;
    int status;  // RFC 9110 and, for 422, its section 15.5.21
};
constexpr std::array kProblemWords = {
    ProblemWord{ProblemKind::malformed, "malformed", 400},
    ProblemWord{ProblemKind::unauthorized, "unauthorized", 401},
    ProblemWord{ProblemKind::bad_signature, "bad_signature", 401},
    ProblemWord{ProblemKind::forbidden, "forbidden", 403},
    ProblemWord{ProblemKind::gap, "gap", 409},
    ProblemWord{ProblemKind::altered, "altered", 409},
    ProblemWord{ProblemKind::chain_mismatch, "chain_mismatch", 422},
    ProblemWord{ProblemKind::too_large, "too_large", 413},
    ProblemWord{ProblemKind::unsupported, "unsupported", 415},
    ProblemWord{ProblemKind::overloaded, "overloaded", 503},
    ProblemWord{ProblemKind::internal, "internal", 500},
};

struct ReasonWord {
    QuarantineReason reason;
    std::string_view word;
};
constexpr std::array kReasonWords = {
    ReasonWord{QuarantineReason::unknown_format, "unknown_format"},
    ReasonWord{QuarantineReason::unreadable, "unreadable"},
    ReasonWord{QuarantineReason::wrong_place, "wrong_place"},
    ReasonWord{QuarantineReason::duplicate_id, "duplicate_id"},
    ReasonWord{QuarantineReason::unknown_questionnaire, "unknown_questionnaire"},
    ReasonWord{QuarantineReason::unknown_center, "unknown_center"},
    ReasonWord{QuarantineReason::unknown_counter, "unknown_counter"},
    ReasonWord{QuarantineReason::unknown_officer, "unknown_officer"},
    ReasonWord{QuarantineReason::unknown_procedure, "unknown_procedure"},
    ReasonWord{QuarantineReason::unknown_field, "unknown_field"},
    ReasonWord{QuarantineReason::invalid, "invalid"},
    ReasonWord{QuarantineReason::other, "other"},
};

Quarantined read_quarantined(const json::value& value, const std::string& place, Faults& faults) {
    ObjectReader reader(value, place, faults);
    Quarantined one{reader.integer("seq", 1, survey::kSeqMax), QuarantineReason::other, {}};
    const std::string word = reader.identifier("reason");
    one.detail = reader.text_or("detail", {});
    if (const auto known = parse_quarantine_reason(word)) {
        one.reason = *known;
    } else {
        one.detail = word + (one.detail.empty() ? "" : ": " + one.detail);
    }
    return one;
}

/// As it was received, also when it is not known.
std::string_view word_of(const Quarantined& one) {
    if (one.reason != QuarantineReason::other) return name(one.reason);
    return std::string_view(one.detail).substr(0, one.detail.find(": "));
}

const ProblemWord& word_of(ProblemKind kind) {
    for (const ProblemWord& known : kProblemWords) {
        if (known.kind == kind) return known;
    }
    survey::check(false, "every kind of problem has a word");
    return kProblemWords.back();
}

}  // namespace

std::string_view name(ProblemKind kind) {
    return word_of(kind).word;
}
int http_status(ProblemKind kind) {
    return word_of(kind).status;
}

std::string_view name(QuarantineReason reason) {
    for (const ReasonWord& known : kReasonWords) {
        if (known.reason == reason) return known.word;
    }
    survey::check(false, "every reason has a word");
    return {};
}
std::optional<QuarantineReason> parse_quarantine_reason(std::string_view word) {
    for (const ReasonWord& known : kReasonWords) {
        if (known.word == word) return known.reason;
    }
    return std::nullopt;
}

std::string receipt_text(const Receipt& receipt) {
    std::string text = "hailong-receipt-1\n" + receipt.kiosk.text + '\n' + std::to_string(receipt.last_seq) + '\n' +
                       survey::to_hex(receipt.last_hash) + '\n' +
                       std::to_string(receipt.received.time_since_epoch().count());
    for (const Quarantined& one : receipt.quarantined)
        text.append("\n").append(std::to_string(one.seq)).append(" ").append(word_of(one));
    return text;
}

bool is_signed_by(const Receipt& receipt, const survey::SignPublicKey& key) {
    return receipt.signature && survey::verifies(receipt_text(receipt), *receipt.signature, key);
}

std::string encode(const Receipt& receipt) {
    json::array quarantined;
    for (const Quarantined& one : receipt.quarantined)
        quarantined.push_back(json::object{{"detail", one.detail}, {"reason", name(one.reason)}, {"seq", one.seq}});
    json::object object{
        {"accepted", receipt.accepted},          {"duplicates", receipt.duplicates},
        {"kiosk", receipt.kiosk.text},           {"last_hash", survey::to_hex(receipt.last_hash)},
        {"last_seq", receipt.last_seq},          {"received_ms", receipt.received.time_since_epoch().count()},
        {"quarantined", std::move(quarantined)},
    };
    if (receipt.signature) object["signature"] = survey::key_text(*receipt.signature);
    return survey::canonical_json(object);
}

Expected<Receipt, Faults> decode_receipt(std::string_view body) {
    const auto value = survey::parse_json(body);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    Receipt receipt;
    receipt.kiosk = survey::KioskId{reader.identifier("kiosk")};
    receipt.last_seq = reader.integer("last_seq", 1, survey::kSeqMax);
    if (const auto digest = survey::parse_digest(reader.text("last_hash"))) {
        receipt.last_hash = *digest;
    } else if (reader.has("last_hash")) {
        reader.fault("last_hash", "is not a SHA-256", "write 64 hexadecimal digits");
    }
    receipt.accepted = reader.integer("accepted", 0, survey::kJsonIntegerMax);
    receipt.duplicates = reader.integer("duplicates", 0, survey::kJsonIntegerMax);
    receipt.received = read_time(reader, "received_ms");
    if (reader.has("signature")) {
        receipt.signature = survey::parse_key<survey::Signature>(reader.text("signature"));
        if (!receipt.signature) reader.fault("signature", "is no Ed25519 signature", "write its 64 bytes in base64");
    }
    const json::array& quarantined = reader.list("quarantined");
    if (quarantined.size() > kQuarantinedMax) {
        reader.fault("quarantined", "lists more than " + std::to_string(kQuarantinedMax) + " records",
                     "list those of this batch");
    } else {
        for (std::size_t i = 0; i < quarantined.size(); ++i) {
            receipt.quarantined.push_back(
                read_quarantined(quarantined[i], "quarantined[" + std::to_string(i) + "]", faults));
        }
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return receipt;
}

std::string encode(const Problem& problem) {
    json::object object{{"detail", problem.detail}, {"problem", name(problem.kind)}};
    if (problem.wanted_seq) object["wanted_seq"] = *problem.wanted_seq;
    if (problem.seq) object["seq"] = *problem.seq;
    return survey::canonical_json(object);
}

Expected<Problem, Faults> decode_problem(std::string_view body) {
    const auto value = survey::parse_json(body);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    Problem problem;
    const std::string word = reader.text("problem");
    const ProblemWord* known = nullptr;
    for (const ProblemWord& candidate : kProblemWords) {
        if (candidate.word == word) known = &candidate;
    }
    if (known != nullptr) {
        problem.kind = known->kind;
    } else if (reader.has("problem")) {
        reader.fault("problem", "\"" + word + "\" is no problem this program knows", "update the program");
    }
    problem.detail = reader.text_or("detail", {});
    problem.wanted_seq = reader.maybe_integer("wanted_seq", 1, survey::kSeqMax);
    problem.seq = reader.maybe_integer("seq", 1, survey::kSeqMax);
    if (problem.kind == ProblemKind::gap && !reader.has("wanted_seq")) {
        reader.fault("wanted_seq", "is missing", "a gap names the number that is wanted");
    }
    if (problem.kind == ProblemKind::altered && !reader.has("seq")) {
        reader.fault("seq", "is missing", "name the record that differs");
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return problem;
}

}  // namespace hailong::sync
