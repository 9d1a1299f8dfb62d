// A text that is being written: broken into lines, with its cursor, and scrolled to where it stands. It is looked at,
// not touched: the cursor is moved with keys, which are larger than the room between two letters.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

/// Lines of a text as ranges of its bytes. Blanks at the end of a line hang over its edge; no character is lost: each
/// line begins where the one before it ends, but for the line feed between them.
struct WrittenText {
    struct Line {
        std::size_t first = 0;
        std::size_t last = 0;  // behind the last byte
    };
    std::vector<Line> lines;      // at least one
    std::size_t cursor_line = 0;  // where the cursor stands
    float cursor_x = 0;           // design pixels from the beginning of its line
};
/// Breaks after blanks and at line feeds; a word wider than a line is broken inside. `cursor`: bytes before it.
/// O(length).
[[nodiscard]] WrittenText lay_out_text(const DrawContext& draw, TextStep step, std::string_view text,
                                       std::size_t cursor, float width);

/// The first line shown, of `count`, when `room` lines fit: the last page while the cursor is on it, else the cursor's
/// line in the middle.
[[nodiscard]] std::size_t first_line_shown(std::size_t count, std::size_t room, std::size_t cursor_line);

struct FieldText {
    std::string_view text;
    std::size_t cursor = 0;        // in bytes
    std::string_view placeholder;  // while there is no text
    std::string_view counter;      // "Còn 940 ký tự", in the lower corner while it takes little room; may be empty
    TextStep largest = TextStep::label;
    bool one_line = false;  // stands in the middle of the field's height
};
/// Where the text stands in a field.
[[nodiscard]] Rect text_in_field(const DrawContext& draw, const FieldText& field, Rect rect);
/// A card with the text on it. Written large while it fits, one or two steps smaller when it does not, never below body
/// where two lines of body have room; then it scrolls.
void draw_text_field(Painter& paint, const FieldText& field, Rect rect);

}  // namespace hailong::kiosk
