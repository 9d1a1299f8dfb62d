// Places on the panel in design pixels, and the cutting of a page into parts. Pure arithmetic.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <numbers>

namespace hailong::kiosk {

/// Half a turn, in radians.
inline constexpr float kPi = std::numbers::pi_v<float>;

struct Point {
    float x = 0;
    float y = 0;
    bool operator==(const Point&) const = default;
};

[[nodiscard]] constexpr Point operator+(Point a, Point b) {
    return {a.x + b.x, a.y + b.y};
}
[[nodiscard]] constexpr Point operator-(Point a, Point b) {
    return {a.x - b.x, a.y - b.y};
}
[[nodiscard]] constexpr Point operator*(Point a, float factor) {
    return {a.x * factor, a.y * factor};
}

struct Rect {
    float x = 0;
    float y = 0;
    float width = 0;
    float height = 0;
    bool operator==(const Rect&) const = default;

    [[nodiscard]] constexpr float right() const { return x + width; }
    [[nodiscard]] constexpr float bottom() const { return y + height; }
    [[nodiscard]] constexpr Point centre() const { return {x + width / 2, y + height / 2}; }
    [[nodiscard]] constexpr Rect inset(float dx, float dy) const {
        return {x + dx, y + dy, width - 2 * dx, height - 2 * dy};
    }
    [[nodiscard]] constexpr Rect moved(float dx, float dy) const { return {x + dx, y + dy, width, height}; }
    /// A rectangle of that size in the middle of this one.
    [[nodiscard]] constexpr Rect middle(float w, float h) const {
        return {x + (width - w) / 2, y + (height - h) / 2, w, h};
    }

    // Each cut takes a strip off this rectangle and returns it; `gap` is lost between the two.
    constexpr Rect cut_top(float amount, float gap = 0) {
        const Rect strip{x, y, width, amount};
        y += amount + gap;
        height -= amount + gap;
        return strip;
    }
    constexpr Rect cut_bottom(float amount, float gap = 0) {
        const Rect strip{x, bottom() - amount, width, amount};
        height -= amount + gap;
        return strip;
    }
    constexpr Rect cut_left(float amount, float gap = 0) {
        const Rect strip{x, y, amount, height};
        x += amount + gap;
        width -= amount + gap;
        return strip;
    }
    constexpr Rect cut_right(float amount, float gap = 0) {
        const Rect strip{right() - amount, y, amount, height};
        width -= amount + gap;
        return strip;
    }
};

/// How cells of one size may be laid out.
struct GridRule {
    std::size_t columns = 1;
    float cell_height_min = 0;
    float cell_height_max = 0;
    float gap = 0;
};

/// Cells of one size in rows, filled row by row; what does not fit stands on further pages.
struct Grid {
    Rect area;  // as handed in
    std::size_t columns = 1;
    std::size_t rows = 1;  // on a full page
    std::size_t pages = 1;
    float cell_width = 0;
    float cell_height = 0;
    float gap = 0;

    [[nodiscard]] std::size_t per_page() const { return columns * rows; }
    /// Height of the rows of a full page.
    [[nodiscard]] float height() const {
        return static_cast<float>(rows) * cell_height + static_cast<float>(rows - 1) * gap;
    }
    /// The cell at `place` on its page, from 0.
    [[nodiscard]] Rect cell(std::size_t place) const {
        const std::size_t column = place % columns;
        const std::size_t row = place / columns;
        return {area.x + static_cast<float>(column) * (cell_width + gap),
                area.y + static_cast<float>(row) * (cell_height + gap), cell_width, cell_height};
    }
};

/// Lays `count` cells into `area`: as high as the rule and the area allow, on as few pages as needed. At least one row,
/// even where the area is lower than the least cell.
[[nodiscard]] inline Grid arrange(Rect area, std::size_t count, const GridRule& rule) {
    Grid grid;
    grid.area = area;
    grid.gap = rule.gap;
    grid.columns = std::max<std::size_t>(rule.columns, 1);
    const auto columns = static_cast<float>(grid.columns);
    grid.cell_width = (area.width - (columns - 1) * rule.gap) / columns;
    const std::size_t rows_wanted = std::max<std::size_t>((count + grid.columns - 1) / grid.columns, 1);
    const float fitting = (area.height + rule.gap) / (rule.cell_height_min + rule.gap);
    const std::size_t rows_fitting = std::max<std::size_t>(fitting > 0 ? static_cast<std::size_t>(fitting) : 0, 1);
    grid.rows = std::min(rows_wanted, rows_fitting);
    grid.pages = (rows_wanted + grid.rows - 1) / grid.rows;
    const auto rows = static_cast<float>(grid.rows);
    grid.cell_height = std::min(rule.cell_height_max, (area.height - (rows - 1) * rule.gap) / rows);
    return grid;
}

/// The first of `rules` with which everything stands on one page; the last one where none does.
/// REQUIRES: at least one rule.
[[nodiscard]] inline Grid arrange(Rect area, std::size_t count, std::initializer_list<GridRule> rules) {
    Grid grid;
    for (const GridRule& rule : rules) {
        grid = arrange(area, count, rule);
        if (grid.pages == 1) break;
    }
    return grid;
}

}  // namespace hailong::kiosk
