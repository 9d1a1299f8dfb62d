// The keyboard on the glass: letters with keys of their own for tones and marks, Telex, VNI, plain letters; digits and
// signs. It has no memory: which layer is shown and whether capitals are written is handed in, and handed out when a
// key changes it. What a key does to the text is kiosk/typing's.
//
// Size of the keys: at least Layout::target (20 mm), at least Layout::apart (3 mm) between them, where ten of them fit
// side by side: on panels at least 230 mm wide. On narrower ones (a panel of seven inches is 152 mm wide) the keys are
// as large as fits, at least kKeyLeast_mm, and half as far apart: ten letters in a row are what people know, and a
// second layer for half of the alphabet would cost an old hand more than a smaller key does. Lower than 20 mm, but
// never lower than kKeyLeast_mm, they are also where the panel has no height for all rows.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "kiosk/typing/typing.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

enum class KeyLayer { letters, signs };
/// `once`: one capital, then small letters again.
enum class Shift { off, once, locked };

struct KeyboardState {
    KeyLayer layer = KeyLayer::letters;
    Shift shift = Shift::off;
    bool operator==(const KeyboardState&) const = default;
};

/// Where a capital is offered by itself: in running text where a sentence begins, in names and addresses at each word.
enum class Capitals { sentences, words };

/// The keyboard before the first key is pressed.
[[nodiscard]] KeyboardState keyboard_for(const Draft& draft, Capitals capitals);
/// The keyboard after a key or a phrase changed the draft to `draft`: a single capital is used up, the next one is
/// offered where one is due; capitals that are locked, and the layer, stay.
[[nodiscard]] KeyboardState keyboard_after(const KeyboardState& before, const Draft& draft, Capitals capitals);

/// The least side of a key on any panel.
inline constexpr float kKeyLeast_mm = 11;

/// How the keys are arranged on a panel.
struct KeyboardPlan {
    enum class Kind {
        tall,  // portrait: rows of their own for tones and marks, a row of methods
        wide,  // marks, or VNI's digits, in a block beside the letters; the methods stand elsewhere (draw_methods)
        low,   // one row above the letters for tones and marks; one key turns through the methods
    };
    Kind kind = Kind::tall;
    float width = 0;       // of the whole keyboard
    float key_width = 0;   // of one letter
    float key_height = 0;  // of every key
    float gap = 0;         // between two keys, across and down
};
/// For a keyboard at most `width` x `height` design pixels. The height is that of the most rows.
[[nodiscard]] KeyboardPlan plan_keyboard(const Layout& layout, float width, float height);
[[nodiscard]] std::size_t row_count(const KeyboardPlan& plan, Method method, KeyLayer layer);
[[nodiscard]] float height_of(const KeyboardPlan& plan, Method method, KeyLayer layer);

/// A key for the text, another method, or another layer or shift.
using KeyboardIntent = std::variant<Key, Method, KeyboardState>;

/// Stands at the lower edge of `area`, in its middle. Targets "key/a" (the small letter, whatever is written),
/// "key/space", "key/newline", "key/backspace", "key/clear_word", "key/left", "key/right", "key/tone/acute",
/// "layer/signs", "layer/letters", "shift", "method/telex" ...
[[nodiscard]] std::optional<KeyboardIntent> draw_keyboard(Painter& paint, const KeyboardPlan& plan, Method method,
                                                          const KeyboardState& state, Rect area);

/// The methods side by side, the current one marked; one button that turns to the next one where their names do not
/// fit.
[[nodiscard]] std::optional<Method> draw_methods(Painter& paint, Method method, Rect strip);

/// Digits in three columns and four rows, for numbers. Targets "key/0" ... "key/9" and "key/backspace".
[[nodiscard]] std::optional<Key> draw_digit_pad(Painter& paint, Rect area);

}  // namespace hailong::kiosk
