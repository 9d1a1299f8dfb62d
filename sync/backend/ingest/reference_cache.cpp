#include "sync/backend/ingest/reference_cache.h"

#include <utility>

namespace hailong::sync {

StoreResult<std::shared_ptr<const Reference>> ReferenceCache::current(Snapshot& snapshot) {
    const auto revision = snapshot.documents().revision();
    if (!revision) return unexpected(revision.error());
    return at(*revision, snapshot);
}

StoreResult<std::shared_ptr<const Reference>> ReferenceCache::at(std::int64_t revision, Snapshot& snapshot) {
    if (auto known = newest(); known && known->revision == revision) return known;
    auto loaded = load_reference(snapshot);
    if (!loaded) return unexpected(loaded.error());
    auto fresh = std::make_shared<const Reference>(std::move(*loaded));
    const std::lock_guard lock(mutex_);
    // A reader that began before the last change must not put the old documents back for everyone.
    if (!newest_ || newest_->revision < fresh->revision) newest_ = fresh;
    return fresh;
}

std::shared_ptr<const Reference> ReferenceCache::newest() const {
    const std::lock_guard lock(mutex_);
    return newest_;
}

}  // namespace hailong::sync
