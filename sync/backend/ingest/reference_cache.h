// The documents that records are validated against, parsed once and again only when they changed.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "sync/backend/ingest/reference.h"

namespace hailong::sync {

/// Safe to use from any thread.
class ReferenceCache {
  public:
    /// As the snapshot shows them.
    [[nodiscard]] StoreResult<std::shared_ptr<const Reference>> current(Snapshot& snapshot);
    /// The same for who has asked for the documents' `revision` already, of the same snapshot.
    [[nodiscard]] StoreResult<std::shared_ptr<const Reference>> at(std::int64_t revision, Snapshot& snapshot);
    /// The newest that anybody has loaded, without asking a store; null before the first.
    [[nodiscard]] std::shared_ptr<const Reference> newest() const;

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Reference> newest_;
};

}  // namespace hailong::sync
