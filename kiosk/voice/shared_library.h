// A system library that is loaded when it is needed, for what most terminals never need. One handle, closed never: the
// libraries behind a sound card keep threads and tables of their own.
#pragma once

#include <string>

#include "survey/base/expected.h"

namespace hailong::kiosk {

class SharedLibrary {
  public:
    /// `file` as the dynamic linker looks for it: "libasound.so.2". An error is its sentence.
    [[nodiscard]] static Expected<SharedLibrary, std::string> load(const char* file);

    /// Puts the address of `name` into `function`; false (and null) where the library has none.
    template <class Function>
    [[nodiscard]] bool find(const char* name, Function*& function) const {
        function = reinterpret_cast<Function*>(address(name));
        return function != nullptr;
    }

  private:
    explicit SharedLibrary(void* handle) : handle_(handle) {}
    [[nodiscard]] void* address(const char* name) const;

    void* handle_;
};

}  // namespace hailong::kiosk
