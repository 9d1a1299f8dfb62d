// The texts in assets/i18n, written into the program when it is configured (builtin_texts.cpp.in).
#pragma once

#include <string_view>

namespace hailong::kiosk {

extern const std::string_view kBuiltinVi;
extern const std::string_view kBuiltinEn;

}  // namespace hailong::kiosk
