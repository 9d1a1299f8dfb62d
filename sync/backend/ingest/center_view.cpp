#include "sync/backend/ingest/center_view.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace hailong::sync {
namespace {

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_alike(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

StoreResult<CenterView> view_center(Store& store, ReferenceCache& references, const survey::CenterId& center) {
    auto snapshot = store.read();
    if (!snapshot) return unexpected(snapshot.error());
    auto reference = references.current(**snapshot);
    if (!reference) return unexpected(reference.error());
    CenterView view{std::move(*snapshot), std::move(*reference), nullptr, {}};
    view.center = view.reference->center(center);
    if (view.center != nullptr) return view;
    for (const survey::Center& other : view.reference->centers) {
        if (is_alike(other.id.text, center.text)) view.alike = other.id;
    }
    return view;
}

}  // namespace hailong::sync
