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

void draw_round_mark(Painter& paint, Point centre, float radius, const Surface& surface) {
    paint.ring(centre, radius, mix(surface.muted, surface.fill, 0.55F), 4);
}

void draw_tick_box(Painter& paint, Rect box, bool ticked, const Surface& surface) {
    if (ticked) {
        paint.fill(box, theme::kPrimary.fill, theme::kRadiusSmall);
        draw_icon(paint, Icon::check, box.centre(), box.width * 0.62F, theme::kPrimary.ink);
        return;
    }
    paint.fill(box, theme::kCard.fill, theme::kRadiusSmall);
    paint.outline(box, mix(surface.muted, surface.fill, 0.55F), 4, theme::kRadiusSmall);
}

}  // namespace

Rect draw_plate(Painter& paint, Rect rect, const Surface& surface, bool held) {
    Rect face = rect;
    face.height -= theme::kLip;
    if (held) face.y += kSink;
    const float radius = std::min(theme::kRadius, rect.height / 2);
    paint.fill({face.x, face.y, face.width, rect.bottom() - face.y}, surface.edge, radius);
    paint.fill(face, held ? pressed(surface).fill : surface.fill, radius);
    paint.outline(face, surface.edge, 2, radius);
    return face;
}

Plate plate(Painter& paint, const std::string& name, Rect rect, const Surface& surface) {
    const Touch finger = touch(paint.context(), name, rect);
    return {finger.tapped, finger.held, draw_plate(paint, rect, surface, finger.held)};
}

bool button(Painter& paint, const std::string& name, std::string_view words, Rect rect, const ButtonLook& look) {
    const Plate result = plate(paint, name, rect, look.surface);
    const float icon = std::min(rect.height * 0.34F, 44.F);
    const float icon_room = icon + 20;
    const float beside = (look.before ? icon_room : 0) + (look.after ? icon_room : 0);
    const Rect inner = result.face.inset(24, 8);
    const TextBlock block =
        fit_text(paint.context(), words, look.step, inner.width - beside, inner.height, true, TextStep::caption);
    Rect content = inner.middle(block.width + beside, inner.height);
    if (look.before) {
        draw_icon(paint, *look.before, content.cut_left(icon, 20).centre(), icon, look.surface.ink);
    }
    if (look.after) {
        draw_icon(paint, *look.after, content.cut_right(icon, 20).centre(), icon, look.surface.ink);
    }
    paint.text(block, content, look.surface.ink);
    return result.tapped;
}

std::optional<survey::Language> language_switch(Painter& paint, Rect rect) {
    std::optional<survey::Language> chosen;
    const DrawContext& draw = paint.context();
    const float radius = rect.height / 2;
    paint.fill(rect, theme::kSunken.fill, radius);
    Rect rest = rect;
    for (const survey::Language language : survey::kLanguages) {
        const Rect half = rest.cut_left(rect.width / 2);
        const Touch finger = touch(paint.context(), "language/" + std::string(code(language)), half);
        const bool current = language == draw.language;
        const Rect pill = half.inset(7, 7);
        if (current) {
            paint.fill(pill, theme::kCard.fill, radius);
            paint.outline(pill, theme::kPrimary.fill, 3, radius);
        } else if (finger.held) {
            paint.fill(pill, theme::kSunken.edge, radius);
        }
        const std::string_view words = draw.text.at(language == survey::Language::vi ? "language.vi" : "language.en");
        paint.text(words, TextStep::caption, pill.inset(12, 0), current ? theme::kCard.ink : theme::kSunken.muted);
        if (finger.tapped) chosen = language;
    }
    return chosen;
}

bool answer_row(Painter& paint, const std::string& name, std::string_view words, std::optional<Face> face, Rect rect) {
    const Surface& surface = theme::kCard;
    const Plate result = plate(paint, name, rect, surface);
    Rect content = result.face.inset(28, 10);
    if (face) {
        const float radius = std::min(content.height * 0.47F, 76.F);
        const Point centre = content.cut_left(2 * radius, 44).centre();
        draw_face(paint, *face, centre, radius);
        paint.text(words, TextStep::title, content, surface.ink, Align::start);
    } else {
        const float radius = 22;
        draw_round_mark(paint, content.cut_left(2 * radius + 8, 28).centre(), radius, surface);
        paint.text(words, TextStep::label, content, surface.ink, Align::start);
    }
    return result.tapped;
}

