// How this terminal becomes its backend's: with the one-time code that the backend printed it hands in a new public
// key, and takes what it needs from then on. Over the network, or by two files on a parts.
//
// Every step can be repeated after it was cut off: the key pair is on disk before the code is used, and stays there
// until the answer was taken; the backend answers the same code and key again.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "kiosk/journal/journal.h"
#include "survey/base/expected.h"
#include "survey/base/ids.h"
#include "sync/client/exchange.h"
#include "sync/client/transport.h"
#include "sync/protocol/enrolment.h"

namespace hailong::sync {

/// The message that asks for enrolment with `code`, as people write it. The key pair it names is on disk before this
/// returns; the same code gives the same key again. A person is needed when the code can't be one.
[[nodiscard]] Expected<EnrolmentRequest, Exchange> request_enrolment(const std::filesystem::path& identity_file,
                                                                     const survey::KioskId& kiosk,
                                                                     std::string_view code);

/// Takes the backend's answer: continues the numbering in the journal, hands it the key for texts, writes the identity,
/// in this order, so that nothing is signed under a new identity that the backend would refuse. `idle`: it was taken
/// before, and nothing changes.
///
/// The numbering: a new journal goes on after what the backend holds; one with the same history, or with the same
/// beginning and more of it pruned, goes on as it is; one with another history is numbered anew behind it.
[[nodiscard]] Exchange take_enrolment(const std::filesystem::path& identity_file, const survey::KioskId& kiosk,
                                      const Enrolment& enrolment, kiosk::Journal& journal);

/// Asks and takes, over the network.
[[nodiscard]] Exchange enrol(const std::filesystem::path& identity_file, const survey::KioskId& kiosk,
                             std::string_view code, Transport& transport, kiosk::Journal& journal);

}  // namespace hailong::sync
