// Days "from – to" by tapping the first, then the last.
#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/screens/staff_parts.h"

namespace hailong::kiosk {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using survey::Date;

constexpr std::size_t kWeek = 7;
constexpr std::size_t kWeeksMax = 6;  // that a month may touch
constexpr unsigned kHalf = 16;        // days of a first half
constexpr std::array kWeekdays{"calendar.monday", "calendar.tuesday",  "calendar.wednesday", "calendar.thursday",
                               "calendar.friday", "calendar.saturday", "calendar.sunday"};

/// Monday is 0.
std::size_t weekday_of(Date date) {
    return std::chrono::weekday{sys_days{date}}.iso_encoding() - 1;
}

Date last_of(Date date) {
    return Date{date.year() / date.month() / std::chrono::last};
}

/// Days on one page of the calendar.
struct Sheet {
    Date first{};
    Date last{};
    bool whole_month = true;
};
Sheet sheet_of(Date shown, bool whole_month) {
    const auto month = shown.year() / shown.month();
    if (whole_month) return {month / 1, last_of(shown), true};
    const bool early = static_cast<unsigned>(shown.day()) <= kHalf;
    return {month / day{early ? 1 : kHalf + 1}, early ? Date{month / day{kHalf}} : last_of(shown), false};
}
Date day_before(Date date) {
    return Date{sys_days{date} - days{1}};
}
Date day_after(Date date) {
    return Date{sys_days{date} + days{1}};
}

bool can_show(Date date) {
    return static_cast<int>(date.year()) >= kCalendarYearFirst && static_cast<int>(date.year()) <= kCalendarYearLast;
}

/// Where the grid goes, and what is beside or above it.
struct CalendarPlaces {
    Rect title;
    Rect back;
    Rect previous;
    Rect next;
    Rect grid;
    std::size_t columns = kWeek;
    bool whole_month = true;
};

std::size_t fitting(float room, float size, float gap) {
    return static_cast<std::size_t>(std::max((room + gap) / (size + gap), 1.F));
}

CalendarPlaces calendar_places(const DrawContext& draw, Rect content) {
    const Layout& layout = draw.layout;
    const float gap = staff_gap(layout);
    const float height = staff_button_height(draw);
    const float line = line_height(draw, TextStep::caption);
    CalendarPlaces places;
    if (layout.portrait()) {
        places.back = content.cut_top(height, gap);
        places.back.width =
            std::max(layout.target, text_width(draw, TextStep::caption, draw.text.at("visit.back")) + 140);
        const float text = line_height(draw, TextStep::title) + 2 * line_height(draw, TextStep::body) + 24;
        places.title = content.cut_top(std::min(text, content.height * 0.2F), gap);
        Rect bottom = content.cut_bottom(height, std::max(gap, 28.F));
        places.previous = bottom.cut_left((bottom.width - gap) / 2, gap);
        places.next = bottom;
    } else {
        const float least = std::max(layout.target, 360.F);
        Rect side = content.cut_left(std::max(least, content.width * 0.27F), std::max(gap, 32.F));
        places.back = side.cut_bottom(height, gap);
        const bool abreast = side.width >= 2 * std::max(layout.target, 290.F) + gap;
        Rect turning = side.cut_bottom(abreast ? height : 2 * height + gap, gap);
        places.previous = abreast ? turning.cut_left((turning.width - gap) / 2, gap) : turning.cut_top(height, gap);
        places.next = turning;
        places.title = side;
    }
    const bool week_fits = fitting(content.width, layout.target, gap) >= kWeek;
    places.whole_month = week_fits && fitting(content.height - line - 8, layout.target, gap) >= kWeeksMax;
    places.columns = places.whole_month ? kWeek : std::min(fitting(content.width, layout.target, gap), kWeek);
    places.grid = content;
    return places;
}

void draw_title(Painter& paint, Rect area, const CalendarModel& model, const Sheet& sheet) {
    DrawContext& draw = paint.context();
    const std::string year = std::to_string(static_cast<int>(sheet.first.year()));
    const std::string month = std::to_string(static_cast<unsigned>(sheet.first.month()));
    const std::string name = draw.text.format("calendar.month", {{"month", month}, {"year", year}});
    const std::string_view what = draw.text.at(model.first ? "calendar.last" : "calendar.first");
    std::string from;
    if (model.first) {
        from = draw.text.format("calendar.from", {{"day", survey::format_date(*model.first, draw.language)}});
    }
    draw.say(what);
    const float line = area.height / 3;
    const TextBlock head = fit_text(draw, what, TextStep::body, area.width, line);
    const TextBlock shown = fit_text(draw, name, TextStep::title, area.width, line);
    TextBlock begun;
    if (!from.empty()) begun = fit_text(draw, from, TextStep::body, area.width, line);
    Rect group = area.middle(area.width, head.height + shown.height + begun.height);
    paint.text(shown, group.cut_top(shown.height), draw.theme.page.ink, Align::start);
    paint.text(head, group.cut_top(head.height), draw.theme.page.ink, Align::start);
    if (!from.empty()) paint.text(begun, group, draw.theme.page.muted, Align::start);
}

bool draw_day(Painter& paint, Rect cell, Date date, const CalendarModel& model, bool with_weekday) {
    DrawContext& draw = paint.context();
    const std::string number = std::to_string(static_cast<unsigned>(date.day()));
    const bool chosen = model.first && *model.first == date;
    const bool today = model.today == date;
    Rect face = cell;
    bool tapped = false;
    Surface surface = draw.theme.card;
    if (date > model.today) {
        surface = draw.theme.resting;
    } else {
        if (chosen) surface = draw.theme.primary;
        const Plate result =
            plate(paint, "day/" + survey::to_string(date), survey::format_date(date, draw.language), cell, surface);
        face = result.face;
        tapped = result.tapped;
        if (today && !chosen) paint.outline(face.inset(7, 7), draw.theme.primary.fill, 4, theme::kRadius - 7);
    }
    if (with_weekday) {
        face = face.inset(0, 24);
        const Rect top = face.cut_top(line_height(draw, TextStep::caption));
        paint.text(draw.text.at(kWeekdays[weekday_of(date)]), TextStep::caption, top, surface.muted);
    }
    paint.text(number, TextStep::label, face, surface.ink);
    return tapped;
}

std::optional<CalendarIntent> draw_days(Painter& paint, const CalendarPlaces& places, const Sheet& sheet,
                                        const CalendarModel& model) {
    DrawContext& draw = paint.context();
    const float gap = staff_gap(draw.layout);
    std::optional<CalendarIntent> intent;
    Rect area = places.grid;
    const Rect head = sheet.whole_month ? area.cut_top(line_height(draw, TextStep::caption), 8) : Rect{};
    const std::size_t blank = sheet.whole_month ? weekday_of(sheet.first) : 0;
    const auto count = static_cast<std::size_t>((sys_days{sheet.last} - sys_days{sheet.first}).count()) + 1;
    // Rows for the longest page, so that cells stay where they are when it is turned.
    const std::size_t longest = sheet.whole_month ? kWeek * kWeeksMax : kHalf;
    const GridRule rule{.columns = places.columns,
                        .cell_height_min = draw.layout.target,
                        .cell_height_max = std::max(draw.layout.target, 170.F),
                        .gap = gap};
    const Grid grid = arrange(area, longest, rule);
    for (std::size_t i = 0; sheet.whole_month && i < kWeek; ++i) {
        const Rect cell = grid.cell(i);
        paint.text(draw.text.at(kWeekdays[i]), TextStep::caption, {cell.x, head.y, cell.width, head.height},
                   draw.theme.page.muted);
    }
    for (std::size_t i = 0; i < count; ++i) {
        const Date date{sys_days{sheet.first} + days{static_cast<int>(i)}};
        if (draw_day(paint, grid.cell(blank + i), date, model, !sheet.whole_month)) intent = DayTapped{date};
    }
    return intent;
}

}  // namespace

