#include <algorithm>
#include <array>

#include "kiosk/screens/asking.h"
#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

/// Dots shown at most; a longer PIN goes on being counted by its owner.
constexpr std::size_t kDotsMax = 12;

void draw_digits(Painter& paint, Rect field, std::size_t entered) {
    paint.fill(field, paint.theme().card.fill, theme::kRadiusSmall);
    paint.outline(field, paint.theme().card.edge, 3, theme::kRadiusSmall);
    const std::size_t dots = std::min(entered, kDotsMax);
    if (dots == 0) {
        paint.text(paint.context().text.at("pin.hint"), TextStep::body, field.inset(20, 4), paint.theme().card.muted);
        return;
    }
    const float step = std::min(46.F, (field.width - 60) / static_cast<float>(kDotsMax));
    const float left = field.centre().x - step * static_cast<float>(dots - 1) / 2;
    for (std::size_t i = 0; i < dots; ++i) {
        paint.disc({left + step * static_cast<float>(i), field.centre().y}, 13, paint.theme().card.ink);
    }
}

/// What went wrong or is going on, in words; nothing most of the time.
void draw_message(Painter& paint, Rect strip, const PinModel& model) {
    const survey::Messages& text = paint.context().text;
    if (model.wait_s) {
        const std::string words = text.format("pin.wait", {{"seconds", std::to_string(*model.wait_s)}});
        draw_notice(paint, Icon::clock, words, paint.theme().caution, strip, TextStep::body);
    } else if (model.checking) {
        draw_notice(paint, Icon::hourglass, text.at("pin.checking"), paint.theme().selected, strip, TextStep::body);
    } else if (model.wrong) {
        draw_notice(paint, Icon::warning, text.at("pin.wrong"), paint.theme().trouble, strip, TextStep::body);
    }
}

/// A key of the pad; one that can't be used now is shown resting and is no target.
bool key(Painter& paint, const std::string& name, std::string_view label, std::optional<Icon> icon, Surface surface,
         bool usable, Rect rect) {
    bool tapped = false;
    Rect face;
    if (usable) {
        const Plate result = plate(paint, name, label, rect, surface);
        tapped = result.tapped;
        face = result.face;
    } else {
        surface = paint.theme().resting;
        face = draw_plate(paint, rect, surface, false);
    }
    if (icon) {
        draw_icon(paint, *icon, face.centre(), 50, surface.ink);
    } else {
        paint.text(label, TextStep::display, face.inset(8, 4), surface.ink);
    }
    return tapped;
}

}  // namespace

std::optional<PinIntent> draw_pin(const PinModel& model, DrawContext& draw) {
    Stage stage(draw);
    const PageShape shape = page_shape(draw.layout);
    std::optional<PinIntent> intent;
    Rect content = stage.page.inset(shape.margin_x, shape.margin_y);
    Rect strip = content.cut_top(shape.header, shape.gap);
    if (button(stage.paint, "close", draw.text.at("staff.close"), strip.cut_right(250, theme::kGap),
               {.surface = &draw.theme.sunken, .before = Icon::cross, .step = TextStep::body})) {
        intent = StaffClosed{};
    }
    const float lock = 56;
    draw_icon(stage.paint, Icon::lock, strip.cut_left(lock, 24).centre(), lock, draw.theme.page.ink);
    stage.paint.text(draw.text.at("pin.title"), TextStep::title, strip, draw.theme.page.ink, Align::start);

    draw.say(draw.text.at("pin.title"));
    draw.say(draw.text.at("pin.hint"));
    const bool portrait = draw.layout.portrait();
    const float key_height = portrait ? 168 : 128;
    const float key_width = portrait ? 220 : 190;
    const float gap = 20;
    const float pad_width = 3 * key_width + 2 * gap;
    const float pad_height = 4 * key_height + 3 * gap;
    const float field_height = portrait ? 120 : 96;
    const float message_height = 84;
    Rect group = content.middle(pad_width, message_height + field_height + pad_height + 2 * theme::kGap);
    draw_message(stage.paint, group.cut_top(message_height, theme::kGap).inset(-140, 0), model);
    draw_digits(stage.paint, group.cut_top(field_height, theme::kGap), model.digits_entered);

    const bool usable = !model.checking && !model.wait_s;
    const bool some = usable && model.digits_entered > 0;
    const GridRule rule{.columns = 3, .cell_height_min = key_height, .cell_height_max = key_height, .gap = gap};
    const Grid grid = arrange(group, 12, rule);
    constexpr std::array kDigits{1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (std::size_t i = 0; i < kDigits.size(); ++i) {
        const std::string digit = std::to_string(kDigits[i]);
        if (key(stage.paint, "pin/" + digit, digit, {}, draw.theme.card, usable, grid.cell(i)))
            intent = PinDigit{kDigits[i]};
    }
    if (key(stage.paint, "pin/erase", draw.text.at("pin.erase"), Icon::erase, draw.theme.sunken, some, grid.cell(9)))
        intent = PinErased{};
    if (key(stage.paint, "pin/0", "0", {}, draw.theme.card, usable, grid.cell(10))) intent = PinDigit{0};
    if (key(stage.paint, "pin/enter", draw.text.at("pin.enter"), Icon::check, draw.theme.primary, some, grid.cell(11)))
        intent = PinEntered{};
    return intent;
}

}  // namespace hailong::kiosk
