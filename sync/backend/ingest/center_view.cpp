#include "sync/backend/ingest/center_view.h"

#include <utility>

namespace hailong::sync {

StoreResult<CenterView> view_center(Store& store, ReferenceCache& references, const survey::CenterId& center) {
    auto reader = store.read();
    if (!reader) return unexpected(reader.error());
    auto reference = references.current(**reader);
    if (!reference) return unexpected(reference.error());
    CenterView view{std::move(*reader), std::move(*reference), nullptr};
    view.center = view.reference->center(center);
    return view;
}

}  // namespace hailong::sync
