// Texts and templates of the public pages are files beside the program. Whoever changes them changes what people read,
// so that a change leaves an incident, as one of any other document does.
#pragma once

#include <string>

#include "survey/base/time.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Remembers the `version` of what is served, and notes an incident where it is another than when the service last
/// started. `account`: who runs the service.
[[nodiscard]] StoreResult<void> note_assets(const std::string& version, const std::string& account, survey::UtcTime now,
                                            Store& store);

}  // namespace hailong::sync
