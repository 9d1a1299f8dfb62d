// What the backend remembers of itself, beside what terminals sent: a short text under a name. Which rooms keep what:
// "keys" (terminals/keys.h), "tried" (service/writer.cpp), "assets" (service/asset_watch.h), "clock"
// (comments/believed_clock.h), "texts" (comments/tried_texts.h), "erased" (comments/erasure_list.h), "doubtful_bound"
// (audit/chain_audit.cpp; only a migration puts it).
#pragma once

#include <optional>
#include <string>

#include "sync/backend/store/documents.h"

namespace hailong::sync {

class FactReader {
  public:
    virtual ~FactReader() = default;
    /// Empty: nothing was put under that name.
    [[nodiscard]] virtual StoreResult<std::optional<std::string>> fact(const std::string& name) = 0;
};

class FactWriter : public FactReader {
  public:
    /// Adds or replaces.
    [[nodiscard]] virtual StoreResult<void> put(const std::string& name, const std::string& text) = 0;
};

}  // namespace hailong::sync
