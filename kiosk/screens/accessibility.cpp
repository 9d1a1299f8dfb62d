#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "kiosk/screens/asking.h"

namespace hailong::kiosk {
namespace {

struct TextChoice {
    TextSize size;
    const char* name;
    const char* key;
    float letter;  // the height of its sign, whatever size is chosen now
};
constexpr std::array kTextChoices{
    TextChoice{TextSize::normal, "accessibility/text/normal", "accessibility.text_normal", 38},
    TextChoice{TextSize::large, "accessibility/text/large", "accessibility.text_large", 56},
    TextChoice{TextSize::largest, "accessibility/text/largest", "accessibility.text_largest", 76}};

/// One that is on or off, and what a tap on it means.
struct Switch {
    const char* name;
    const char* key;
    Icon icon;
    bool on;
    AccessibilityIntent tapped;
};
std::vector<Switch> switches_of(const AccessibilityModel& model) {
    std::vector<Switch> shown;
    const auto add = [&](const char* name, const char* key, Icon icon, bool AccessibilitySettings::*one) {
        AccessibilitySettings changed = model.settings;
        changed.*one = !(model.settings.*one);
        shown.push_back({name, key, icon, model.settings.*one, AccessibilityChanged{changed}});
    };
    add("accessibility/contrast", "accessibility.contrast", Icon::contrast, &AccessibilitySettings::high_contrast);
    if (model.voice_offered)
        add("accessibility/voice", "accessibility.voice", Icon::speaker, &AccessibilitySettings::voice);
    shown.push_back({"accessibility/more_time", "accessibility.more_time", Icon::more_time, model.more_time,
                     MoreTimeChosen{!model.more_time}});
    add("accessibility/seated", "accessibility.seated", Icon::lower, &AccessibilitySettings::seated);
    return shown;
}

/// The largest step that is no higher than that.
TextStep step_of(const DrawContext& draw, float height) {
    TextStep step = TextStep::hero;
    while (step < smallest_step(draw) && font_size_px(draw, step) > height * draw.layout.scale)
        step = smaller(step);
    return step;
}

/// One of the three sizes: its letter as large as it stands for, its words, a tick on the present one.
bool draw_text_choice(Painter& paint, const TextChoice& choice, bool chosen, TextStep step, Rect rect) {
    constexpr float kTick = 46;
    const DrawContext& draw = paint.context();
    const Surface& surface = chosen ? draw.theme.selected : draw.theme.card;
    const std::string_view text = draw.text.at(choice.key);
    std::string label(text);
    if (chosen) label += ": " + std::string(draw.text.at("accessibility.chosen"));
    const Plate result = plate(paint, choice.name, label, rect, surface);
    Rect face = result.face.inset(12, 10);
    const Rect foot = face.cut_bottom(face.height * 0.4F);
    paint.text(text, step, foot, surface.ink);
    paint.text(draw.text.at("accessibility.text_letter"),
               step_of(draw, choice.letter * std::clamp(face.height / 90, 1.F, 1.6F)), face, surface.ink);
    if (chosen) {
        const Point corner{result.face.right() - kTick * 0.8F, result.face.y + kTick * 0.8F};
        paint.disc(corner, kTick / 2, draw.theme.primary.fill);
        draw_icon(paint, Icon::check, corner, kTick * 0.6F, draw.theme.primary.ink);
    }
    return result.tapped;
}

/// The three sizes side by side.
std::optional<TextSize> draw_text_sizes(Painter& paint, Rect row, TextSize present) {
    const DrawContext& draw = paint.context();
    const GridRule rule{kTextChoices.size(), row.height, row.height, gap_between(draw.layout)};
    const Grid grid = arrange(row, kTextChoices.size(), rule);
    std::vector<std::string_view> text;
    text.reserve(kTextChoices.size());
    for (const TextChoice& choice : kTextChoices)
        text.emplace_back(draw.text.at(choice.key));
    const TextStep step =
        common_step(draw, text, TextStep::body, grid.cell_width - 24, (row.height - theme::kLip - 20) * 0.4F);
    std::optional<TextSize> chosen;
    for (std::size_t i = 0; i < kTextChoices.size(); ++i) {
        const TextChoice& choice = kTextChoices[i];
        if (draw_text_choice(paint, choice, choice.size == present, step, grid.cell(i))) chosen = choice.size;
    }
    return chosen;
}

/// The switches; what the one that was tapped means.
std::optional<AccessibilityIntent> draw_switches(Painter& paint, const Grid& grid, const std::vector<Switch>& shown) {
    const DrawContext& draw = paint.context();
    std::vector<std::string_view> text;
    text.reserve(shown.size());
    for (const Switch& one : shown)
        text.emplace_back(draw.text.at(one.key));
    const Rect place = switch_tile_text(grid.cell(0));
    const TextStep step = common_step(draw, text, TextStep::label, place.width, place.height);
    std::optional<AccessibilityIntent> tapped;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const Switch& one = shown[i];
        const SwitchTexts switch_text{text[i], draw.text.at(one.on ? "accessibility.on" : "accessibility.off")};
        if (switch_tile(paint, one.name, one.icon, switch_text, one.on, step, grid.cell(i))) tapped = one.tapped;
    }
    return tapped;
}

/// What the edges' buttons mean here, where accessibility is open already.
AccessibilityIntent here(const AccessibilityButton& intent) {
    if (const auto* language = std::get_if<LanguageChosen>(&intent)) return *language;
    if (std::holds_alternative<SpeakWanted>(intent)) return SpeakWanted{};
    return AccessibilityClosed{};
}

/// The places of the parts, by the shape of the panel.
struct AccessibilityPlaces {
    std::optional<AccessibilityIntent> intent;  // of what stands at the edges
    Rect title;
    Rect sizes;
    Grid switches;
};

bool draw_close(Painter& paint, Rect rect) {
    const DrawContext& draw = paint.context();
    const ZoneScope zone(paint.context(), Zone::footer);
    return button(paint, "accessibility/close", draw.text.at("accessibility.close"), rect,
                  {.surface = &draw.theme.primary, .before = Icon::check});
}

/// Draws the edges and shares the rest out.
AccessibilityPlaces lay_out_accessibility(Painter& paint, Rect page, const AccessibilityModel& model,
                                          std::size_t switches) {
    constexpr float kCloseWidth = 520;
    const Layout& layout = paint.context().layout;
    const PageShape shape = page_shape(layout);
    const float gap = gap_between(layout);
    AccessibilityOffer offer{.voice_offered = model.voice_offered, .speaking = model.speaking, .accessibility = false};
    AccessibilityPlaces places;
    Rect content = page.inset(shape.margin_x, shape.margin_y);
    bool closed = false;
    if (shape.rail > 0) {
        const Rail rail = draw_accessibility_rail(paint, content.cut_right(shape.rail, shape.gap), offer);
        if (rail.intent) places.intent = here(*rail.intent);
        closed = draw_close(paint, rail.free);
    } else {
        offer.both_languages = true;
        const float buttons = accessibility_buttons_width(paint.context(), offer);
        Rect header = content.cut_top(shape.header, shape.gap);
        Rect footer = content.cut_bottom(shape.footer, gap);
        if (const auto helper =
                draw_accessibility_buttons(paint, (layout.seated() ? footer : header).cut_right(buttons, 28), offer)) {
            places.intent = here(*helper);
        }
        static_cast<void>(draw_name(paint, header, model.center_name, false));
        closed = draw_close(
            paint, layout.seated() ? footer : footer.middle(std::min(footer.width, kCloseWidth), footer.height));
    }
    if (closed) places.intent = AccessibilityClosed{};

    const std::size_t columns = layout.portrait() ? 1 : layout.tight() ? switches : 2;
    const std::size_t rows_needed = (switches + columns - 1) / columns;
    const auto rows = static_cast<float>(rows_needed);
    constexpr float kRowMost = 172;
    constexpr float kTitleShare = 0.16F;
    const float lowest = std::max(content.y, layout.reach_top());
    const float least_title = content.height * kTitleShare;
    const float room = content.bottom() - std::max(lowest, content.y + least_title) - gap;
    const float each = std::min((room - rows * gap) / (rows + 1), layout.tight() ? 300.F : kRowMost);
    Rect lower = content.cut_bottom(rows * (each + gap) - gap, gap);
    places.switches = arrange(lower, switches, {columns, each, each, gap});
    places.sizes = content.cut_bottom(each, gap);
    places.title = content;
    return places;
}

}  // namespace

