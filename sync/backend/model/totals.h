// How much there is of what: kept with every batch, so that no page counts anything anew.
#pragma once

#include <cstdint>

namespace hailong::sync {

/// Of one terminal over everything it ever sent, or a sum of such. stored = counted + quarantined.
struct Totals {
    std::int64_t stored = 0;  // records, the quarantined and the copies among them
    std::int64_t counted = 0;
    std::int64_t quarantined = 0;
    std::int64_t copies = 0;   // of the quarantined: came before from the same terminal under another number
    std::int64_t skipped = 0;  // numbers that stand for no record
    std::int64_t lost = 0;     // of the skipped: their responses were collected, and exist no more
    bool operator==(const Totals&) const = default;
    Totals& operator+=(const Totals& more) {
        stored += more.stored;
        counted += more.counted;
        quarantined += more.quarantined;
        copies += more.copies;
        skipped += more.skipped;
        lost += more.lost;
        return *this;
    }
};

/// A center's terminals together.
struct CenterTotals {
    Totals records;
    std::int64_t reported_collected = 0;  // sum of what its terminals say
    bool operator==(const CenterTotals&) const = default;
};

/// How much there is of what no center's totals say.
struct StoreCounts {
    std::int64_t incidents = 0;
    std::int64_t texts = 0;     // sealed texts stored
    std::int64_t erasures = 0;  // and erased
    bool operator==(const StoreCounts&) const = default;
};

}  // namespace hailong::sync
