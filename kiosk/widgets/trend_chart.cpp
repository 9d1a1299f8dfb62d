#include "kiosk/widgets/trend_chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace hailong::kiosk {
namespace {

constexpr int kTopPercent = 100;
constexpr int kFootMax = 80;
constexpr std::size_t kDotsMax = 62;  // more points than that are a line only
constexpr float kDashOn = 14;
constexpr float kDashOff = 10;

/// Where things lie in the chart.
struct Frame {
    Rect shares;
    Rect bars;
    Rect labels;
    float step = 0;  // from one point to the next
    int foot = 0;

    [[nodiscard]] float x(std::size_t i) const { return shares.x + step * (static_cast<float>(i) + 0.5F); }
    [[nodiscard]] float y(float percent) const {
        const auto range = static_cast<float>(kTopPercent - foot);
        return shares.bottom() - shares.height * (percent - static_cast<float>(foot)) / range;
    }
};

std::string percent_text(const DrawContext& draw, int percent) {
    return draw.text.format("tally.percent", {{"share", std::to_string(percent)}});
}

Frame frame_of(const DrawContext& draw, std::span<const TrendPoint> points, int objective, Rect rect) {
    Frame frame;
    const float line = line_height(draw, TextStep::caption);
    frame.foot = trend_foot_percent(points, objective);
    frame.labels = rect.cut_bottom(line, 6);
    const float axis = text_width(draw, TextStep::caption, percent_text(draw, kTopPercent)) + 16;
    rect.cut_left(axis);
    frame.labels.x = rect.x;
    frame.labels.width = rect.width;
    frame.bars = rect.cut_bottom(std::max(rect.height * 0.2F, line), line * 1.2F);
    frame.shares = rect;
    frame.shares.cut_top(line / 2);
    frame.step = frame.shares.width / static_cast<float>(points.size());
    return frame;
}

void draw_level(Painter& paint, const Frame& frame, int percent, ImU32 ink, bool dashed, float thickness) {
    const float y = frame.y(static_cast<float>(percent));
    const float line = line_height(paint.context(), TextStep::caption);
    const Rect text{frame.shares.x - 400, y - line / 2, 400 - 16, line};
    paint.text(percent_text(paint.context(), percent), TextStep::caption, text, paint.theme().card.muted, Align::end);
    if (!dashed) {
        paint.fill({frame.shares.x, y - thickness / 2, frame.shares.width, thickness}, ink);
        return;
    }
    for (float x = frame.shares.x; x < frame.shares.right(); x += kDashOn + kDashOff) {
        paint.fill({x, y - thickness / 2, std::min(kDashOn, frame.shares.right() - x), thickness}, ink);
    }
}

void draw_bars(Painter& paint, const Frame& frame, std::span<const TrendPoint> points, std::string_view text) {
    std::int64_t most = 0;
    for (const TrendPoint& point : points)
        most = std::max(most, point.n);
    const float width = std::clamp(frame.step * 0.5F, 2.F, 26.F);
    const ImU32 ink = mix(paint.theme().card.muted, paint.theme().card.fill, 0.55F);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].n <= 0) continue;
        const auto share = static_cast<float>(static_cast<double>(points[i].n) / static_cast<double>(most));
        const float height = std::max(frame.bars.height * share, 3.F);
        paint.fill({frame.x(i) - width / 2, frame.bars.bottom() - height, width, height}, ink, 3);
    }
    paint.fill({frame.bars.x, frame.bars.bottom(), frame.bars.width, 2}, paint.theme().card.edge);
    if (most == 0) return;
    DrawContext& draw = paint.context();
    const std::string top = std::string(text) + ": 0 – " + survey::format_count(most, draw.language);
    const float line = line_height(draw, TextStep::caption);
    const Rect place{frame.bars.x, frame.bars.y - line * 1.1F, frame.bars.width, line};
    paint.text(cut_text(draw, top, TextStep::caption, place.width), place, paint.theme().card.muted, Align::start);
}

