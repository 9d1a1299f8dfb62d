#include "kiosk/journal/store_error.h"

#include <utility>

namespace hailong::kiosk {
namespace {

const char* remedy(StoreErrorKind kind) {
    switch (kind) {
        case StoreErrorKind::busy:
            return "try again; if it stays, look for another program that holds the file (lsof) and end it";
        case StoreErrorKind::full:
            return "make space on that disk, then try again";
        case StoreErrorKind::read_only:
            return "check that the folder exists, that the disk is mounted for writing, and that this user may write "
                   "the file and its folder";
        case StoreErrorKind::io:
            return "try again; if it stays, look into the system log (dmesg) and replace the disk";
        case StoreErrorKind::corrupt:
        case StoreErrorKind::conflict:
            return "leave the file and those beside it as they are, copy them to another disk, and call support";
        case StoreErrorKind::newer:
            return "install the newer version of the program";
        case StoreErrorKind::wrong_kiosk:
            return "correct the terminal's id in the configuration, or name its own file";
    }
    return "";
}

}  // namespace

StoreError make_error(StoreErrorKind kind, std::string what) {
    return {kind, std::move(what), remedy(kind)};
}

}  // namespace hailong::kiosk