std::optional<AccessibilityIntent> draw_accessibility(const AccessibilityModel& model, DrawContext& draw) {
    Stage stage(draw);
    const std::vector<Switch> shown = switches_of(model);
    draw.say(draw.text.at("accessibility.title"));
    draw.say(draw.text.at("accessibility.subtitle"));
    draw.say(draw.text.at("accessibility.text_size"));
    AccessibilityPlaces places = lay_out_accessibility(stage.paint, stage.page, model, shown.size());
    std::optional<AccessibilityIntent> intent = places.intent;

    const float width = places.title.width;
    const TextBlock below =
        fit_text(draw, draw.text.at("accessibility.subtitle"), TextStep::body, width, places.title.height * 0.45F);
    const TextBlock title =
        fit_text(draw, draw.text.at("accessibility.title"), TextStep::hero, width, places.title.height - below.height);
    Rect group = places.title.middle(width, title.height + below.height);
    stage.paint.text(title, group.cut_top(title.height), draw.theme.page.ink);
    stage.paint.text(below, group, draw.theme.page.muted);

    if (const auto size = draw_text_sizes(stage.paint, places.sizes, model.settings.text)) {
        AccessibilitySettings changed = model.settings;
        changed.text = *size;
        intent = AccessibilityChanged{changed};
    }
    if (const auto switched = draw_switches(stage.paint, places.switches, shown)) intent = switched;
    return intent;
}

}  // namespace hailong::kiosk
