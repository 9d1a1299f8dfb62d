// Looks through the whole journal once after the start, beside the saving: a rating does not wait until years of
// records were read. What is damaged is then left to the saver, which repairs it. One thread, with a connection of its
// own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "kiosk/journal/journal.h"

namespace hailong::kiosk {

/// How long it waits before it tries again to open a journal that it could not open.
inline constexpr std::chrono::milliseconds kCheckRetryPause{5'000};

class WholeCheck {
  public:
    using OpenJournal = std::function<Expected<Journal, StoreError>()>;
    /// `damaged` is called once, from the thread, when the journal is not whole; then it holds the file no more.
    WholeCheck(OpenJournal open, std::function<void()> damaged,
               std::chrono::milliseconds retry_pause = kCheckRetryPause);
    /// Ends a check that runs.
    ~WholeCheck();
    WholeCheck(const WholeCheck&) = delete;
    WholeCheck& operator=(const WholeCheck&) = delete;

  private:
    void run();
    /// Whether the journal is whole; empty when that can't be told now.
    [[nodiscard]] std::optional<bool> is_whole();

    OpenJournal open_;
    std::function<void()> damaged_;
    std::chrono::milliseconds retry_pause_;
    std::mutex mutex_;
    std::condition_variable changed_;
    const Journal* checking_ = nullptr;  // guarded by mutex_
    bool ending_ = false;                // guarded by mutex_
    std::thread thread_;
};

}  // namespace hailong::kiosk
