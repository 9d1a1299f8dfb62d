// What lets a terminal count a record as delivered: a receipt that its own backend signed, for this terminal, with the
// chain value that the journal itself holds at that number. The same over the network and on a parts.
#pragma once

#include <string>

#include "kiosk/journal/journal.h"
#include "sync/client/exchange.h"
#include "sync/client/identity.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// Marks as delivered what the receipt confirms, counts what was newly quarantined once, and lists it. Nothing changes
/// when the receipt is not believed: `later`, with the reason. `what` stays empty otherwise. `now`: by this machine's
/// clock; what is confirmed is kept from the later of both clocks on.
[[nodiscard]] Exchange take_receipt(kiosk::Journal& journal, const Identity& identity, const Receipt& receipt,
                                    survey::UtcTime now);

/// Removes what was confirmed longer than `retention` ago, and tickets that are old enough, where `now`, the earlier of
/// the backend's clock and this machine's, can be believed: survey::agree(). Where it can't, the sentence says so and
/// nothing goes. Idle when there is nothing to tell.
[[nodiscard]] Exchange remove_old(kiosk::Journal& journal, survey::UtcTime now, survey::milliseconds retention);

/// Not believed: `later`, because the next answer may be the backend's own again.
[[nodiscard]] Exchange not_believed(const std::string& why);

/// "(3 new, 1 stored before, 0 quarantined)".
[[nodiscard]] std::string describe_counts(const Receipt& receipt);

}  // namespace hailong::sync
