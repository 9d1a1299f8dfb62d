// The first half of taking a batch in, which needs no store and may run on any thread: is it signed, where does its
// chain lead, what is each record worth and what does it add to the sums. The second half is ingest.h.
//
// Everything is worked out against what the caller knew when it came: the terminal as it stood and the documents as
// they were. Whoever stores the batch looks whether that still holds, and prepares it again where it does not.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sync/backend/ingest/validate.h"
#include "sync/backend/model/tally.h"
#include "sync/backend/model/terminal.h"
#include "sync/backend/model/terminal_day.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {

/// A batch of more bytes of records and texts takes long to prepare and to write: whoever takes batches in lets the
/// others pass it. A batch of 500 visits as they are has 300,000; what a body can hold at most takes a fifth of a
/// second.
inline constexpr std::size_t kLargeBatchBytes = 512u << 10u;
[[nodiscard]] bool is_large(const Batch& batch);

/// A record as far as it can be looked at by itself.
struct PreparedRecord {
    Read read;
    Quarantine content;  // what the documents say; of what was read alone
};

/// What the new records of a batch add, once their times are resolved.
struct Addition {
    std::int64_t first_seq = 0;           // of the first new record
    std::optional<CountedAt> not_before;  // what was counted before it: the floor of the first time
    std::vector<NewRecord> records;
    std::vector<Quarantined> quarantined;
    std::map<survey::Date, TerminalDay> days;
    survey::TallySheet tallies;
    Totals totals;
    std::optional<CountedAt> last_counted;  // by now
};

struct PreparedBatch {
    Batch batch;
    survey::UtcTime received{};
    std::int64_t revision = 0;  // of the documents it was prepared against
    Terminal terminal;          // as it stood
    bool is_signed = false;     // by its key; when it is not, nothing below is there
    bool is_chained = false;    // the bytes lead to the header's last hash; when they do not, no record was read
    std::vector<survey::Digest> values;   // of the chain, one a record
    std::vector<PreparedRecord> records;  // one a record; those stored before are read only for texts beside them
    Addition addition;

    [[nodiscard]] std::int64_t last_seq() const {
        return batch.header.first_seq + static_cast<std::int64_t>(batch.records.size()) - 1;
    }
    [[nodiscard]] std::size_t index_of(std::int64_t seq) const {
        return static_cast<std::size_t>(seq - batch.header.first_seq);
    }
};

/// `batch` of `terminal`, which came at `received`. O(bytes).
[[nodiscard]] PreparedBatch prepare(Batch batch, const Terminal& terminal, const Reference& reference,
                                    survey::UtcTime received);

/// A record whose id is stored already, or stands before it in the batch.
struct Duplicate {
    std::int64_t seq = 0;
    bool is_copy = false;  // the same terminal sent it
};

/// What the records from `first_seq` on add, with the times that follow from `not_before`; `duplicates` in order of
/// seq. REQUIRES: the batch was signed and chained, and its records from `first_seq` on were read.
[[nodiscard]] Addition resolve(const PreparedBatch& prepared, const Reference& reference, std::int64_t first_seq,
                               const std::optional<CountedAt>& not_before, const std::vector<Duplicate>& duplicates);

/// Of the records that its addition holds and that name texts.
[[nodiscard]] std::vector<survey::Uuid> ids_with_texts(const PreparedBatch& prepared);

}  // namespace hailong::sync
