// Examines the backend's clock (comments/believed_clock.h) before something is written by it: a clock that is wrong for
// ten minutes dates what comes in these minutes. For one thread, the writer's.
#pragma once

#include <optional>

#include "survey/base/time.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

class ClockWatch {
  public:
    /// `clock` outlives it.
    explicit ClockWatch(const survey::Clock& clock) : clock_(clock), asked_(clock.monotonic()) {}

    /// Examines it when it is due: at first, once an hour, and when it was set since. Begins every transaction.
    [[nodiscard]] StoreResult<void> examine_when_due(Transaction& transaction);
    /// The transaction was committed: what was examined in it stands in the store.
    void settle();

  private:
    struct Examination {
        survey::MonoTime at;
        survey::UtcTime said;  // by the clock
    };
    [[nodiscard]] bool is_due(const Examination& now) const;

    const survey::Clock& clock_;
    survey::MonoTime asked_;            // as of which the store knows how long the program ran
    std::optional<Examination> last_;   // that stands in the store
    std::optional<Examination> begun_;  // in the transaction that is open
};

}  // namespace hailong::sync
