#include "sync/protocol/enrolment.h"

#include "survey/base/json.h"
#include "survey/record.h"
#include "sync/protocol/json_sum.h"
#include "sync/protocol/json_time.h"

namespace hailong::sync {
namespace {

namespace json = boost::json;
using survey::Faults;
using survey::ObjectReader;

/// Longest token, in bytes: what fits a header line of every server.
constexpr std::size_t kTokenBytesMax = 1'024;

template <class Key>
Key read_key(ObjectReader& reader, std::string_view name, const char* what) {
    const auto key = survey::parse_key<Key>(reader.text(name));
    if (!key && reader.has(name)) reader.fault(name, what, "write its bytes in base64");
    return key.value_or(Key{});
}

Expected<json::value, Faults> read_message(std::string_view body) {
    if (body.size() > kEnrolmentBytesMax) {
        return unexpected(Faults{
            {"", "is longer than " + std::to_string(kEnrolmentBytesMax) + " bytes", "send one enrolment message"}});
    }
    return survey::parse_json(body);
}

}  // namespace

std::optional<std::string> parse_code(std::string_view written) {
    std::string code;
    for (char c : written) {
        if (c == '-' || c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        if (kCodeAlphabet.find(c) == std::string_view::npos || code.size() == kCodeCharacters) return std::nullopt;
        code += c;
    }
    if (code.size() != kCodeCharacters) return std::nullopt;
    return code;
}

std::string show_code(std::string_view code) {
    std::string shown;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i > 0 && i % 4 == 0) shown += '-';
        shown += code[i];
    }
    return shown;
}

std::string make_code(const std::array<std::uint8_t, kCodeCharacters>& random) {
    std::string code;
    for (const std::uint8_t byte : random)
        code += kCodeAlphabet[byte % kCodeAlphabet.size()];
    return code;
}

std::string proof_text(const EnrolmentRequest& request) {
    return "hailong-enrolment-1\n" + request.kiosk.text + '\n' + request.code + '\n' +
           survey::key_text(request.public_key);
}

std::string encode(const EnrolmentRequest& request) {
    return survey::canonical_json(json::object{
        {"code", request.code},
        {"kiosk", request.kiosk.text},
        {"proof", survey::key_text(request.proof)},
        {"public_key", survey::key_text(request.public_key)},
    });
}

Expected<EnrolmentRequest, Faults> decode_enrolment_request(std::string_view body) {
    const auto value = read_message(body);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    EnrolmentRequest request;
    const auto code = parse_code(reader.text("code"));
    if (code) {
        request.code = *code;
    } else if (reader.has("code")) {
        reader.fault("code", "is no code", "write its 12 letters and digits as they were printed");
    }
    request.kiosk = {reader.identifier("kiosk")};
    request.public_key = read_key<survey::SignPublicKey>(reader, "public_key", "is no Ed25519 public key");
    request.proof = read_key<survey::Signature>(reader, "proof", "is no Ed25519 signature");
    if (!faults.empty()) return unexpected(std::move(faults));
    return request;
}

std::string encode(const Enrolment& enrolment) {
    json::object content{
        {"center", enrolment.center.text},
        {"keys",
         {{"sign", survey::key_text(enrolment.keys.sign)},
          {"transport", survey::key_text(enrolment.keys.transport)},
          {"text", survey::key_text(enrolment.keys.text)}}},
        {"kiosk", enrolment.kiosk.text},
        {"last_hash", survey::to_hex(enrolment.last_hash)},
        {"last_seq", enrolment.last_seq},
        {"received_ms", enrolment.received.time_since_epoch().count()},
        {"token", enrolment.token},
    };
    content["sum"] = sum_of(content);
    return survey::canonical_json(content);
}

Expected<Enrolment, Faults> decode_enrolment(std::string_view body) {
    const auto value = read_message(body);
    if (!value) return unexpected(value.error());
    Faults faults;
    ObjectReader reader(*value, {}, faults);
    Enrolment enrolment;
    enrolment.kiosk = {reader.identifier("kiosk")};
    enrolment.center = {reader.identifier("center")};
    enrolment.token = reader.text("token");
    if (enrolment.token.empty() || enrolment.token.size() > kTokenBytesMax ||
        enrolment.token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=") !=
            std::string::npos) {
        reader.fault("token", "is no token", "enrol anew");
    }
    const json::value none;
    const json::value* keys = reader.find("keys");
    ObjectReader key_reader(keys == nullptr ? none : *keys, "keys", faults);
    if (key_reader.is_object()) {
        enrolment.keys.sign = read_key<survey::SignPublicKey>(key_reader, "sign", "is no Ed25519 public key");
        enrolment.keys.transport = read_key<survey::BoxPublicKey>(key_reader, "transport", "is no X25519 public key");
        enrolment.keys.text = read_key<survey::BoxPublicKey>(key_reader, "text", "is no X25519 public key");
    }
    enrolment.last_seq = reader.integer("last_seq", 0, survey::kSeqMax);
    const auto hash = survey::parse_digest(reader.text("last_hash"));
    if (!hash && reader.has("last_hash")) reader.fault("last_hash", "is not a SHA-256", "write 64 hexadecimal digits");
    enrolment.last_hash = hash.value_or(survey::Digest{});
    enrolment.received = read_time(reader, "received_ms");
    const bool is_whole = sum_fits(reader.text("sum"), *value);
    if (faults.empty() && !is_whole) {
        reader.fault("sum", "does not fit what stands in the answer: it was spoiled on its way",
                     "carry it again, or print a new code");
    }
    if (!faults.empty()) return unexpected(std::move(faults));
    return enrolment;
}

}  // namespace hailong::sync
