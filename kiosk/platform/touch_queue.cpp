#include "kiosk/platform/touch_queue.h"

namespace hailong::kiosk {

void TouchQueue::press(float x, float y) {
    if (pressed_) return;
    // Room for the release too: a press without one would hold the glass.
    if (edges_.size() + 2 > kTouchEdgesMax) {
        ++dropped_taps_;
        return;
    }
    pressed_ = true;
    moved_ = false;
    edges_.push_back({x, y, true});
}

void TouchQueue::release(float x, float y) {
    if (!pressed_) return;
    pressed_ = false;
    moved_ = false;
    edges_.push_back({x, y, false});
}

void TouchQueue::move(float x, float y) {
    if (!pressed_) return;
    moved_ = true;
    moved_x_ = x;
    moved_y_ = y;
}

PointerState TouchQueue::next_frame() {
    if (!edges_.empty()) {
        const Edge edge = edges_.front();
        edges_.pop_front();
        shown_ = {edge.x, edge.y, edge.down};
    } else if (!shown_.down) {
        shown_ = {};
    } else if (moved_) {
        shown_ = {moved_x_, moved_y_, true};
        moved_ = false;
    }
    return shown_;
}

bool TouchQueue::owes_frames() const {
    const bool lingering = !shown_.down && shown_ != PointerState{};
    return !edges_.empty() || lingering || (moved_ && shown_.down);
}

}  // namespace hailong::kiosk
