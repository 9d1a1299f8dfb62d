// Free text and phone numbers. In portrait the usual frame stands around question, field, phrases and keyboard. A
// panel that lies is too low for that: back, question, skip and "send" share one strip above the field, and where even
// the phrases have no row of their own they stand beside it.
#include <algorithm>
#include <string>

#include "kiosk/screens/asking.h"
#include "kiosk/widgets/indicators.h"
#include "kiosk/widgets/text_field.h"

namespace hailong::kiosk {
namespace {

constexpr float kKeyboardMargin = 24;   // letters want more of the width than text does
constexpr float kFieldLeast = 120;      // two lines of body
constexpr float kTallFieldLeast = 165;  // and the counter below them
constexpr float kNoticeHeight = 92;
constexpr float kNoticeIcon = 48;

bool written_large(const DrawContext& draw) {
    return draw.layout.text != TextSize::normal;
}

bool is_phone(const TextEntryModel& model) {
    return model.item.type == survey::ItemType::phone;
}

bool offers_phrases(const TextEntryModel& model) {
    return !is_phone(model) && !model.item.personal_data;
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \n") == std::string_view::npos;
}

bool can_be_given(const TextEntryModel& model) {
    return !is_blank(model.draft.text) && !model.fault;
}

// ---- What the field shows ------------------------------------------------------------------------------------------

/// A phone number as people read it: 0912 345 678. The cursor moves along.
struct Shown {
    std::string text;
    std::size_t cursor = 0;  // in bytes
};
Shown grouped(std::string_view digits, std::size_t cursor) {
    constexpr std::size_t kFirst = 4;
    constexpr std::size_t kNext = 3;
    Shown shown;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i >= kFirst && (i - kFirst) % kNext == 0) shown.text += ' ';
        if (i < cursor) shown.cursor = shown.text.size() + 1;
        shown.text += digits[i];
    }
    return shown;
}

std::string counter_of(const TextEntryModel& model, const DrawContext& draw) {
    if (model.chars_max == 0 || is_phone(model)) return {};
    const std::size_t left = model.chars_max - std::min(length(model.draft), model.chars_max);
    return draw.text.format("text_entry.left",
                            {{"count", survey::format_count(static_cast<std::int64_t>(left), draw.language)}});
}

std::string_view placeholder_of(const TextEntryModel& model, const DrawContext& draw) {
    // In portrait the hint stands below the question.
    const std::string& hint = model.item.hint.in(draw.language);
    if (is_phone(model)) return {};
    if (!draw.layout.portrait() && !hint.empty()) return hint;
    return draw.text.at(offers_phrases(model) ? "text_entry.here_or_phrase" : "text_entry.here");
}

bool placeholder_fits(const DrawContext& draw, const FieldText& text, Rect rect) {
    const Rect place = text_in_field(draw, text, rect);
    return fits(draw, text.placeholder, TextStep::caption, place.width, place.height);
}

void draw_field(Painter& paint, const TextEntryModel& model, Rect rect) {
    const DrawContext& draw = paint.context();
    const std::string counter = counter_of(model, draw);
    FieldText text;
    text.counter = counter;
    text.placeholder = placeholder_of(model, draw);
    if (!placeholder_fits(draw, text, rect)) text.placeholder = draw.text.at("text_entry.here");
    Shown shown;
    if (is_phone(model)) {
        shown = grouped(model.draft.text, model.draft.cursor);
        text.text = shown.text;
        text.cursor = shown.cursor;
        text.largest = TextStep::display;
        text.one_line = true;
    } else {
        text.text = model.draft.text;
        text.cursor = text_before(model.draft).size();
    }
    draw_text_field(paint, text, rect);
}

// ---- What is to be minded ------------------------------------------------------------------------------------------

struct Notice {
    std::string_view text;
    std::string_view shorter = {};  // where `text` does not fit; may be empty
    bool quiet = false;             // nothing is wrong yet
};

