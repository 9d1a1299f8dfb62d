// What a terminal does not count any more of what it sent: its disk was damaged, lost or put back from a copy. It says
// so itself, by the numbers that it skips: what is stored under those is not among what it collected. Private to this
// room.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "survey/record.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Whether a terminal counts the record of a number among what it collected on a day.
enum class Remembered { no, perhaps, yes };

struct TerminalMemory {
    std::vector<survey::Skip> skipped;  // by its last batch, ascending
    std::int64_t own_from = 1;          // numbers below may stand on an earlier disk of the terminal alone
    std::int64_t uncounted = 0;         // numbers of `skipped` that it does not count as collected
    std::int64_t pruned = 0;            // numbers of it that it may count, or not

    [[nodiscard]] Remembered of(std::int64_t seq) const;
    /// How many numbers there are of which it is not sure that they are remembered.
    [[nodiscard]] std::int64_t forgettable() const;
    /// How many of the numbers stored up to `last_seq` it counts as collected, at least and at most.
    [[nodiscard]] std::int64_t collected_min(std::int64_t last_seq) const { return last_seq - uncounted - pruned; }
    [[nodiscard]] std::int64_t collected_max(std::int64_t last_seq) const { return last_seq - uncounted; }
};

/// From its stored batches: the last one names what is skipped, and the first one with the last one's key where the
/// device's own numbers begin. O(log of its records) calls of the store.
[[nodiscard]] StoreResult<TerminalMemory> memory_of(const Terminal& terminal, Snapshot& snapshot);

/// Of the stored responses of one terminal and day: how many it has forgotten, and how many it perhaps has.
struct Forgotten {
    std::int64_t surely = 0;
    std::int64_t perhaps = 0;
    void add(Remembered remembered, std::int64_t by) {
        if (remembered == Remembered::no) surely += by;
        if (remembered == Remembered::perhaps) perhaps += by;
    }
    Forgotten& operator+=(const Forgotten& more) {
        surely += more.surely;
        perhaps += more.perhaps;
        return *this;
    }
    /// Whether these are why so many more are stored than it collected; none more are always explained.
    [[nodiscard]] bool explains(std::int64_t surplus) const {
        return surplus == 0 || (surplus >= surely && surplus <= surely + perhaps);
    }
};

/// What each record of a terminal changes in that. A response that came again is forgotten when it is so under each of
/// its numbers.
class ForgottenRecords {
  public:
    explicit ForgottenRecords(TerminalMemory memory) : memory_(std::move(memory)) {}
    /// Asks for where the copies among these records of the terminal came before. REQUIRES: in order of seq, as of().
    [[nodiscard]] StoreResult<void> look_up(std::span<const StoredRecord> page, const std::set<std::int64_t>& copies,
                                            RecordReader& reader);
    [[nodiscard]] Forgotten of(const StoredRecord& record) const;

  private:
    const TerminalMemory memory_;
    std::map<std::int64_t, Remembered> before_;  // of each copy looked up: what its earlier numbers make
};

}  // namespace hailong::sync
