#include "kiosk/widgets/keyboard.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/widgets/controls.h"
#include "survey/base/utf8.h"

namespace hailong::kiosk {
namespace {

using survey::Tone;

constexpr float kColumns = 10;       // letters side by side
constexpr float kBlockColumns = 3;   // of the block beside them
constexpr float kBlockApart = 0.4F;  // between letters and block, in keys
constexpr std::size_t kLetterRows = 4;

constexpr std::array kMethods{Method::tone_keys, Method::telex, Method::vni, Method::none};

// ---- What stands on the keys ---------------------------------------------------------------------------------------

struct ShiftCap {};
struct LayerCap {
    KeyLayer layer = KeyLayer::letters;
};
struct MethodCap {};  // turns to the next one
using Cap = std::variant<CharacterKey, ToneKey, EditKey, ShiftCap, LayerCap, MethodCap>;

struct Cell {
    Cap cap;
    float keys = 1;  // as wide as so many keys
};
using Row = std::vector<Cell>;

void add(Row& row, std::u32string_view characters) {
    for (const char32_t character : characters)
        row.push_back({CharacterKey{character}});
}

Row row_of(std::u32string_view characters) {
    Row row;
    add(row, characters);
    return row;
}

void add_tones(Row& row, float keys) {
    for (const Tone tone : {Tone::acute, Tone::grave, Tone::hook, Tone::tilde, Tone::dot})
        row.push_back({ToneKey{tone}, keys});
}

/// The row with the space bar. `low`: where the methods have no strip of their own, they have a key in this row.
Row last_row(KeyLayer layer, bool low) {
    const KeyLayer other = layer == KeyLayer::letters ? KeyLayer::signs : KeyLayer::letters;
    Row row{{LayerCap{other}, 1.5F}};
    if (low && layer == KeyLayer::letters) {
        row.push_back({MethodCap{}, 2});
    } else {
        row.push_back({EditKey::clear_word, 1.5F});
    }
    add(row, U",");
    row.push_back({CharacterKey{U' '}, low ? 1.5F : 2});
    add(row, U".");
    row.push_back({EditKey::left});
    row.push_back({EditKey::right});
    if (low && layer == KeyLayer::letters) {
        row.push_back({EditKey::clear_word});
    } else {
        row.push_back({CharacterKey{U'\n'}, low ? 1.5F : 1});
    }
    return row;
}

std::vector<Row> sign_rows(bool low) {
    Row third = row_of(U"?!'%+=₫@");
    third.push_back({EditKey::backspace, 2});
    return {row_of(U"1234567890"), row_of(U"-/:;()“”\"&"), third, last_row(KeyLayer::signs, low)};
}

std::vector<Row> letter_rows(KeyboardPlan::Kind kind, Method method) {
    const bool low = kind == KeyboardPlan::Kind::low;
    const bool marks_inside = low && method == Method::tone_keys;
    std::vector<Row> rows;
    if (kind == KeyboardPlan::Kind::tall && method == Method::tone_keys) {
        Row tones;
        add_tones(tones, 2);
        rows.push_back(tones);
        rows.push_back(row_of(U"ăâđêôơư"));
    }
    if (marks_inside) {
        Row marks;
        add_tones(marks, 1);
        add(marks, U"ăâđêô");
        rows.push_back(marks);
    }
    if (kind != KeyboardPlan::Kind::wide && method == Method::vni) rows.push_back(row_of(U"1234567890"));
    rows.push_back(row_of(U"qwertyuiop"));
    rows.push_back(row_of(marks_inside ? U"asdfghjklơ" : U"asdfghjkl"));
    const float side = marks_inside ? 1 : 1.5F;
    Row third{{ShiftCap{}, side}};
    add(third, marks_inside ? U"zxcvbnmư" : U"zxcvbnm");
    third.push_back({EditKey::backspace, side});
    rows.push_back(third);
    rows.push_back(last_row(KeyLayer::letters, low));
    return rows;
}

std::vector<Row> rows_of(KeyboardPlan::Kind kind, Method method, KeyLayer layer) {
    if (layer == KeyLayer::signs) return sign_rows(kind == KeyboardPlan::Kind::low);
    return letter_rows(kind, method);
}

/// The block beside the letters: three columns, four rows. Empty where the method needs none.
std::vector<Row> block_of(KeyboardPlan::Kind kind, Method method, KeyLayer layer) {
    if (kind != KeyboardPlan::Kind::wide || layer != KeyLayer::letters) return {};
    if (method == Method::tone_keys) {
        Row tones;
        add_tones(tones, 1);
        Row second(tones.begin() + 3, tones.end());
        add(second, U"ă");
        tones.resize(3);
        return {tones, second, row_of(U"âđê"), row_of(U"ôơư")};
    }
    if (method == Method::vni) return {row_of(U"123"), row_of(U"456"), row_of(U"789"), {{CharacterKey{U'0'}, 3}}};
    return {};
}

// ---- Names and labels ----------------------------------------------------------------------------------------------

struct Special {
    char32_t small;
    char32_t capital;
};
constexpr std::array kMarked{Special{U'ă', U'Ă'}, Special{U'â', U'Â'}, Special{U'đ', U'Đ'}, Special{U'ê', U'Ê'},
                             Special{U'ô', U'Ô'}, Special{U'ơ', U'Ơ'}, Special{U'ư', U'Ư'}};

char32_t written(char32_t small, Shift shift) {
    if (shift == Shift::off) return small;
    if (small >= U'a' && small <= U'z') return small - (U'a' - U'A');
    for (const Special& special : kMarked) {
        if (special.small == small) return special.capital;
    }
    return small;
}

std::string utf8(char32_t character) {
    return survey::utf8_of(std::u32string_view(&character, 1));
}

struct KeyText {
    std::string name;   // of the target
    std::string label;  // as it is read aloud
};

struct SignName {
    char32_t sign;
    std::string_view key;
};
/// Signs are read aloud by their names.
constexpr std::array kSignNames{
    SignName{U' ', "sign.space"},      SignName{U'\n', "sign.newline"},    SignName{U',', "sign.comma"},
    SignName{U'.', "sign.stop"},       SignName{U'?', "sign.question"},    SignName{U'!', "sign.exclamation"},
    SignName{U'-', "sign.hyphen"},     SignName{U'/', "sign.slash"},       SignName{U':', "sign.colon"},
    SignName{U';', "sign.semicolon"},  SignName{U'(', "sign.open"},        SignName{U')', "sign.close"},
    SignName{U'“', "sign.quote_open"}, SignName{U'”', "sign.quote_close"}, SignName{U'"', "sign.quote"},
    SignName{U'&', "sign.and"},        SignName{U'\'', "sign.apostrophe"}, SignName{U'%', "sign.percent"},
    SignName{U'+', "sign.plus"},       SignName{U'=', "sign.equals"},      SignName{U'₫', "sign.dong"},
    SignName{U'@', "sign.at"}};

KeyText text_of(const CharacterKey& key, const survey::Messages& text, Shift shift) {
    KeyText result;
    result.name = key.character == U' '    ? "key/space"
                  : key.character == U'\n' ? "key/newline"
                                           : "key/" + utf8(key.character);
    result.label = utf8(written(key.character, shift));
    for (const SignName& sign : kSignNames) {
        if (sign.sign == key.character) result.label = text.at(sign.key);
    }
    return result;
}

KeyText text_of(const ToneKey& key, const survey::Messages& text) {
    switch (key.tone) {
        case Tone::level:
            break;
        case Tone::acute:
            return {"key/tone/acute", std::string(text.at("tone.acute"))};
        case Tone::grave:
            return {"key/tone/grave", std::string(text.at("tone.grave"))};
        case Tone::hook:
            return {"key/tone/hook", std::string(text.at("tone.hook"))};
        case Tone::tilde:
            return {"key/tone/tilde", std::string(text.at("tone.tilde"))};
        case Tone::dot:
            return {"key/tone/dot", std::string(text.at("tone.dot"))};
    }
    return {};
}

KeyText text_of(EditKey key, const survey::Messages& text) {
    switch (key) {
        case EditKey::backspace:
            return {"key/backspace", std::string(text.at("keyboard.backspace"))};
        case EditKey::left:
            return {"key/left", std::string(text.at("keyboard.left"))};
        case EditKey::right:
            return {"key/right", std::string(text.at("keyboard.right"))};
        case EditKey::clear_word:
            return {"key/clear_word", std::string(text.at("keyboard.clear_word"))};
        case EditKey::start:
        case EditKey::end:
            break;  // no key of their own
    }
    return {};
}

KeyText text_of(Method method, const survey::Messages& text) {
    switch (method) {
        case Method::telex:
            return {"method/telex", std::string(text.at("method.telex"))};
        case Method::vni:
            return {"method/vni", std::string(text.at("method.vni"))};
        case Method::tone_keys:
            return {"method/tone_keys", std::string(text.at("method.tone_keys"))};
        case Method::none:
            return {"method/none", std::string(text.at("method.none"))};
    }
    return {};
}

Method next(Method method) {
    const auto* const found = std::find(kMethods.begin(), kMethods.end(), method);
    return kMethods[static_cast<std::size_t>(found - kMethods.begin() + 1) % kMethods.size()];
}

std::string_view sample(Tone tone) {
    switch (tone) {
        case Tone::level:
            return "a";
        case Tone::grave:
            return "à";
        case Tone::hook:
            return "ả";
        case Tone::tilde:
            return "ã";
        case Tone::acute:
            return "á";
        case Tone::dot:
            return "ạ";
    }
    return "a";
}

// ---- Pictures ------------------------------------------------------------------------------------------------------

constexpr float kPictureLine = 5;

void draw_shift_arrow(Painter& paint, Point centre, float size, const Surface& surface, Shift shift) {
    const auto at = [&](float x, float y) { return Point{centre.x + x * size, centre.y + y * size}; };
    const std::array roof{at(-0.42F, 0.02F), at(0, -0.44F), at(0.42F, 0.02F)};
    const std::array outline{at(0, -0.44F),     at(0.42F, 0.02F),  at(0.18F, 0.02F),  at(0.18F, 0.34F),
                             at(-0.18F, 0.34F), at(-0.18F, 0.02F), at(-0.42F, 0.02F), at(0, -0.44F)};
    if (shift != Shift::off) {
        paint.convex(roof, surface.ink);
        paint.fill({centre.x - 0.18F * size, centre.y, 0.36F * size, 0.34F * size}, surface.ink);
    }
    paint.line(outline, surface.ink, kPictureLine);
    if (shift == Shift::locked) {
        const std::array bar{at(-0.24F, 0.54F), at(0.24F, 0.54F)};
        paint.line(bar, surface.ink, kPictureLine);
    }
}

void draw_space_bar(Painter& paint, Rect face, ImU32 colour) {
    const float half = std::min(face.width * 0.3F, 120.F);
    const Point middle{face.centre().x, face.centre().y + 8};
    const std::array bar{Point{middle.x - half, middle.y - 12}, Point{middle.x - half, middle.y + 8},
                         Point{middle.x + half, middle.y + 8}, Point{middle.x + half, middle.y - 12}};
    paint.line(bar, colour, kPictureLine);
}

void draw_newline(Painter& paint, Point centre, float size, ImU32 colour) {
    const auto at = [&](float x, float y) { return Point{centre.x + x * size, centre.y + y * size}; };
    const std::array way{at(0.42F, -0.32F), at(0.42F, 0.12F), at(-0.4F, 0.12F)};
    const std::array head{at(-0.16F, -0.12F), at(-0.4F, 0.12F), at(-0.16F, 0.36F)};
    paint.line(way, colour, kPictureLine);
    paint.line(head, colour, kPictureLine);
}

/// The present method on a key that turns to the next one.
void draw_turning(Painter& paint, std::string_view label, Rect face) {
    DrawContext& draw = paint.context();
    const ImU32 ink = draw.theme.sunken.ink;
    constexpr float kIcon = 36;
    const float width = text_width(draw, TextStep::caption, label) + 1;
    if (width + 16 + kIcon > face.width - 16) {
        paint.text(label, TextStep::caption, face.inset(6, 2), ink);
        return;
    }
    Rect group = face.middle(width + 16 + kIcon, face.height);
    draw_icon(paint, Icon::sync, group.cut_left(kIcon, 16).centre(), kIcon, ink);
    paint.text(label, TextStep::caption, group, ink, Align::start);
}

/// Whether the label of a key stands on it: where it fits. Where not, a picture is to stand there.
bool label_on(Painter& paint, std::string_view label, TextStep largest, Rect face, ImU32 colour) {
    const Rect inner = face.inset(10, 4);
    DrawContext& draw = paint.context();
    const TextStep step = common_step(draw, std::span(&label, 1), largest, inner.width, inner.height);
    if (!fits(draw, label, step, inner.width, inner.height)) return false;
    paint.text(label, step, inner, colour);
    return true;
}

/// One keyboard in one frame.
class Board {
  public:
    Board(Painter& paint, const KeyboardPlan& plan, Method method, const KeyboardState& state)
        : paint_(paint),
          plan_(plan),
          method_(method),
          state_(state),
          letter_step_(step_of_letters()),
          widest_name_(widest_tone_name()) {}

