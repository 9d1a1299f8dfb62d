#include "kiosk/widgets/shapes.h"

#include <cmath>

namespace hailong::kiosk {
namespace {

constexpr int kEllipsePoints = 48;
constexpr int kPetalPoints = 16;  // on each side

/// Positive on the left of the way from `a` to `b` (y grows downwards).
float side(Point a, Point b, Point p) {
    return (b.y - a.y) * (p.x - a.x) - (b.x - a.x) * (p.y - a.y);
}

}  // namespace

Outline ellipse(Point centre, float radius_x, float radius_y) {
    Outline outline;
    outline.reserve(kEllipsePoints);
    for (int i = 0; i < kEllipsePoints; ++i) {
        const float angle = 2 * kPi * static_cast<float>(i) / kEllipsePoints;
        outline.push_back({centre.x + radius_x * std::cos(angle), centre.y + radius_y * std::sin(angle)});
    }
    return outline;
}

Outline petal(Point base, Point tip, float width) {
    const Point along = tip - base;
    const float length = std::hypot(along.x, along.y);
    if (length <= 0) return {};
    const Point across{-along.y / length, along.x / length};
    Outline outline;
    outline.reserve(std::size_t{2} * kPetalPoints);
    const auto add_side = [&](float sign) {
        for (int i = 0; i < kPetalPoints; ++i) {
            const float share = static_cast<float>(i) / kPetalPoints;
            const float t = sign > 0 ? share : 1 - share;
            const float bulge = std::sin(kPi * t) * width / 2;
            outline.push_back(base + along * t + across * (sign * bulge));
        }
    };
    add_side(1);
    add_side(-1);
    return outline;
}

Outline cut(std::span<const Point> outline, Point a, Point b) {
    Outline kept;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Point here = outline[i];
        const Point next = outline[(i + 1) % outline.size()];
        const float side_here = side(a, b, here);
        const float side_next = side(a, b, next);
        if (side_here >= 0) kept.push_back(here);
        if ((side_here > 0 && side_next < 0) || (side_here < 0 && side_next > 0)) {
            kept.push_back(here + (next - here) * (side_here / (side_here - side_next)));
        }
    }
    return kept;
}

Outline within(std::span<const Point> outline, std::span<const Point> frame) {
    Outline kept(outline.begin(), outline.end());
    for (std::size_t i = 0; i < frame.size() && !kept.empty(); ++i) {
        // The frame runs clockwise on the panel, so its inside is on the right: walk each edge backwards.
        kept = cut(kept, frame[(i + 1) % frame.size()], frame[i]);
    }
    return kept;
}

}  // namespace hailong::kiosk
