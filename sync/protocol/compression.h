// Bodies on the wire: identity, gzip or zstd, with a cap on what comes out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "survey/base/expected.h"

namespace hailong::sync {

enum class Encoding { identity, gzip, zstd };

/// From a Content-Encoding value ("", "identity", "gzip", "zstd", in any case: RFC 9110, 8.4.1); the error is a
/// sentence.
[[nodiscard]] Expected<Encoding, std::string> parse_encoding(std::string_view text);
[[nodiscard]] std::string_view name(Encoding encoding);

/// zstd level 3 or gzip level 6.
[[nodiscard]] std::string compress(std::string_view bytes, Encoding encoding);

enum class UnpackErrorKind {
    damaged,   // not one whole member or frame, or something behind it
    too_large  // more than `bytes_max` would come out
};
struct UnpackError {
    UnpackErrorKind kind = UnpackErrorKind::damaged;
    std::string what;  // a sentence with the remedy
    bool operator==(const UnpackError&) const = default;
};

/// The bytes, at most `bytes_max`. The input is one gzip member or one zstd frame and nothing behind it. Never unpacks
/// more than bytes_max + 64 KiB, whatever the input claims.
[[nodiscard]] Expected<std::string, UnpackError> decompress(std::string_view bytes, Encoding encoding,
                                                            std::size_t bytes_max);

}  // namespace hailong::sync
