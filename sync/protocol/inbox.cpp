#include "sync/protocol/inbox.h"

#include "survey/crypto/digest.h"

namespace hailong::sync {

std::string inbox_text(const survey::KioskId& kiosk, std::string_view etag, std::int64_t stored_seq,
                       std::string_view body) {
    std::string text = "hailong-inbox-1\n" + kiosk.text + '\n';
    text.append(etag).append("\n").append(std::to_string(stored_seq)).append("\n");
    return text.append(survey::to_hex(survey::sha256(body)));
}

}  // namespace hailong::sync
