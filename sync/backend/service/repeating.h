// A step that is done at once, and then again and again, on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace hailong::sync {

class Repeating {
  public:
    /// Starts the thread.
    Repeating(std::chrono::milliseconds interval, std::function<void()> step);
    Repeating(const Repeating&) = delete;
    Repeating& operator=(const Repeating&) = delete;
    /// Ends the thread; a step that began is finished first.
    ~Repeating();

    /// For a step that is long: whether it should come to its end.
    [[nodiscard]] bool is_stopping();

  private:
    void run();

    const std::chrono::milliseconds interval_;
    const std::function<void()> step_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool is_stopping_ = false;
    std::thread thread_;  // last: everything else is there when it starts
};

}  // namespace hailong::sync
