// Free words (a comment, a telephone number) as they leave the glass: sealed, so that a stolen terminal reveals
// nothing. A record holds only a hash; salt and words travel in the box. The salt keeps a short text, such as a
// telephone number, from being found by trying them all, and lets the words be erased for good: a hash without its salt
// says nothing.
//
//   hash = SHA-256( 32 bytes of salt || the words' UTF-8 bytes )          this stands in the record
//   box  = sealed box of ( salt || words || 0x80 || zeros up to the next multiple of 256 bytes )
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "survey/crypto/keys.h"
#include "survey/crypto/digest.h"

namespace hailong::survey {

/// Longest words that can be sealed, in bytes: a comment of 1,000 characters of up to four bytes.
inline constexpr std::size_t kWordsBytesMax = 4'000;
/// What a box's content is filled up to a multiple of, in bytes, so that its length tells little.
inline constexpr std::size_t kWordsPaddingBytes = 256;

struct SealedText {
    Digest hash;
    std::string box;
    bool operator==(const SealedText&) const = default;
};

/// With a new salt each time. REQUIRES: at most kWordsBytesMax bytes of UTF-8.
[[nodiscard]] SealedText seal_words(std::string_view words, const BoxPublicKey& key);

/// The words, when the box is of this key and holds what `hash` was made from; empty otherwise.
[[nodiscard]] std::optional<std::string> open_words(std::string_view box, const Digest& hash, const BoxSecretKey& key);

}  // namespace hailong::survey
