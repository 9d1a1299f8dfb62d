// The touch queue: every press and release reaches the interface, at the place where it happened.
//
// Dear ImGui 1.86 reads where the pointer is when a frame starts. A tap shorter than a frame is lost, and a pointer
// that moved on before the frame hits the wrong face. So edges wait here, each with its place, and at most one is
// handed over a frame. A touch panel leaves the pointer where the finger was; it is taken away after the release.
//
// One thread: the one that draws.
#pragma once

#include <cfloat>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace hailong::kiosk {

/// What the interface is told for one frame, in pixels of the window. x and y are -FLT_MAX when no finger is near.
struct PointerState {
    float x = -FLT_MAX;
    float y = -FLT_MAX;
    bool down = false;
    bool operator==(const PointerState&) const = default;
};

/// Most edges that wait, in presses and releases: 128 taps, far more than fingers make while a frame is drawn. Beyond
/// it a whole tap is dropped and counted, never half of one.
inline constexpr std::size_t kTouchEdgesMax = 256;

class TouchQueue {
  public:
    void press(float x, float y);
    /// Ignored when nothing is pressed: the release of a press that was dropped, or of another button.
    void release(float x, float y);
    /// The finger slid; only the last place counts. Ignored when nothing is pressed.
    void move(float x, float y);

    /// What the next frame shall see. Takes at most one edge.
    [[nodiscard]] PointerState next_frame();

    /// True while frames must be drawn: edges wait, the finger slid, or the pointer has yet to be taken away.
    [[nodiscard]] bool owes_frames() const;

    /// Taps dropped because the queue was full, since the start.
    [[nodiscard]] std::uint64_t dropped_taps() const { return dropped_taps_; }

  private:
    struct Edge {
        float x = 0;
        float y = 0;
        bool down = false;
    };
    std::deque<Edge> edges_;
    bool pressed_ = false;  // as the finger is, after all edges that came in
    PointerState shown_;    // as the last frame saw it
    float moved_x_ = 0;     // where the finger slid to after the last edge
    float moved_y_ = 0;
    bool moved_ = false;
    std::uint64_t dropped_taps_ = 0;
};

}  // namespace hailong::kiosk
