// The documents that records are validated against, parsed once and again only when they changed.
#pragma once

#include <memory>
#include <mutex>

#include "sync/backend/ingest/ingest.h"

namespace hailong::sync {

/// Safe to use from any thread.
class ReferenceCache {
  public:
    /// As `reader` sees the documents.
    [[nodiscard]] StoreResult<std::shared_ptr<const Reference>> current(Reader& reader);

  private:
    std::mutex mutex_;
    std::shared_ptr<const Reference> stored_;
};

}  // namespace hailong::sync
