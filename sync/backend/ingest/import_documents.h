// Imports a center and questionnaires: what is published never changes, and the two must agree.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "survey/base/fault.h"
#include "survey/center.h"
#include "survey/questionnaire.h"
#include "sync/backend/store/store.h"

namespace hailong::sync {

/// A document as it was read, and where: faults are told with that.
template <class Value>
struct ImportedDocument {
    std::string place;
    std::string json;
    Value value;
};

struct DocumentImport {
    ImportedDocument<survey::Center> center;
    std::vector<ImportedDocument<survey::Questionnaire>> questionnaires;
    std::string questionnaires_place;  // of all of them together
};

struct PlacedFaults {
    std::string place;
    survey::Faults faults;
};

struct ImportedDocuments {
    std::size_t questionnaires_added = 0;
    std::vector<PlacedFaults> faults;  // not empty: do not commit
};

/// Writes what is new. Faults: what terminals could not read (document_faults()), a version that is published with
/// other content, a questionnaire that opens one which is not known, and what center_faults() finds.
[[nodiscard]] StoreResult<ImportedDocuments> import_documents(const DocumentImport& documents,
                                                              Transaction& transaction);

/// A center has counters, no two with one number. What it and the questionnaires must agree on: its own questionnaire
/// is known, each version of it has the headline as an item with a share, and its feedback form, if it names one, is
/// known. `place` is where questionnaires come from.
[[nodiscard]] survey::Faults center_faults(const survey::Center& center, const survey::Catalog& catalog,
                                           const std::string& place);

}  // namespace hailong::sync
