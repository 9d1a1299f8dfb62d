// Keys and what is done with them: Ed25519 signatures (RFC 8032) and libsodium's sealed texts (X25519 and
// XSalsa20-Poly1305, an ephemeral key for each box). Exists so that nobody but a terminal can write its batches, nobody
// but the backend its receipts, and nobody at all reads free text on the way.
// Threads: free functions over values; safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hailong::survey {

struct SignPublicKey {
    std::array<std::uint8_t, 32> bytes{};
    bool operator==(const SignPublicKey&) const = default;
};
/// The 32 bytes of RFC 8032's private key (the seed); everything else follows from it.
struct SignSecretKey {
    std::array<std::uint8_t, 32> bytes{};
    bool operator==(const SignSecretKey&) const = default;
};
struct Signature {
    std::array<std::uint8_t, 64> bytes{};
    bool operator==(const Signature&) const = default;
};

struct BoxPublicKey {
    std::array<std::uint8_t, 32> bytes{};
    bool operator==(const BoxPublicKey&) const = default;
};
struct BoxSecretKey {
    std::array<std::uint8_t, 32> bytes{};
    bool operator==(const BoxSecretKey&) const = default;
};

/// From the system's cryptographic generator.
[[nodiscard]] SignSecretKey make_sign_key();
[[nodiscard]] BoxSecretKey make_box_key();
[[nodiscard]] SignPublicKey public_half(const SignSecretKey& secret);
[[nodiscard]] BoxPublicKey public_half(const BoxSecretKey& secret);

/// A secret key made ready, for who signs often: half of what a signature costs is paid once. Safe from any thread.
class Signer {
  public:
    explicit Signer(const SignSecretKey& key);
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    /// Leaves nothing of the key in memory.
    ~Signer();
    [[nodiscard]] const SignPublicKey& public_key() const { return public_key_; }
    /// The same for the same key and message, always.
    [[nodiscard]] Signature sign(std::string_view message) const;

  private:
    SignPublicKey public_key_;
    std::array<std::uint8_t, 64> expanded_{};  // as libsodium signs with it: the seed and the public half
};

/// As Signer does, once.
[[nodiscard]] Signature sign(std::string_view message, const SignSecretKey& key);
[[nodiscard]] bool verifies(std::string_view message, const Signature& signature, const SignPublicKey& key);

/// What sealing adds to a text, in bytes.
inline constexpr std::size_t kSealBytes = 48;
[[nodiscard]] std::string seal(std::string_view plain, const BoxPublicKey& key);
/// Empty when the box was made for another key, or was changed.
[[nodiscard]] std::optional<std::string> open_box(std::string_view box, const BoxSecretKey& key);

/// RFC 4648 §4, with padding.
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Exactly what to_base64 writes; empty otherwise.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);

/// Keys and signatures as text: base64 of their bytes.
template <class Value>
[[nodiscard]] std::string key_text(const Value& value) {
    return to_base64({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
}
/// Empty unless it is base64 of as many bytes as a `Value` has.
template <class Value>
[[nodiscard]] std::optional<Value> parse_key(std::string_view text) {
    Value value;
    const auto bytes = parse_base64(text);
    if (!bytes || bytes->size() != value.bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < bytes->size(); ++i)
        value.bytes[i] = static_cast<std::uint8_t>((*bytes)[i]);
    return value;
}

}  // namespace hailong::survey
