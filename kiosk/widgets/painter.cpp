#include "kiosk/widgets/painter.h"

#include <algorithm>
#include <cmath>

namespace hailong::kiosk {
namespace {

/// Twice the signed area; positive when the points run clockwise on a panel whose y grows downwards.
float turning(std::span<const Point> points) {
    float sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point a = points[i];
        const Point b = points[(i + 1) % points.size()];
        sum += a.x * b.y - b.x * a.y;
    }
    return sum;
}

float placed(float start, float room, float size, Align align) {
    switch (align) {
        case Align::start:
            return start;
        case Align::middle:
            return start + (room - size) / 2;
        case Align::end:
            return start + room - size;
    }
    return start;
}

ImDrawList& stage_list(const DrawContext& draw) {
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({draw.layout.width * draw.layout.scale, draw.layout.height * draw.layout.scale});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
    constexpr ImGuiWindowFlags kBare = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                       ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                       ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse |
                                       ImGuiWindowFlags_NoBringToFrontOnFocus;
    ImGui::Begin("stage", nullptr, kBare);
    return *ImGui::GetWindowDrawList();
}

}  // namespace

Rect Painter::snapped_px(Rect rect) const {
    const float left = std::round(rect.x * scale_);
    const float top = std::round(rect.y * scale_);
    return {left, top, std::max(std::round(rect.right() * scale_) - left, 1.F),
            std::max(std::round(rect.bottom() * scale_) - top, 1.F)};
}

void Painter::fill(Rect rect, ImU32 colour, float radius) {
    const Rect r = snapped_px(rect);
    list_.AddRectFilled({r.x, r.y}, {r.right(), r.bottom()}, colour,
                        std::min(radius * scale_, std::min(r.width, r.height) / 2));
}

void Painter::outline(Rect rect, ImU32 colour, float thickness, float radius) {
    const Rect r = snapped_px(rect);
    const float thickness_px = std::max(thickness * scale_, 1.F);
    const float half = thickness_px / 2;  // the line lies inside the rectangle
    list_.AddRect({r.x + half, r.y + half}, {r.right() - half, r.bottom() - half}, colour,
                  std::min(radius * scale_, std::min(r.width, r.height) / 2), 0, thickness_px);
}

void Painter::disc(Point centre, float radius, ImU32 colour) {
    list_.AddCircleFilled(px(centre), radius * scale_, colour);
}

void Painter::ring(Point centre, float radius, ImU32 colour, float thickness) {
    list_.AddCircle(px(centre), radius * scale_, colour, 0, thickness * scale_);
}

void Painter::arc(Point centre, float radius, float from, float to, ImU32 colour, float thickness) {
    constexpr float kStep = 0.08F;  // radians; chords stay within a third of a pixel up to 400 px of radius
    const int steps = std::max(static_cast<int>(std::ceil(std::fabs(to - from) / kStep)), 2);
    std::vector<Point> points;
    points.reserve(static_cast<std::size_t>(steps) + 1);
    for (int i = 0; i <= steps; ++i) {
        const float angle = from + (to - from) * static_cast<float>(i) / static_cast<float>(steps);
        points.push_back({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)});
    }
    line(points, colour, thickness);
}

void Painter::line(std::span<const Point> points, ImU32 colour, float thickness) {
    if (points.size() < 2) return;
    for (const Point point : points)
        list_.PathLineTo(px(point));
    list_.PathStroke(colour, ImDrawFlags_None, thickness * scale_);
    const float cap_px = thickness * scale_ / 2;
    list_.AddCircleFilled(px(points.front()), cap_px, colour);
    list_.AddCircleFilled(px(points.back()), cap_px, colour);
}

void Painter::convex(std::span<const Point> points, ImU32 colour) {
    if (points.size() < 3) return;
    // The antialiased fringe lies outside only for points that run clockwise.
    if (turning(points) >= 0) {
        for (auto point = points.begin(); point != points.end(); ++point)
            list_.PathLineTo(px(*point));
    } else {
        for (auto point = points.rbegin(); point != points.rend(); ++point)
            list_.PathLineTo(px(*point));
    }
    list_.PathFillConvex(colour);
}

