// What is on the glass, as a file that tools can read: the screen's name, its touch targets in pixels, and what was
// measured. Written only when the program was asked to (--observe).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiosk/widgets/draw_context.h"

namespace hailong::kiosk {

struct Observation {
    std::string screen;    // App::screen()
    std::string item;      // the question asked; empty elsewhere
    std::string language;  // "vi" or "en"
    std::vector<Target> targets;
    std::int64_t first_frame_ms = 0;             // when the first frame was shown, by the monotonic clock
    std::vector<std::int64_t> tap_to_intent_ms;  // from a press reaching the program to what it meant, latest last
    std::int64_t frames = 0;                     // drawn since the start
};

/// Most latencies kept: what one run of the benchmark taps.
inline constexpr std::size_t kObservedTapsMax = 256;

/// One JSON object.
[[nodiscard]] std::string to_json(const Observation& observation);

}  // namespace hailong::kiosk
