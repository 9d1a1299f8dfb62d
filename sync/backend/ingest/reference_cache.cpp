#include "sync/backend/ingest/reference_cache.h"

#include <utility>

namespace hailong::sync {

StoreResult<std::shared_ptr<const Reference>> ReferenceCache::current(Reader& reader) {
    const auto revision = reader.documents_revision();
    if (!revision) return unexpected(revision.error());
    {
        const std::lock_guard lock(mutex_);
        if (stored_ && stored_->revision == *revision) return stored_;
    }
    auto loaded = load_reference(reader);
    if (!loaded) return unexpected(loaded.error());
    auto fresh = std::make_shared<const Reference>(std::move(*loaded));
    const std::lock_guard lock(mutex_);
    // A reader that began before the last change must not put the old documents back for everyone.
    if (!stored_ || stored_->revision < fresh->revision) stored_ = fresh;
    return fresh;
}

}  // namespace hailong::sync
