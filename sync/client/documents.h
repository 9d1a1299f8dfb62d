// What comes down for the terminal, checked before it replaces what is there: a document that can't be read is left
// out, and what belongs together is taken together or not at all. The same over the network and in an offline bundle.
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
/// inbox answers) and remembers `version`. In the place of one that can't be read stays what was there of that name, of
/// a questionnaire each version; where the others then name what is missing, the whole inbox stays as it was. A person
/// is needed in both cases. REQUIRES: `body` is JSON.
[[nodiscard]] Exchange take_documents(kiosk::Journal& journal, kiosk::Inbox& inbox, std::string_view body,
                                      std::string_view version, survey::UtcTime received);

}  // namespace hailong::sync