std::optional<Notice> notice_of(const TextEntryModel& model, const DrawContext& draw) {
    constexpr std::size_t kPhoneDigits = 10;  // before so many a number is rather unfinished than wrong
    if (is_blank(model.draft.text)) return std::nullopt;
    if (model.fault) {
        switch (*model.fault) {
            case TextFault::too_long:
                return Notice{draw.text.at("text_entry.too_long")};
            case TextFault::pattern:
                return length(model.draft) < kPhoneDigits ? Notice{draw.text.at("text_entry.unfinished"), {}, true}
                                                          : Notice{draw.text.at("text_entry.pattern")};
            case TextFault::empty_required:
                break;  // "send" rests
        }
    }
    if (model.looks_personal && offers_phrases(model))
        return Notice{draw.text.at("text_entry.personal"), draw.text.at("text_entry.personal_short")};
    return std::nullopt;
}

/// Two lines of it.
float notice_height(const DrawContext& draw) {
    return std::max(kNoticeHeight, 2 * line_height(draw, TextStep::caption) + 24);
}

void draw_text_notice(Painter& paint, const Notice& notice, Rect rect) {
    DrawContext& draw = paint.context();
    draw.say(notice.text);
    const Surface& surface = notice.quiet ? draw.theme.sunken : draw.theme.caution;
    paint.fill(rect, surface.fill, theme::kRadius);
    paint.outline(rect, surface.edge, draw.theme.border, theme::kRadius);
    Rect inner = rect.inset(24, 6);
    const float icon = std::min(kNoticeIcon, inner.height);
    const Rect sign = inner.cut_left(icon, 20);
    const bool whole = notice.shorter.empty() || fits(draw, notice.text, TextStep::caption, inner.width, inner.height);
    draw_icon(paint, notice.quiet ? Icon::question : Icon::warning, sign.centre(), icon, surface.ink);
    paint.text(whole ? notice.text : notice.shorter, TextStep::body, inner, surface.ink, Align::start);
}

// ---- Phrases -------------------------------------------------------------------------------------------------------

struct PhraseGrid {
    std::size_t columns = 1;
    float width = 0;
    float height = 0;
    std::vector<const Suggestion*> shown;
};

Rect text_in_phrase(Rect cell) {
    cell.height -= theme::kLip;
    return cell.inset(16, 4);
}

/// As many phrases as the area has room for, whole; more of them in more columns, if their text still fits.
PhraseGrid lay_out_phrases(const DrawContext& draw, const std::vector<Suggestion>& phrases, Rect area,
                           float cell_height) {
    const float gap = draw.layout.apart;
    const auto rows = static_cast<std::size_t>(std::max((area.height + gap + 1) / (cell_height + gap), 1.F));
    constexpr std::size_t kColumnsMax = 3;
    constexpr float kWidthLeast = 300;
    PhraseGrid best;
    for (std::size_t columns = 1; columns <= kColumnsMax; ++columns) {
        PhraseGrid grid;
        grid.columns = columns;
        grid.width = (area.width - static_cast<float>(columns - 1) * gap) / static_cast<float>(columns);
        grid.height = (area.height - static_cast<float>(rows - 1) * gap) / static_cast<float>(rows);
        if (columns > 1 && grid.width < kWidthLeast) break;
        const Rect text = text_in_phrase({0, 0, grid.width, grid.height});
        for (const Suggestion& phrase : phrases) {
            if (grid.shown.size() == columns * rows) break;
            if (fits(draw, phrase.text, TextStep::caption, text.width, text.height)) grid.shown.push_back(&phrase);
        }
        if (grid.shown.size() > best.shown.size()) best = grid;
    }
    return best;
}

std::optional<TextEntryIntent> draw_phrases(Painter& paint, const TextEntryModel& model, Rect area, float cell_height) {
    DrawContext& draw = paint.context();
    const PhraseGrid grid = lay_out_phrases(draw, model.phrases, area, cell_height);
    std::optional<TextEntryIntent> intent;
    const float gap = draw.layout.apart;
    for (std::size_t i = 0; i < grid.shown.size(); ++i) {
        const Suggestion& phrase = *grid.shown[i];
        const std::size_t column = i % grid.columns;
        const std::size_t row = i / grid.columns;
        const Rect cell{area.x + static_cast<float>(column) * (grid.width + gap),
                        area.y + static_cast<float>(row) * (grid.height + gap), grid.width, grid.height};
        const Plate result = plate(paint, "phrase/" + std::to_string(i), phrase.text, cell, draw.theme.sunken);
        paint.text(phrase.text, TextStep::body, result.face.inset(16, 4), draw.theme.sunken.ink);
        if (result.tapped) intent = PhraseChosen{model.item.id, phrase};
    }
    return intent;
}

