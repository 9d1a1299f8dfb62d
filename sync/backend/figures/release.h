// The one moment of a day at which a center's public figures move: its first, when the day before is over.
#pragma once

#include <optional>
#include <vector>

#include "survey/center.h"
#include "sync/backend/figures/disclosure.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// How far back what came late is looked for, in months: as long as figures are kept.
inline constexpr int kReleasedMonths = 120;

/// What of a center's figures is public from `day` on, where it is not what was.
struct ReleaseOfCenter {
    struct Month {
        survey::Period month;
        PublicSheet rows;
    };
    survey::CenterId center;
    survey::Date day{};
    std::vector<Month> changed;
};

/// Empty when the figures were made public on `today` already. Reads only; O(days x subjects of the center).
[[nodiscard]] StoreResult<std::optional<ReleaseOfCenter>> prepare_release(Snapshot& snapshot,
                                                                          const survey::Catalog& questionnaires,
                                                                          const survey::Center& center,
                                                                          survey::Date today);

/// REQUIRES: nobody wrote another release of the center since it was prepared.
[[nodiscard]] StoreResult<void> write_release(const ReleaseOfCenter& release, PublicTallyWriter& writer);

}  // namespace hailong::sync