/// Days that stand closer than the line is wide turn so sharply that its joints would show how the processor rounds.
void draw_run(Painter& paint, std::span<const Point> run) {
    constexpr float kWidth = 5;
    const ImU32 ink = paint.theme().card.ink;
    if (run[1].x - run[0].x >= kWidth) return paint.line(run, ink, kWidth);
    for (std::size_t i = 1; i < run.size(); ++i)
        paint.line(run.subspan(i - 1, 2), ink, kWidth);
}

void draw_line(Painter& paint, const Frame& frame, std::span<const TrendPoint> points) {
    std::vector<Point> run;
    const auto flush = [&] {
        if (run.size() > 1) draw_run(paint, run);
        run.clear();
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!points[i].share_tenths) {
            flush();
            continue;
        }
        run.push_back({frame.x(i), frame.y(static_cast<float>(*points[i].share_tenths) / 10)});
    }
    flush();
    const bool dots = points.size() <= kDotsMax;
    const float radius = std::clamp(frame.step * 0.26F, 6.F, 13.F);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!points[i].share_tenths) continue;
        const bool alone =
            (i == 0 || !points[i - 1].share_tenths) && (i + 1 == points.size() || !points[i + 1].share_tenths);
        if (!dots && !alone) continue;
        const Point at{frame.x(i), frame.y(static_cast<float>(*points[i].share_tenths) / 10)};
        paint.disc(at, radius, paint.theme().card.ink);
        if (!points[i].met) paint.disc(at, radius * 0.6F, paint.theme().card.fill);
    }
}

/// First and last, and as many between as stand apart.
void draw_labels(Painter& paint, const Frame& frame, std::span<const TrendPoint> points) {
    DrawContext& draw = paint.context();
    float widest = 0;
    for (const TrendPoint& point : points)
        widest = std::max(widest, text_width(draw, TextStep::caption, point.label));
    const float room = widest + 28;
    const float left = frame.labels.x - room / 2;  // below the axis there is room, too
    const auto fitting = static_cast<std::size_t>(std::max(frame.labels.width / room, 1.F));
    const std::size_t last = points.size() - 1;
    const std::size_t every = std::max<std::size_t>((points.size() + fitting - 1) / fitting, 1);
    for (std::size_t i = 0; i <= last; i += every) {
        const float x = std::clamp(frame.x(i) - room / 2, left, frame.labels.right() - room);
        paint.text(cut_text(draw, points[i].label, TextStep::caption, room),
                   {x, frame.labels.y, room, frame.labels.height}, paint.theme().card.muted);
    }
}

}  // namespace

int trend_foot_percent(std::span<const TrendPoint> points, int objective_percent) {
    constexpr int kStep = 10;
    int lowest = std::min(objective_percent - kStep, kFootMax);
    for (const TrendPoint& point : points) {
        if (point.share_tenths) lowest = std::min(lowest, static_cast<int>(*point.share_tenths / kStep));
    }
    return std::max(lowest / kStep * kStep, 0);
}

void draw_trend_chart(Painter& paint, std::span<const TrendPoint> points, int objective_percent, const TrendTexts& text,
                      Rect rect) {
    if (points.size() > kTrendPointsMax) points = points.last(kTrendPointsMax);
    if (points.empty()) return;
    const Frame frame = frame_of(paint.context(), points, objective_percent, rect);
    const float line = line_height(paint.context(), TextStep::caption);
    const float apart = frame.y(static_cast<float>(objective_percent)) - frame.y(kTopPercent);
    if (apart > line) draw_level(paint, frame, kTopPercent, paint.theme().card.edge, false, 2);
    draw_level(paint, frame, frame.foot, paint.theme().card.edge, false, 2);
    draw_level(paint, frame, objective_percent, paint.theme().card.muted, true, 4);
    draw_bars(paint, frame, points, text.count);
    draw_line(paint, frame, points);
    draw_labels(paint, frame, points);
}

}  // namespace hailong::kiosk
