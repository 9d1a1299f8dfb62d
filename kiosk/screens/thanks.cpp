#include <algorithm>

#include "kiosk/screens/closing.h"
#include "kiosk/screens/header.h"
#include "kiosk/widgets/controls.h"

namespace hailong::kiosk {
namespace {

/// A second button at the foot of the page, apart from what closes it.
bool draw_feedback(Painter& paint, Rect strip) {
    const DrawContext& draw = paint.context();
    const std::string_view text = draw.text.at("thanks.feedback");
    const ButtonLook look{.before = Icon::speech, .step = TextStep::label};
    const float width = std::min(button_width(draw, text, look), strip.width);
    return button(paint, "feedback", text, strip.middle(width, strip.height), look);
}

}  // namespace

std::optional<ClosingIntent> draw_thanks(const ThanksModel& model, DrawContext& draw) {
    Stage stage(draw);
    std::optional<ClosingIntent> intent;
    const PageShape shape = page_shape(draw.layout);
    Rect page = stage.page;
    Rect foot;
    if (model.feedback_offered) {
        page.cut_bottom(shape.margin_y);
        foot = page.cut_bottom(shape.footer, gap_between(draw.layout)).inset(shape.margin_x, 0);
    }
    const Touch finger = touch(draw, "done", page, draw.text.at("visit.finish"));
    if (finger.tapped) intent = Touched{};
    draw_closing(stage.paint, page,
                 {.center_name = model.center_name,
                  .icon = Icon::check,
                  .sign = draw.theme.good,
                  .title = draw.text.at("thanks.title"),
                  .body = draw.text.at("thanks.body"),
                  .note = model.advice.empty() ? draw.text.at("thanks.note") : std::string_view(model.advice),
                  .lotus = true});
    if (model.feedback_offered && draw_feedback(stage.paint, foot)) intent = FeedbackWanted{};
    return intent;
}

}  // namespace hailong::kiosk
