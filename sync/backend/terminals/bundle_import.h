// What comes in an offline bundle: batches, taken in as if they had been posted, and the answer that goes back.
// Harmless to repeat, in any mixture with the network, also while the service runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "survey/base/expected.h"
#include "survey/base/time.h"
#include "sync/backend/ingest/reference_cache.h"
#include "sync/backend/store/store.h"
#include "sync/backend/terminals/keys.h"
#include "sync/protocol/bundle.h"
#include "sync/protocol/reply.h"

namespace hailong::sync {

/// All of it outlives the import.
struct ImportParts {
    Store& store;
    ReferenceCache& references;
    const ServiceKeys& keys;
    const survey::Clock& clock;
};

/// What a bundle holds that was packed before its terminal was enrolled anew. Its numbers may be other answers' by now,
/// so that nothing of it can be taken in under them.
struct FormerBundle {
    std::int64_t records = 0;
    std::int64_t unknown = 0;  // of them not stored, under whatever number
    bool operator==(const FormerBundle&) const = default;
};

struct ImportedBundle {
    BundleLabel label;
    std::optional<FormerBundle> former;  // signed with a former key: nothing was taken, and nothing goes back
    std::int64_t batches = 0;            // of them taken
    std::int64_t accepted = 0;           // new records
    std::int64_t duplicates = 0;         // stored before
    std::int64_t quarantined = 0;        // of the new ones
    std::vector<std::string> left_out;   // a sentence for each batch that can't be taken as it is; the others were
    std::optional<Problem> problem;      // that ended the import; what was taken before stays
    BundleAnswer answer;                 // for the terminal
    bool operator==(const ImportedBundle&) const = default;
};

/// Takes the batches of a bundle in, each as it would be over the network and in a transaction of its own, up to the
/// first problem. A batch that can't be read, and what then stands behind a gap, is left out and named; the answer is
/// the receipt for the others, so that the terminal packs those anew. What the bundle's label says decides nothing: its
/// batches do, and the label of the result is what they make. The error is a sentence with the remedy: the bundle's, or
/// the store's (then earlier batches may have been taken: import it again).
[[nodiscard]] Expected<ImportedBundle, std::string> import_bundle(std::string_view bytes, const ImportParts& parts);

}  // namespace hailong::sync
