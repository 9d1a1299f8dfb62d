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
};

/// The center is null when it is not known.
[[nodiscard]] StoreResult<CenterView> view_center(Store& store, ReferenceCache& references,
                                                  const survey::CenterId& center);

/// A text that changes with whatever the figures of the center are made of: its documents, its tallies, the totals of
/// its terminals. Hexadecimal digits, from which nothing can be read. REQUIRES: the center is known.
[[nodiscard]] StoreResult<std::string> figures_version(const CenterView& view);
/// The same for what is shown of each terminal, too. O(terminals of the center).
[[nodiscard]] StoreResult<std::string> terminals_version(const CenterView& view);

}  // namespace hailong::sync
