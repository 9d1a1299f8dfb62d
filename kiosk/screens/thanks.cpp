#include <algorithm>

#include "kiosk/screens/closing.h"
#include "kiosk/screens/header.h"
#include "kiosk/widgets/controls.h"

namespace hailong::kiosk {
namespace {

/// A second button at the foot of the page, apart from what closes it. Cuts its place off `page`.
bool draw_feedback(Painter& paint, Rect& page) {
    const DrawContext& draw = paint.context();
    const PageShape shape = page_shape(draw.layout);
    page.cut_bottom(shape.margin_y);
    const Rect strip = page.cut_bottom(shape.footer, gap_between(draw.layout, shape.gap));
    const std::string_view words = draw.text.at("thanks.feedback");
    const ButtonLook look{.before = Icon::speech, .step = TextStep::label};
    const float width = std::min(button_width(draw, words, look), strip.width - 2 * shape.margin_x);
    return button(paint, "feedback", words, strip.middle(width, strip.height), look);
}

}  // namespace

std::optional<ClosingIntent> draw_thanks(const ThanksModel& model, DrawContext& draw) {
    Stage stage(draw);
    std::optional<ClosingIntent> intent;
    Rect page = stage.page;
    if (model.feedback_offered && draw_feedback(stage.paint, page)) intent = FeedbackWanted{};
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
    return intent;
}

}  // namespace hailong::kiosk
