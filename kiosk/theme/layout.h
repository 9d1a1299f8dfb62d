// The panel and how a page is laid out on it: pixels, millimetres, reach, size of type. Pure arithmetic.
//
// A design is 1080 design pixels wide in portrait and 1080 high in landscape; everything is drawn in design pixels
// times one scale. Fingers do not scale: what can be touched is measured in millimetres of the panel.
#pragma once

namespace hailong::kiosk {

/// A panel as it is bought.
struct Panel {
    float width_px = 1080;
    float height_px = 1920;
    float diagonal_mm = 546;  // 21.5 inches
    bool operator==(const Panel&) const = default;
};

/// The usual diagonal for so many pixels, where the configuration names none: 7 inches for 800 x 480, 12.1 for
/// 1280 x 800, 15.6 for 1366 x 768, 21.5 for 1920 x 1080; for others the one whose short side comes nearest.
[[nodiscard]] float usual_diagonal_mm(float width_px, float height_px);

/// `diagonal_mm` as configured; 0: the usual one for so many pixels.
[[nodiscard]] Panel panel_of(float width_px, float height_px, float diagonal_mm);
/// The side of one pixel, in millimetres.
[[nodiscard]] double mm_per_px(const Panel& panel);

/// How large words are written: 1, 1.5 or 2 times.
enum class TextSize { normal, large, largest };
[[nodiscard]] float factor(TextSize size);

/// The least side of what is touched, and the least room between two of them.
/// 20 mm: ISO 9241-410 and EN 301 549 ask for about 20 mm where hands are old or the panel stands upright.
inline constexpr float kTargetMin_mm = 20;
inline constexpr float kApartMin_mm = 3;
/// How far above the panel's lower edge somebody seated reaches, where the panel hangs as it should (lower edge at
/// 800 to 900 mm; operable parts at most 1,220 mm above the floor: EN 301 549 clause 8.3, QCVN 10:2024/BXD).
inline constexpr float kSeatedReach_mm = 300;

/// Pixels for one design pixel, the panel in design pixels, and what fingers need, in design pixels too.
struct Layout {
    float scale = 1;
    float width = 1080;
    float height = 1920;
    float target = 90;   // the least side of a touch target: 20 mm, never less than 90
    float apart = 13;    // the least room between two: 3 mm
    float reach = 1920;  // how far above the lower edge touch targets may lie; the whole height unless seated
    TextSize text = TextSize::normal;
    [[nodiscard]] bool portrait() const { return height >= width; }
    /// Above this line nothing is to be touched. 0 when everything is within reach.
    [[nodiscard]] float reach_top() const { return height - reach; }
    [[nodiscard]] bool seated() const { return reach < height; }
    /// Where 20 mm are so much of the panel that two rows of targets fill half of it (a panel of seven inches).
    [[nodiscard]] bool tight() const { return (portrait() ? width : height) < 7 * target; }
    bool operator==(const Layout&) const = default;
};

struct LayoutOptions {
    TextSize text = TextSize::normal;
    bool seated = false;
    bool operator==(const LayoutOptions&) const = default;
};

/// Any panel, also one of no size at all (a window may be minimised to nothing).
[[nodiscard]] Layout layout_for(const Panel& panel, const LayoutOptions& options = {});
/// A panel of that many pixels and the usual size.
[[nodiscard]] Layout layout_for(float width_px, float height_px, const LayoutOptions& options = {});

}  // namespace hailong::kiosk
