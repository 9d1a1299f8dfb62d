#include <algorithm>
#include <cmath>

#include "kiosk/screens/asking.h"
#include "kiosk/screens/verdict.h"
#include "kiosk/widgets/controls.h"
#include "kiosk/widgets/indicators.h"

namespace hailong::kiosk {
namespace {

constexpr int kPageDotsMax = 12;
constexpr float kSliver = 10;  // what one answer among thousands is still seen by

std::string percent(const DrawContext& draw, std::int64_t tenths) {
    return draw.text.format("tally.percent", {{"share", survey::format_tenths(tenths, draw.language)}});
}

std::string count_text(const DrawContext& draw, std::int64_t count) {
    return draw.text.format("lobby.count", {{"count", survey::format_count(count, draw.language)}});
}

std::string objective_text(const DrawContext& draw, survey::Objective objective) {
    return draw.text.format("lobby.objective", {{"percent", std::to_string(objective.more_than_percent)}});
}

constexpr VerdictKeys kVerdict{"lobby.met", "lobby.met_unproven", "lobby.not_met"};

// ---- Header and footer ----------------------------------------------------------------------------------------------

/// As high as its targets, or two lines of the center's name.
float header_height(const DrawContext& draw) {
    return std::max({page_shape(draw.layout).header, draw.layout.target, 2 * line_height(draw, TextStep::caption) + 1});
}

/// As on the attract screen, with targets that are large enough on every panel. The center's name stands beside the
/// emblem or, where there is no room for it whole, below: it is cut off `content`.
std::optional<LobbyIntent> draw_lobby_header(Painter& paint, Rect strip, Rect& content,
                                             const std::string& center_name) {
    DrawContext& draw = paint.context();
    const ZoneScope zone(draw, Zone::header);
    constexpr float kEmblemMax = 150;
    std::optional<LobbyIntent> intent;
    Rect name = strip;
    const float size = std::min(strip.height, kEmblemMax);
    const Point centre = name.cut_left(size, 22).centre();
    if (touch(draw, "emblem", strip.cut_left(strip.height, 28), center_name).tapped) intent = EmblemTapped{};
    draw_emblem(paint, centre, size / 2);
    const float width = std::min(language_switch_width(draw), strip.width);
    const Rect languages = strip.cut_right(width).middle(width, draw.layout.target);
    name.cut_right(width, 28);
    if (const auto language = language_switch(paint, languages)) intent = LanguageChosen{*language};
    if (fits(draw, center_name, TextStep::caption, name.width, name.height)) {
        paint.text(center_name, TextStep::caption, name, paint.theme().page.ink, Align::start);
    } else {
        const TextBlock block =
            fit_text(draw, center_name, TextStep::caption, content.width, 4 * line_height(draw, TextStep::caption));
        paint.text(block, content.cut_top(block.height, 12), paint.theme().page.ink);
    }
    return intent;
}

void draw_place(Painter& paint, Rect strip, const LobbyModel& model) {
    const std::string text = paint.context().text.format(
        "page.place", {{"page", std::to_string(model.page + 1)}, {"pages", std::to_string(model.pages)}});
    draw_progress(paint, model.page + 1, model.pages, text, strip);
}

/// The invitation and which page this is, at the bottom of `content`. Not a target: the whole page wakes.
void draw_invitation(Painter& paint, Rect& content, const LobbyModel& model, bool held) {
    DrawContext& draw = paint.context();
    const bool portrait = draw.layout.portrait();
    constexpr float kIcon = 56;
    struct Size {
        float height;
        float gap;
    };
    const Size size = portrait ? Size{132, 22} : draw.layout.tight() ? Size{84, 12} : Size{100, 18};
    const float height = std::max(size.height, line_height(draw, TextStep::caption) + 20);
    const Rect strip = content.cut_bottom(height, size.gap);
    const Rect plate =
        draw_plate(paint, strip.middle(std::min(strip.width, 700.F), height), paint.theme().primary, held);
    const TextBlock text =
        fit_text(draw, draw.text.at("lobby.start"), TextStep::label, plate.width - kIcon - 60, plate.height - 4);
    Rect label = plate.middle(text.width + kIcon + 20, plate.height);
    draw_icon(paint, Icon::finger, label.cut_left(kIcon, 20).centre(), kIcon, paint.theme().primary.ink);
    paint.text(text, label, paint.theme().primary.ink);
    if (model.pages < 2) return;
    const float dots = model.pages > kPageDotsMax ? line_height(draw, TextStep::caption) : 20;
    if (portrait) return draw_place(paint, content.cut_bottom(dots, 22), model);
    Rect beside = strip;
    beside.width = plate.x - strip.x;
    draw_place(paint, beside, model);
}

// ---- The share ------------------------------------------------------------------------------------------------------

/// Draws each line, the most important first, as long as there is room for it whole.
void draw_lines(Painter& paint, Rect area, std::span<const std::string> lines, const Surface& surface, Align across) {
    bool first = true;
    for (const std::string& line : lines) {
        const std::string_view text = line;
        const TextStep step = common_step(paint.context(), std::span(&text, 1),
                                          first ? TextStep::body : TextStep::caption, area.width, area.height);
        // The first holds how many answered: without it no share is shown.
        if (!first && !fits(paint.context(), text, step, area.width, area.height)) return;
        const TextBlock block = fit_text(paint.context(), text, step, area.width, area.height);
        paint.text(block, area.cut_top(block.height, 4), first ? surface.ink : surface.muted, across);
        first = false;
    }
}

std::vector<std::string> basis_lines(const DrawContext& draw, const LobbyShare& shown) {
    return {draw.text.format("lobby.basis", {{"satisfied", survey::format_count(shown.share.satisfied, draw.language)},
                                             {"total", survey::format_count(shown.share.total, draw.language)}}),
            objective_text(draw, shown.objective),
            draw.text.format("lobby.interval", {{"low", percent(draw, shown.share.low_tenths)},
                                                {"high", percent(draw, shown.share.high_tenths)}})};
}

float lines_height(DrawContext& draw, std::span<const std::string> lines, float width) {
    float height = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const TextStep step = i == 0 ? TextStep::body : TextStep::caption;
        height += static_cast<float>(wrap(draw, step, lines[i], width).size()) * line_height(draw, step) + 4;
    }
    return height;
}

/// The share as a ring, with a mark where the objective lies; the number alone where a ring would be too small.
void draw_ring(Painter& paint, Rect area, const LobbyShare& shown) {
    constexpr float kRingMin = 250;
    DrawContext& draw = paint.context();
    const std::string share = percent(draw, shown.share.tenths);
    const float diameter = std::min({area.width, area.height, 470.F});
    const float thickness = diameter * 0.085F;
    const float hole = diameter - 2 * thickness - 36;
    const bool number_fits = text_width(draw, TextStep::display, share) <= hole;
    if (diameter < kRingMin || !number_fits) {
        paint.text(share, TextStep::hero, area, paint.theme().card.ink);
        return;
    }
    const Point centre = area.centre();
    const float radius = (diameter - thickness) / 2;
    const auto angle = [](double part) { return static_cast<float>(part) * 2 * kPi - kPi / 2; };
    const double part = static_cast<double>(shown.share.tenths) / 1000;
    const ImU32 colour = colour_of(paint.theme(), Face::very_happy);
    paint.ring(centre, radius, paint.theme().sunken.edge, thickness);
    if (shown.share.tenths >= 1000) {
        paint.ring(centre, radius, colour, thickness);
    } else if (shown.share.tenths > 0) {
        paint.arc(centre, radius, angle(0), angle(part), colour, thickness);
    }
    const float goal = angle(static_cast<double>(shown.objective.more_than_percent) / 100);
    const Point way{std::cos(goal), std::sin(goal)};
    const Point mark[] = {centre + way * (radius - thickness * 0.75F), centre + way * (radius + thickness * 0.75F)};
    paint.line(mark, paint.theme().card.ink, 7);
    const float side = diameter - 2 * thickness - 24;
    paint.text(share, TextStep::hero, area.middle(side, side), paint.theme().card.ink);
}

/// The verdict's pill, as high as its words need.
float pill_height(const DrawContext& draw, std::string_view text, float width) {
    constexpr float kBeside = 3 * 24 + 40;
    const auto lines = static_cast<float>(wrap(draw, TextStep::caption, text, width - kBeside).size());
    return std::max(line_height(draw, TextStep::body), lines * line_height(draw, TextStep::caption)) + 24;
}

/// Share, verdict, and what they rest on: below each other or side by side, whichever leaves the share more room.
void draw_figure(Painter& paint, Rect card, const LobbyShare& shown) {
    DrawContext& draw = paint.context();
    constexpr float kGap = 32;
    Rect content = card.inset(theme::kCardPad, 24);
    const std::vector<std::string> lines = basis_lines(draw, shown);
    const VerdictLook look = look_of(draw, shown.share.verdict, kVerdict);
    const auto words_height = [&](float width) {
        return pill_height(draw, look.text, width) + 16 + lines_height(draw, lines, width);
    };
    const float stacked = content.height - words_height(content.width) - 16;
    const float side = std::min(content.height, content.width * 0.44F);
    const float beside = content.width - side - kGap;
    const bool is_beside = side > stacked + 20 && words_height(beside) <= content.height;
    Rect text;
    if (is_beside) {
        const Rect ring = content.cut_left(side, kGap);
        draw_ring(paint, ring, shown);
        text = content.middle(content.width, words_height(content.width));
    } else {
        const bool normal = draw.layout.text == TextSize::normal;
        const float number = line_height(draw, normal ? TextStep::display : TextStep::title);
        text = content.cut_bottom(std::min(words_height(content.width), content.height - number - 16), 16);
        draw_ring(paint, content, shown);
    }
    const float pill = std::min(pill_height(draw, look.text, text.width), text.height);
    draw_notice(paint, look.icon, look.text, look.surface, text.cut_top(pill, 16),
                draw.layout.text == TextSize::normal ? TextStep::label : TextStep::body);
    draw_lines(paint, text, lines, paint.theme().card, Align::middle);
}

struct LevelRow {
    std::string label;
    std::string count;
    std::int64_t number = 0;
    std::optional<Face> face;
    ImU32 colour = 0;
};
std::vector<LevelRow> level_rows(const DrawContext& draw, const LobbyShare& shown) {
    std::vector<survey::Option> options;  // what colours go by
    for (const survey::PostedLevel& level : shown.levels) {
        survey::Option option;
        option.icon = level.icon;
        option.satisfied = level.satisfied;
        option.excluded = level.excluded;
        options.push_back(option);
    }
    std::vector<LevelRow> rows;
    for (std::size_t i = 0; i < shown.levels.size(); ++i) {
        const survey::PostedLevel& level = shown.levels[i];
        if (level.excluded) continue;
        rows.push_back({level.label.in(draw.language), survey::format_count(level.count, draw.language), level.count,
                        face_of(level.icon), option_colour(draw.theme, options, i)});
    }
    return rows;
}

/// Each answer with its face, its words, a bar as long as its part of all, and its count.
void draw_levels(Painter& paint, Rect area, const LobbyShare& shown) {
    DrawContext& draw = paint.context();
    const std::vector<LevelRow> rows = level_rows(draw, shown);
    const float line = line_height(draw, TextStep::caption);
    const Grid grid = arrange(
        area, rows.size(),
        GridRule{.columns = 1, .cell_height_min = line, .cell_height_max = std::max(2 * line, 104.F), .gap = 8});
    const std::size_t count = std::min(rows.size(), grid.per_page());
    std::vector<std::string_view> labels;
    float numbers = 0;
    for (const LevelRow& row : rows) {
        labels.emplace_back(row.label);
        numbers = std::max(numbers, text_width(draw, TextStep::caption, row.count));
    }
    const float face = std::min(grid.cell_height * 0.86F, 78.F);
    const float room = area.width - face - 20 - numbers - 20;
    // Where words would break, they get the room of the bars.
    const bool has_bars = std::all_of(labels.begin(), labels.end(), [&](std::string_view label) {
        return fits(draw, label, TextStep::caption, room * 0.62F, grid.cell_height);
    });
    const float text = has_bars ? room * 0.62F : room;
    const TextStep step = common_step(draw, labels, TextStep::body, text, grid.cell_height);
    float widest = 0;
    for (const std::string_view label : labels) {
        for (const std::string& one : wrap(draw, step, label, text))
            widest = std::max(widest, text_width(draw, step, one));
    }
    Rect block = area.middle(area.width, grid.height());
    for (std::size_t i = 0; i < count; ++i) {
        Rect cell = grid.cell(i).moved(0, block.y - area.y);
        const Point mark = cell.cut_left(face, 20).centre();
        if (rows[i].face) {
            draw_face(paint, *rows[i].face, mark, face / 2);
        } else {
            paint.disc(mark, face * 0.3F, rows[i].colour);
        }
        paint.text(fit_text(draw, rows[i].label, step, widest + 1, cell.height), cell.cut_left(widest + 1, 24),
                   paint.theme().card.ink, Align::start);
        paint.text(rows[i].count, TextStep::caption, cell.cut_right(numbers + 1, 20), paint.theme().card.ink,
                   Align::end);
        if (!has_bars) continue;
        const Rect track = cell.middle(cell.width, std::min(cell.height * 0.46F, 36.F));
        paint.fill(track, paint.theme().sunken.fill, track.height / 2);
        if (rows[i].number > 0) {
            const auto part = static_cast<float>(static_cast<double>(rows[i].number) /
                                                 static_cast<double>(std::max<std::int64_t>(shown.share.total, 1)));
            Rect bar = track;
            bar.width = std::max(kSliver, track.width * part);
            paint.fill(bar, rows[i].colour, track.height / 2);
        }
    }
}

void say_share(const DrawContext& draw, const LobbyShare& shown) {
    draw.say(shown.title);
    draw.say(percent(draw, shown.share.tenths));
    draw.say(look_of(draw, shown.share.verdict, kVerdict).text);
    for (const std::string& line : basis_lines(draw, shown))
        draw.say(line);
}

/// So little room for words of this size that headings are written small.
bool is_low(const DrawContext& draw, Rect content) {
    return content.height < 12 * line_height(draw, TextStep::caption);
}
TextStep heading_step(const DrawContext& draw, bool low) {
    return !low && draw.layout.text == TextSize::normal ? TextStep::display : TextStep::caption;
}

/// What and when, with the question and the days in quieter words.
void draw_heading(Painter& paint, Rect& content, std::string_view title, std::string_view second, TextStep largest) {
    DrawContext& draw = paint.context();
    const Align across = draw.layout.portrait() ? Align::middle : Align::start;
    const TextBlock large = fit_text(draw, title, largest, content.width, content.height * 0.2F);
    paint.text(large, content.cut_top(large.height, 4), paint.theme().page.ink, across);
    if (!second.empty()) {
        const TextBlock quiet = fit_text(draw, second, TextStep::caption, content.width, content.height * 0.2F);
        paint.text(quiet, content.cut_top(quiet.height), paint.theme().page.muted, across);
    }
    content.cut_top(0, 18);
}

void draw_share(Painter& paint, Rect content, const LobbyShare& shown) {
    DrawContext& draw = paint.context();
    say_share(draw, shown);
    const bool normal = draw.layout.text == TextSize::normal;
    const bool low = is_low(draw, content);
    draw_heading(paint, content, shown.title, low ? std::string() : shown.days, heading_step(draw, low));
    const bool portrait = draw.layout.portrait();
    Rect levels = content;
    const float line = line_height(draw, TextStep::caption);
    const auto rows = static_cast<float>(level_rows(draw, shown).size());
    if (portrait) {
        // As high as its rows want, as long as the figure keeps the larger part.
        const float question = normal ? 2 * line + 24 : 0;
        const float wanted = 2 * 24 + question + rows * (std::max(1.15F * line, 92.F) + 8);
        levels = content.cut_bottom(std::min(wanted, content.height * 0.52F), 24);
    } else {
        levels = content.cut_right(content.width * (normal ? 0.5F : 0.56F), 28);
    }
    draw_card(paint, content, paint.theme().card);
    draw_figure(paint, content, shown);
    draw_card(paint, levels, paint.theme().card);
    Rect inside = levels.inset(theme::kCardPad, 24);
    const float spare = inside.height - rows * (line + 8);
    if (fits(draw, shown.question, TextStep::caption, inside.width, spare - 16)) {
        const TextBlock question = fit_text(draw, shown.question, TextStep::caption, inside.width, spare - 16);
        paint.text(question, inside.cut_top(question.height, 16), paint.theme().card.muted, Align::start);
    }
    draw_levels(paint, inside, shown);
}

// ---- Counters -------------------------------------------------------------------------------------------------------

/// The share as a bar with a mark where the objective lies.
void draw_share_bar(Painter& paint, Rect track, const survey::PostedShare& share, survey::Objective objective) {
    paint.fill(track, paint.theme().sunken.fill, track.height / 2);
    const float part = static_cast<float>(share.tenths) / 1000;
    if (share.tenths > 0) {
        Rect bar = track;
        bar.width = std::max(track.height, track.width * part);
        paint.fill(bar, colour_of(paint.theme(), Face::very_happy), track.height / 2);
    }
    const float goal = track.x + track.width * static_cast<float>(objective.more_than_percent) / 100;
    paint.fill({goal - 2, track.y - 6, 4, track.height + 12}, paint.theme().card.ink, 2);
}

struct CounterTexts {
    std::string share;
    std::string count;
};
CounterTexts words_of(const DrawContext& draw, const survey::PostedShare& share) {
    return {percent(draw, share.tenths), count_text(draw, share.total)};
}

TextStep share_step(const DrawContext& draw) {
    return draw.layout.text == TextSize::normal ? TextStep::title : TextStep::label;
}

/// The share above the number of answers, at the right of a row.
void draw_figures(Painter& paint, Rect place, const CounterTexts& text) {
    DrawContext& draw = paint.context();
    const float line = line_height(draw, TextStep::caption) + 1;
    const TextBlock large = fit_text(draw, text.share, share_step(draw), place.width, place.height - line);
    Rect group = place.middle(place.width, large.height + line);
    paint.text(large, group.cut_top(large.height), paint.theme().card.ink, Align::end);
    paint.text(cut_text(draw, text.count, TextStep::caption, group.width), group, paint.theme().card.muted, Align::end);
}

void draw_sign(Painter& paint, Point centre, float radius, const VerdictLook& look) {
    paint.disc(centre, radius, look.surface.fill);
    paint.ring(centre, radius - 1, look.surface.edge, 2);
    draw_icon(paint, look.icon, centre, radius * 1.1F, look.surface.ink);
}

/// Name with its bar below, the figures beside; or, where the name needs the width, the figures below in one line.
void draw_counter_row(Painter& paint, Rect rect, const LobbyCounter& counter, survey::Objective objective,
                      TextStep step) {
    DrawContext& draw = paint.context();
    constexpr float kBadge = 84;
    constexpr float kSign = 60;
    constexpr float kBar = 22;
    constexpr float kBarGap = 18;
    const float line = line_height(draw, TextStep::caption);
    draw_card(paint, rect, paint.theme().card);
    Rect content = rect.inset(28, 8);
    const Point badge = content.cut_left(kBadge, 22).centre();
    paint.disc(badge, kBadge / 2, paint.theme().selected.fill);
    if (counter.number > 0) {
        paint.text(std::to_string(counter.number), TextStep::label, {badge.x - 42, badge.y - 42, 84, 84},
                   paint.theme().selected.ink);
    }
    const std::string_view none = draw.text.at("lobby.none");
    const CounterTexts text = counter.share ? words_of(draw, *counter.share) : CounterTexts{{}, std::string(none)};
    const VerdictLook look = counter.share ? look_of(draw, counter.share->verdict, kVerdict) : VerdictLook{};
    if (counter.share) draw_sign(paint, content.cut_right(kSign, 22).centre(), kSign / 2, look);
    const float figures =
        std::max(text_width(draw, share_step(draw), text.share), text_width(draw, TextStep::caption, text.count)) + 2;
    const float beside = content.width - figures - 28;
    if (!fits(draw, counter.name, step, beside, content.height)) {
        const std::string one = counter.share ? text.share + "  \u00b7  " + text.count : text.count;
        const TextBlock name = fit_text(draw, counter.name, step, content.width, content.height - line - 5);
        Rect group = content.middle(content.width, name.height + line + 5);
        paint.text(name, group.cut_top(name.height, 4), paint.theme().card.ink, Align::start);
        paint.text(cut_text(draw, one, TextStep::caption, group.width), group, paint.theme().card.muted, Align::start);
        return;
    }
    const Rect right = content.cut_right(figures, 28);
    if (counter.share) {
        draw_figures(paint, right, text);
    } else {
        paint.text(cut_text(draw, text.count, TextStep::caption, right.width), right, paint.theme().card.muted,
                   Align::end);
    }
    const TextBlock name = fit_text(draw, counter.name, step, content.width, content.height);
    const bool has_bar = counter.share && name.height + kBarGap + kBar + 6 <= content.height;
    Rect group = content.middle(content.width, name.height + (has_bar ? kBar + kBarGap : 0));
    paint.text(name, group.cut_top(name.height, kBarGap), paint.theme().card.ink, Align::start);
    if (has_bar) draw_share_bar(paint, group.cut_top(kBar), *counter.share, objective);
}

void draw_counters(Painter& paint, Rect content, const LobbyCounters& shown) {
    DrawContext& draw = paint.context();
    draw.say(shown.title);
    // Two lines of a name need the room more than the objective does, which the first page has too.
    const bool low = is_low(draw, content);
    draw_heading(paint, content, shown.title, low ? std::string() : objective_text(draw, shown.objective),
                 heading_step(draw, low));
    const std::size_t columns = draw.layout.portrait() || shown.counters.size() == 1 ? 1 : 2;
    const float most = std::max(320.F, 4 * line_height(draw, TextStep::caption) + 30);
    const Grid grid =
        arrange(content, shown.counters.size(),
                GridRule{.columns = columns, .cell_height_min = 60, .cell_height_max = most, .gap = low ? 12.F : 20.F});
    // One size for all names, beside the widest figures there are.
    std::vector<std::string_view> names;
    for (const LobbyCounter& counter : shown.counters)
        names.emplace_back(counter.name);
    const TextStep step = common_step(draw, names, TextStep::label, grid.cell_width * 0.42F, grid.cell_height - 80);
    for (std::size_t i = 0; i < std::min(shown.counters.size(), grid.per_page()); ++i) {
        const LobbyCounter& counter = shown.counters[i];
        draw_counter_row(paint, grid.cell(i), counter, shown.objective, step);
        draw.say(counter.name);
        draw.say(counter.share ? percent(draw, counter.share->tenths) : std::string(draw.text.at("lobby.none")));
    }
}

// ---- You said, we did -----------------------------------------------------------------------------------------------

struct ActionTexts {
    std::string_view label;
    std::string_view text;
    std::string_view note = {};
    bool is_done = false;  // a tick as its sign; a speech bubble otherwise
};

/// Where the words of an action card go, below its label.
float label_height(const DrawContext& draw) {
    return std::max(line_height(draw, draw.layout.text == TextSize::normal ? TextStep::label : TextStep::caption),
                    64.F);
}
Rect action_text(const DrawContext& draw, Rect card) {
    Rect content = card.inset(theme::kCardPad + 8, 22);
    content.cut_top(label_height(draw), 14);
    return content;
}

void draw_bubble(Painter& paint, Point centre, float size, const Surface& surface) {
    const Rect bubble{centre.x - size / 2, centre.y - size * 0.44F, size, size * 0.72F};
    paint.fill(bubble, surface.ink, size * 0.22F);
    const Point tail[] = {{centre.x - size * 0.26F, centre.y + size * 0.2F},
                          {centre.x + size * 0.08F, centre.y + size * 0.2F},
                          {centre.x - size * 0.26F, centre.y + size * 0.52F}};
    paint.convex(tail, surface.ink);
    for (const float aside : {-0.24F, 0.F, 0.24F})
        paint.disc({centre.x + size * aside, bubble.centre().y}, size * 0.075F, surface.fill);
}

void draw_action_card(Painter& paint, Rect card, const ActionTexts& action, const Surface& surface, TextStep step) {
    DrawContext& draw = paint.context();
    draw_card(paint, card, surface);
    Rect text = action_text(draw, card);
    Rect label = card.inset(theme::kCardPad + 8, 22);
    label.height = label_height(draw);
    constexpr float kSign = 60;
    const Point sign = label.cut_left(kSign, 20).centre();
    if (action.is_done) {
        paint.disc(sign, kSign / 2, surface.ink);
        draw_icon(paint, Icon::check, sign, kSign * 0.6F, surface.fill);
    } else {
        draw_bubble(paint, sign, kSign, surface);
    }
    paint.text(action.label, TextStep::label, label, surface.ink, Align::start);
    const TextBlock block = fit_text(draw, action.text, step, text.width, text.height);
    const float note = line_height(draw, TextStep::caption) + 14;
    if (!action.note.empty() && block.height + 2 * note <= text.height &&
        text_width(draw, TextStep::caption, action.note) <= text.width) {
        paint.text(action.note, TextStep::caption, text.cut_bottom(note), surface.muted, Align::start, Align::end);
    }
    paint.text(block, text, surface.ink, Align::start);
}

constexpr float kCompactPad = 12;
constexpr float kCompactGap = 12;

/// Where both texts are long and written large: one above the other, each with its label before its first words.
void draw_compact_action(Painter& paint, Rect content, const ActionTexts& said, const ActionTexts& done) {
    DrawContext& draw = paint.context();
    const auto joined = [](const ActionTexts& one) { return std::string(one.label) + ": " + std::string(one.text); };
    const std::string first = joined(said);
    const std::string second = joined(done);
    const float width = content.width - 2 * theme::kCardPad;
    const float line = line_height(draw, TextStep::caption);
    const auto lines = [&](const std::string& text) {
        return static_cast<float>(wrap(draw, TextStep::caption, text, width).size());
    };
    const float spare = content.height - kCompactGap - 4 * kCompactPad - (lines(first) + lines(second)) * line;
    Rect lower = content.cut_bottom(lines(second) * line + 2 * kCompactPad + std::max(spare, 0.F) / 2, kCompactGap);
    draw_card(paint, content, paint.theme().card);
    draw_card(paint, lower, paint.theme().good);
    paint.text(first, TextStep::caption, content.inset(theme::kCardPad, kCompactPad - 1), paint.theme().card.ink,
               Align::start);
    paint.text(second, TextStep::caption, lower.inset(theme::kCardPad, kCompactPad - 1), paint.theme().good.ink,
               Align::start);
}

void draw_action(Painter& paint, Rect content, const LobbyAction& shown) {
    DrawContext& draw = paint.context();
    const ActionTexts said{draw.text.at("lobby.said"), shown.said, {}, false};
    const ActionTexts done{draw.text.at("lobby.done"), shown.done, shown.since, true};
    for (const std::string_view line : {said.label, said.text, done.label, done.text, done.note})
        draw.say(line);
    constexpr float kGap = 64;  // room for the arrow
    const bool portrait = draw.layout.portrait();
    Rect left = content;
    const Rect right = portrait ? left.cut_bottom((content.height - kGap) / 2, kGap)
                                : left.cut_right((content.width - kGap) / 2, kGap);
    const std::string_view both[] = {said.text, done.text};
    const Rect place = action_text(draw, left);
    const float note = 2 * (line_height(draw, TextStep::caption) + 14);
    const TextStep roomy = common_step(draw, both, TextStep::display, place.width, place.height - note);
    const TextStep step = common_step(draw, both, roomy, place.width, place.height);
    const bool whole = std::all_of(std::begin(both), std::end(both), [&](std::string_view text) {
        return fits(draw, text, step, place.width, place.height);
    });
    if (!whole) return draw_compact_action(paint, content, said, done);
    draw_action_card(paint, left, said, paint.theme().card, step);
    draw_action_card(paint, right, done, paint.theme().good, step);
    const Point middle = content.centre();
    const std::vector<Point> down{
        {middle.x - 22, middle.y - 10}, {middle.x, middle.y + 12}, {middle.x + 22, middle.y - 10}};
    const std::vector<Point> aside{
        {middle.x - 10, middle.y - 22}, {middle.x + 12, middle.y}, {middle.x - 10, middle.y + 22}};
    paint.line(portrait ? down : aside, paint.theme().page.muted, 8);
}

}  // namespace

std::optional<LobbyIntent> draw_lobby(const LobbyModel& model, DrawContext& draw) {
    Stage stage(draw);
    const PageShape shape = page_shape(draw.layout);
    Rect content = stage.page.inset(shape.margin_x, shape.margin_y);
    const Rect strip = content.cut_top(header_height(draw), shape.gap);
    std::optional<LobbyIntent> intent = draw_lobby_header(stage.paint, strip, content, model.center_name);

    // Everything below the header wakes the terminal.
    Rect below = stage.page;
    below.cut_top(strip.bottom() + draw.layout.apart - below.y);
    const Touch finger = touch(draw, "wake", below, draw.text.at("lobby.start"));
    if (finger.tapped) intent = Woken{};
    draw_invitation(stage.paint, content, model, finger.held);
    if (const auto* share = std::get_if<LobbyShare>(&model.shown)) draw_share(stage.paint, content, *share);
    if (const auto* counters = std::get_if<LobbyCounters>(&model.shown)) draw_counters(stage.paint, content, *counters);
    if (const auto* action = std::get_if<LobbyAction>(&model.shown)) draw_action(stage.paint, content, *action);
    return intent;
}

}  // namespace hailong::kiosk