    void draw_row(const Row& row, float x, float y) {
        for (const Cell& cell : row) {
            const float width = cell.keys * plan_.key_width + (cell.keys - 1) * plan_.gap;
            const Rect rect{x, y, width, plan_.key_height};
            std::visit([&](const auto& cap) { draw(cap, rect); }, cell.cap);
            x += width + plan_.gap;
        }
    }

    std::optional<KeyboardIntent> intent;

  private:
    /// All letters are written in one size.
    [[nodiscard]] TextStep step_of_letters() const {
        constexpr std::array<std::string_view, 2> kWidest{"W", "Ơ"};
        return common_step(paint_.context(), kWidest, TextStep::title, plan_.key_width - 12, plan_.key_height - 12);
    }

    [[nodiscard]] float widest_tone_name() const {
        const DrawContext& draw = paint_.context();
        float widest = 0;
        for (const Tone tone : {Tone::acute, Tone::grave, Tone::hook, Tone::tilde, Tone::dot}) {
            widest = std::max(widest, text_width(draw, TextStep::caption, text_of(ToneKey{tone}, draw.text).label));
        }
        return widest;
    }

    Plate key(const KeyText& text, Rect rect, const Surface& surface, const KeyboardIntent& meaning) {
        const Plate result = plate(paint_, text.name, text.label, rect, surface);
        if (result.tapped) intent = meaning;
        return result;
    }

