// What the staff's screens share: tabs and the way out around them, lists in pages. Used by the screens of this
// room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "kiosk/screens/asking.h"
#include "kiosk/screens/screens.h"
#include "kiosk/widgets/controls.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

/// Between two targets: what fingers need, and not less than looks well.
[[nodiscard]] float staff_gap(const Layout& layout);
/// Around a page: smaller where targets need nearly the whole panel.
[[nodiscard]] Rect staff_page(const Layout& layout, Rect page);
/// A row of buttons with up to two lines of words.
[[nodiscard]] float staff_button_height(const DrawContext& draw);

using StaffFrameIntent = std::variant<TabChosen, StaffClosed>;
struct StaffFrame {
    Rect content;
    std::optional<StaffFrameIntent> intent;
};
/// Tabs above the content, or beside it on a wide panel. Targets "tab/results", "tab/device", "tab/tools", "close".
[[nodiscard]] StaffFrame draw_staff_frame(Painter& paint, Rect page, const StaffTabs& tabs);

template <class Intent>
[[nodiscard]] std::optional<Intent> widen(const std::optional<StaffFrameIntent>& intent) {
    if (!intent) return std::nullopt;
    return std::visit([](const auto& one) { return Intent(one); }, *intent);
}

/// The head of a screen that is gone through on the way: a title, and back to where one came from. Target "back".
/// Cuts its place off the top of `content`. True: back.
[[nodiscard]] bool draw_staff_head(Painter& paint, Rect& content, std::string_view title);

/// Rows of at least that height in pages; the pages are turned below, or beside where the panel is low.
[[nodiscard]] PagedGrid lay_out_rows(const DrawContext& draw, Rect area, std::size_t count, float height_min,
                                     float height_max, int page);
/// How many pages there are, and which one is shown, of something else than rows. Cuts the place for turning them off
/// `area` where there are several.
[[nodiscard]] PagedGrid lay_out_pages(const DrawContext& draw, Rect& area, std::size_t pages, int page);
/// The page wanted. Targets "page/previous" and "page/next".
[[nodiscard]] std::optional<int> turn_pages(Painter& paint, const PagedGrid& paged);

}  // namespace hailong::kiosk
