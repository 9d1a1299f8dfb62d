// How a terminal becomes the backend's: with a one-time code it hands in its public key, and gets what it needs to
// talk. The messages are the same over the network and in two files carried by hand. PROTOCOL.md is the specification.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "survey/base/expected.h"
#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/chain.h"
#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"

namespace hailong::sync {

/// Characters of a code: 12 of 32 make 60 bits, too many to try within its short life.
inline constexpr std::size_t kCodeCharacters = 12;
/// The characters of a code (Crockford's base 32: none that are taken for each other).
inline constexpr std::string_view kCodeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Largest enrolment message, in bytes.
inline constexpr std::size_t kEnrolmentBytesMax = 16'384;

/// A code as people write it: small letters, spaces and hyphens, O for 0, I and L for 1. Empty when it is none.
[[nodiscard]] std::optional<std::string> parse_code(std::string_view written);
/// "K7QM-2XRT-9FAB".
[[nodiscard]] std::string show_code(std::string_view code);
/// From 12 random bytes.
[[nodiscard]] std::string make_code(const std::array<std::uint8_t, kCodeCharacters>& random);

struct EnrolmentRequest {
    std::string code;  // as parse_code gives it
    survey::KioskId kiosk;
    survey::SignPublicKey public_key;
    survey::Signature proof;  // by that key, over proof_text(): whoever asks holds the secret half
    bool operator==(const EnrolmentRequest&) const = default;
};

/// "hailong-enrolment-1", kiosk, code, public key in base64; each on a line, no line feed after the last.
[[nodiscard]] std::string proof_text(const EnrolmentRequest& request);

/// What a backend signs and opens with: the public halves.
struct BackendKeys {
    survey::SignPublicKey sign;      // receipts, answers
    survey::BoxPublicKey transport;  // offline bundles
    survey::BoxPublicKey text;       // free text; its secret half need not be on the server
    bool operator==(const BackendKeys&) const = default;
};

struct Enrolment {
    survey::KioskId kiosk;
    survey::CenterId center;
    std::string token;  // for the Authorization header
    BackendKeys keys;
    std::int64_t last_seq = 0;  // stored of this terminal: its numbering goes on after it
    survey::Digest last_hash = survey::kChainStart;
    survey::UtcTime received{};  // the backend's clock
    bool operator==(const Enrolment&) const = default;
};

// Canonical JSON. Unknown members are ignored.
[[nodiscard]] std::string encode(const EnrolmentRequest& request);
[[nodiscard]] Expected<EnrolmentRequest, survey::Faults> decode_enrolment_request(std::string_view body);
[[nodiscard]] std::string encode(const Enrolment& enrolment);
[[nodiscard]] Expected<Enrolment, survey::Faults> decode_enrolment(std::string_view body);

}  // namespace hailong::sync
