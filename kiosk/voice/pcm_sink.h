// Where sound goes: one stream of 16-bit mono samples. The sound card stands behind it, or a test that counts.
// Threads: one at a time, whoever made it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "survey/base/expected.h"

namespace hailong::kiosk {

using Sample = std::int16_t;

/// Sound in memory: mono.
struct Sound {
    int rate_hz = 0;
    std::vector<Sample> samples;
    bool operator==(const Sound&) const = default;
};

/// Rates that every sound card of the last 20 years plays, or ALSA converts.
inline constexpr int kRateMinHz = 8'000;
inline constexpr int kRateMaxHz = 48'000;

/// How much sound a sink may hold that was written and not heard yet. Enough to survive a busy moment of a slow
/// machine, short enough that silence comes at once.
inline constexpr int kSinkPendingMs = 80;

class PcmSink {
  public:
    virtual ~PcmSink() = default;
    /// Makes ready for samples at `rate_hz`, kRateMinHz to kRateMaxHz; what was open is given up. An error says what
    /// the device answered; the sink is closed then.
    [[nodiscard]] virtual Expected<void, std::string> open(int rate_hz) = 0;
    /// Plays `samples` after what was written before. Waits until no more than about kSinkPendingMs are pending, and
    /// gives up with an error when the device does not move for a second. After an error the sink is closed. A sink
    /// that is closed answers with an error.
    [[nodiscard]] virtual Expected<void, std::string> write(std::span<const Sample> samples) = 0;
    /// Forgets what is pending: silence at once. The sink stays open.
    virtual void drop() = 0;
    virtual void close() = 0;
    /// The rate it is open at; 0 when closed.
    [[nodiscard]] virtual int rate_hz() const = 0;
};

}  // namespace hailong::kiosk
