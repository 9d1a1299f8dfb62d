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
    const TextBlock text = fit_text(paint.context(), name, TextStep::body, strip.width - 72, strip.height - 8);
    const Rect pill = strip.middle(text.width + 72, strip.height);
    paint.fill(pill, paint.theme().selected.fill, pill.height / 2);
    paint.text(text, pill, paint.theme().selected.ink);
}

/// How large the parts of the invitation are that are not words.
struct InvitationSizes {
    float faces = 0;  // 0: none, where words need all the room
    float button = 0;
    float gap = 0;
};
constexpr std::array kPortraitSizes{InvitationSizes{164, 172, 76}, InvitationSizes{128, 150, 48},
                                    InvitationSizes{0, 140, 36}};
constexpr std::array kLandscapeSizes{InvitationSizes{172, 148, 46}, InvitationSizes{124, 132, 30},
                                     InvitationSizes{0, 124, 26}};
constexpr float kCounterHeight = 76;
constexpr float kTicketIcon = 48;
constexpr float kCounterGapShare = 0.7F;

/// The words below the button, measured.
struct SmallPrint {
    TextBlock promise;
    TextBlock ticket;  // no lines where there is no reader
    float gap = 0;
    [[nodiscard]] float height() const {
        return promise.height + (ticket.lines.empty() ? 0 : gap + std::max(ticket.height, kTicketIcon));
    }
};
SmallPrint small_print(DrawContext& draw, Rect area, bool scanner, float gap) {
    constexpr float kShare = 0.12F;  // of the height, for each of the two
    const float width = area.width;
    const float room = std::min(2 * line_height(draw, TextStep::body), area.height * kShare);
    SmallPrint print{fit_text(draw, draw.text.at("attract.promise"), TextStep::body, width, room), {}, gap * 0.4F};
    if (scanner) {
        print.ticket = fit_text(draw, draw.text.at("attract.ticket"), TextStep::body, width - kTicketIcon - 24, room);
    }
    return print;
}

void draw_start(Painter& paint, Rect strip, bool held) {
    constexpr float kIcon = 64;
    constexpr float kWidth = 720;
    DrawContext& draw = paint.context();
    const float width = std::min(strip.width, kWidth * factor(draw.layout.text));
    const Rect plate = draw_plate(paint, strip.middle(width, strip.height), draw.theme.primary, held);
    const TextBlock text =
        fit_text(draw, draw.text.at("attract.start"), TextStep::title, plate.width - 160, plate.height);
    Rect label = plate.middle(text.width + kIcon + 24, plate.height);
    draw_icon(paint, Icon::finger, label.cut_left(kIcon, 24).centre(), kIcon, draw.theme.primary.ink);
    paint.text(text, label, draw.theme.primary.ink);
}

/// Invitation, faces, button and promise as one group in the middle of `area`.
void draw_invitation(Painter& paint, Rect area, const AttractModel& model, bool held) {
    DrawContext& draw = paint.context();
    const std::string_view invite = draw.text.at("attract.invite");
    const auto& choices = draw.layout.portrait() ? kPortraitSizes : kLandscapeSizes;
    InvitationSizes sizes;
    SmallPrint print;
    float title_room = 0;
    for (const InvitationSizes& choice : choices) {
        sizes = choice;
        print = small_print(draw, area, model.scanner, sizes.gap);
        const float counter = model.counter_name.empty() ? 0 : kCounterHeight + sizes.gap * kCounterGapShare;
        const float faces = sizes.faces > 0 ? sizes.faces + sizes.gap : 0;
        title_room = area.height - counter - faces - sizes.gap - sizes.button - sizes.gap / 2 - print.height();
        if (fits(draw, invite, TextStep::display, area.width, title_room)) break;
    }
    const TextBlock title = fit_text(draw, invite, TextStep::hero, area.width, title_room);
    Rect group = area.middle(area.width, area.height - title_room + title.height);

    for (const std::string_view line : {std::string_view(model.counter_name), invite, draw.text.at("attract.promise")})
        draw.say(line);
    if (model.scanner) draw.say(draw.text.at("attract.ticket"));
    if (!model.counter_name.empty()) {
        draw_counter_name(paint, group.cut_top(kCounterHeight, sizes.gap * kCounterGapShare), model.counter_name);
    }
    paint.text(title, group.cut_top(title.height, sizes.gap), draw.theme.page.ink);
    if (sizes.faces > 0) draw_face_row(paint, group.cut_top(sizes.faces, sizes.gap));
    draw_start(paint, group.cut_top(sizes.button, sizes.gap / 2), held);
    paint.text(print.promise, group.cut_top(print.promise.height, print.gap), draw.theme.page.muted);
    if (print.ticket.lines.empty()) return;
    Rect line = group.middle(kTicketIcon + 24 + print.ticket.width, group.height);
    draw_icon(paint, Icon::ticket, line.cut_left(kTicketIcon, 24).centre(), kTicketIcon, draw.theme.page.muted);
    paint.text(print.ticket, line, draw.theme.page.muted, Align::start);
}

