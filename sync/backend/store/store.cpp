#include "sync/backend/store/store.h"

namespace hailong::sync {

std::string_view told_outside(StoreErrorKind kind) {
    switch (kind) {
        case StoreErrorKind::busy:
            return "the store is busy";
        case StoreErrorKind::full:
            return "the disk is full";
        case StoreErrorKind::read_only:
            return "the store can't be written to";
        case StoreErrorKind::io:
            return "the disk fails, or the store is not in its place";
        case StoreErrorKind::corrupt:
            return "the store is damaged";
        case StoreErrorKind::newer:
            return "the store is of a newer program";
        case StoreErrorKind::conflict:
        case StoreErrorKind::wrong_kiosk:
            return "the store contradicts itself";
    }
    return {};
}

}  // namespace hailong::sync
