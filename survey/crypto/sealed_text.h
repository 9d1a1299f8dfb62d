// Free text (a comment, a telephone number) as it leaves the glass: sealed, so that a stolen terminal reveals nothing.
// A record holds only a hash; salt and text travel in the sealed box. The salt keeps a short text, such as a telephone
// number, from being found by trying them all, and lets the text be erased for good: a hash without its salt says
// nothing.
//
//   hash = SHA-256( 32 bytes of salt || the text's UTF-8 bytes )          this stands in the record
//   box  = sealed box of ( salt || text || 0x80 || zeros up to the next multiple of 256 bytes )
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "survey/crypto/digest.h"
#include "survey/crypto/keys.h"

namespace hailong::survey {

/// Longest text that can be sealed, in bytes: a comment of 1,000 characters of up to four bytes.
inline constexpr std::size_t kFreeTextBytesMax = 4'000;
/// What a box's content is filled up to a multiple of, in bytes, so that its length tells little.
inline constexpr std::size_t kSealPaddingBytes = 256;

struct Sealed {
    Digest hash;
    std::string bytes;  // of libsodium's sealed box
    bool operator==(const Sealed&) const = default;
};

/// With a new salt each time. REQUIRES: at most kFreeTextBytesMax bytes of UTF-8.
[[nodiscard]] Sealed seal_text(std::string_view text, const BoxPublicKey& key);

/// The text, when the box is of this key and holds what `hash` was made from; empty otherwise.
[[nodiscard]] std::optional<std::string> open_text(std::string_view sealed, const Digest& hash,
                                                   const BoxSecretKey& key);
/// Whether open_text() would give it; nothing of the text stays in memory.
[[nodiscard]] bool opens_text(std::string_view sealed, const Digest& hash, const BoxSecretKey& key);

}  // namespace hailong::survey
