// How the sync program goes on from one exchange to the next: once through, or watching the journal. Keeps no clock and
// no thread of its own.
#pragma once

#include <functional>

#include "survey/base/time.h"
#include "sync/client/client.h"
#include "sync/client/retry.h"

namespace hailong::sync {

/// Most failures in a row, without progress between them, before `once` gives up: about half a minute.
inline constexpr int kOnceFailuresMax = 5;
/// Longest wait before `once` tries again; asked to wait longer, it gives up at once.
inline constexpr survey::milliseconds kOnceWaitMax{60'000};
/// How often a watching program looks into the journal: what a visitor answered leaves within about a second.
inline constexpr survey::milliseconds kLookEvery{1'000};
/// How long it leaves alone what only a person can mend: at first, and at most.
inline constexpr survey::milliseconds kPersonWaitFirst{60'000};
inline constexpr survey::milliseconds kPersonWait{3'600'000};

/// What the loops need from the world.
struct Outside {
    std::function<bool(survey::milliseconds)> pause;  // false: asked to stop. A pause of 0 only asks.
    std::function<void(const Exchange&)> report;      // called for each exchange that has something to tell
    std::function<bool()> is_enrolled_anew;           // the terminal's identity is another since the loop began
};

/// How `once` ended; the larger one wins.
enum class OnceResult {
    all_delivered = 0,  // and the inbox is up to date
    try_again = 1,      // something failed that may work later, or it was stopped
    person = 2          // something failed that a person must mend
};

/// Delivers everything that waits, then brings the inbox down (not when the backend could not be reached), then sends
/// again what the backend turns out to have lost, and removes what was delivered long ago.
[[nodiscard]] OnceResult run_once(Client& client, const RetryPolicy& policy, std::mt19937_64 generator,
                                  const Outside& outside);

enum class WatchEnd {
    stopped,        // it was asked to
    enrolled_anew,  // begin again with the new identity
    reopen          // the journal's file is damaged or was replaced: open it anew
};

/// Delivers what comes, and brings the inbox down every `inbox_every`. What a person must mend
/// is tried again all the same, ever more seldom: one wrong answer must not stop a terminal whose backend is well.
[[nodiscard]] WatchEnd run_watch(Client& client, const survey::Clock& clock, survey::milliseconds inbox_every,
                                 const RetryPolicy& policy, std::mt19937_64 generator, const Outside& outside);

}  // namespace hailong::sync