    void draw(const CharacterKey& cap, Rect rect) {
        const DrawContext& draw = paint_.context();
        const KeyText text = text_of(cap, draw.text, state_.shift);
        const char32_t character = written(cap.character, state_.shift);
        const bool marked = cap.character > 0x7F && state_.layer == KeyLayer::letters;
        const Surface& surface = marked                   ? draw.theme.selected
                                 : cap.character == U'\n' ? draw.theme.sunken
                                                          : draw.theme.card;
        const Rect face = key(text, rect, surface, Key{CharacterKey{character}}).face;
        if (cap.character == U' ') {
            if (!label_on(paint_, text.label, TextStep::caption, face, surface.muted)) {
                draw_space_bar(paint_, face, surface.muted);
            }
        } else if (cap.character == U'\n') {
            draw_newline(paint_, face.centre(), 44, surface.ink);
        } else {
            const TextBlock block = fit_text(paint_.context(), utf8(character), letter_step_, face.width, face.height);
            paint_.text(block, face, surface.ink);
        }
    }

    void draw(const ToneKey& cap, Rect rect) {
        DrawContext& draw = paint_.context();
        const KeyText text = text_of(cap, draw.text);
        const Surface& surface = draw.theme.selected;
        const Rect face = key(text, rect, surface, Key{cap}).face;
        const std::string_view letter = sample(cap.tone);
        constexpr float kBetween = 16;
        constexpr float kOverlap = 8;  // neither line fills its height
        const float letter_width = text_width(draw, letter_step_, letter);
        const float name_width = text_width(draw, TextStep::caption, text.label);
        const float name_height = line_height(draw, TextStep::caption);
        // All five alike: the name beside its sample, below it, or, where there is no room, left to the sample alone.
        if (letter_width + kBetween + widest_name_ <= face.width - 16) {
            Rect group = face.middle(letter_width + kBetween + name_width + 2, face.height);
            paint_.text(letter, letter_step_, group.cut_left(letter_width + 1, kBetween), surface.ink);
            paint_.text(text.label, TextStep::caption, group.inset(-1, 0), surface.muted, Align::start);
            return;
        }
        const float letter_height = line_height(draw, TextStep::label);
        const float both = letter_height + name_height - kOverlap;
        if (widest_name_ > face.width - 8 || both > face.height) {
            paint_.text(letter, letter_step_, face, surface.ink);
            return;
        }
        Rect group = face.middle(face.width, both);
        paint_.text(text.label, TextStep::caption, group.cut_bottom(name_height, -kOverlap), surface.muted);
        paint_.text(letter, TextStep::label, group, surface.ink);
    }

