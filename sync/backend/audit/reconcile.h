// The four totals: collected (as the terminal says), stored, counted, posted. They are equal, or the numbers of the
// records that make the difference are named. Exists so that anybody can be shown that each rating given counts once.
//
// A response has a day twice: by its terminal's own clock, which is what both ends count by, and the day that the
// results count it on, which a clock that was wrong may have moved (survey/time_evidence.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "survey/time_evidence.h"
#include "sync/backend/audit/numbers.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// Most differences and notes told in words; all differences are counted.
inline constexpr std::size_t kReconcileSentencesMax = 200;

/// One terminal, over everything it ever took.
struct TerminalBalance {
    survey::KioskId kiosk;
    std::int64_t collected = 0;
    std::int64_t stored = 0;       // responses: copies are not among them
    std::int64_t counted = 0;      // of the stored
    std::int64_t quarantined = 0;  // of the stored
    std::int64_t copies = 0;       // of responses that are stored, under another number
    std::int64_t lost = 0;         // numbers skipped whose responses exist no more: damaged, pruned
    std::vector<StoredSkip> skips;
    Numbers quarantined_numbers;
    std::map<QuarantineReason, Numbers> quarantined_for;  // the same by reason; quickly: of the first thousand
    std::int64_t missing = 0;  // collected, neither stored nor skipped: from `missing_from` on
    std::int64_t missing_from = 0;
    std::int64_t surplus = 0;    // numbers stored that the terminal neither counts nor says that it skips
    std::int64_t forgotten = 0;  // more stored than it collected, because it skips their numbers: its disk was damaged,
                                 // lost or put back from a copy, and knows nothing of them
    [[nodiscard]] bool balances() const { return missing == 0 && surplus == 0 && lost == 0 && quarantined == 0; }
};

/// Records of one terminal's day that the results count on another day.
struct MovedRecords {
    survey::Date to{};
    Numbers numbers;
};

/// What is known of the totals of a day or a terminal.
enum class Balance {
    agrees,
    unknown,  // nothing differs, but the terminal has not said what it collected
    differs,
};

/// One terminal's day by its own clock.
struct DayBalance {
    survey::KioskId kiosk;
    survey::Date day{};
    std::optional<std::int64_t> collected;  // empty: the terminal did not say
    std::int64_t stored = 0;
    std::int64_t counted = 0;
    std::int64_t flagged = 0;  // of the counted; only when recounted
    std::int64_t quarantined = 0;
    std::int64_t copies = 0;
    std::int64_t forgotten = 0;       // as of the terminal
    std::vector<MovedRecords> moved;  // of the counted; only when recounted
    /// More may be stored than the terminal, repaired or put back, remembers of that day: each of it was signed by it,
    /// and what it does not say in sum is the terminal's own surplus.
    [[nodiscard]] Balance balance() const {
        if (collected.value_or(stored) + forgotten > stored || counted != stored) return Balance::differs;
        return collected || stored == 0 ? Balance::agrees : Balance::unknown;
    }
};

/// One day of the center's results.
struct PostedDay {
    survey::Date day{};
    std::optional<std::int64_t> counted;  // from the records; empty unless recounted
    std::int64_t posted = 0;              // what the results show, flagged ones included
    std::int64_t flagged = 0;             // of the posted
    std::int64_t corrected = 0;           // of the posted: at the time that evidence gives, not at the terminal's
    std::int64_t doubtful = 0;            // of the posted: without evidence
    [[nodiscard]] bool balances() const { return counted.value_or(posted) == posted; }
};

/// From this day on it is not known what a terminal has collected: it was not heard since that day ended.
struct Unreported {
    survey::KioskId kiosk;
    survey::Date from{};
    bool operator==(const Unreported&) const = default;
};

struct Reconciliation {
    survey::CenterId center;
    survey::Date first{};
    survey::Date last{};
    bool is_recounted = false;
    std::vector<TerminalBalance> terminals;  // in order of kiosk
    std::vector<DayBalance> days;            // in order of kiosk and day
    std::vector<PostedDay> posted;           // in order of day
    std::vector<Unreported> unreported;      // of these days; terminals that were revoked are not waited for
    // In the results of these days and of a year before and behind: counted at a corrected time or without evidence of
    // it. Only such responses can stand on another day in the results than on their terminal. Looked for only where the
    // results of a day differ from what its terminals count; otherwise of these days alone.
    std::int64_t uncertain_near = 0;
    std::int64_t difference_count = 0;
    std::vector<std::string> differences;  // sentences; empty: the four totals agree
    std::vector<std::string> notes;        // what explains itself: moved days, copies, numbers never given out, and
                                           // what is quarantined for ever, because nobody can mend it
    [[nodiscard]] bool is_unreported(survey::Date day) const {
        return std::any_of(unreported.begin(), unreported.end(),
                           [&](const Unreported& one) { return one.from <= day; });
    }
};

/// From the totals and sums that are kept with every batch: as quick as a page. Days from `first` to `last`, both
/// included. O(terminals of the center and their days asked for).
[[nodiscard]] StoreResult<Reconciliation> reconcile_quickly(Snapshot& snapshot, const survey::CenterId& center,
                                                            survey::Date first, survey::Date last);

/// As reconcile_quickly(), as far as the public may see it while the day `today` runs: nothing of it, or of later days,
/// stands in it, of a terminal's totals neither; and nothing that a single record moves when it comes: no numbers of
/// records.
[[nodiscard]] StoreResult<Reconciliation> reconcile_for_public(Snapshot& snapshot, const survey::CenterId& center,
                                                               survey::Date first, survey::Date last,
                                                               survey::Date today);

/// The same as reconcile_quickly() counted anew from the raw records, compared with those totals and sums and with the
/// tallies. O(records of the center) in time; holds a page of them and the center's days in memory.
[[nodiscard]] StoreResult<Reconciliation> reconcile(Snapshot& snapshot, const survey::CenterId& center,
                                                    survey::Date first, survey::Date last);

}  // namespace hailong::sync
