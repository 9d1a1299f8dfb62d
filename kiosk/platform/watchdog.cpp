#include "kiosk/platform/watchdog.h"

#include <cstdint>

#include <systemd/sd-daemon.h>

namespace hailong::kiosk {

Watchdog::Watchdog() {
    std::uint64_t patience_us = 0;
    if (sd_watchdog_enabled(0, &patience_us) > 0) {
        patience_ = survey::milliseconds{static_cast<std::int64_t>(patience_us / 1'000)};
    }
}

// A service manager that can't be reached is no reason to stop: it will notice by itself.
void Watchdog::ready() {
    static_cast<void>(sd_notify(0, "READY=1"));
}
void Watchdog::feed() {
    static_cast<void>(sd_notify(0, "WATCHDOG=1"));
}
void Watchdog::stopping() {
    static_cast<void>(sd_notify(0, "STOPPING=1"));
}

}  // namespace hailong::kiosk
