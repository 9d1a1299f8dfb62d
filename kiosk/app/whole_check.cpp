#include "kiosk/app/whole_check.h"

#include <utility>

#include <pthread.h>
#include <spdlog/spdlog.h>

namespace hailong::kiosk {

WholeCheck::WholeCheck(OpenJournal open, std::function<void()> damaged, std::chrono::milliseconds retry_pause)
    : open_(std::move(open)), damaged_(std::move(damaged)), retry_pause_(retry_pause), thread_([this] { run(); }) {}

WholeCheck::~WholeCheck() {
    {
        std::unique_lock lock(mutex_);
        ending_ = true;
        changed_.notify_all();
        // Between two statements there is nothing to interrupt: once more, until it noticed.
        constexpr std::chrono::milliseconds kPause{10};
        while (checking_ != nullptr) {
            checking_->interrupt();
            changed_.wait_for(lock, kPause, [this] { return checking_ == nullptr; });
        }
    }
    thread_.join();
}

std::optional<bool> WholeCheck::is_whole() {
    const auto journal = open_();
    if (!journal) return std::nullopt;  // the saver meets the same, and says it
    {
        const std::scoped_lock lock(mutex_);
        if (ending_) return std::nullopt;
        checking_ = &*journal;
    }
    const auto faults = journal->verify();
    const std::scoped_lock lock(mutex_);
    checking_ = nullptr;
    changed_.notify_all();
    if (ending_) return std::nullopt;
    if (!faults) {
        spdlog::error("the journal could not be looked through: {}", describe(faults.error()));
        if (faults.error().kind == StoreErrorKind::busy) return std::nullopt;
        return false;
    }
    if (!faults->empty()) spdlog::error("the journal is damaged and will be repaired: {}", faults->front());
    return faults->empty();
}

void WholeCheck::run() {
    // Nobody waits for it: whatever draws or saves goes first.
    const sched_param none{};
    pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);
    while (true) {
        const std::optional<bool> whole = is_whole();
        if (whole && !*whole) damaged_();
        if (whole) return;
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, retry_pause_, [this] { return ending_; });
        if (ending_) return;
    }
}

}  // namespace hailong::kiosk