bool answer_card(Painter& paint, const std::string& name, std::string_view words, std::optional<Face> face, Rect rect) {
    const Plate result = plate(paint, name, rect, theme::kCard);
    Rect content = result.face.inset(18, 30);
    if (face) {
        const float radius = std::min(content.width * 0.36F, content.height * 0.31F);
        draw_face(paint, *face, content.cut_top(2 * radius, 22).centre(), radius);
    }
    paint.text(words, TextStep::label, content, theme::kCard.ink);
    return result.tapped;
}

bool tick_tile(Painter& paint, const std::string& name, std::string_view words, bool ticked, bool resting, Rect rect) {
    const Surface& surface = ticked ? theme::kSelected : resting ? theme::kResting : theme::kCard;
    const Plate result = plate(paint, name, rect, surface);
    Rect content = result.face.inset(28, 8);
    const float side = 54;
    draw_tick_box(paint, content.cut_left(side, 26).middle(side, side), ticked, surface);
    paint.text(words, TextStep::label, content, surface.ink, Align::start);
    return result.tapped;
}

bool counter_card(Painter& paint, const std::string& name, std::int64_t number, std::string_view words, Rect rect) {
    const Plate result = plate(paint, name, rect, theme::kCard);
    Rect content = result.face.inset(28, 10);
    if (number > 0) {
        const float radius = std::min(content.height * 0.42F, 56.F);
        const Point centre = content.cut_left(2 * radius, 28).centre();
        paint.disc(centre, radius, theme::kPrimary.fill);
        paint.text(std::to_string(number), TextStep::display,
                   {centre.x - radius * 0.8F, centre.y - radius, radius * 1.6F, radius * 2}, theme::kPrimary.ink);
    }
    paint.text(words, TextStep::label, content, theme::kCard.ink, Align::start);
    return result.tapped;
}

bool officer_card(Painter& paint, const std::string& name, std::int64_t portrait, std::string_view officer_name,
                  std::string_view post, Rect rect) {
    const Surface& surface = theme::kCard;
    const Plate result = plate(paint, name, rect, surface);
    constexpr float kBesideRatio = 1.6F;
    const bool beside = rect.width > kBesideRatio * rect.height;
    DrawContext& draw = paint.context();
    if (beside) {
        Rect content = result.face.inset(24, 14);
        const float radius = std::min({content.height / 2, content.width * 0.16F, 96.F});
        draw_portrait(paint, portrait, content.cut_left(2 * radius, 28).centre(), radius);
        const float name_share = post.empty() ? 1 : 0.56F;
        const TextBlock name_block =
            fit_text(draw, officer_name, TextStep::title, content.width, content.height * name_share);
        const TextBlock post_block =
            fit_text(draw, post, TextStep::body, content.width, content.height - name_block.height);
        const float gap = 4;
        Rect words = content.middle(content.width, name_block.height + gap + post_block.height);
        paint.text(name_block, words.cut_top(name_block.height, gap), surface.ink, Align::start);
        paint.text(post_block, words, surface.muted, Align::start);
        return result.tapped;
    }
    Rect content = result.face.inset(20, 26);
    const float radius = std::min(content.width * 0.36F, content.height * 0.29F);
    draw_portrait(paint, portrait, content.cut_top(2 * radius, 20).centre(), radius);
    const Rect post_box = post.empty() ? Rect{} : content.cut_bottom(content.height * 0.44F, 6);
    paint.text(officer_name, TextStep::label, content, surface.ink, Align::middle,
               post.empty() ? Align::middle : Align::end);
    if (!post.empty()) paint.text(post, TextStep::body, post_box, surface.muted, Align::middle, Align::start);
    return result.tapped;
}

bool none_tile(Painter& paint, const std::string& name, std::string_view words, Rect rect) {
    const Plate result = plate(paint, name, rect, theme::kSunken);
    paint.text(words, TextStep::label, result.face.inset(28, 8), theme::kSunken.ink);
    return result.tapped;
}

std::optional<int> page_bar(Painter& paint, int page, int pages, const PageWords& words, Rect rect) {
    std::optional<int> wanted;
    Rect rest = rect;
    const float width = std::min(rect.width * 0.36F, 360.F);
    const Rect left = rest.cut_left(width, theme::kGap);
    const Rect right = rest.cut_right(width, theme::kGap);
    if (page > 0 &&
        button(paint, "page/previous", words.previous, left, {.before = Icon::back, .step = TextStep::body})) {
        wanted = page - 1;
    }
    if (page + 1 < pages &&
        button(paint, "page/next", words.next, right, {.after = Icon::forward, .step = TextStep::body})) {
        wanted = page + 1;
    }
    paint.text(words.place, TextStep::body, rest, theme::kPage.ink);
    return wanted;
}

}  // namespace hailong::kiosk
