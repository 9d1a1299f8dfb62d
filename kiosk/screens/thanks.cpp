#include "kiosk/screens/closing.h"
#include "kiosk/screens/screens.h"

namespace hailong::kiosk {

std::optional<ClosingIntent> draw_thanks(const ThanksModel& model, DrawContext& draw) {
    Stage stage(draw);
    const Touch finger = touch(draw, "done", stage.page, draw.text.at("visit.finish"));
    draw_closing(stage.paint, stage.page,
                 {.center_name = model.center_name,
                  .icon = Icon::check,
                  .sign = draw.theme.good,
                  .title = draw.text.at("thanks.title"),
                  .body = draw.text.at("thanks.body"),
                  .note = model.advice.empty() ? draw.text.at("thanks.note") : std::string_view(model.advice),
                  .lotus = true});
    if (!finger.tapped) return std::nullopt;
    return Touched{};
}

}  // namespace hailong::kiosk
