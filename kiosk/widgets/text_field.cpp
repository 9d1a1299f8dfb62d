#include "kiosk/widgets/text_field.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hailong::kiosk {
namespace {

constexpr float kPaddingX = 28;
constexpr float kPaddingY = 16;
constexpr float kCursor = 5;     // thickness
constexpr float kScrollBar = 8;  // thickness

struct Character {
    unsigned int code = 0;
    std::size_t bytes = 1;
};

/// The character at `at`; broken bytes stand for themselves, one by one.
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned int>(static_cast<unsigned char>(text[i])); };
    const unsigned int lead = byte(at);
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (bytes == 1 || at + bytes > text.size()) return {lead, 1};
    unsigned int code = lead & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i)
        code = code << 6u | (byte(at + i) & 0x3Fu);
    return {code, bytes};
}

float advance_px(const ImFont& font, unsigned int code) {
    return font.GetCharAdvance(code <= IM_UNICODE_CODEPOINT_MAX ? static_cast<ImWchar>(code) : ImWchar{'?'});
}

struct Shown {
    TextStep step = TextStep::body;
    WrittenText text;
    std::size_t room = 1;  // lines that fit
};

/// The text at the largest step at which all of it fits, body at least where two lines of it have room.
Shown choose(const DrawContext& draw, const FieldText& field, Rect place) {
    Shown shown;
    for (shown.step = field.largest;; shown.step = smaller(shown.step)) {
        const float line = line_height(draw, shown.step);
        shown.room = std::max<std::size_t>(static_cast<std::size_t>(std::max(place.height / line, 0.F)), 1);
        shown.text = lay_out_text(draw, shown.step, field.text, field.cursor, place.width);
        const bool last = shown.step == TextStep::caption || (shown.step == TextStep::body && 2 * line <= place.height);
        if (last || (shown.text.lines.size() <= shown.room && line <= place.height)) return shown;
    }
}

/// Where in a text that does not fit the shown lines stand.
void draw_scroll_bar(Painter& paint, const Surface& surface, Rect track, std::size_t first, const Shown& shown) {
    const auto count = static_cast<float>(shown.text.lines.size());
    const float top = static_cast<float>(first) / count * track.height;
    const float height = static_cast<float>(shown.room) / count * track.height;
    paint.fill(track, mix(surface.edge, surface.fill, 0.6F), kScrollBar / 2);
    paint.fill({track.x, track.y + top, track.width, std::min(height, track.height - top)}, surface.muted,
               kScrollBar / 2);
}

/// In the lower corner: below the text where the field is high, else beside it (then it begins where the text does).
Rect counter_in_field(const DrawContext& draw, const FieldText& field, Rect rect) {
    if (field.counter.empty()) return {};
    Rect place = rect.inset(kPaddingX, kPaddingY);
    const float line = line_height(draw, TextStep::caption);
    const bool low = place.height < 3 * line_height(draw, TextStep::body) + line;
    if (!low) return place.cut_bottom(line);
    constexpr float kShareMax = 0.3F;  // of the field; the text comes first
    const float width = std::ceil(text_width(draw, TextStep::caption, field.counter)) + 1;
    return width <= kShareMax * place.width ? place.cut_right(width) : Rect{};
}

}  // namespace

