// What comes down for the terminal, checked as a whole before it replaces what is there: a document that does not
// parse leaves the inbox as it was. The same over the network and on a parts.
#pragma once

#include <string_view>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "survey/base/time.h"
#include "sync/client/exchange.h"

namespace hailong::sync {

/// Most documents in an inbox: a center, its questionnaires in a few versions, its results.
inline constexpr std::size_t kDocumentsMax = 200;

/// Erases the texts that `body` says were erased, and replaces the inbox by the documents of `body` (as the backend's
/// inbox answers) and remembers `version`. A person is needed when one of them is broken. REQUIRES: `body` is JSON.
[[nodiscard]] Exchange take_documents(kiosk::Journal& journal, kiosk::Inbox& inbox, std::string_view body,
                                      std::string_view version, survey::UtcTime received);

}  // namespace hailong::sync
