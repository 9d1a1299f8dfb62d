#include "sync/backend/service/repeating.h"

#include <utility>

namespace hailong::sync {

Repeating::Repeating(std::chrono::milliseconds interval, std::function<void()> step)
    : interval_(interval), step_(std::move(step)), thread_([this] { run(); }) {}

Repeating::~Repeating() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

bool Repeating::is_stopping() {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
}

void Repeating::run() {
    for (;;) {
        step_();
        std::unique_lock lock(mutex_);
        if (wake_.wait_for(lock, interval_, [this] { return is_stopping_; })) return;
    }
}

}  // namespace hailong::sync
