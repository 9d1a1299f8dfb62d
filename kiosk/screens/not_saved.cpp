#include "kiosk/screens/closing.h"
#include "kiosk/screens/screens.h"

namespace hailong::kiosk {

std::optional<ClosingIntent> draw_not_saved(const NotSavedModel& model, DrawContext& draw) {
    Stage stage(draw);
    const Touch finger = touch(draw, "done", stage.page, draw.text.at("visit.finish"));
    draw_closing(stage.paint, stage.page,
                 {.center_name = model.center_name,
                  .icon = Icon::warning,
                  .sign = draw.theme.caution,
                  .title = draw.text.at("not_saved.title"),
                  .body = draw.text.at("not_saved.body"),
                  .note = draw.text.at("not_saved.note")});
    if (!finger.tapped) return std::nullopt;
    return Touched{};
}

}  // namespace hailong::kiosk
