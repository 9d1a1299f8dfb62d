// How a command writes beside the running service: one of them at a time can, so the other waits.
#pragma once

#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Tries before a command gives up: the store itself waits five seconds in each, so half a minute in all.
inline constexpr int kBusyTries = 6;

/// What `action` returns, which is a StoreResult<...>; it is done again while that is `busy`.
template <class Action>
[[nodiscard]] auto until_not_busy(Action&& action) {
    auto result = action();
    for (int tries = 1; tries < kBusyTries && !result && result.error().kind == StoreErrorKind::busy; ++tries)
        result = action();
    return result;
}

}  // namespace hailong::sync
