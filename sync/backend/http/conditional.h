// Answers that a client has already (RFC 9110, section 13), and the form of them that it can unpack (section 12.5.3).
#pragma once

#include <cstddef>
#include <string_view>

#include "sync/backend/http/message.h"

namespace hailong::sync {

/// Bodies up to this size, in bytes, are sent as they are: packing them saves no packet.
inline constexpr std::size_t kCompressFromBytes = 1'024;

/// Whether an If-None-Match header names `etag` (with its quotation marks, weak or not) or is "*".
[[nodiscard]] bool is_named_in(std::string_view if_none_match, std::string_view etag);

/// 304 with those headers of `response` that a 200 would have had, but for what describes the body.
[[nodiscard]] HttpResponse not_modified(const HttpResponse& response);

/// Whether an Accept-Encoding header takes gzip: named with a quality above 0, or meant by "*". No header: no.
[[nodiscard]] bool takes_gzip(std::string_view accept_encoding);

/// Whether the body gets smaller by gzip: a text of more than kCompressFromBytes that is not packed yet.
[[nodiscard]] bool is_worth_compressing(const HttpResponse& response);

}  // namespace hailong::sync
