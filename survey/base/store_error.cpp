#include "survey/base/store_error.h"

namespace hailong::survey {

const char* name(StoreErrorKind kind) {
    switch (kind) {
        case StoreErrorKind::busy:
            return "busy";
        case StoreErrorKind::full:
            return "full";
        case StoreErrorKind::read_only:
            return "read_only";
        case StoreErrorKind::io:
            return "io";
        case StoreErrorKind::corrupt:
            return "corrupt";
        case StoreErrorKind::newer:
            return "newer";
        case StoreErrorKind::conflict:
            return "conflict";
        case StoreErrorKind::wrong_kiosk:
            return "wrong_kiosk";
    }
    return "io";
}

std::string describe(const StoreError& error) {
    return error.what + "; " + error.remedy;
}

}  // namespace hailong::survey