    void draw(EditKey cap, Rect rect) {
        const DrawContext& draw = paint_.context();
        const KeyText text = text_of(cap, draw.text);
        const Surface& surface = draw.theme.sunken;
        const Rect face = key(text, rect, surface, Key{cap}).face;
        constexpr float kIcon = 48;
        switch (cap) {
            case EditKey::left:
                return draw_icon(paint_, Icon::back, face.centre(), kIcon, surface.ink);
            case EditKey::right:
                return draw_icon(paint_, Icon::forward, face.centre(), kIcon, surface.ink);
            case EditKey::clear_word:
                if (label_on(paint_, text.label, TextStep::caption, face, surface.ink)) return;
                draw_icon(paint_, Icon::erase, {face.centre().x + 12, face.centre().y}, kIcon, surface.ink);
                return draw_icon(paint_, Icon::back, {face.centre().x - 14, face.centre().y}, kIcon, surface.ink);
            case EditKey::backspace:
            case EditKey::start:
            case EditKey::end:
                return draw_icon(paint_, Icon::erase, face.centre(), kIcon + 6, surface.ink);
        }
    }

    void draw(ShiftCap /*cap*/, Rect rect) {
        const DrawContext& draw = paint_.context();
        KeyboardState wanted = state_;
        std::string_view label;
        switch (state_.shift) {
            case Shift::off:
                wanted.shift = Shift::once;
                label = draw.text.at("keyboard.shift");
                break;
            case Shift::once:
                wanted.shift = Shift::locked;
                label = draw.text.at("keyboard.shift_lock");
                break;
            case Shift::locked:
                wanted.shift = Shift::off;
                label = draw.text.at("keyboard.shift_off");
                break;
        }
        const Surface& surface = state_.shift == Shift::off ? draw.theme.sunken : draw.theme.primary;
        const Rect face = key({"shift", std::string(label)}, rect, surface, wanted).face;
        draw_shift_arrow(paint_, face.centre(), 52, surface, state_.shift);
    }