void draw_out_of_order(Painter& paint, Rect area, const std::string& reason) {
    constexpr float kGap = 32;
    constexpr float kWidth = 1100;
    DrawContext& draw = paint.context();
    const std::string_view headline = draw.text.at("out_of_order.title");
    const std::string_view remedy = draw.text.at("out_of_order.help");
    for (const std::string_view line : {headline, std::string_view(reason), remedy})
        draw.say(line);
    const float sign = std::min(190.F, area.height * 0.2F);
    const float width = std::min(area.width, kWidth * factor(draw.layout.text));
    const float room = area.height - sign - 3 * kGap;
    const TextBlock title = fit_text(draw, headline, TextStep::hero, width, room * 0.4F);
    const TextBlock why = fit_text(draw, reason, TextStep::label, width, room * 0.3F);
    const TextBlock help = fit_text(draw, remedy, TextStep::body, width, room - title.height - why.height);
    Rect group = area.middle(width, sign + title.height + why.height + help.height + 3 * kGap);
    const Point centre = group.cut_top(sign, kGap).centre();
    paint.disc(centre, sign / 2, draw.theme.caution.fill);
    draw_icon(paint, Icon::warning, {centre.x, centre.y - 6}, sign * 0.5F, draw.theme.caution.ink);
    paint.text(title, group.cut_top(title.height, kGap), draw.theme.page.ink);
    paint.text(why, group.cut_top(why.height, kGap), draw.theme.page.ink);
    paint.text(help, group, draw.theme.page.muted);
}

constexpr float kNameHeight = 56;

/// Name, emblem and accessibility at the edges of the page. What they leave is `content`; what of it wakes the terminal
/// is `wake`.
struct Edges {
    std::optional<AttractIntent> intent;
    Rect content;
    Rect wake;
};
Edges draw_edges(Painter& paint, Rect page, const AttractModel& model) {
    DrawContext& draw = paint.context();
    const PageShape shape = page_shape(draw.layout);
    Edges edges;
    edges.content = page.inset(shape.margin_x, shape.margin_y);
    edges.wake = page;
    AccessibilityOffer offer{.voice_offered = model.voice_offered, .speaking = model.speaking};
    const auto enter = [&](Rect place, const std::string& name) {
        const ZoneScope zone(draw, Zone::header);
        if (draw_name(paint, place, name, true)) edges.intent = EmblemTapped{};
    };
    if (shape.rail > 0) {
        const Rail rail = draw_accessibility_rail(paint, edges.content.cut_right(shape.rail, shape.gap), offer);
        edges.intent = widen<AttractIntent>(rail.intent);
        enter(rail.free, model.center_name);
        edges.wake.width = edges.content.right() - edges.wake.x;
        return edges;
    }
    offer.both_languages = true;
    const float buttons = accessibility_buttons_width(draw, offer);
    Rect header = edges.content.cut_top(shape.header, shape.gap);
    Rect row = draw.layout.seated() ? edges.content.cut_bottom(shape.header, shape.gap) : header;
    if (const auto helper = draw_accessibility_buttons(paint, row.cut_right(buttons, 28), offer)) {
        edges.intent = widen<AttractIntent>(helper);
    }
    enter(draw.layout.portrait() ? row.cut_left(row.height) : row, model.center_name);
    if (draw.layout.seated()) {
        paint.text(model.center_name, TextStep::caption, header, draw.theme.page.ink);
        edges.wake.height = edges.content.bottom() - edges.wake.y;
    }
    edges.wake.cut_top(edges.content.y - edges.wake.y);
    if (draw.layout.portrait() && !draw.layout.seated()) {
        // Between emblem and buttons there is no room for the name.
        paint.text(model.center_name, TextStep::caption, edges.content.cut_top(kNameHeight, shape.gap),
                   draw.theme.page.ink);
    }
    return edges;
}

/// A quiet second button below everything else.
bool draw_feedback(Painter& paint, Rect strip) {
    const DrawContext& draw = paint.context();
    const std::string_view text = draw.text.at("attract.feedback");
    const ButtonLook look{.surface = &draw.theme.card, .before = Icon::speech, .step = TextStep::body};
    const float width = std::min(std::max({button_width(draw, text, look), 420.F, 2.5F * strip.height}), strip.width);
    return button(paint, "feedback", text, strip.middle(width, strip.height), look);
}

}  // namespace

std::optional<AttractIntent> draw_attract(const AttractModel& model, DrawContext& draw) {
    Stage stage(draw);
    const PageShape shape = page_shape(draw.layout);
    const float below = draw.layout.portrait() ? 0.46F : 0.62F;
    const Point water{stage.page.centre().x, stage.page.bottom() + stage.page.height * 0.07F};
    draw_lotus(stage.paint, water, (stage.page.height - shape.header) * below, with_alpha(draw.theme.lotus, 26),
               with_alpha(draw.theme.lotus_deep, 24));

    auto [intent, content, wake] = draw_edges(stage.paint, stage.page, model);
    std::optional<Rect> feedback;
    if (model.feedback_offered && !model.out_of_order) {
        const float gap = gap_between(draw.layout);
        feedback = content.cut_bottom(std::max(draw.layout.target, 108.F), gap);
        wake.height = content.bottom() - wake.y;
    }
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
    // Everything else wakes the terminal.
    const Touch finger = touch(draw, "wake", wake, draw.text.at("attract.start"));
    if (finger.tapped) intent = Woken{};
    const float widest = draw.layout.text == TextSize::normal ? 1'280 : content.width;
    draw_invitation(stage.paint, content.middle(std::min(content.width, widest), content.height), model, finger.held);
    if (feedback && draw_feedback(stage.paint, *feedback)) intent = FeedbackWanted{};
    return intent;
}

}  // namespace hailong::kiosk