// ---- Keys and "send" -----------------------------------------------------------------------------------------------

std::optional<TextEntryIntent> meaning(const std::optional<KeyboardIntent>& pressed, const TextEntryModel& model) {
    if (!pressed) return std::nullopt;
    if (const auto* key = std::get_if<Key>(&*pressed)) return KeyPressed{model.item.id, *key};
    if (const auto* method = std::get_if<Method>(&*pressed)) return MethodChosen{*method};
    return KeyboardChanged{std::get<KeyboardState>(*pressed)};
}

std::optional<TextEntryIntent> draw_send(Painter& paint, const TextEntryModel& model, Rect rect) {
    DrawContext& draw = paint.context();
    const ZoneScope zone(draw, Zone::footer);
    const std::string_view text = draw.text.at("text_entry.send");
    if (!can_be_given(model)) {
        const Rect face = draw_plate(paint, rect, draw.theme.resting, false);
        paint.text(text, TextStep::label, face.inset(16, 8), draw.theme.resting.ink);
        return std::nullopt;
    }
    const ButtonLook look{.surface = &draw.theme.primary, .after = Icon::forward};
    if (!button(paint, "text_entry/done", text, rect, look)) return std::nullopt;
    return TextGiven{model.item.id, model.draft.text};
}

/// The later of two: one finger has one tap, and a frame has one intent.
void take(std::optional<TextEntryIntent>& intent, const std::optional<TextEntryIntent>& further) {
    if (further) intent = further;
}

// ---- Portrait ------------------------------------------------------------------------------------------------------

/// The item's hint where it can be read in two lines.
std::string_view hint_below(const DrawContext& draw, const TextEntryModel& model, float width) {
    const std::string& hint = model.item.hint.in(draw.language);
    const bool short_enough = fits(draw, hint, TextStep::caption, width, 2 * line_height(draw, TextStep::body));
    return short_enough ? std::string_view(hint) : std::string_view();
}

float question_height(DrawContext& draw, const TextEntryModel& model, std::string_view hint, float width, float most) {
    const float body = line_height(draw, TextStep::body);
    const float below = hint.empty() ? 0 : fit_text(draw, hint, TextStep::body, width, 2 * body).height + theme::kGap;
    const std::string_view text = model.item.text.in(draw.language);
    const TextStep step = common_step(draw, std::span(&text, 1), TextStep::title, width, most - below);
    const auto lines = static_cast<float>(wrap(draw, step, text, width).size());
    return std::min(lines * line_height(draw, step) + below, most);
}

/// Question, what is to be minded, and the field. A notice stands where the hint stood, so that nothing moves under the
/// finger; for a number, whose hint says how it is written, below the field.
void draw_question_and_field(Painter& paint, const TextEntryModel& model, Rect content) {
    DrawContext& draw = paint.context();
    const bool phone = is_phone(model);
    const std::optional<Notice> notice = notice_of(model, draw);
    const float notice_room = notice_height(draw);
    std::string_view hint = notice && !phone ? std::string_view() : hint_below(draw, model, content.width);
    const float taken = notice && !phone ? notice_room + theme::kGapSmall : 0;
    const float room = content.height - kTallFieldLeast - theme::kGap - taken;
    // A long question needs the hint's room.
    const float both = room - 2 * line_height(draw, TextStep::body) - theme::kGap;
    if (!fits(draw, model.item.text.in(draw.language), TextStep::caption, content.width, both)) hint = {};
    const Rect question = content.cut_top(question_height(draw, model, hint, content.width, room), theme::kGap);
    draw_question(paint, question, model.item, hint);
    if (notice && !phone) draw_text_notice(paint, *notice, content.cut_top(notice_room, theme::kGapSmall));
    if (!phone) return draw_field(paint, model, content);
    draw_field(paint, model,
               content.cut_top(std::min(content.height, 2 * line_height(draw, TextStep::display)), theme::kGap));
    if (notice) draw_text_notice(paint, *notice, content.cut_top(notice_room));
}

