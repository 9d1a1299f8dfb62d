#include "kiosk/voice/shared_library.h"

#include <dlfcn.h>

namespace hailong::kiosk {

Expected<SharedLibrary, std::string> SharedLibrary::load(const char* file) {
    void* handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle != nullptr) return SharedLibrary(handle);
    const char* why = dlerror();
    return unexpected(std::string(why == nullptr ? file : why));
}

void* SharedLibrary::address(const char* name) const {
    return dlsym(handle_, name);
}

}  // namespace hailong::kiosk
