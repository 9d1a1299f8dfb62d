#include "sync/backend/ingest/reference.h"

#include <algorithm>
#include <utility>

namespace hailong::sync {
namespace {

/// With the place in the document, and without what its author could do: nobody corrects it here.
std::string places_of(const survey::Faults& faults) {
    std::string text;
    for (const survey::Fault& fault : faults)
        text += (text.empty() ? "" : "; ") + fault.place + (fault.place.empty() ? "" : ": ") + fault.what;
    return text;
}

std::string described(const survey::QuestionnaireRef& ref) {
    return "the questionnaire " + ref.id.text + " version " + std::to_string(ref.version);
}

/// Damaged on the disk, or of a newer program: its sum says which.
tl::unexpected<StoreError> unreadable(const std::string& what, const survey::Faults& faults,
                                      DocumentReader& documents) {
    const auto whole = documents.are_whole();
    if (!whole) return unexpected(whole.error());
    if (!*whole) {
        return unexpected(StoreError{StoreErrorKind::corrupt,
                                     "store: " + what + " is damaged, its sum does not fit: " + places_of(faults),
                                     kDamagedRemedy});
    }
    return unexpected(StoreError{
        StoreErrorKind::newer, "store: " + what + " can't be read: " + places_of(faults),
        "nothing was changed, and terminals keep what they collect. It is as it was imported: start the version of "
        "hailong-backend that imported it, and do not change the file"});
}

}  // namespace

const survey::Center* Reference::center(const survey::CenterId& id) const {
    const auto found =
        std::find_if(centers.begin(), centers.end(), [&](const survey::Center& c) { return c.id == id; });
    return found == centers.end() ? nullptr : &*found;
}

StoreResult<Reference> load_reference(Snapshot& snapshot) {
    DocumentReader& documents = snapshot.documents();
    Reference reference;
    const auto revision = documents.revision();
    if (!revision) return unexpected(revision.error());
    reference.revision = *revision;
    const auto questionnaires = documents.questionnaires();
    if (!questionnaires) return unexpected(questionnaires.error());
    for (const QuestionnaireDocument& document : *questionnaires) {
        auto questionnaire = survey::parse_questionnaire(document.json);
        if (!questionnaire) return unreadable(described(document.ref), questionnaire.error(), documents);
        const auto added = reference.questionnaires.add(std::move(*questionnaire));
        if (!added) return unreadable(described(document.ref), added.error(), documents);
    }
    const auto ids = documents.centers();
    if (!ids) return unexpected(ids.error());
    for (const survey::CenterId& id : *ids) {
        const auto json = documents.center(id);
        if (!json) return unexpected(json.error());
        auto center = survey::parse_center(json->value_or(""));
        if (!center) return unreadable("the center " + id.text, center.error(), documents);
        if (center->id != id) {
            const auto whole = documents.are_whole();
            if (whole && !*whole)
                return unreadable("the center " + id.text, {{"id", "is of another one", {}}}, documents);
            return unexpected(StoreError{
                StoreErrorKind::corrupt, "store: the document of the center " + id.text + " is of another one",
                "nothing was changed, and terminals keep what they collect. Import the center again with "
                "`hailong-backend init`: records are not touched by it"});
        }
        reference.centers.push_back(std::move(*center));
    }
    const auto corrections = documents.time_corrections();
    if (!corrections) return unexpected(corrections.error());
    reference.corrections = in_effect(*corrections);
    auto awaited = awaited_erasures(snapshot.facts());
    if (!awaited) return unexpected(awaited.error());
    reference.awaited_erasures = std::move(*awaited);
    return reference;
}

}  // namespace hailong::sync