WrittenText lay_out_text(const DrawContext& draw, TextStep step, std::string_view text, std::size_t cursor,
                         float width) {
    const ImFont& font = font_of(draw.fonts, step);
    const float limit_px = width * draw.layout.scale;
    WrittenText written;
    std::size_t first = 0;  // of the present line
    std::size_t after_blank = 0;
    float x = 0;
    float x_after_blank = 0;
    const auto begin_line = [&](std::size_t at) {
        first = at;
        after_blank = at;
        x_after_blank = 0;
    };
    for (std::size_t at = 0; at < text.size();) {
        const Character character = character_at(text, at);
        const std::size_t next = at + character.bytes;
        const float advance = advance_px(font, character.code);
        if (character.code == '\n') {
            written.lines.push_back({first, at});
            begin_line(next);
            x = 0;
        } else if (character.code == ' ') {
            x += advance;
            after_blank = next;
            x_after_blank = x;
        } else {
            if (x + advance > limit_px && after_blank > first) {
                written.lines.push_back({first, after_blank});
                x -= x_after_blank;
                begin_line(after_blank);
            }
            if (x + advance > limit_px && at > first) {
                written.lines.push_back({first, at});
                x = 0;
                begin_line(at);
            }
            x += advance;
        }
        at = next;
    }
    written.lines.push_back({first, text.size()});

    const auto behind = std::upper_bound(written.lines.begin(), written.lines.end(), cursor,
                                         [](std::size_t place, const WrittenText::Line& l) { return place < l.first; });
    written.cursor_line = static_cast<std::size_t>(behind - written.lines.begin()) - 1;
    float cursor_px = 0;
    for (std::size_t at = written.lines[written.cursor_line].first; at < std::min(cursor, text.size());) {
        const Character character = character_at(text, at);
        cursor_px += advance_px(font, character.code);
        at += character.bytes;
    }
    // Behind blanks that hang over the edge it stays in sight.
    written.cursor_x = std::min(cursor_px, limit_px) / draw.layout.scale;
    return written;
}

std::size_t first_line_shown(std::size_t count, std::size_t room, std::size_t cursor_line) {
    if (count <= room) return 0;
    const std::size_t last_page = count - room;
    if (cursor_line >= last_page) return last_page;
    return cursor_line - std::min(cursor_line, room / 2);
}

Rect text_in_field(const DrawContext& draw, const FieldText& field, Rect rect) {
    Rect place = rect.inset(kPaddingX, kPaddingY);
    const Rect counter = counter_in_field(draw, field, rect);
    if (counter.y > place.y) {
        place.height = counter.y - 4 - place.y;
    } else if (counter.width > 0) {
        place.width = counter.x - theme::kGap - place.x;
    }
    place.cut_right(kScrollBar, theme::kGapSmall);
    if (field.one_line) place = place.middle(place.width, std::min(place.height, line_height(draw, field.largest)));
    return place;
}

void draw_text_field(Painter& paint, const FieldText& field, Rect rect) {
    DrawContext& draw = paint.context();
    const Surface& surface = draw.theme.card;
    paint.fill(rect, surface.fill, theme::kRadius);
    paint.outline(rect, draw.theme.primary.fill, std::max(draw.theme.border, 3.F), theme::kRadius);
    const Rect counter = counter_in_field(draw, field, rect);
    if (counter.width > 0) {
        paint.text(field.counter, TextStep::caption, counter, surface.muted, Align::end, Align::end);
    }
    const Rect place = text_in_field(draw, field, rect);

    if (field.text.empty()) {
        const Rect beside{place.x + kCursor + 10, place.y, place.width - kCursor - 10, place.height};
        paint.text(field.placeholder, TextStep::body, beside, surface.muted, Align::start, Align::start);
    }
    const Shown shown = choose(draw, field, place);
    const float line = line_height(draw, shown.step);
    const std::size_t first = first_line_shown(shown.text.lines.size(), shown.room, shown.text.cursor_line);
    const std::size_t last = std::min(first + shown.room, shown.text.lines.size());
    TextBlock block;
    block.step = shown.step;
    for (std::size_t i = first; i < last; ++i) {
        const WrittenText::Line& range = shown.text.lines[i];
        block.lines.emplace_back(field.text.substr(range.first, range.last - range.first));
    }
    block.height = static_cast<float>(block.lines.size()) * line;
    paint.text(block, place, surface.ink, Align::start, Align::start);

    const float cursor_y = place.y + static_cast<float>(shown.text.cursor_line - first) * line;
    paint.fill({place.x + shown.text.cursor_x - 2, cursor_y + line * 0.1F, kCursor, line * 0.8F},
               draw.theme.primary.fill, kCursor / 2);
    if (shown.text.lines.size() > shown.room) {
        const Rect track{place.right() + theme::kGapSmall, place.y, kScrollBar, place.height};
        draw_scroll_bar(paint, surface, track, first, shown);
    }
}

}  // namespace hailong::kiosk
