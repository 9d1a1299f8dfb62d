// Requests from outside to end the program: SIGINT, SIGTERM and SIGHUP (what started it is gone), waited for on a
// thread of its own.
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace hailong::kiosk {

/// Leaves these signals to EndRequests, and makes a pipe that nobody reads any more (the log's) an error of the write
/// instead of the program's end. Called before any thread is made, so that it holds for all of them.
void block_end_signals();

/// REQUIRES: block_end_signals() was called.
class EndRequests {
  public:
    /// `wake` is called on the waiting thread once an end was requested, and must not block.
    explicit EndRequests(std::function<void()> wake);
    ~EndRequests();
    EndRequests(const EndRequests&) = delete;
    EndRequests& operator=(const EndRequests&) = delete;

    /// From any thread.
    [[nodiscard]] bool requested() const { return requested_; }

  private:
    std::atomic<bool> requested_{false};
    std::thread thread_;  // last: it uses what stands above
};

}  // namespace hailong::kiosk