std::optional<TextEntryIntent> draw_portrait(Stage& stage, const TextEntryModel& model) {
    Painter& paint = stage.paint;
    const DrawContext& draw = paint.context();
    FrameParts parts = draw_visit_frame(paint, stage.page, model.frame, model.item, FooterPlace::right);
    std::optional<TextEntryIntent> intent = widen<TextEntryIntent>(parts.intent);
    take(intent, draw_send(paint, model, parts.footer_place));

    Rect content = parts.content;
    const float apart = std::max(draw.layout.apart, theme::kGap);
    if (is_phone(model)) {
        const float height = std::min(content.height * 0.6F, 4 * 1.9F * draw.layout.target);
        const Rect pad = content.cut_bottom(height, apart).middle(std::min(content.width, height), height);
        draw_question_and_field(paint, model, content);
        if (const auto key = draw_digit_pad(paint, pad)) intent = KeyPressed{model.item.id, *key};
        return intent;
    }
    const float width = draw.layout.width - 2 * kKeyboardMargin;
    const KeyboardPlan plan = plan_keyboard(draw.layout, width, content.height * 0.54F);
    Rect keys = content.cut_bottom(height_of(plan, model.method, model.keyboard.layer), apart);
    keys.x = kKeyboardMargin;
    keys.width = width;
    Rect phrases;
    if (offers_phrases(model)) {
        const float two_lines = 2 * line_height(draw, TextStep::title);
        const bool short_question =
            fits(draw, model.item.text.in(draw.language), TextStep::title, content.width, two_lines);
        const float rows = written_large(draw) || draw.layout.seated() || !short_question ? 1 : 2;
        phrases = content.cut_bottom(rows * draw.layout.target + (rows - 1) * draw.layout.apart, apart);
        phrases.x = keys.x;
        phrases.width = keys.width;
    }
    draw_question_and_field(paint, model, content);
    take(intent, draw_phrases(paint, model, phrases, draw.layout.target));
    take(intent, meaning(draw_keyboard(paint, plan, model.method, model.keyboard, keys), model));
    return intent;
}

// ---- Landscape -----------------------------------------------------------------------------------------------------

float strip_button_width(const DrawContext& draw, std::string_view text, TextStep step, float icon_room) {
    constexpr float kPadding = 28;
    return std::max(text_width(draw, step, text) + 2 * kPadding + icon_room, draw.layout.target);
}

/// The seconds left, and the button for more of them.
std::optional<TextEntryIntent> draw_strip_countdown(Painter& paint, int seconds, Rect place) {
    constexpr int kFullRing_s = 10;
    constexpr float kRadiusMax = 48;
    DrawContext& draw = paint.context();
    const ZoneScope zone(draw, Zone::header);
    const std::string_view text = draw.text.at("visit.more_time");
    const ButtonLook look{.surface = &draw.theme.primary, .before = Icon::more_time, .step = TextStep::body};
    const float radius = std::min(place.height / 2, kRadiusMax);
    const Rect left = place.cut_left(2 * radius, theme::kGap);
    if (line_height(draw, TextStep::caption) < radius) {
        draw_countdown(paint, seconds, kFullRing_s, left.centre(), radius);
    } else {
        // Written so large, the number has no room in its ring.
        paint.text(std::to_string(seconds), TextStep::title, left, draw.theme.page.ink);
    }
    draw.say(draw.text.at("visit.countdown"));
    const Rect rect = place.cut_left(std::min(place.width, button_width(draw, text, look)));
    if (!button(paint, "more_time", text, rect, look)) return std::nullopt;
    return MoreTimeWanted{};
}

