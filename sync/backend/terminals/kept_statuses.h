// What terminals say of themselves with every request for their inbox (PROTOCOL.md 8.4), on its way into the store.
// Nobody waits for it, and a terminal that asks every few seconds costs no write each time: what people want to know at
// once is written with the next write, numbers that only moved are written now and then, and each write takes along all
// that waits.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "survey/base/time.h"
#include "sync/backend/model/terminal.h"

namespace hailong::sync {

/// How long numbers that moved, and the time a terminal was last heard, may stay unwritten while it is heard.
inline constexpr std::chrono::minutes kStatusAgeMax{15};
/// Between two writes: whatever terminals say, it costs no more than this.
inline constexpr std::chrono::seconds kStatusWritesPause{30};
/// Statuses in one write: a few milliseconds. The others go with the next.
inline constexpr std::size_t kStatusesAtOnceMax = 500;

/// Whether people want to know at once: other troubles, another version of a program.
[[nodiscard]] bool is_news(const TerminalStatus& before, const TerminalStatus& now);

/// Safe to use from any thread. Takes memory for each terminal that was heard, at most about a kilobyte.
class KeptStatuses {
  public:
    /// The clock outlives it.
    explicit KeptStatuses(const survey::Clock& clock) : clock_(clock) {}

    /// Hears what an enrolled terminal says, the header as it came; one that can't be understood is passed over, and
    /// what can't be true is emptied (ingest/claims.h). Returns what is to be written now, in one step, at most
    /// kStatusesAtOnceMax: mostly nothing. Whoever gets something calls written() once. What waits without a terminal
    /// that speaks is lost with the program.
    [[nodiscard]] std::vector<HeardStatus> hear(const Terminal& terminal, std::string_view header);
    /// How it went; what is not durable waits for the next write.
    void written(const std::vector<HeardStatus>& statuses, bool is_durable);

  private:
    struct Entry {
        HeardStatus newest;
        std::optional<TerminalStatus> stored;  // empty: this program has not written it yet
        survey::MonoTime stored_at{};
    };

    [[nodiscard]] bool may_write(survey::MonoTime now) const;

    const survey::Clock& clock_;
    std::mutex mutex_;
    std::map<survey::KioskId, Entry> entries_;
    std::set<survey::KioskId> waiting_;
    bool is_writing_ = false;
    std::optional<survey::MonoTime> last_write_;
};

}  // namespace hailong::sync
