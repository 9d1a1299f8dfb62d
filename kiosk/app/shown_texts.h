// Every text that can appear on the panel, so that its letters are baked before it does. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "kiosk/app/texts.h"
#include "kiosk/visit/visit.h"

namespace hailong::kiosk {

/// The program's own texts in every language, and those of center and questionnaires. Views into both arguments.
[[nodiscard]] std::vector<std::string_view> shown_texts(const Texts& texts, const VisitSetup& setup);

}  // namespace hailong::kiosk
