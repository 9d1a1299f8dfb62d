// The way without a network: bundles out in files, the backend's answers back. Equal to the network, in any mixture
// with it: writing a bundle marks nothing as delivered, and an answer is believed by the same rules as a receipt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/journal/inbox.h"
#include "kiosk/journal/journal.h"
#include "survey/base/time.h"
#include "sync/client/exchange.h"
#include "sync/client/identity.h"
#include "sync/protocol/batch.h"

namespace hailong::sync {

/// What both directions work on. The references must outlive it.
struct OfflineParts {
    kiosk::Journal& journal;
    const survey::Clock& clock;
    const Identity& identity;
    std::string boot{};  // this start of the machine; empty: unknown
    /// Keeps from which number the backend asked for records again; beside the identity, so that a power cut between
    /// the answer and the next bundle forgets nothing.
    std::filesystem::path wanted_file;
    std::size_t records_max = kBatchRecordsMax;  // in one batch
};

/// "identity.json.wanted".
[[nodiscard]] std::filesystem::path wanted_file(const std::filesystem::path& identity_file);

/// Writes what waits, or what the backend asked for again, into `folder`: hailong-KIOSK-FIRST-LAST.bundle, as many as
/// it takes, each whole. `idle` when nothing waits. `later` when the folder's disk refuses: whole bundles written
/// before stay.
[[nodiscard]] Exchange export_bundles(const OfflineParts& parts, const std::filesystem::path& folder);

/// Takes an answer's bytes: its receipt marks records as delivered, its inbox replaces the one here. Harmless to
/// repeat, and in any order with others. Records that were confirmed longer ago than `retention` may go then.
[[nodiscard]] Exchange accept_answer(const OfflineParts& parts, kiosk::Inbox& inbox, std::string_view bytes,
                                     survey::milliseconds retention);

}  // namespace hailong::sync
