// The store repairs itself: a journal that is damaged or gone is kept whole under another name, what can be read and
// proved goes on in a fresh one, and no number is ever given out twice. Only the kiosk repairs; the sync program opens
// strictly and waits.
//
// A new file is built beside the damaged one ("journal.db-repairing"), checked, renamed to "journal.db-repaired", and
// takes the place only after the damaged file was renamed to "journal.db.damaged-<time>" with its log and shared
// memory. A program killed between any two of these steps goes on at its next start; nothing is overwritten or removed.
// On a full or read-only disk repairing fails with that error and leaves everything as it was.
//
// Threads and processes: any number may try; a lock beside the file lets one at a time repair (see file_lock.h).
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kiosk/journal/journal.h"
#include "kiosk/journal/store_error.h"
#include "kiosk/journal/values.h"
#include "survey/base/expected.h"
#include "survey/base/ids.h"
#include "survey/base/time.h"

namespace hailong::kiosk {

/// The steps that are not SQLite's; a test brings its own to stop between any two.
class FolderSteps {
  public:
    virtual ~FolderSteps() = default;
    /// 0, or errno.
    [[nodiscard]] virtual int rename(const std::filesystem::path& from, const std::filesystem::path& to);
    [[nodiscard]] virtual int sync(const std::filesystem::path& folder);
};

struct RepairSetup {
    std::filesystem::path file;
    survey::KioskId kiosk;
    std::string boot_id;  // of the machine now: decides whether the head file can be older than the journal
    survey::milliseconds busy_timeout = kBusyTimeout;
    FolderSteps* steps = nullptr;  // null: the real ones
    /// Whose answers the program still holds, and writes again at once under new numbers where the file lost them: what
    /// is skipped of them is not lost.
    std::set<std::int64_t> remembered = {};
};

struct Repaired {
    Journal journal;
    std::vector<StoreEvent> events;  // of this call; empty when the file was whole. They also stand in the journal.
};

/// How closely the file is looked at before it is called whole.
enum class Look {
    quick,    // as Journal::open does
    thorough  // Journal::verify, O(records): after any error of kind corrupt, and after a check found faults
};

/// Opens the journal; repairs it when it is damaged, gone or empty although numbers were given out. `now` names the
/// damaged file and the event.
/// `held`: the journal that was open until now. When it is displaced, all that it still holds goes into the place
/// first, whole and under the same numbers, and it is closed; on an error it stays as it is, because nothing else may
/// hold it. Errors: busy, full, read_only, io: nothing was changed, try again. newer, wrong_kiosk: as Journal::open.
/// corrupt: it is another program's database, which is left alone.
[[nodiscard]] StoreResult<Repaired> open_or_repair(const RepairSetup& setup, survey::UtcTime now, Look look,
                                                   std::optional<Journal>* held = nullptr);

}  // namespace hailong::kiosk
