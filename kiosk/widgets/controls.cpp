#include "kiosk/widgets/controls.h"

#include <algorithm>

#include "kiosk/widgets/portraits.h"

namespace hailong::kiosk {
namespace {

constexpr float kSink = 4;  // how far a plate goes down under the finger; less than its lip
static_assert(kSink < theme::kLip);

Surface pressed(const Surface& surface) {
    Surface result = surface;
    result.fill = mix(surface.fill, surface.edge, 0.72F);
    return result;
}

constexpr float kMarkRadius = 22;  // of the round mark of an answer without a face
constexpr float kTickSide = 54;

/// Where a plate's face lies when nobody presses it.
Rect sunk(Rect rect) {
    rect.height -= theme::kLip;
    return rect;
}

/// A place on a resting plate, moved along with the face.
Rect on_plate(Rect place, const Plate& plate) {
    return place.moved(0, plate.held ? kSink : 0);
}

float row_face_radius(Rect rect) {
    return std::min((rect.height - theme::kLip) * 0.42F, 76.F);
}
/// A low card has a smaller face and less air, for its words need the same room.
constexpr float kLowCard = 340;
float card_face_radius(Rect rect) {
    return std::min(rect.width * 0.33F, rect.height * (rect.height < kLowCard ? 0.18F : 0.28F));
}
float card_air(Rect rect) {
    return rect.height < kLowCard ? 12 : 28;
}
float counter_radius(Rect rect) {
    return std::min({rect.height * 0.34F, rect.width * 0.12F, 56.F});
}

struct Portrait {
    bool beside = true;  // the words stand beside it, not below
    Point centre;
    float radius = 0;
};
Portrait portrait_on(Rect rect) {
    constexpr float kBesideRatio = 1.6F;
    Portrait portrait;
    const Rect face = sunk(rect);
    portrait.beside = rect.width > kBesideRatio * rect.height;
    if (portrait.beside) {
        portrait.radius = std::min({face.height / 2 - 16, face.width * 0.15F, 96.F});
        portrait.centre = {face.x + 24 + portrait.radius, face.centre().y};
    } else {
        portrait.radius = std::min(face.width * 0.34F, face.height * 0.27F);
        portrait.centre = {face.centre().x, face.y + 26 + portrait.radius};
    }
    return portrait;
}

void draw_tick_box(Painter& paint, Rect box, bool ticked, const Surface& surface) {
    if (ticked) {
        paint.fill(box, paint.theme().primary.fill, theme::kRadiusSmall);
        draw_icon(paint, Icon::check, box.centre(), box.width * 0.62F, paint.theme().primary.ink);
        return;
    }
    paint.fill(box, paint.theme().card.fill, theme::kRadiusSmall);
    paint.outline(box, mix(surface.muted, surface.fill, 0.55F), 4, theme::kRadiusSmall);
}

}  // namespace

Rect draw_plate(Painter& paint, Rect rect, const Surface& surface, bool held) {
    Rect face = rect;
    face.height -= theme::kLip;
    if (held) face.y += kSink;
    const float radius = std::min(theme::kRadius, rect.height / 2);
    // Only what shows of the lip: painting under the whole face would cost a software renderer half the frame.
    const float lip_top = std::max(face.bottom() - 2 * radius, face.y);
    paint.fill({face.x, lip_top, face.width, rect.bottom() - lip_top}, surface.edge, radius);
    paint.fill(face, held ? pressed(surface).fill : surface.fill, radius);
    paint.outline(face, surface.edge, paint.theme().border, radius);
    return face;
}

void draw_card(Painter& paint, Rect rect, const Surface& surface) {
    paint.fill(rect, surface.fill, theme::kRadius);
    paint.outline(rect, surface.edge, paint.theme().border, theme::kRadius);
}

Plate plate(Painter& paint, const std::string& name, std::string_view label, Rect rect, const Surface& surface) {
    const Touch finger = touch(paint.context(), name, rect, label);
    return {finger.tapped, finger.held, draw_plate(paint, rect, surface, finger.held)};
}

bool button(Painter& paint, const std::string& name, std::string_view text, Rect rect, const ButtonLook& look) {
    const Surface& surface = look.surface == nullptr ? paint.theme().card : *look.surface;
    const Plate result = plate(paint, name, text, rect, surface);
    const float icon = std::min(rect.height * 0.34F, 44.F);
    const float icon_room = icon + 20;
    const float beside = (look.before ? icon_room : 0) + (look.after ? icon_room : 0);
    const Rect inner = result.face.inset(24, 8);
    const TextBlock block = fit_text(paint.context(), text, look.step, inner.width - beside, inner.height);
    Rect content = inner.middle(block.width + beside, inner.height);
    if (look.before) {
        draw_icon(paint, *look.before, content.cut_left(icon, 20).centre(), icon, surface.ink);
    }
    if (look.after) {
        draw_icon(paint, *look.after, content.cut_right(icon, 20).centre(), icon, surface.ink);
    }
    paint.text(block, content, surface.ink);
    return result.tapped;
}

float button_width(const DrawContext& draw, std::string_view text, const ButtonLook& look) {
    constexpr float kIconRoom = 64;
    const float icons = (look.before ? kIconRoom : 0) + (look.after ? kIconRoom : 0);
    return std::max(text_width(draw, look.step, text) + icons + 64, draw.layout.target);
}

bool sign_button(Painter& paint, const std::string& name, std::string_view label, Rect rect, const SignLook& look) {
    const Surface& surface = look.surface == nullptr ? paint.theme().sunken : *look.surface;
    const Plate result = plate(paint, name, label, rect, surface);
    if (look.icon) {
        draw_icon(paint, *look.icon, result.face.centre(), std::min(rect.height * 0.46F, 96.F), surface.ink);
    } else {
        constexpr float kLarge = 160;  // on a square of that height small letters would be lost
        const TextStep step = rect.height < kLarge ? TextStep::label : TextStep::display;
        paint.text(look.letters, step, result.face.inset(8, 4), surface.ink);
    }
    return result.tapped;
}

float language_switch_width(const DrawContext& draw) {
    constexpr float kPadding = 44;
    const auto half = [&](std::string_view text) {
        return std::max(text_width(draw, smallest_step(draw), text) + kPadding, draw.layout.target);
    };
    return 2 * std::max(half(draw.text.at("language.vi")), half(draw.text.at("language.en"))) + draw.layout.apart;
}

std::optional<survey::Language> language_switch(Painter& paint, Rect rect) {
    std::optional<survey::Language> chosen;
    const DrawContext& draw = paint.context();
    const float radius = std::min(rect.height / 2, 58.F);
    paint.fill(rect, paint.theme().sunken.fill, radius);
    Rect rest = rect;
    const float half_width = (rect.width - draw.layout.apart) / 2;
    for (const survey::Language language : survey::kLanguages) {
        const Rect half = rest.cut_left(half_width, draw.layout.apart);
        const std::string_view text = draw.text.at(language == survey::Language::vi ? "language.vi" : "language.en");
        const Touch finger = touch(paint.context(), "language/" + std::string(code(language)), half, text);
        const bool current = language == draw.language;
        const Rect pill = half.inset(7, 7);
        if (current) {
            paint.fill(pill, paint.theme().card.fill, radius);
            paint.outline(pill, paint.theme().primary.fill, 3, radius);
        } else if (finger.held) {
            paint.fill(pill, paint.theme().sunken.edge, radius);
        }
        paint.text(text, TextStep::caption, pill.inset(12, 0),
                   current ? paint.theme().card.ink : paint.theme().sunken.muted);
        if (finger.tapped) chosen = language;
    }
    return chosen;
}

std::optional<survey::Language> language_button(Painter& paint, Rect rect) {
    const DrawContext& draw = paint.context();
    const bool vietnamese = draw.language == survey::Language::vi;
    const survey::Language other = vietnamese ? survey::Language::en : survey::Language::vi;
    const bool tapped = sign_button(paint, "language/" + std::string(code(other)),
                                    draw.text.at(vietnamese ? "language.en" : "language.vi"), rect,
                                    {.letters = draw.text.at(vietnamese ? "language.short_en" : "language.short_vi")});
    return tapped ? std::optional(other) : std::nullopt;
}

namespace {

constexpr float kSwitchWidth = 108;
constexpr float kSwitchHeight = 60;
constexpr float kSwitchIcon = 60;
constexpr float kStateHeight = 44;  // of the word below the switch

/// Tiles that are not wide have their words above the switch.
bool is_wide(Rect tile) {
    return tile.width > 3 * tile.height;
}

void draw_switch(Painter& paint, Point centre, bool on) {
    const Theme& theme = paint.theme();
    const Rect track{centre.x - kSwitchWidth / 2, centre.y - kSwitchHeight / 2, kSwitchWidth, kSwitchHeight};
    const float radius = kSwitchHeight / 2;
    paint.fill(track, on ? theme.primary.fill : theme.sunken.fill, radius);
    paint.outline(track, on ? theme.primary.edge : theme.sunken.muted, 4, radius);
    const Point knob{on ? track.right() - radius : track.x + radius, centre.y};
    paint.disc(knob, radius - 9, on ? theme.primary.ink : theme.sunken.muted);
    if (on) draw_icon(paint, Icon::check, knob, 28, theme.primary.fill);
}

}  // namespace

Rect switch_tile_text(Rect rect) {
    Rect content = sunk(rect).inset(28, 10);
    if (is_wide(rect)) {
        content.cut_left(kSwitchIcon + 28);
        content.cut_right(kSwitchWidth + 28);
        return content;
    }
    content.cut_bottom(kSwitchHeight + 16);
    return content;
}

bool switch_tile(Painter& paint, const std::string& name, Icon icon, const SwitchTexts& text, bool on, TextStep step,
                 Rect rect) {
    const Surface& surface = on ? paint.theme().selected : paint.theme().card;
    const std::string label = std::string(text.text) + ": " + std::string(text.state);
    const Plate result = plate(paint, name, label, rect, surface);
    Rect face = result.face.inset(28, 10);
    paint.text(text.text, step, on_plate(switch_tile_text(rect), result), surface.ink,
               is_wide(rect) ? Align::start : Align::middle);
    if (is_wide(rect)) {
        draw_icon(paint, icon, face.cut_left(kSwitchIcon).centre(), kSwitchIcon, surface.ink);
        const Rect side = face.cut_right(kSwitchWidth);
        Rect group = side.middle(side.width, kSwitchHeight + kStateHeight);
        draw_switch(paint, group.cut_top(kSwitchHeight).centre(), on);
        paint.text(text.state, TextStep::caption, group, surface.muted);
        return result.tapped;
    }
    Rect row = face.cut_bottom(kSwitchHeight);
    const TextBlock state =
        fit_text(paint.context(), text.state, TextStep::caption, row.width - kSwitchWidth - 20, row.height);
    row = row.middle(kSwitchWidth + 20 + state.width, row.height);
    draw_switch(paint, row.cut_left(kSwitchWidth, 20).centre(), on);
    paint.text(state, row, surface.muted, Align::start);
    return result.tapped;
}

Rect answer_row_text(Rect rect, bool with_face) {
    Rect content = sunk(rect).inset(28, 8);
    content.cut_left(with_face ? 2 * row_face_radius(rect) + 44 : 2 * kMarkRadius + 30);
    return content;
}

bool answer_row(Painter& paint, const std::string& name, std::string_view text, TextStep step, std::optional<Face> face,
                Rect rect) {
    const Surface& surface = paint.theme().card;
    const Plate result = plate(paint, name, text, rect, surface);
    const float left = result.face.x + 28;
    const float middle = result.face.centre().y;
    if (face) {
        const float radius = row_face_radius(rect);
        draw_face(paint, *face, {left + radius, middle}, radius);
    } else {
        paint.ring({left + kMarkRadius + 2, middle}, kMarkRadius, mix(surface.muted, surface.fill, 0.55F), 4);
    }
    paint.text(text, step, on_plate(answer_row_text(rect, face.has_value()), result), surface.ink, Align::start);
    return result.tapped;
}

Rect answer_card_text(Rect rect) {
    Rect content = sunk(rect).inset(16, card_air(rect));
    content.cut_top(2 * card_face_radius(rect) + card_air(rect) * 0.6F);
    return content;
}

bool answer_card(Painter& paint, const std::string& name, std::string_view text, TextStep step,
                 std::optional<Face> face, Rect rect) {
    const Plate result = plate(paint, name, text, rect, paint.theme().card);
    Rect place = result.face.inset(16, card_air(rect));
    if (face) {
        const float radius = card_face_radius(rect);
        draw_face(paint, *face, {result.face.centre().x, result.face.y + card_air(rect) + 2 + radius}, radius);
        place = on_plate(answer_card_text(rect), result);
    }
    paint.text(text, step, place, paint.theme().card.ink);
    return result.tapped;
}

Rect tick_tile_text(Rect rect) {
    Rect content = sunk(rect).inset(28, 6);
    content.cut_left(kTickSide + 26);
    return content;
}

bool tick_tile(Painter& paint, const std::string& name, std::string_view text, TextStep step, bool ticked, bool resting,
               Rect rect) {
    const Surface& surface = ticked ? paint.theme().selected : resting ? paint.theme().resting : paint.theme().card;
    const Plate result = plate(paint, name, text, rect, surface);
    const Rect box{result.face.x + 28, result.face.centre().y - kTickSide / 2, kTickSide, kTickSide};
    draw_tick_box(paint, box, ticked, surface);
    paint.text(text, step, on_plate(tick_tile_text(rect), result), surface.ink, Align::start);
    return result.tapped;
}

Rect counter_card_text(Rect rect) {
    Rect content = sunk(rect).inset(26, 10);
    content.cut_left(2 * counter_radius(rect) + 26);
    return content;
}

bool counter_card(Painter& paint, const std::string& name, std::int64_t number, std::string_view text, TextStep step,
                  Rect rect) {
    const std::string label = (number > 0 ? std::to_string(number) + ". " : "") + std::string(text);
    const Plate result = plate(paint, name, label, rect, paint.theme().card);
    Rect place = result.face.inset(26, 10);
    if (number > 0) {
        const float radius = counter_radius(rect);
        const Point centre{result.face.x + 26 + radius, result.face.centre().y};
        paint.disc(centre, radius, paint.theme().primary.fill);
        paint.text(std::to_string(number), TextStep::display,
                   {centre.x - radius * 0.8F, centre.y - radius, radius * 1.6F, radius * 2}, paint.theme().primary.ink);
        place = on_plate(counter_card_text(rect), result);
    }
    paint.text(text, step, place, paint.theme().card.ink, Align::start);
    return result.tapped;
}

OfficerPlaces officer_card_text(Rect rect) {
    OfficerPlaces places;
    const Portrait portrait = portrait_on(rect);
    if (portrait.beside) {
        Rect content = sunk(rect).inset(24, 12);
        content.cut_left(2 * portrait.radius + 30);
        places.name = content.cut_top(content.height * 0.5F, 0);
        places.post = content;
        return places;
    }
    Rect content = sunk(rect).inset(20, 24);
    content.cut_top(2 * portrait.radius + 16);
    places.name = content.cut_top(content.height * 0.5F, 0);
    places.post = content;
    return places;
}

bool officer_card(Painter& paint, const std::string& name, std::int64_t portrait, const OfficerTexts& text,
                  TextStep name_step, TextStep post_step, Rect rect) {
    const Surface& surface = paint.theme().card;
    const std::string label = std::string(text.name) + (text.post.empty() ? "" : ", " + std::string(text.post));
    const Plate result = plate(paint, name, label, rect, surface);
    const Portrait picture = portrait_on(rect);
    const float shift = result.face.y - rect.y;
    draw_portrait(paint, portrait, {picture.centre.x, picture.centre.y + shift}, picture.radius);

    // Name and post are one group in the middle of the room that both have.
    DrawContext& draw = paint.context();
    const OfficerPlaces places = officer_card_text(rect);
    const TextBlock name_block = fit_text(draw, text.name, name_step, places.name.width, places.name.height);
    TextBlock post_block;
    if (!text.post.empty()) {
        post_block = fit_text(draw, text.post, post_step, places.post.width, places.post.height);
    }
    const Rect room{places.name.x, places.name.y + shift, places.name.width, places.post.bottom() - places.name.y};
    Rect group = room.middle(room.width, name_block.height + post_block.height);
    const Align align = picture.beside ? Align::start : Align::middle;
    paint.text(name_block, group.cut_top(name_block.height), surface.ink, align);
    paint.text(post_block, group, surface.muted, align);
    return result.tapped;
}

bool none_tile(Painter& paint, const std::string& name, std::string_view text, Rect rect) {
    return button(paint, name, text, rect, {.surface = &paint.theme().sunken, .before = Icon::question});
}

std::optional<int> page_bar(Painter& paint, int page, int pages, const PageTexts& text, Rect rect) {
    std::optional<int> wanted;
    Rect rest = rect;
    const Layout& layout = paint.context().layout;
    const float gap = std::max(theme::kGap, layout.apart);
    const float width = std::max(std::min(rect.width * 0.36F, 360.F), layout.target);
    const Rect left = rest.cut_left(width, gap);
    const Rect right = rest.cut_right(width, gap);
    if (page > 0 &&
        button(paint, "page/previous", text.previous, left, {.before = Icon::back, .step = TextStep::body})) {
        wanted = page - 1;
    }
    if (page + 1 < pages &&
        button(paint, "page/next", text.next, right, {.after = Icon::forward, .step = TextStep::body})) {
        wanted = page + 1;
    }
    paint.text(text.place, TextStep::body, rest, paint.theme().page.ink);
    return wanted;
}

std::optional<int> page_column(Painter& paint, int page, int pages, const PageTexts& text, Rect rect) {
    std::optional<int> wanted;
    const float gap = paint.context().layout.apart;
    Rect rest = rect;
    const bool portrait = rect.height > rect.width;
    const Rect upper =
        portrait ? rest.cut_top((rect.height - gap) / 2, gap) : rest.cut_left((rect.width - gap) / 2, gap);
    const bool first = page <= 0;
    const bool last = page + 1 >= pages;
    if (!first && sign_button(paint, "page/previous", text.previous, upper, {.icon = Icon::back})) wanted = page - 1;
    if (!last && sign_button(paint, "page/next", text.next, rest, {.icon = Icon::forward})) wanted = page + 1;
    // Which page it is stands where there is no button, else below the sign of the next one.
    const Rect place = first ? upper : last ? rest : rest.inset(12, 16).cut_bottom(rest.height * 0.26F);
    paint.text(text.place, TextStep::body, place, first || last ? paint.theme().page.ink : paint.theme().sunken.ink);
    return wanted;
}

}  // namespace hailong::kiosk
