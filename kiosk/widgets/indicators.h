// What is only looked at: where the visit stands, how long it waits, notices, bars.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "kiosk/widgets/icons.h"
#include "kiosk/widgets/painter.h"

namespace hailong::kiosk {

/// One mark a step, the current one long; `words` instead where the marks would not fit. Nothing for fewer than two
/// steps. `step` counts from 1.
void draw_progress(Painter& paint, int step, int steps, std::string_view text, Rect rect);

/// Seconds left as a ring that empties, with the number inside. A full ring is `full_s`.
void draw_countdown(Painter& paint, int seconds, int full_s, Point centre, float radius);

/// A line of words with its sign on a ground of its own.
void draw_notice(Painter& paint, Icon icon, std::string_view text, const Surface& surface, Rect rect,
                 TextStep largest = TextStep::caption);

struct BarPart {
    std::int64_t count = 0;
    ImU32 colour = 0;
};
/// Parts in proportion to their counts, in order. A count stands in its part where it fits. A part with a count is
/// never narrower than a visible sliver. An empty track when nothing was counted.
void draw_stacked_bar(Painter& paint, std::span<const BarPart> parts, survey::Language language, Rect rect);

}  // namespace hailong::kiosk
