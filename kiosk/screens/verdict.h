// How a verdict is shown: a sign, a ground and words, so that it is never told by colour alone. Used by the screens of
// this room only.
#pragma once

#include <string_view>

#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/icons.h"
#include "survey/satisfaction.h"

namespace hailong::kiosk {

struct VerdictLook {
    Icon icon = Icon::check;
    Surface surface;
    std::string_view text;
};
/// Keys of the words: at the terminal's own figures they are short, in the hall they name the objective.
struct VerdictKeys {
    std::string_view met;
    std::string_view met_unproven;
    std::string_view not_met;
};
[[nodiscard]] VerdictLook look_of(const DrawContext& draw, survey::Verdict verdict, const VerdictKeys& keys);

}  // namespace hailong::kiosk
