// What can still be read of a damaged journal, by every way there is, without changing a byte of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kiosk/journal/response_counts.h"
#include "kiosk/journal/store_error.h"
#include "kiosk/journal/values.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"
#include "survey/base/uuid.h"
#include "survey/tally_sheet.h"

namespace hailong::kiosk {

/// A record that decodes and names this terminal and its own number. Whether it chains is not said.
struct FoundRecord {
    survey::Digest hash;
    survey::Uuid id;
    std::string bytes;
    bool is_whole = false;  // its bytes are those that were written: their sum says so
};

struct Recovered {
    bool opened = false;              // SQLite could read the file's schema
    bool ours = true;                 // false: it is whole, and another program's
    std::string kiosk;                // as the file names its owner; empty: can't be read
    std::int64_t others_records = 0;  // that decode and name another terminal

    std::optional<ChainHead> base;
    std::vector<Skip> skips;  // in order
    std::map<std::int64_t, FoundRecord> records;
    std::map<std::int64_t, survey::Digest> hashes;  // chain values of rows, also where their records can't be read
    std::map<std::pair<std::int64_t, std::string>, std::string> texts;  // (seq, item) -> sealed text
    std::int64_t last_seq = 0;                                          // highest number met anywhere in the file

    std::optional<std::int64_t> delivered;
    SyncStatus sync;
    std::int64_t quarantined = 0;
    std::optional<TextKey> text_key;
    std::optional<KeyBytes> ticket_key;
    std::vector<TicketMark> tickets;  // may hold one twice
    survey::TallySheet tallies;       // by day, and of officers by month: other months are the sums of their days
    std::optional<ResponseCounts> without_record;  // what the tallies count beside the records; empty: can't be read
    std::vector<Document> documents;
    std::string inbox_version;
    std::vector<StoreEvent> events;
};

/// Numbers looked up one by one beyond the last one that is known, where the pages that would say how far they go can't
/// be read: about a year of a busy counter.
inline constexpr std::int64_t kRecoverHorizon = 20'000;

/// Reads `file` and its log; neither need be there. `known_seq`: a number known from elsewhere to have been given out;
/// where the file ends before it, what SQLite passes over as torn is looked through, too.
/// Errors: busy, io, read_only: of the disk and of other programs, never of the content; try again.
[[nodiscard]] StoreResult<Recovered> recover(const std::filesystem::path& file, const survey::KioskId& kiosk,
                                             std::int64_t known_seq, survey::milliseconds busy_timeout);

}  // namespace hailong::kiosk
