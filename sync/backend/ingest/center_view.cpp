#include "sync/backend/ingest/center_view.h"

#include <utility>

namespace hailong::sync {
StoreResult<CenterView> view_center(Store& store, ReferenceCache& references, const survey::CenterId& center) {
    auto snapshot = store.read();
    if (!snapshot) return unexpected(snapshot.error());
    auto reference = references.current(**snapshot);
    if (!reference) return unexpected(reference.error());
    CenterView view{std::move(*snapshot), std::move(*reference), nullptr};
    view.center = view.reference->center(center);
    return view;
}

}  // namespace hailong::sync
