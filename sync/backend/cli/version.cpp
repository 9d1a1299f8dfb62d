#include "sync/backend/cli/version.h"

namespace hailong::sync {

const char* backend_version() {
    return HAILONG_VERSION;
}

}  // namespace hailong::sync
