// Makes each center's figures public once a day, when the day before is over: by itself and for as long as it lives.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "survey/base/time.h"
#include "sync/backend/api/write_queue.h"
#include "sync/backend/comments/believed_clock.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/service/repeating.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Whether figures may be made public on `today`, as the clock says it at `now`, where the last were on `last`. On an
/// earlier day only where the clock had been ahead and is believed: months that were over would run again, and late
/// answers be told alone.
[[nodiscard]] bool may_release(survey::Date last, survey::Date today, const ClockBelief& belief, survey::UtcTime now);

class DailyRelease {
  public:
    using Log = std::function<void(const std::string&)>;

    /// Starts its thread. The arguments outlive it.
    DailyRelease(Store& store, ReferenceCache& references, WriteQueue& queue, const survey::Clock& clock, Log log,
                 std::chrono::milliseconds interval = std::chrono::seconds(2));

  private:
    void look();
    [[nodiscard]] StoreResult<void> release_all(const Reference& reference, survey::Date today);
    [[nodiscard]] StoreResult<void> release(const survey::Center& center, const Reference& reference,
                                            survey::Date today);

    Store& store_;
    ReferenceCache& references_;
    WriteQueue& queue_;
    const survey::Clock& clock_;
    const Log log_;
    survey::Date done_for_{};          // every center of `done_revision_`
    std::int64_t done_revision_ = -1;  // of the documents
    bool is_failing_ = false;
    Repeating rounds_;  // last: everything else is there when it starts
};

}  // namespace hailong::sync
