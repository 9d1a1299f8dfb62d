#include "kiosk/app/version.h"

namespace hailong::kiosk {

std::string_view program_version() {
    return HAILONG_VERSION;
}

}  // namespace hailong::kiosk
