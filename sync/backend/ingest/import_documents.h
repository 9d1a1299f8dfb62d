// Imports a center and questionnaires: what is published never changes, the two must agree, and what held on days that
// are over stays (center_document.h). Planned first, without a word written, so that people can see what would change.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "survey/base/fault.h"
#include "survey/center.h"
#include "survey/questionnaire.h"
#include "sync/backend/ingest/center_document.h"
#include "sync/backend/ingest/reference.h"
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

/// What stands in the store already; all empty: there is none.
struct KnownDocuments {
    Reference reference;
    std::optional<CenterDocument> center;  // the one that is imported
    std::optional<Release> release;        // of its figures
};
[[nodiscard]] StoreResult<KnownDocuments> read_known(Snapshot& snapshot, const survey::CenterId& center);

struct PlacedFaults {
    std::string place;
    survey::Faults faults;
};

/// Who imports, and when.
struct ImportedBy {
    std::string account;
    survey::UtcTime now{};
};

struct ImportPlan {
    std::vector<QuestionnaireDocument> questionnaires;  // that are new
    std::optional<CenterDocument> center;               // as it is to stand in the store; empty: it does already
    std::vector<std::string> changes;                   // of what stands there, a sentence each
    std::vector<Incident> incidents;   // one, where something changes: by whom, what, and the document of before
    std::vector<PlacedFaults> faults;  // not empty: do not write
};

/// Faults: what terminals could not read (document_faults()), a version that is published with other content, a
/// questionnaire that opens one which is not known, what center_faults() and merged_center() find, and settings that
/// change by a clock that is behind the last day whose figures were made public. Pure.
[[nodiscard]] ImportPlan plan_import(const DocumentImport& documents, KnownDocuments known, const ImportedBy& by);

/// REQUIRES: no faults, and that what was known stands there still.
[[nodiscard]] StoreResult<void> write_import(const ImportPlan& plan, Transaction& transaction);

/// A center has counters in use, no two of them with one number. What it and the questionnaires must agree on: its own
/// questionnaire is known, each version of it has the headline, and those that hold on `today` or later, as items with
/// a share; its feedback form, if it names one, is known. `place` is where questionnaires come from.
[[nodiscard]] survey::Faults center_faults(const survey::Center& center, const survey::Catalog& catalog,
                                           const std::string& place, survey::Date today);

}  // namespace hailong::sync