    void draw(const LayerCap& cap, Rect rect) {
        const DrawContext& draw = paint_.context();
        KeyboardState wanted = state_;
        wanted.layer = cap.layer;
        const bool signs = cap.layer == KeyLayer::signs;
        const std::string_view label = draw.text.at(signs ? "keyboard.signs" : "keyboard.letters");
        const std::string_view face_text = draw.text.at(signs ? "keyboard.signs_face" : "keyboard.letters_face");
        const Rect face =
            key({signs ? "layer/signs" : "layer/letters", std::string(label)}, rect, draw.theme.sunken, wanted).face;
        paint_.text(face_text, TextStep::body, face.inset(8, 0), draw.theme.sunken.ink);
    }

    void draw(MethodCap /*cap*/, Rect rect) {
        const DrawContext& draw = paint_.context();
        const Method wanted = next(method_);
        const KeyText now = text_of(method_, draw.text);
        KeyText text = text_of(wanted, draw.text);
        text.label = draw.text.format("method.turn", {{"now", now.label}, {"next", text.label}});
        const Rect face = key(text, rect, draw.theme.sunken, wanted).face;
        draw_turning(paint_, now.label, face);
    }

    Painter& paint_;
    const KeyboardPlan& plan_;
    Method method_;
    const KeyboardState& state_;
    TextStep letter_step_;
    float widest_name_;
};

float keys_wide(const Row& row) {
    float keys = 0;
    for (const Cell& cell : row)
        keys += cell.keys;
    return keys;
}

bool ends_sentence(char32_t character) {
    return character == U'.' || character == U'?' || character == U'!' || character == U'\n' || character == U'…';
}

bool capital_due(const Draft& draft, Capitals capitals) {
    const std::u32string before = survey::characters_of(text_before(draft));
    if (before.empty() || before.back() == U'\n') return true;
    if (before.back() != U' ') return false;
    if (capitals == Capitals::words) return true;
    const std::size_t last = before.find_last_not_of(U' ');
    return last == std::u32string::npos || ends_sentence(before[last]);
}

}  // namespace

KeyboardState keyboard_for(const Draft& draft, Capitals capitals) {
    return {KeyLayer::letters, capital_due(draft, capitals) ? Shift::once : Shift::off};
}

KeyboardState keyboard_after(const KeyboardState& before, const Draft& draft, Capitals capitals) {
    KeyboardState after = before;
    if (before.shift != Shift::locked) after.shift = keyboard_for(draft, capitals).shift;
    return after;
}

KeyboardPlan plan_keyboard(const Layout& layout, float width, float height) {
    constexpr float kHeightMax = 1.2F;  // keys are not much higher than fingers need
    KeyboardPlan plan;
    plan.width = width;
    plan.gap = layout.apart;
    const float block = kBlockColumns + kBlockApart;
    const auto rows_high = [&](float rows) { return rows * layout.target + (rows - 1) * plan.gap; };
    const float wide = (kColumns + block) * layout.target + (kColumns + kBlockColumns - 1) * plan.gap;
    float columns = kColumns;
    float rows = 5;
    if (layout.portrait()) {
        plan.kind = KeyboardPlan::Kind::tall;
        rows = 7;
    } else if (wide <= width && rows_high(kLetterRows) <= height) {
        plan.kind = KeyboardPlan::Kind::wide;
        columns += block;
        rows = kLetterRows;
    } else {
        plan.kind = KeyboardPlan::Kind::low;
    }
    const float gaps = std::floor(columns) - 1;
    if ((width - gaps * plan.gap) / columns < layout.target || rows_high(rows) > height) plan.gap = layout.apart / 2;
    plan.key_width = (width - gaps * plan.gap) / columns;
    const float least = kKeyLeast_mm * layout.apart / kApartMin_mm;
    plan.key_height = std::clamp((height - (rows - 1) * plan.gap) / rows, least, kHeightMax * layout.target);
    return plan;
}

std::size_t row_count(const KeyboardPlan& plan, Method method, KeyLayer layer) {
    const std::size_t methods = plan.kind == KeyboardPlan::Kind::tall ? 1 : 0;
    return rows_of(plan.kind, method, layer).size() + methods;
}

float height_of(const KeyboardPlan& plan, Method method, KeyLayer layer) {
    const auto rows = static_cast<float>(row_count(plan, method, layer));
    return rows * plan.key_height + (rows - 1) * plan.gap;
}

std::optional<KeyboardIntent> draw_keyboard(Painter& paint, const KeyboardPlan& plan, Method method,
                                            const KeyboardState& state, Rect area) {
    Board board(paint, plan, method, state);
    const std::vector<Row> rows = rows_of(plan.kind, method, state.layer);
    const std::vector<Row> block = block_of(plan.kind, method, state.layer);
    const float step = plan.key_width + plan.gap;
    const float letters = kColumns * step - plan.gap;
    const float block_apart = kBlockApart * plan.key_width + plan.gap;
    const float whole = block.empty() ? letters : letters + block_apart + kBlockColumns * step - plan.gap;
    const float left = area.x + (area.width - whole) / 2;
    const float top = area.bottom() - height_of(plan, method, state.layer);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const float y = top + static_cast<float>(i) * (plan.key_height + plan.gap);
        board.draw_row(rows[i], left + (kColumns - keys_wide(rows[i])) / 2 * step, y);
        if (i < block.size()) board.draw_row(block[i], left + letters + block_apart, y);
    }
    if (plan.kind == KeyboardPlan::Kind::tall) {
        const Rect strip{left, area.bottom() - plan.key_height, letters, plan.key_height};
        if (const auto chosen = draw_methods(paint, method, strip)) board.intent = *chosen;
    }
    return board.intent;
}