void Painter::picture(const Picture& picture, Rect box) {
    if (picture.width <= 0 || picture.height <= 0) return;
    const float factor = std::min(box.width / picture.width, box.height / picture.height);
    const Rect r = snapped_px(box.middle(picture.width * factor, picture.height * factor));
    list_.AddImage(picture.texture, {r.x, r.y}, {r.right(), r.bottom()});
}

void Painter::text(const TextBlock& block, Rect box, ImU32 colour, Align across, Align down) {
    ImFont& font = font_of(draw_.fonts, block.step);
    const float spacing = line_height(draw_, block.step);
    const float size_px = font_size_px(draw_, block.step);
    const float leading = spacing - size_px / scale_;  // what the line spacing adds, half above and half below
    float top = placed(box.y, box.height, block.height, down) + leading / 2;
    for (const std::string& line : block.lines) {
        const float left = placed(box.x, box.width, text_width(draw_, block.step, line), across);
        list_.AddText(&font, size_px, {std::round(left * scale_), std::round(top * scale_)}, colour, line.data(),
                      line.data() + line.size());
        top += spacing;
    }
}

TextBlock Painter::text(std::string_view line, TextStep largest, Rect box, ImU32 colour, Align across, Align down) {
    TextBlock block = fit_text(draw_, line, largest, box.width, box.height);
    text(block, box, colour, across, down);
    return block;
}

Stage::Stage(DrawContext& draw) : paint(stage_list(draw), draw), page{0, 0, draw.layout.width, draw.layout.height} {
    draw_banner();
}

Stage::~Stage() {
    draw_focus();
    ImGui::End();
    ImGui::PopStyleVar(3);
}

void Stage::draw_banner() {
    DrawContext& draw = paint.context();
    if (draw.banner.empty()) return;
    constexpr float kHeight = 60;
    const Rect strip = page.cut_top(kHeight);
    paint.fill(strip, draw.theme.primary.fill);
    paint.text(draw.banner, TextStep::caption, strip.inset(theme::kGap, 4), draw.theme.primary.ink);
    draw.say(draw.banner);
}

void Stage::draw_focus() {
    DrawContext& draw = paint.context();
    if (draw.keypad.focus.empty()) return;
    constexpr float kThickness = 8;
    constexpr float kDistance = 10;
    const float scale = draw.layout.scale;
    for (const Target& target : draw.traces.targets) {
        if (target.name != draw.keypad.focus) continue;
        const Rect rect{target.x / scale, target.y / scale, target.width / scale, target.height / scale};
        const Rect around = rect.inset(-kDistance, -kDistance);
        const float inside = theme::kGapSmall;  // never over the edge of the panel
        const float left = std::max(around.x, inside);
        const float top = std::max(around.y, inside);
        const Rect ring{left, top, std::min(around.right(), page.width - inside) - left,
                        std::min(around.bottom(), page.height - inside) - top};
        paint.outline(ring, draw.theme.focus, kThickness, theme::kRadius);
    }
}

Touch touch(DrawContext& draw, const std::string& name, Rect rect, std::string_view label) {
    const float scale = draw.layout.scale;
    const Target target{
        name, rect.x * scale, rect.y * scale, rect.width * scale, rect.height * scale, std::string(label), draw.zone};
    draw.traces.targets.push_back(target);
    ImGui::SetCursorScreenPos({target.x, target.y});
    Touch result;
    result.tapped = ImGui::InvisibleButton(name.c_str(), {std::max(target.width, 1.F), std::max(target.height, 1.F)});
    result.held = ImGui::IsItemActive() && ImGui::IsItemHovered();
    result.tapped = result.tapped || draw.keypad.activate == name;
    return result;
}

}  // namespace hailong::kiosk
