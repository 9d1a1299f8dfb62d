#include "kiosk/screens/closing.h"
#include "kiosk/screens/screens.h"

namespace hailong::kiosk {

void draw_saving(const SavingModel& model, DrawContext& draw) {
    Stage stage(draw);
    draw_closing(stage.paint, stage.page,
                 {.center_name = model.center_name,
                  .icon = Icon::hourglass,
                  .sign = draw.theme.selected,
                  .title = draw.text.at("saving.title"),
                  .body = draw.text.at("saving.body"),
                  .note = {}});
}

}  // namespace hailong::kiosk
