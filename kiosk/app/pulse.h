// The terminal's pulse: at every beat a frame is drawn and the disk is tried, whether or not anybody stands before the
// glass. The service manager's watchdog is fed only by a beat that came through in both. Pure; the loop's thread only.
#pragma once

#include <cstdint>

#include "survey/base/time.h"

namespace hailong::kiosk {

/// How often the disk is tried where no service manager watches.
inline constexpr survey::milliseconds kPulseUnwatched{60'000};

class Pulse {
  public:
    /// `pause` between two beats; half of what the service manager waits before it starts the terminal anew. The first
    /// beat is due at once.
    Pulse(survey::milliseconds pause, survey::MonoTime now) : pause_(pause), next_(now) {}

    /// When the next beat is due.
    [[nodiscard]] survey::MonoTime deadline() const { return next_; }
    /// True once for every beat: draw a frame and ask for a probe.
    [[nodiscard]] bool beats(survey::MonoTime now) {
        if (now < next_) return false;
        next_ = now + pause_;
        return true;
    }
    void frame_drawn() { drawn_ = true; }
    /// `done`: as the saver counts them. True when the watchdog is to be fed: since it was last fed a frame was drawn
    /// and a probe came to its end.
    [[nodiscard]] bool feeds(std::uint64_t done) {
        if (!drawn_ || done == probes_fed_) return false;
        drawn_ = false;
        probes_fed_ = done;
        return true;
    }

  private:
    survey::milliseconds pause_;
    survey::MonoTime next_;
    bool drawn_ = false;
    std::uint64_t probes_fed_ = 0;
};

}  // namespace hailong::kiosk
