// One center as a reader finds it now: its documents, in one consistent state with whatever is read beside them.
#pragma once

#include <memory>
#include <string>

#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

struct CenterView {
    std::unique_ptr<Snapshot> snapshot;
    std::shared_ptr<const Reference> reference;
    const survey::Center* center = nullptr;  // null: not known here
    survey::CenterId alike;                  // then: the one whose id differs in capitals alone; empty: none does
};

/// The center is null when it is not known.
[[nodiscard]] StoreResult<CenterView> view_center(Store& store, ReferenceCache& references,
                                                  const survey::CenterId& center);

}  // namespace hailong::sync