/// What stands between the buttons: how long the visit still waits, what is to be minded, or the question.
std::optional<TextEntryIntent> draw_strip_question(Painter& paint, const TextEntryModel& model, Rect place) {
    DrawContext& draw = paint.context();
    const std::string& question = model.item.text.in(draw.language);
    draw.say(question);
    draw.say(model.item.hint.in(draw.language));
    if (model.frame.countdown_s) return draw_strip_countdown(paint, *model.frame.countdown_s, place);
    if (const std::optional<Notice> notice = notice_of(model, draw); notice && !is_phone(model)) {
        draw_text_notice(paint, *notice, place);
    } else if (fits(draw, question, TextStep::caption, place.width, place.height)) {
        paint.text(question, TextStep::title, place, draw.theme.page.ink, Align::start);
    } else {
        // Longer than the panel is wide: it begins here, and is read aloud whole.
        const TextBlock begun = cut_text(draw, question, TextStep::caption, place.width);
        paint.text(begun, place, draw.theme.page.ink, Align::start);
    }
    return std::nullopt;
}

/// Loudspeaker, accessibility and the other language, as high as the strip. The language makes way first.
std::optional<TextEntryIntent> draw_strip_accessibility(Painter& paint, const VisitFrame& frame, Rect& strip,
                                                        float gap) {
    constexpr float kQuestionLeast = 640;
    DrawContext& draw = paint.context();
    const ZoneScope zone(draw, Zone::header);
    std::optional<TextEntryIntent> intent;
    const float side = std::max(strip.height, draw.layout.tight() ? 0 : draw.layout.target);
    const float others = (frame.voice_offered ? 2.F : 1.F) * (side + gap);
    const bool language_fits = strip.width - others - side - gap >= kQuestionLeast * factor(draw.layout.text);
    if (language_fits) {
        if (const auto language = language_button(paint, strip.cut_right(side, gap)))
            intent = LanguageChosen{*language};
    }
    if (sign_button(paint, "accessibility", draw.text.at("accessibility.title"), strip.cut_right(side, gap),
                    {.letters = draw.text.at("accessibility.sign")})) {
        intent = AccessibilityWanted{};
    }
    if (frame.voice_offered &&
        sign_button(paint, "speak", draw.text.at(frame.speaking ? "accessibility.silence" : "accessibility.speak"),
                    strip.cut_right(side, gap),
                    {.surface = frame.speaking ? &draw.theme.primary : nullptr,
                     .icon = frame.speaking ? Icon::speaker_off : Icon::speaker})) {
        intent = SpeakWanted{};
    }
    return intent;
}

std::optional<TextEntryIntent> draw_strip(Painter& paint, const TextEntryModel& model, Rect strip) {
    DrawContext& draw = paint.context();
    const survey::Messages& text = draw.text;
    const float gap = std::max(draw.layout.apart, theme::kGapSmall);
    std::optional<TextEntryIntent> intent;
    {
        const ZoneScope zone(draw, Zone::footer);
        const float icon = std::min(strip.height * 0.34F, 44.F) + 20;
        ButtonLook quiet{.surface = &draw.theme.sunken, .step = TextStep::body};
        if (model.frame.can_go_back) {
            const Plate back = plate(paint, "back", text.at("visit.back"),
                                     strip.cut_left(std::max(1.1F * strip.height, 110.F), gap), draw.theme.sunken);
            draw_icon(paint, Icon::back, back.face.centre(), icon - 10, draw.theme.sunken.ink);
            if (back.tapped) intent = BackTapped{};
        }
        const float send = strip_button_width(draw, text.at("text_entry.send"), TextStep::label, icon);
        take(intent, draw_send(paint, model, strip.cut_right(send, gap)));
        if (!model.item.required) {
            const float skip = strip_button_width(draw, text.at("visit.skip"), TextStep::body, 0);
            if (button(paint, "skip", text.at("visit.skip"), strip.cut_right(skip, gap), quiet)) {
                intent = Skipped{model.item.id};
            }
        } else if (model.frame.can_finish) {
            const float finish = strip_button_width(draw, text.at("visit.finish"), TextStep::body, 0);
            if (button(paint, "finish", text.at("visit.finish"), strip.cut_right(finish, gap), quiet)) {
                intent = Ended{};
            }
        }
    }
    take(intent, draw_strip_accessibility(paint, model.frame, strip, gap));
    take(intent, draw_strip_question(paint, model, strip.inset(gap, 0)));
    return intent;
}

