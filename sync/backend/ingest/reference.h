// What records are validated against: the documents, parsed, where the backend's own clock was wrong, and what was
// erased before the store was put back.
#pragma once

#include <cstdint>
#include <vector>

#include "survey/center.h"
#include "survey/questionnaire.h"
#include "sync/backend/comments/erasure_list.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// What a record is validated against. Built from the store's documents; rebuilt when they change.
struct Reference {
    std::int64_t revision = 0;  // of the documents it was built from
    survey::Catalog questionnaires;
    std::vector<survey::Center> centers;
    std::vector<TimeCorrection> corrections;      // in effect
    std::vector<ListedErasure> awaited_erasures;  // no text of these responses is taken any more
    /// Null when unknown.
    [[nodiscard]] const survey::Center* center(const survey::CenterId& id) const;
};

/// As the snapshot shows it. A document that can't be parsed is `corrupt` where it is not as
/// it was imported, else `newer`.
[[nodiscard]] StoreResult<Reference> load_reference(Snapshot& snapshot);

}  // namespace hailong::sync
