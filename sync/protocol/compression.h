// Bodies on the wire: identity, gzip or zstd, with a cap on what comes out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "survey/base/expected.h"

namespace hailong::sync {

enum class Encoding { identity, gzip, zstd };

/// From a Content-Encoding value ("", "identity", "gzip", "zstd"); the error is a sentence.
[[nodiscard]] Expected<Encoding, std::string> parse_encoding(std::string_view text);
[[nodiscard]] std::string_view name(Encoding encoding);

/// zstd level 3 or gzip level 6.
[[nodiscard]] std::string compress(std::string_view bytes, Encoding encoding);

/// The bytes, at most `bytes_max`; the error is a sentence (damaged, cut short, larger than allowed). The input is one
/// gzip member or one zstd frame and nothing behind it. Never unpacks more than bytes_max + 64 KiB, whatever the input
/// claims.
[[nodiscard]] Expected<std::string, std::string> decompress(std::string_view bytes, Encoding encoding,
                                                            std::size_t bytes_max);

}  // namespace hailong::sync
