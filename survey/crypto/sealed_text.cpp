#include "survey/crypto/sealed_text.h"

#include <sodium.h>

#include "survey/base/check.h"

namespace hailong::survey {
namespace {

constexpr std::size_t kSaltBytes = 32;

/// Where salt and text end; empty when `hash` was not made from them.
std::optional<std::size_t> end_of_text(std::string_view plain, const Digest& hash) {
    const std::size_t end = plain.find_last_not_of('\0');
    if (end == std::string::npos || plain[end] != '\x80' || end < kSaltBytes) return std::nullopt;
    if (sha256(plain.substr(0, end)) != hash) return std::nullopt;
    return end;
}

}  // namespace

Sealed seal_text(std::string_view text, const BoxPublicKey& key) {
    check(text.size() <= kFreeTextBytesMax, "text are sealed within their limit");
    check(sodium_init() >= 0, "libsodium starts");
    std::string plain(kSaltBytes, '\0');
    randombytes_buf(plain.data(), plain.size());
    plain += text;
    Sealed result;
    result.hash = sha256(plain);
    const std::size_t filled = (plain.size() / kSealPaddingBytes + 1) * kSealPaddingBytes;
    plain += '\x80';
    plain.resize(filled, '\0');
    result.bytes = seal(plain, key);
    sodium_memzero(plain.data(), plain.size());
    return result;
}

std::optional<std::string> open_text(std::string_view sealed, const Digest& hash, const BoxSecretKey& key) {
    auto plain = open_box(sealed, key);
    if (!plain) return std::nullopt;
    const auto end = end_of_text(*plain, hash);
    auto text = end ? std::optional(plain->substr(kSaltBytes, *end - kSaltBytes)) : std::nullopt;
    sodium_memzero(plain->data(), plain->size());
    return text;
}

bool opens_text(std::string_view sealed, const Digest& hash, const BoxSecretKey& key) {
    auto plain = open_box(sealed, key);
    if (!plain) return false;
    const bool opens = end_of_text(*plain, hash).has_value();
    sodium_memzero(plain->data(), plain->size());
    return opens;
}

}  // namespace hailong::survey
