// What comes of one exchange with the backend, over the network or in an offline bundle: what the caller does next, and
// what a person is told. And the few ways to say it that the parts of the client share. Threads: free functions over
// values; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/store_error.h"
#include "survey/base/fault.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// What the caller does next.
enum class Outcome {
    idle,      // nothing was left to do
    progress,  // something was done; more may be waiting, go on at once
    later,     // it failed, and may work by itself later
    person     // it failed, and stays so until a person acts
};

/// What seldom a repetition helps until the terminal was enrolled anew.
enum class Barred {
    nothing,
    sending,    // the backend refuses what this terminal sends
    everything  // the backend does not know this terminal
};

/// What came of one exchange.
struct Exchange {
    Outcome outcome = Outcome::idle;
    std::string what{};                      // one line for the log, with the remedy; empty: nothing to tell
    std::vector<Quarantined> quarantined{};  // records that the backend keeps but can't count
    int retry_after_s = 0;                   // with `later`: what the backend asked for; 0: nothing
    Barred barred = Barred::nothing;         // with `person`
    bool reopen = false;                     // the journal's file was replaced or is damaged: open it anew
    bool is_warning = false;                 // it worked, and a person should know something
    bool sends_less = false;                 // with `later`: the next batch is smaller, and may get over the line
};

/// Longest text of a peer that is repeated in a log line, in bytes.
inline constexpr std::size_t kQuotedBytesMax = 200;

[[nodiscard]] Exchange later(std::string what, int retry_after_s = 0);
[[nodiscard]] Exchange person(std::string what);
[[nodiscard]] Exchange progress(std::string what);

/// What the store refused: later where it may pass, a person where not.
[[nodiscard]] Exchange from_store(const kiosk::StoreError& error);

/// What the backend refused, but for the problems that say how to go on (gap, too_large): those are `later` here.
[[nodiscard]] Exchange from_problem(const Problem& problem, int retry_after_s);

/// A peer's words as they may stand in a log line: short, on one line, not cut within a character.
[[nodiscard]] std::string one_line(std::string_view text);

/// "records 3 to 7".
[[nodiscard]] std::string range(std::int64_t first, std::int64_t last);

}  // namespace hailong::sync
