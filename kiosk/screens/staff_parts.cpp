#include "kiosk/screens/staff_parts.h"

#include <algorithm>
#include <array>

namespace hailong::kiosk {
namespace {

struct Tab {
    StaffTab tab;
    const char* target;
    const char* key;
};
constexpr std::array kTabs{Tab{StaffTab::results, "tab/results", "tab.results"},
                           Tab{StaffTab::device, "tab/device", "tab.device"},
                           Tab{StaffTab::tools, "tab/tools", "tab.tools"}};
constexpr float kButtons = kTabs.size() + 1;  // with the way out

/// A sign on a corner of a tab.
void draw_mark(Painter& paint, Rect tab) {
    constexpr float kRadius = 24;
    const Point at{tab.right() - kRadius - 6, tab.y + kRadius + 6};
    paint.disc(at, kRadius, paint.theme().trouble.fill);
    paint.ring(at, kRadius, paint.theme().trouble.edge, 2);
    draw_icon(paint, Icon::warning, at, 28, paint.theme().trouble.ink);
}

bool beside(const DrawContext& draw) {
    return !draw.layout.portrait() && (draw.layout.tight() || draw.layout.text != TextSize::normal);
}

float turning_width(const DrawContext& draw) {
    return std::max(draw.layout.target, 200 * factor(draw.layout.text));
}

}  // namespace

float staff_gap(const Layout& layout) {
    return std::max(layout.apart, 16.F);
}

Rect staff_page(const Layout& layout, Rect page) {
    constexpr float kMargin = 48;
    // Whoever sits reaches the lower part only.
    if (layout.seated()) page.cut_top(std::max(layout.reach_top() - page.y, 0.F));
    const float gap = staff_gap(layout);
    const float spare_x = (page.width - kButtons * layout.target - (kButtons - 1) * gap) / 2;
    const float spare_y = (page.height - kButtons * layout.target - (kButtons - 1) * gap) / 2;
    return page.inset(std::clamp(spare_x, 0.F, kMargin), std::clamp(spare_y, 0.F, layout.portrait() ? kMargin : 36.F));
}

float staff_button_height(const DrawContext& draw) {
    return std::max(draw.layout.target, 2 * line_height(draw, TextStep::caption) + 40);
}

StaffFrame draw_staff_frame(Painter& paint, Rect page, const StaffTabs& tabs) {
    DrawContext& draw = paint.context();
    const ZoneScope zone(draw, Zone::header);
    const float gap = staff_gap(draw.layout);
    StaffFrame frame;
    frame.content = staff_page(draw.layout, page);
    const bool rail = !draw.layout.portrait();
    Rect strip;
    float size = staff_button_height(draw);
    if (rail) {
        float width = std::max(draw.layout.target, 220.F);
        for (const Tab& tab : kTabs)
            width = std::max(width, text_width(draw, TextStep::caption, draw.text.at(tab.key)) + 56);
        strip = frame.content.cut_left(width, std::max(gap, 32.F));
        size = std::min(std::max(size, 140.F), (strip.height - (kButtons - 1) * gap) / kButtons);
    } else {
        strip = frame.content.cut_top(size, 28);
        size = (strip.width - (kButtons - 1) * gap) / kButtons;
    }
    for (const Tab& tab : kTabs) {
        const Rect place = rail ? strip.cut_top(size, gap) : strip.cut_left(size, gap);
        const Surface& surface = tab.tab == tabs.current ? draw.theme.primary : draw.theme.card;
        if (button(paint, tab.target, draw.text.at(tab.key), place, {.surface = &surface, .step = TextStep::body})) {
            frame.intent = TabChosen{tab.tab};
        }
        if (tab.tab == StaffTab::device && tabs.device_needs_hand) draw_mark(paint, place);
    }
    const Rect place = rail ? strip.cut_bottom(size) : strip;
    if (button(paint, "close", draw.text.at("staff.close"), place,
               {.surface = &draw.theme.sunken, .before = Icon::cross, .step = TextStep::body})) {
        frame.intent = StaffClosed{};
    }
    return frame;
}

bool draw_staff_head(Painter& paint, Rect& content, std::string_view title) {
    DrawContext& draw = paint.context();
    draw.say(title);
    Rect strip = content.cut_top(staff_button_height(draw), std::max(staff_gap(draw.layout), 24.F));
    const ZoneScope zone(draw, Zone::header);
    const float width =
        std::max(draw.layout.target, text_width(draw, TextStep::caption, draw.text.at("visit.back")) + 140);
    const bool back = button(paint, "back", draw.text.at("visit.back"), strip.cut_left(width, 36),
                             {.surface = &draw.theme.sunken, .before = Icon::back, .step = TextStep::body});
    paint.text(title, TextStep::title, strip, draw.theme.page.ink, Align::start);
    return back;
}

PagedGrid lay_out_pages(const DrawContext& draw, Rect& area, std::size_t pages, int page) {
    PagedGrid paged;
    paged.grid.pages = std::max<std::size_t>(pages, 1);
    paged.page = std::clamp(page, 0, static_cast<int>(paged.grid.pages) - 1);
    if (paged.grid.pages < 2) return paged;
    const float gap = std::max(staff_gap(draw.layout), 24.F);
    paged.bar =
        beside(draw) ? area.cut_right(turning_width(draw), gap) : area.cut_bottom(staff_button_height(draw), gap);
    return paged;
}

PagedGrid lay_out_rows(const DrawContext& draw, Rect area, std::size_t count, float height_min, float height_max,
                       int page) {
    const GridRule rule{.columns = 1, .cell_height_min = height_min, .cell_height_max = height_max, .gap = 0};
    Grid grid = arrange(area, count, rule);
    PagedGrid paged = lay_out_pages(draw, area, grid.pages, page);
    if (paged.bar) {
        grid = arrange(area, count, rule);
        paged.page = std::clamp(page, 0, static_cast<int>(grid.pages) - 1);
    }
    paged.grid = grid;
    return paged;
}

std::optional<int> turn_pages(Painter& paint, const PagedGrid& paged) {
    if (!paged.bar) return std::nullopt;
    DrawContext& draw = paint.context();
    const ZoneScope zone(draw, Zone::footer);
    const int pages = static_cast<int>(paged.grid.pages);
    const std::string place =
        draw.text.format("page.place", {{"page", std::to_string(paged.page + 1)}, {"pages", std::to_string(pages)}});
    const PageTexts text{draw.text.at("page.previous"), draw.text.at("page.next"), place};
    if (!beside(draw)) return page_bar(paint, paged.page, pages, text, *paged.bar);
    std::optional<int> wanted;
    Rect strip = *paged.bar;
    const float size = std::max(draw.layout.target, 160.F);
    const Rect up = strip.cut_top(size);
    const Rect down = strip.cut_bottom(size);
    const ButtonLook look{.step = TextStep::body};
    if (paged.page > 0 && button(paint, "page/previous", text.previous, up, look)) wanted = paged.page - 1;
    if (paged.page + 1 < pages && button(paint, "page/next", text.next, down, look)) wanted = paged.page + 1;
    paint.text(place, TextStep::body, strip, draw.theme.page.ink);
    return wanted;
}

}  // namespace hailong::kiosk
