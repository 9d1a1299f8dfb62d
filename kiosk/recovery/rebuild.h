// Writes what was recovered of a damaged journal into a new file.
#pragma once

#include "kiosk/recovery/recover.h"
#include "kiosk/recovery/renumber.h"
#include "survey/base/sqlite.h"

namespace hailong::kiosk {

/// Fills an empty journal of `kiosk` with what was recovered, numbered as `plan` says, and with `event`.
/// Inside a transaction. O(records). Throws what SQLite refuses.
void rebuild(survey::sqlite::Connection& file, const survey::KioskId& kiosk, const Recovered& found,
             const Renumbering& plan, const StoreEvent& event);

}  // namespace hailong::kiosk
