// The hash chain over a terminal's records: each record's chain value proves everything before it.
#pragma once

#include <string_view>

#include "survey/crypto/digest.h"

namespace hailong::survey {

/// What stands before the first record of a chain: 32 zero bytes.
inline constexpr Digest kChainStart{};

/// The next link: SHA-256 over the 32 bytes of `previous` followed by the record's bytes exactly as stored and sent.
/// An auditor checks it with `{ printf '<previous as bytes>'; cat record; } | sha256sum`.
[[nodiscard]] Digest chain(const Digest& previous, std::string_view record_bytes);

}  // namespace hailong::survey
