#include <algorithm>
#include <array>

#include "kiosk/screens/staff_parts.h"
#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

/// Dots shown at most; a longer PIN goes on being counted by its owner.
constexpr std::size_t kPinDotsMax = 12;

void draw_digits(Painter& paint, Rect field, std::size_t entered) {
    paint.fill(field, paint.theme().card.fill, theme::kRadiusSmall);
    paint.outline(field, paint.theme().card.edge, 3, theme::kRadiusSmall);
    const std::size_t dots = std::min(entered, kPinDotsMax);
    if (dots == 0) {
        paint.text(paint.context().text.at("pin.hint"), TextStep::body, field.inset(20, 4), paint.theme().card.muted);
        return;
    }
    const float step = std::min(46.F, (field.width - 60) / static_cast<float>(kPinDotsMax));
    const float left = field.centre().x - step * static_cast<float>(dots - 1) / 2;
    for (std::size_t i = 0; i < dots; ++i) {
        paint.disc({left + step * static_cast<float>(i), field.centre().y}, 13, paint.theme().card.ink);
    }
}

/// What went wrong or is going on, in words; nothing most of the time.
void draw_message(Painter& paint, Rect strip, const PinModel& model) {
    const survey::Messages& text = paint.context().text;
    if (model.wait_s) {
        const std::string wait = text.format("pin.wait", {{"seconds", std::to_string(*model.wait_s)}});
        draw_notice(paint, Icon::clock, wait, paint.theme().caution, strip, TextStep::body);
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

/// The pad below what is typed, or beside it on a wide panel.
struct PinPlaces {
    Rect lock;
    Rect title;
    Rect close;
    Rect message;
    Rect field;
    Rect pad;
    float key_height = 0;
};
PinPlaces pin_places(const DrawContext& draw, Rect content) {
    const Layout& layout = draw.layout;
    const float gap = staff_gap(layout);
    const float button_height = staff_button_height(draw);
    const float message = std::max(92.F, 3 * line_height(draw, TextStep::caption) + 16);
    const float field = std::max(120.F, line_height(draw, TextStep::caption) + 40);
    constexpr float kLock = 56;
    PinPlaces places;
    if (layout.portrait()) {
        Rect head = content.cut_top(button_height, gap);
        places.close = head.cut_right(std::max(250.F, layout.target), 24);
        places.lock = head.cut_left(kLock, 24);
        places.title = head;
        places.key_height = std::max(layout.target, std::min(190.F, (content.height - message - field) / 5));
        const float width = std::min(content.width, std::max(3 * layout.target + 2 * gap, 760.F));
        Rect group = content.middle(width, message + field + 4 * places.key_height + 3 * gap + 2 * theme::kGap);
        places.message = group.cut_top(message, theme::kGap);
        places.message.x = content.x;
        places.message.width = content.width;
        places.field = group.cut_top(field, theme::kGap);
        places.pad = group;
        return places;
    }
    const float pad_width = std::max(3 * layout.target + 2 * gap, content.width * 0.42F);
    places.pad = content.cut_right(pad_width, 64);
    // Under the banner of training seven inches have not the room for four whole targets: the keys share what there is.
    const float room = (places.pad.height - 3 * gap) / 4;
    places.key_height = std::min(std::max(layout.target, 200.F), room);
    places.pad = places.pad.middle(pad_width, 4 * places.key_height + 3 * gap);
    places.close = content.cut_bottom(std::max(button_height, 120.F), theme::kGap);
    places.close.width = std::min(places.close.width, std::max(320.F, layout.target));
    Rect head = content.cut_top(std::max(2 * line_height(draw, TextStep::body), 120.F), theme::kGap);
    places.lock = head.cut_left(kLock, 24);
    places.title = head;
    Rect group = content.middle(content.width, field + theme::kGap + message);
    places.field = group.cut_top(field, theme::kGap);
    places.message = group;
    return places;
}

}  // namespace

std::optional<PinIntent> draw_pin(const PinModel& model, DrawContext& draw) {
    Stage stage(draw);
    std::optional<PinIntent> intent;
    const PinPlaces places = pin_places(draw, staff_page(draw.layout, stage.page));
    draw_icon(stage.paint, Icon::lock, places.lock.centre(), places.lock.width, draw.theme.page.ink);
    stage.paint.text(draw.text.at("pin.title"), TextStep::title, places.title, draw.theme.page.ink, Align::start);
    draw.say(draw.text.at("pin.title"));
    draw.say(draw.text.at("pin.hint"));
    draw_message(stage.paint, places.message, model);
    draw_digits(stage.paint, places.field, model.digits_entered);

    const bool usable = !model.checking && !model.wait_s;
    const bool some = usable && model.digits_entered > 0;
    const GridRule rule{.columns = 3,
                        .cell_height_min = places.key_height - 1,  // four rows, whatever rounding says
                        .cell_height_max = places.key_height,
                        .gap = staff_gap(draw.layout)};
    const Grid grid = arrange(places.pad, 12, rule);
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
    const ZoneScope zone(draw, Zone::header);
    if (button(stage.paint, "close", draw.text.at("staff.close"), places.close,
               {.surface = &draw.theme.sunken, .before = Icon::cross, .step = TextStep::body})) {
        intent = StaffClosed{};
    }
    return intent;
}

}  // namespace hailong::kiosk
