// The one seam between the sync program and the network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "survey/base/expected.h"

namespace hailong::sync {

struct Request {
    std::string method;                // "GET" or "POST"
    std::string path;                  // "/v1/..."
    std::vector<std::string> headers;  // "Name: value"
    std::string body;
};

struct HttpReply {
    int status = 0;
    std::string etag;  // empty when none
    std::string content_type;
    std::string body;
    int retry_after_s = 0;                                  // from Retry-After; 0 when none
    std::optional<std::int64_t> stored_seq = std::nullopt;  // from kStoredSeqHeader; empty when none, or no number
    std::string signature{};                                // from kInboxSignatureHeader; empty when none
};

/// No answer, or none that can be trusted. Every one of these is worth another try later.
struct TransportError {
    std::string what;     // a sentence with the remedy, for the log and the staff screen
    bool is_cut = false;  // the other end was there, and then not: less at a time may get over this line
};

class Transport {
  public:
    virtual ~Transport() = default;
    /// Sends and waits for the whole answer, as long as something moves; bounded in time and size.
    [[nodiscard]] virtual Expected<HttpReply, TransportError> send(const Request& request) = 0;
};

}  // namespace hailong::sync
