#include "sync/backend/service/clock_watch.h"

#include <chrono>

#include "sync/backend/comments/believed_clock.h"

namespace hailong::sync {
namespace {

constexpr survey::milliseconds kInterval = std::chrono::hours(1);

}  // namespace

bool ClockWatch::is_due(const Examination& now) const {
    if (!last_) return true;
    const survey::milliseconds passed = now.at - last_->at;
    return passed >= kInterval || std::chrono::abs(now.said - last_->said - passed) > kClockStepMax;
}

StoreResult<void> ClockWatch::examine_when_due(Transaction& transaction) {
    begun_.reset();
    const Examination now{clock_.monotonic(), clock_.now()};
    if (!is_due(now)) return {};
    const auto belief = examine_clock(now.at - asked_, now.said, transaction);
    if (!belief) return unexpected(belief.error());
    begun_ = now;
    return {};
}

void ClockWatch::settle() {
    if (!begun_) return;
    asked_ = begun_->at;
    last_ = begun_;
    begun_.reset();
}

}  // namespace hailong::sync
