// The last screens of a visit share one picture: a sign, a headline, a few words, all in the middle of the panel.
#pragma once

#include <string>
#include <string_view>

#include "kiosk/widgets/icons.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

struct ClosingPicture {
    const std::string& center_name;
    Icon icon = Icon::check;
    Surface sign;  // the round ground of the icon
    std::string_view title;
    std::string_view body;
    std::string_view note = {};  // quieter, below; may be empty
    bool lotus = false;
};
void draw_closing(Painter& paint, Rect page, const ClosingPicture& picture);

}  // namespace hailong::kiosk
