// Shares over time against the objective, with what each rests on below: one point a day, week or month.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

/// One point of a trend.
struct TrendPoint {
    std::string label;                         // of its days, short: "22/11", "11/2026"
    std::int64_t n = 0;                        // answers
    std::optional<std::int64_t> share_tenths;  // empty where nothing was answered: the line has a gap there
    bool met = false;                          // above the objective: a full point; a hollow one otherwise
    bool operator==(const TrendPoint&) const = default;
};

struct TrendTexts {
    std::string_view objective;  // beside its line: "Trên 90 %"
    std::string_view count;      // beside the thin bars: "Phiếu"
};

/// The line of shares above, thin bars of n below, at most kTrendPointsMax points (the newest). Which points met the
/// objective is told by their form, not only by colour. Nothing at all without points.
void draw_trend_chart(Painter& paint, std::span<const TrendPoint> points, int objective_percent, const TrendTexts& text,
                      Rect rect);
inline constexpr std::size_t kTrendPointsMax = 400;  // a year of days; more can't be told apart on a panel

/// The share at the foot of the chart, in percent: a multiple of ten below every share and the objective, at most 80,
/// so that differences near the objective are seen.
[[nodiscard]] int trend_foot_percent(std::span<const TrendPoint> points, int objective_percent);

}  // namespace hailong::kiosk