/// Field on the left, digits on the right.
std::optional<TextEntryIntent> draw_landscape_phone(Painter& paint, const TextEntryModel& model, Rect area) {
    DrawContext& draw = paint.context();
    Rect pad = area.cut_right(std::min(area.width * 0.5F, 3 * 1.9F * draw.layout.target), 2 * theme::kGap);
    pad = pad.middle(pad.width, std::min(pad.height, 4 * 1.7F * draw.layout.target));
    // The field in the middle, its hint above, what is wrong below.
    const float below = notice_height(draw);
    const float field = 1.7F * line_height(draw, TextStep::display);
    Rect group = area.middle(area.width, std::min(area.height, 2 * (below + theme::kGap) + field));
    const std::string& hint = model.item.hint.in(draw.language);
    paint.text(hint, TextStep::body, group.cut_top(below, theme::kGap), draw.theme.page.muted, Align::start,
               Align::end);
    draw_field(paint, model, group.cut_top(field, theme::kGap));
    if (const auto notice = notice_of(model, draw)) draw_text_notice(paint, *notice, group.cut_top(below));
    const std::optional<Key> key = draw_digit_pad(paint, pad);
    if (!key) return std::nullopt;
    return KeyPressed{model.item.id, *key};
}

std::optional<TextEntryIntent> draw_landscape(Stage& stage, const TextEntryModel& model) {
    Painter& paint = stage.paint;
    const DrawContext& draw = paint.context();
    const float target = draw.layout.target;
    Rect area = stage.page.inset(draw.layout.tight() ? 20 : 48, 20);
    const float width = stage.page.width - 2 * kKeyboardMargin;
    const float apart = draw.layout.apart;
    // With strip, phrases and four rows of keys a panel of some height is full. On a lower one the strip and five rows
    // of keys share what the field leaves; it is as high as the phrases beside it want to be, if it can.
    KeyboardPlan plan = plan_keyboard(draw.layout, width, area.height - 2 * target - kFieldLeast - 3 * apart);
    float strip = std::max(target, 96.F);
    if (plan.kind == KeyboardPlan::Kind::low) {
        area = area.inset(0, -6);
        const float field = 7 * target + 6 * apart <= area.height ? target : kFieldLeast;
        const float rows = area.height - field - 2 * apart;  // with four gaps between those of the keyboard
        plan = plan_keyboard(draw.layout, width, (rows - 4 * apart) * 5 / 6 + 4 * apart);
        strip = std::min(target, plan.key_height);
    }
    const float gap = plan.gap;
    std::optional<TextEntryIntent> intent;
    take(intent, draw_strip(paint, model, area.cut_top(strip, gap)));
    if (is_phone(model)) {
        take(intent, draw_landscape_phone(paint, model, area));
        return intent;
    }
    const float height = height_of(plan, model.method, model.keyboard.layer);
    Rect keys = area.cut_bottom(height, gap);
    keys.x = kKeyboardMargin;
    keys.width = width;
    if (plan.kind == KeyboardPlan::Kind::wide) {
        Rect row = area.cut_bottom(target, gap);
        draw_field(paint, model, area);
        const Rect methods = row.cut_right(row.width * 0.4F, 2 * gap);
        if (offers_phrases(model)) take(intent, draw_phrases(paint, model, row, target));
        if (const auto method = draw_methods(paint, model.method, methods)) intent = MethodChosen{*method};
    } else {
        // Text written large needs the whole width.
        if (offers_phrases(model) && !written_large(draw)) {
            const Rect beside = area.cut_right(area.width * 0.42F, gap);
            take(intent, draw_phrases(paint, model, beside, std::min(target, area.height)));
        }
        draw_field(paint, model, area);
    }
    take(intent, meaning(draw_keyboard(paint, plan, model.method, model.keyboard, keys), model));
    return intent;
}

}  // namespace

Capitals capitals_of(const survey::Item& item) {
    return item.personal_data ? Capitals::words : Capitals::sentences;
}

std::optional<TextEntryIntent> draw_text_entry(const TextEntryModel& model, DrawContext& draw) {
    Stage stage(draw);
    return draw.layout.portrait() ? draw_portrait(stage, model) : draw_landscape(stage, model);
}

}  // namespace hailong::kiosk
