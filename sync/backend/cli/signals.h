// The signals that end the service, waited for by a thread instead of breaking into one.
#pragma once

#include <signal.h>

namespace hailong::sync {

/// SIGTERM and SIGINT: blocked from now on in the thread that made it and in those started later, so that one that
/// comes while the service stops changes nothing.
class StopSignals {
  public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    /// Until one of them comes.
    void wait() const;

  private:
    sigset_t signals_{};
};

}  // namespace hailong::sync
