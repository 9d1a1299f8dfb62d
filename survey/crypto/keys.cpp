#include "survey/crypto/keys.h"

#include <sodium.h>

#include "survey/base/check.h"

namespace hailong::survey {
namespace {

/// libsodium asks for it before anything else; again is free.
void start_library() {
    check(sodium_init() >= 0, "libsodium starts");
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

SignSecretKey make_sign_key() {
    start_library();
    SignSecretKey key;
    randombytes_buf(key.bytes.data(), key.bytes.size());
    return key;
}

BoxSecretKey make_box_key() {
    start_library();
    BoxSecretKey key;
    randombytes_buf(key.bytes.data(), key.bytes.size());
    return key;
}

SignPublicKey public_half(const SignSecretKey& secret) {
    return Signer(secret).public_key();
}

BoxPublicKey public_half(const BoxSecretKey& secret) {
    start_library();
    BoxPublicKey key;
    check(crypto_scalarmult_base(key.bytes.data(), secret.bytes.data()) == 0, "a secret key has a public half");
    return key;
}

Signer::Signer(const SignSecretKey& key) {
    static_assert(sizeof(expanded_) == crypto_sign_SECRETKEYBYTES);
    start_library();
    const int failed = crypto_sign_seed_keypair(public_key_.bytes.data(), expanded_.data(), key.bytes.data());
    check(failed == 0, "a seed makes a key pair");
}

Signer::~Signer() {
    sodium_memzero(expanded_.data(), expanded_.size());
}

Signature Signer::sign(std::string_view message) const {
    Signature signature;
    crypto_sign_detached(signature.bytes.data(), nullptr, bytes_of(message), message.size(), expanded_.data());
    return signature;
}

Signature sign(std::string_view message, const SignSecretKey& key) {
    return Signer(key).sign(message);
}

bool verifies(std::string_view message, const Signature& signature, const SignPublicKey& key) {
    start_library();
    return crypto_sign_verify_detached(signature.bytes.data(), bytes_of(message), message.size(), key.bytes.data()) ==
           0;
}

std::string seal(std::string_view plain, const BoxPublicKey& key) {
    static_assert(kSealBytes == crypto_box_SEALBYTES);
    start_library();
    std::string box(plain.size() + kSealBytes, '\0');
    const int failed = crypto_box_seal(bytes_of(box), bytes_of(plain), plain.size(), key.bytes.data());
    check(failed == 0, "what was made as a public key can be sealed for");
    return box;
}

std::optional<std::string> open_box(std::string_view box, const BoxSecretKey& key) {
    if (box.size() < kSealBytes) return std::nullopt;
    const BoxPublicKey public_key = public_half(key);
    std::string plain(box.size() - kSealBytes, '\0');
    const int failed =
        crypto_box_seal_open(bytes_of(plain), bytes_of(box), box.size(), public_key.bytes.data(), key.bytes.data());
    if (failed != 0) return std::nullopt;
    return plain;
}

std::string to_base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // its zero
    return text;
}

std::optional<std::string> parse_base64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    const int failed = sodium_base642bin(bytes_of(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, &end,
                                         sodium_base64_VARIANT_ORIGINAL);
    if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
    bytes.resize(size);
    // The library (1.0.18) takes some bytes that are no letters for one of the alphabet: two texts, one signature.
    if (to_base64(bytes) != text) return std::nullopt;
    return bytes;
}

}  // namespace hailong::survey
