// What goes down to a terminal is believed when its own backend signed it: a wrong backend must not have texts erased,
// nor say what it holds. PROTOCOL.md is the specification.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "survey/base/fault.h"
#include "survey/base/ids.h"
#include "survey/base/json.h"

namespace hailong::sync {

/// Header of every answer to a known terminal's GET: the signature over inbox_text(), in base64.
inline constexpr const char* kInboxSignatureHeader = "Hailong-Signature";

/// What the backend signs: "hailong-inbox-1", kiosk, the ETag as sent, the stored number, the SHA-256 of the body
/// without its content coding in hexadecimal (of nothing with a 304); each on a line, no line feed after the last.
[[nodiscard]] std::string inbox_text(const survey::KioskId& kiosk, std::string_view etag, std::int64_t stored_seq,
                                     std::string_view body);

/// Deepest nesting of a document: an inbox has three levels around each.
inline constexpr std::size_t kDocumentDepthMax = survey::kJsonDepthMax - 3;

/// Why terminals could not read this document in their inbox, with the place in it, also of members that nobody knows
/// yet: a number that is written back otherwise than it was read (with a fraction or an exponent, or beyond 64 bits),
/// or nesting too deep. Each kind is named once. REQUIRES: `json` is JSON.
[[nodiscard]] survey::Faults document_faults(std::string_view json);

}  // namespace hailong::sync
