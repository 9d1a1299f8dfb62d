// What can be tapped. Each control draws itself, shows the press in the frame it happens in, registers its target and
// reports a tap; what the tap means is the screen's to say.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kiosk/widgets/faces.h"
#include "kiosk/widgets/icons.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

/// A raised plate that sinks when pressed. `face` is where content goes, already moved while the finger is on it.
struct Plate {
    bool tapped = false;
    bool held = false;
    Rect face;
};
/// `label`: its words, for the voice.
[[nodiscard]] Plate plate(Painter& paint, const std::string& name, std::string_view label, Rect rect,
                          const Surface& surface);

/// The picture of a plate without a touch target, for what is part of a larger target.
Rect draw_plate(Painter& paint, Rect rect, const Surface& surface, bool held);

/// A ground for what is only read.
void draw_card(Painter& paint, Rect rect, const Surface& surface);

struct ButtonLook {
    const Surface* surface = nullptr;  // of the theme; null: a card
    std::optional<Icon> before = std::nullopt;
    std::optional<Icon> after = std::nullopt;
    TextStep step = TextStep::label;
};
[[nodiscard]] bool button(Painter& paint, const std::string& name, std::string_view text, Rect rect,
                          const ButtonLook& look = {});

/// How wide a button wants to be to hold its words in one line at `look.step`. At least a touch target.
[[nodiscard]] float button_width(const DrawContext& draw, std::string_view text, const ButtonLook& look = {});

/// A square with a sign, or with one or two letters where there is no sign. `label`: what it says to the ear.
struct SignLook {
    const Surface* surface = nullptr;  // of the theme; null: sunken
    std::optional<Icon> icon = std::nullopt;
    std::string_view letters = {};
};
[[nodiscard]] bool sign_button(Painter& paint, const std::string& name, std::string_view label, Rect rect,
                               const SignLook& look);

/// The two languages side by side, the current one marked. Targets "language/vi" and "language/en".
[[nodiscard]] std::optional<survey::Language> language_switch(Painter& paint, Rect rect);
/// How wide it is: room for the words, and for two fingers.
[[nodiscard]] float language_switch_width(const DrawContext& draw);
/// One square with the language that is not spoken now. Target "language/en" or "language/vi".
[[nodiscard]] std::optional<survey::Language> language_button(Painter& paint, Rect rect);

/// What is on or off: a sign, its text, and its state as a word and as the place of a knob with a tick on it.
struct SwitchTexts {
    std::string_view text;
    std::string_view state;  // "on", "off"
};
[[nodiscard]] bool switch_tile(Painter& paint, const std::string& name, Icon icon, const SwitchTexts& text, bool on,
                               TextStep step, Rect rect);
/// Where its words stand, beside or above its state.
[[nodiscard]] Rect switch_tile_text(Rect rect);

// Cards that stand side by side are written in one size. Their screen finds it: common_step over the place that
// `..._words` gives for a cell, handed back as `step`.

/// A full-width answer: a face when there is one, a round mark otherwise, then the words.
[[nodiscard]] bool answer_row(Painter& paint, const std::string& name, std::string_view text, TextStep step,
                              std::optional<Face> face, Rect rect);
[[nodiscard]] Rect answer_row_text(Rect rect, bool with_face);

/// The same answer as a column: the face, when there is one, above its words.
[[nodiscard]] bool answer_card(Painter& paint, const std::string& name, std::string_view text, TextStep step,
                               std::optional<Face> face, Rect rect);
[[nodiscard]] Rect answer_card_text(Rect rect);

/// Words with a tick box. `resting`: nothing more can be ticked; the tile still reports taps.
[[nodiscard]] bool tick_tile(Painter& paint, const std::string& name, std::string_view text, TextStep step, bool ticked,
                             bool resting, Rect rect);
[[nodiscard]] Rect tick_tile_text(Rect rect);

/// A counter: the number that hangs over it, and its name. No number is shown for 0.
[[nodiscard]] bool counter_card(Painter& paint, const std::string& name, std::int64_t number, std::string_view text,
                                TextStep step, Rect rect);
[[nodiscard]] Rect counter_card_text(Rect rect);

/// An officer: portrait, name, post; beside each other on wide cards, above each other on high ones.
struct OfficerTexts {
    std::string_view name;
    std::string_view post;  // may be empty
};
[[nodiscard]] bool officer_card(Painter& paint, const std::string& name, std::int64_t portrait,
                                const OfficerTexts& text, TextStep name_step, TextStep post_step, Rect rect);
struct OfficerPlaces {
    Rect name;
    Rect post;
};
[[nodiscard]] OfficerPlaces officer_card_text(Rect rect);

/// "Don't remember / none": a quiet tile with a question mark.
[[nodiscard]] bool none_tile(Painter& paint, const std::string& name, std::string_view text, Rect rect);

/// Previous page, which page of how many, next page. Targets "page/previous" and "page/next", each only where there is
/// such a page. Returns the page wanted. `words` tells the place ("Trang 2/3").
struct PageTexts {
    std::string_view previous;
    std::string_view next;
    std::string_view place;
};
[[nodiscard]] std::optional<int> page_bar(Painter& paint, int page, int pages, const PageTexts& text, Rect rect);
/// The same as a column beside a list, for panels too low for a bar: two squares, one above the other where `rect` is
/// high, else side by side.
[[nodiscard]] std::optional<int> page_column(Painter& paint, int page, int pages, const PageTexts& text, Rect rect);

}  // namespace hailong::kiosk
