#include "kiosk/screens/closing.h"

#include <algorithm>

#include "kiosk/screens/asking.h"

namespace hailong::kiosk {

void draw_closing(Painter& paint, Rect page, const ClosingPicture& picture) {
    DrawContext& draw = paint.context();
    for (const std::string_view line : {picture.title, picture.body, picture.note})
        draw.say(line);
    const PageShape shape = page_shape(draw.layout);
    Rect content = page.inset(shape.margin_x, shape.margin_y);
    constexpr float kNameHeight = 116;
    static_cast<void>(draw_name(paint, content.cut_top(kNameHeight, shape.gap), picture.center_name, false));

    if (picture.lotus) {
        const Point water{page.centre().x, page.bottom() + page.height * 0.06F};
        draw_lotus(paint, water, page.height * (draw.layout.portrait() ? 0.4F : 0.5F),
                   with_alpha(paint.theme().lotus, 34), with_alpha(paint.theme().lotus_deep, 30));
    }

    constexpr float kGapAfterSign = 56;
    constexpr float kGapAfterTitle = 32;
    constexpr float kGapAfterBody = 28;
    // Shares of the height, so that all of it stays on the lowest panel in the largest type.
    const float sign = std::min(draw.layout.portrait() ? 264.F : 216.F, content.height * 0.22F);
    const float width = draw.layout.text == TextSize::normal ? std::min(content.width, 1240.F) : content.width;
    const float gaps = kGapAfterSign + kGapAfterTitle + kGapAfterBody;
    const float room = content.height - sign - gaps;
    TextBlock note;
    if (!picture.note.empty()) note = fit_text(draw, picture.note, TextStep::body, width, room * 0.3F);
    const TextBlock title = fit_text(draw, picture.title, TextStep::hero, width, room * 0.38F);
    const TextBlock body = fit_text(draw, picture.body, TextStep::title, width, room - title.height - note.height);
    const float height = sign + kGapAfterSign + title.height + kGapAfterTitle + body.height +
                         (note.lines.empty() ? 0 : kGapAfterBody + note.height);
    Rect group = content.middle(width, height);
    group.y -= std::min(content.height * 0.04F, group.y - content.y);  // the optical middle lies a little above the measured one

    const Point centre = group.cut_top(sign, kGapAfterSign).centre();
    paint.disc(centre, sign / 2, picture.sign.fill);
    paint.ring(centre, sign / 2 - 5, picture.sign.edge, 5);
    draw_icon(paint, picture.icon, centre, sign * 0.44F, picture.sign.ink);
    paint.text(title, group.cut_top(title.height, kGapAfterTitle), paint.theme().page.ink);
    paint.text(body, group.cut_top(body.height, kGapAfterBody), paint.theme().page.ink);
    if (!note.lines.empty()) paint.text(note, group.cut_top(note.height), paint.theme().page.muted);
}

}  // namespace hailong::kiosk
