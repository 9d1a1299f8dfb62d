#include <algorithm>
#include <string>

#include "kiosk/screens/screens.h"
#include "kiosk/widgets/icons.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

void draw_cleaning(const CleaningModel& model, DrawContext& draw) {
    Stage stage(draw);
    Painter& paint = stage.paint;
    const std::string seconds = std::to_string(model.seconds_left);
    const std::string body = draw.text.format("cleaning.body", {{"seconds", seconds}});
    draw.say(draw.text.at("cleaning.title"));

    constexpr float kMargin = 72;
    constexpr float kIcon = 130;
    constexpr float kGap = 44;
    const Rect content = stage.page.inset(kMargin, kMargin);
    const float ring = std::min(content.height * 0.28F, 300.F);
    const float room = content.height - kIcon - ring - 3 * kGap;
    const TextBlock title = fit_text(draw, draw.text.at("cleaning.title"), TextStep::hero, content.width, room * 0.5F);
    const TextBlock text = fit_text(draw, body, TextStep::title, content.width, room - title.height);
    Rect group = content.middle(content.width, kIcon + ring + title.height + text.height + 3 * kGap);
    draw_icon(paint, Icon::broom, group.cut_top(kIcon, kGap).centre(), kIcon, draw.theme.page.muted);
    paint.text(title, group.cut_top(title.height, kGap), draw.theme.page.ink);
    const Rect circle = group.cut_top(ring, kGap);
    paint.disc(circle.centre(), ring / 2, draw.theme.selected.fill);
    paint.ring(circle.centre(), ring / 2 - 5, draw.theme.selected.edge, 8);
    paint.text(seconds, TextStep::hero, circle.middle(ring * 0.8F, ring * 0.8F), draw.theme.selected.ink);
    paint.text(text, group, draw.theme.page.ink);
}

}  // namespace hailong::kiosk
