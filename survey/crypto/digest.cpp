#include "survey/crypto/digest.h"

#include <memory>

#include <openssl/evp.h>

#include "survey/base/check.h"
#include "survey/base/hex.h"

namespace hailong::survey {
namespace {

std::string_view as_text(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

}  // namespace

Digest sha256(std::string_view bytes) {
    return sha256_of({bytes});
}

Digest sha256_of(std::initializer_list<std::string_view> parts) {
    // One context a thread: making one costs more than hashing a record.
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                                       &EVP_MD_CTX_free};
    // Fetched once: EVP_sha256() is looked up anew at each start of a digest.
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    check(context != nullptr && algorithm != nullptr, "OpenSSL gives a digest context");
    check(EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1, "SHA-256 starts");
    for (const std::string_view part : parts) {
        check(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1, "SHA-256 takes bytes");
    }
    Digest digest;
    unsigned int length = 0;
    check(EVP_DigestFinal_ex(context.get(), digest.bytes.data(), &length) == 1 && length == digest.bytes.size(),
          "SHA-256 gives 32 bytes");
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view message) {
    constexpr std::size_t kBlockBytes = 64;
    const Digest hashed_key = sha256(key);
    if (key.size() > kBlockBytes) key = as_text(hashed_key);
    std::string inner(kBlockBytes, '\x36');
    std::string outer(kBlockBytes, '\x5c');
    for (std::size_t i = 0; i < key.size(); ++i) {
        inner[i] = static_cast<char>(inner[i] ^ key[i]);
        outer[i] = static_cast<char>(outer[i] ^ key[i]);
    }
    return sha256_of({outer, as_text(sha256_of({inner, message}))});
}

std::string to_hex(const Digest& digest) {
    return hex(digest.bytes);
}

std::optional<Digest> parse_digest(std::string_view text) {
    Digest digest;
    if (!parse_hex(text, digest.bytes)) return std::nullopt;
    return digest;
}

}  // namespace hailong::survey
