// Shapes and text in design pixels over Dear ImGui's draw list, the full-panel stage they stand on, and touch.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "kiosk/theme/theme.h"
#include "kiosk/widgets/draw_context.h"
#include "kiosk/widgets/rect.h"
#include "kiosk/widgets/text.h"

namespace hailong::kiosk {

enum class Align { start, middle, end };

class Painter {
  public:
    /// Both must outlive the painter; REQUIRES a current Dear ImGui window.
    Painter(ImDrawList& list, DrawContext& draw) : list_(list), draw_(draw), scale_(draw.layout.scale) {}

    [[nodiscard]] DrawContext& context() const { return draw_; }
    [[nodiscard]] const Theme& theme() const { return draw_.theme; }

    void fill(Rect rect, ImU32 colour, float radius = 0);
    void outline(Rect rect, ImU32 colour, float thickness, float radius = 0);
    void disc(Point centre, float radius, ImU32 colour);
    void ring(Point centre, float radius, ImU32 colour, float thickness);
    /// Angles in radians, clockwise from three o'clock; round ends.
    void arc(Point centre, float radius, float from, float to, ImU32 colour, float thickness);
    /// Straight pieces with round ends.
    void line(std::span<const Point> points, ImU32 colour, float thickness);
    /// REQUIRES: convex; either direction.
    void convex(std::span<const Point> points, ImU32 colour);

    /// As large as fits into `box` without being stretched, in its middle.
    void picture(const Picture& picture, Rect box);

    /// One or more lines placed in `box`.
    void text(const TextBlock& block, Rect box, ImU32 colour, Align across = Align::middle, Align down = Align::middle);
    /// Fits and places. Returns what was drawn, for what stands beside it.
    TextBlock text(std::string_view line, TextStep largest, Rect box, ImU32 colour, Align across = Align::middle,
                   Align down = Align::middle);

  private:
    [[nodiscard]] ImVec2 px(Point point) const { return {point.x * scale_, point.y * scale_}; }
    /// Edges on whole pixels, so that straight lines stay crisp at every scale.
    [[nodiscard]] Rect snapped_px(Rect rect) const;

    ImDrawList& list_;
    DrawContext& draw_;
    float scale_;
};

/// The window that covers the whole panel for one frame. Draws no ground: the window clears to it (see Window).
class Stage {
  public:
    explicit Stage(DrawContext& draw);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    Painter paint;
    Rect page;  // the whole panel, without the banner

  private:
    void draw_banner();
    void draw_focus();
};

struct Touch {
    bool tapped = false;  // pressed and released inside
    bool held = false;    // pressed now: shown in the same frame
};

/// A touch target: registers its name, place and words (for the voice), and reports what the finger or the keypad does
/// to it. Names are unique on a screen. The ring of the keypad's focus is drawn around it at the end of the frame.
[[nodiscard]] Touch touch(DrawContext& draw, const std::string& name, Rect rect, std::string_view label);

}  // namespace hailong::kiosk