std::optional<Method> draw_methods(Painter& paint, Method method, Rect strip) {
    DrawContext& draw = paint.context();
    std::vector<KeyText> texts;
    texts.reserve(kMethods.size());
    for (const Method one : kMethods)
        texts.push_back(text_of(one, draw.text));
    const float gap = draw.layout.apart;
    const auto count = static_cast<float>(kMethods.size());
    const float width = (strip.width - (count - 1) * gap) / count;
    const bool side_by_side = std::all_of(texts.begin(), texts.end(), [&](const KeyText& one) {
        return fits(draw, one.label, TextStep::caption, width - 16, strip.height - 8);
    });
    if (!side_by_side) {
        const Method wanted = next(method);
        const KeyText& now =
            texts[static_cast<std::size_t>(std::find(kMethods.begin(), kMethods.end(), method) - kMethods.begin())];
        KeyText target = text_of(wanted, draw.text);
        target.label = draw.text.format("method.turn", {{"now", now.label}, {"next", target.label}});
        const Plate result = plate(paint, target.name, target.label, strip, draw.theme.sunken);
        draw_turning(paint, now.label, result.face);
        return result.tapped ? std::optional(wanted) : std::nullopt;
    }
    std::optional<Method> chosen;
    for (std::size_t i = 0; i < kMethods.size(); ++i) {
        const bool current = kMethods[i] == method;
        const Rect rect = strip.cut_left(width, gap);
        const Touch finger = touch(draw, texts[i].name, rect, texts[i].label);
        const Surface& surface = current ? draw.theme.selected : draw.theme.sunken;
        paint.fill(rect, finger.held ? surface.edge : surface.fill, theme::kRadius);
        if (current) paint.outline(rect, surface.edge, 4, theme::kRadius);
        paint.text(texts[i].label, TextStep::caption, rect.inset(8, 4), current ? surface.ink : surface.muted);
        if (finger.tapped) chosen = kMethods[i];
    }
    return chosen;
}

