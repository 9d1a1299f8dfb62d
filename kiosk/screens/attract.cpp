#include <algorithm>
#include <array>

#include "kiosk/screens/asking.h"
#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

/// The faces as a promise of what is to come; not targets: the tap that wakes the screen never votes.
void draw_face_row(Painter& paint, Rect strip) {
    constexpr std::array kFaces{Face::very_happy, Face::happy, Face::neutral, Face::unhappy, Face::very_unhappy};
    constexpr float kGap = 34;
    const float radius = std::min(strip.height / 2, (strip.width - kGap * (kFaces.size() - 1)) / (2 * kFaces.size()));
    const float step = 2 * radius + kGap;
    const float left = strip.centre().x - step * (kFaces.size() - 1) / 2;
    for (std::size_t i = 0; i < kFaces.size(); ++i) {
        draw_face(paint, kFaces[i], {left + step * static_cast<float>(i), strip.centre().y}, radius);
    }
}

void draw_counter_name(Painter& paint, Rect strip, const std::string& name) {
    const TextBlock words = fit_text(paint.context(), name, TextStep::body, strip.width - 72, strip.height - 8);
    const Rect pill = strip.middle(words.width + 72, strip.height);
    paint.fill(pill, paint.theme().selected.fill, pill.height / 2);
    paint.text(words, pill, paint.theme().selected.ink);
}

/// Invitation, faces, button and promise as one group in the middle of `area`.
void draw_invitation(Painter& paint, Rect area, const AttractModel& model, bool held) {
    DrawContext& draw = paint.context();
    const bool portrait = draw.layout.portrait();
    const float faces = portrait ? 164 : 172;
    const float button_height = portrait ? 172 : 148;
    const float gap = portrait ? 76 : 46;
    constexpr float kCounter = 76;
    const float counter_gap = gap * 0.7F;

    draw.say(draw.text.at("attract.invite"));
    draw.say(draw.text.at("attract.promise"));
    const TextBlock title =
        fit_text(draw, draw.text.at("attract.invite"), TextStep::hero, area.width, area.height * 0.4F);
    const TextBlock promise = fit_text(draw, draw.text.at("attract.promise"), TextStep::body, area.width,
                                       2 * line_height(draw, TextStep::body));
    const float counter = model.counter_name.empty() ? 0 : kCounter + counter_gap;
    const float height = title.height + counter + gap + faces + gap + button_height + gap / 2 + promise.height;
    Rect group = area.middle(area.width, height);

    if (!model.counter_name.empty()) draw_counter_name(paint, group.cut_top(kCounter, counter_gap), model.counter_name);
    paint.text(title, group.cut_top(title.height, gap), paint.theme().page.ink);
    draw_face_row(paint, group.cut_top(faces, gap));
    const Rect button = group.cut_top(button_height, gap / 2);
    const Rect plate =
        draw_plate(paint, button.middle(std::min(button.width, 720.F), button.height), paint.theme().primary, held);
    const TextBlock words =
        fit_text(draw, draw.text.at("attract.start"), TextStep::title, plate.width - 160, plate.height);
    constexpr float kIcon = 64;
    Rect label = plate.middle(words.width + kIcon + 24, plate.height);
    draw_icon(paint, Icon::finger, label.cut_left(kIcon, 24).centre(), kIcon, paint.theme().primary.ink);
    paint.text(words, label, paint.theme().primary.ink);
    paint.text(promise, group, paint.theme().page.muted);
}

void draw_out_of_order(Painter& paint, Rect area, const std::string& reason) {
    const DrawContext& draw = paint.context();
    draw.say(draw.text.at("out_of_order.title"));
    draw.say(reason);
    draw.say(draw.text.at("out_of_order.help"));
    Rect group = area.middle(std::min(area.width, 1100.F), std::min(area.height, 760.F));
    constexpr float kSign = 190;
    const Point centre = group.cut_top(kSign, 44).centre();
    paint.disc(centre, kSign / 2, paint.theme().caution.fill);
    draw_icon(paint, Icon::warning, {centre.x, centre.y - 6}, kSign * 0.5F, paint.theme().caution.ink);
    const TextBlock title =
        fit_text(paint.context(), draw.text.at("out_of_order.title"), TextStep::hero, group.width, 250);
    paint.text(title, group.cut_top(title.height, 28), paint.theme().page.ink);
    const TextBlock why = fit_text(paint.context(), reason, TextStep::label, group.width, 220);
    paint.text(why, group.cut_top(why.height, 24), paint.theme().page.ink);
    paint.text(draw.text.at("out_of_order.help"), TextStep::body, group, paint.theme().page.muted, Align::middle,
               Align::start);
}

}  // namespace

std::optional<AttractIntent> draw_attract(const AttractModel& model, DrawContext& draw) {
    Stage stage(draw);
    const PageShape shape = page_shape(draw.layout);
    std::optional<AttractIntent> intent;

    Rect content = stage.page.inset(shape.margin_x, shape.margin_y);
    const HeaderTaps taps = draw_header(stage.paint, content.cut_top(shape.header), model.center_name, true);
    if (taps.emblem) intent = EmblemTapped{};
    if (taps.language) intent = LanguageChosen{*taps.language};

    Rect below = stage.page;
    below.cut_top(content.y + theme::kGap);
    const Point water{stage.page.centre().x, stage.page.bottom() + below.height * 0.08F};
    draw_lotus(stage.paint, water, below.height * (draw.layout.portrait() ? 0.46F : 0.62F),
               with_alpha(draw.theme.lotus, 26), with_alpha(draw.theme.lotus_deep, 24));
    draw.say(model.disk_trouble);
    if (!model.disk_trouble.empty()) {
        draw_notice(stage.paint, Icon::warning, model.disk_trouble, draw.theme.caution, content.cut_bottom(132, 20),
                    TextStep::body);
    } else if (model.unsaved_waiting) {
        draw_notice(stage.paint, Icon::hourglass, draw.text.at("visit.unsaved"), draw.theme.caution,
                    content.cut_bottom(60, 20));
    }
    if (model.out_of_order) {
        draw_out_of_order(stage.paint, content, *model.out_of_order);
        return intent;
    }
    // Everything below the header wakes the terminal.
    const Touch finger = touch(draw, "wake", below, draw.text.at("attract.start"));
    if (finger.tapped) intent = Woken{};
    draw_invitation(stage.paint, content.middle(std::min(content.width, 1280.F), content.height), model, finger.held);
    return intent;
}

}  // namespace hailong::kiosk
