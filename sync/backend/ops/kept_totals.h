// How much there is in the store, for those who ask every few seconds: added up now and then, not with every question.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

#include "survey/base/time.h"
#include "sync/backend/model/totals.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// How old the sums may be: shorter than the intervals at which metrics are usually collected.
inline constexpr std::chrono::seconds kTotalsAgeMax{10};

struct StoreTotals {
    std::size_t centers = 0;
    Totals records;  // of all terminals
    bool operator==(const StoreTotals&) const = default;
};

/// Safe to use from any thread.
class KeptTotals {
  public:
    /// The clock outlives it.
    explicit KeptTotals(const survey::Clock& clock) : clock_(clock) {}

    /// At most kTotalsAgeMax old; whoever finds them older adds them up, O(terminals), while others wait for that. An
    /// error when the store can't be read, however old the sums are.
    [[nodiscard]] StoreResult<StoreTotals> read(Snapshot& snapshot);

  private:
    const survey::Clock& clock_;
    std::mutex mutex_;
    std::optional<StoreTotals> kept_;
    survey::MonoTime added_up_{};
};

}  // namespace hailong::sync