std::optional<CalendarIntent> draw_calendar(const CalendarModel& model, DrawContext& draw) {
    Stage stage(draw);
    const CalendarPlaces places = calendar_places(draw, staff_page(draw.layout, stage.page));
    const Sheet sheet = sheet_of(model.shown, places.whole_month);
    draw_title(stage.paint, places.title, model, sheet);
    std::optional<CalendarIntent> intent = draw_days(stage.paint, places, sheet, model);
    const ZoneScope zone(draw, Zone::footer);
    const Date before = day_before(sheet.first);
    const Date after = day_after(sheet.last);
    if (can_show(before) && button(stage.paint, "calendar/earlier", draw.text.at("calendar.earlier"), places.previous,
                                   {.before = Icon::back, .step = TextStep::body})) {
        intent = CalendarTurned{before};
    }
    if (can_show(after) && after <= model.today &&
        button(stage.paint, "calendar/later", draw.text.at("calendar.later"), places.next,
               {.after = Icon::forward, .step = TextStep::body})) {
        intent = CalendarTurned{after};
    }
    if (button(stage.paint, "back", draw.text.at("visit.back"), places.back,
               {.surface = &draw.theme.sunken, .before = Icon::back, .step = TextStep::body})) {
        intent = ChooserLeft{};
    }
    return intent;
}

}  // namespace hailong::kiosk