std::optional<Key> draw_digit_pad(Painter& paint, Rect area) {
    const DrawContext& draw = paint.context();
    constexpr float kColumnsOfPad = 3;
    constexpr float kRowsOfPad = 4;
    const float gap = draw.layout.apart;
    const float width = (area.width - (kColumnsOfPad - 1) * gap) / kColumnsOfPad;
    const float height = (area.height - (kRowsOfPad - 1) * gap) / kRowsOfPad;
    const auto cell = [&](int place) {
        const int column = place % 3;
        const int row = place / 3;
        return Rect{area.x + static_cast<float>(column) * (width + gap),
                    area.y + static_cast<float>(row) * (height + gap), width, height};
    };
    std::optional<Key> pressed;
    const auto digit = [&](int value, int place) {
        const std::string label = std::to_string(value);
        const Plate result = plate(paint, "key/" + label, label, cell(place), draw.theme.card);
        paint.text(label, TextStep::display, result.face, draw.theme.card.ink);
        if (result.tapped) pressed = CharacterKey{U'0' + static_cast<char32_t>(value)};
    };
    for (int value = 1; value <= 9; ++value)
        digit(value, value - 1);
    digit(0, 10);
    const KeyText text = text_of(EditKey::backspace, draw.text);
    const Plate result = plate(paint, text.name, text.label, cell(11), draw.theme.sunken);
    draw_icon(paint, Icon::erase, result.face.centre(), 60, draw.theme.sunken.ink);
    if (result.tapped) pressed = EditKey::backspace;
    return pressed;
}

}  // namespace hailong::kiosk
