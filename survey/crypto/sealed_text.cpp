#include "survey/crypto/sealed_text.h"

#include <sodium.h>

#include "survey/base/check.h"

namespace hailong::survey {
namespace {

constexpr std::size_t kSaltBytes = 32;

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
    const std::size_t end = plain->find_last_not_of('\0');
    if (end == std::string::npos || (*plain)[end] != '\x80' || end < kSaltBytes) return std::nullopt;
    plain->resize(end);
    if (sha256(*plain) != hash) return std::nullopt;
    return plain->substr(kSaltBytes);
}

}  // namespace hailong::survey
