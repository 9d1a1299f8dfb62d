// Convex outlines to draw pictures from: ellipses, lenses, and their parts cut by straight lines. Pure geometry.
#pragma once

#include <span>
#include <vector>

#include "kiosk/widgets/rect.h"

namespace hailong::kiosk {

using Outline = std::vector<Point>;

[[nodiscard]] Outline ellipse(Point centre, float radius_x, float radius_y);

/// A petal from `base` to `tip`, as wide as `width` in its middle.
[[nodiscard]] Outline petal(Point base, Point tip, float width);

/// The part of a convex outline on the left of the way from `a` to `b`, seen on a panel whose y grows downwards.
/// May be empty.
[[nodiscard]] Outline cut(std::span<const Point> outline, Point a, Point b);

/// The part of one convex outline that lies within another; `frame` runs as `ellipse` does. May be empty.
[[nodiscard]] Outline within(std::span<const Point> outline, std::span<const Point> frame);

}  // namespace hailong::kiosk
