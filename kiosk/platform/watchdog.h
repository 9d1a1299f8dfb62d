// What the service manager is told: that the terminal is up, and that it is alive. Without a service manager (no
// NOTIFY_SOCKET) nothing is told to nobody. Threads: the loop's only.
#pragma once

#include <optional>

#include "survey/base/time.h"

namespace hailong::kiosk {

class Watchdog {
  public:
    /// How long the service manager waits for a sign of life before it starts the terminal anew (WatchdogSec); empty
    /// when it does not watch this process. Read once.
    Watchdog();
    [[nodiscard]] std::optional<survey::milliseconds> patience() const { return patience_; }

    /// The first frame stands on the glass.
    void ready();
    /// A sign of life.
    void feed();
    /// The terminal ends as it was asked to.
    void stopping();

  private:
    std::optional<survey::milliseconds> patience_;
};

}  // namespace hailong::kiosk
