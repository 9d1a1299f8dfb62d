// Lets go of texts that were kept as long as they may be, by itself and for as long as it lives: at once, and then
// again and again, in small steps through the one writer. Not on the word of one clock (comments/believed_clock.h).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "survey/base/time.h"
#include "sync/backend/api/write_queue.h"
#include "sync/backend/service/repeating.h"

namespace hailong::sync {

class TextRetention {
  public:
    using Log = std::function<void(const std::string&)>;

    /// Starts its thread. `queue` and `clock` outlive it; `log` hears of each time that something went. `also` is done
    /// behind each round, on that thread.
    TextRetention(WriteQueue& queue, const survey::Clock& clock, std::chrono::days keep, Log log,
                  std::chrono::milliseconds interval = std::chrono::hours(1), std::function<void()> also = {});

  private:
    void erase_all_old();
    [[nodiscard]] bool is_clock_believed();

    WriteQueue& queue_;
    const survey::Clock& clock_;
    const std::chrono::days keep_;
    const Log log_;
    std::string doubt_;                              // why it is not believed, as the log has it; empty: it is
    std::optional<survey::UtcTime> believed_since_;  // see ClockBelief
    Repeating rounds_;                               // last: everything else is there when it starts
};

}  // namespace hailong::sync
