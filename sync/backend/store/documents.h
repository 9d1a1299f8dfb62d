// What people told the backend: centers and questionnaires as they were imported, word for word, and where its clock
// was wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "survey/base/ids.h"
#include "survey/base/store_error.h"
#include "survey/questionnaire.h"
#include "sync/backend/model/time_correction.h"

namespace hailong::sync {

using survey::StoreError;
using survey::StoreErrorKind;
using survey::StoreResult;

struct QuestionnaireDocument {
    survey::QuestionnaireRef ref;
    std::string json;
    bool operator==(const QuestionnaireDocument&) const = default;
};

/// What to do about a store whose content contradicts itself.
inline constexpr const char* kDamagedRemedy =
    "nothing was changed, and terminals keep what they collected. Run `hailong-backend verify`, which names what is "
    "damaged; where it names nothing, leave the store as it is. Else write a backup of it as it is to another disk, "
    "stop "
    "the service, move the whole data folder to another place without deleting anything, and put the last backup that "
    "`verify` finds whole back with `hailong-backend restore`: terminals send again what it lacks, as far back as they "
    "keep it";

class DocumentReader {
  public:
    virtual ~DocumentReader() = default;
    /// Grows with every center, questionnaire or correction that is added or changed; never otherwise.
    [[nodiscard]] virtual StoreResult<std::int64_t> revision() = 0;
    /// In order.
    [[nodiscard]] virtual StoreResult<std::vector<survey::CenterId>> centers() = 0;
    /// The center's JSON as imported; empty when unknown.
    [[nodiscard]] virtual StoreResult<std::optional<std::string>> center(const survey::CenterId& center) = 0;
    /// Every version, in order of id and version.
    [[nodiscard]] virtual StoreResult<std::vector<QuestionnaireDocument>> questionnaires() = 0;
    /// Whether every center and questionnaire is as it was written. O(documents).
    [[nodiscard]] virtual StoreResult<bool> are_whole() = 0;
    /// In the order recorded.
    [[nodiscard]] virtual StoreResult<std::vector<TimeCorrection>> time_corrections() = 0;
};

class DocumentWriter : public DocumentReader {
  public:
    /// Adds or replaces. Raises the revision, as put_questionnaire does, unless the same text stands there already.
    [[nodiscard]] virtual StoreResult<void> put_center(const survey::CenterId& center, const std::string& json) = 0;
    /// Adds a version. The same version with other text is a conflict: what was published never changes.
    [[nodiscard]] virtual StoreResult<void> put_questionnaire(const QuestionnaireDocument& document) = 0;
    /// Adds; raises the revision. What was counted by the times before is moved by who calls (ingest/correct_times.h).
    [[nodiscard]] virtual StoreResult<void> add_time_correction(const TimeCorrection& correction) = 0;
};

}  // namespace hailong::sync
