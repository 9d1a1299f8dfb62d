// What a reconciliation found, in words: each difference with what is to be done about it. Private to this room.
#pragma once

#include <string>

#include "sync/backend/audit/reconcile.h"

namespace hailong::sync {

/// "bm-tp on 2026-11-22".
[[nodiscard]] std::string described(const survey::KioskId& kiosk, survey::Date day);

/// Counts it, and keeps the first kReconcileSentencesMax.
void add_difference(std::string sentence, Reconciliation& result);
void add_note(std::string sentence, Reconciliation& result);

void tell(const TerminalBalance& terminal, Reconciliation& result);
void tell(const DayBalance& day, Reconciliation& result);
void tell(const PostedDay& day, Reconciliation& result);

}  // namespace hailong::sync
