// What a record is worth by itself: read at its place, validated against the documents. No store here but to load them.
#include <algorithm>
#include <array>

#include "sync/backend/ingest/ingest.h"

namespace hailong::sync {
namespace {

using survey::Faults;

/// At most kQuarantineDetailBytesMax bytes, never cut within a character.
std::string shortened(std::string text) {
    if (text.size() <= kQuarantineDetailBytesMax) return text;
    std::size_t end = kQuarantineDetailBytesMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u)
        --end;
    text.resize(end);
    return text;
}

Quarantine quarantine(std::string_view reason, std::string detail) {
    return {std::string(reason), shortened(std::move(detail))};
}

template <class Id, class Known>
std::optional<Quarantine> unless_known(const Id& id, const Known* known, std::string_view reason) {
    if (id.empty() || known != nullptr) return std::nullopt;
    return quarantine(reason, "the center has no \"" + id.text + "\"");
}

}  // namespace

bool may_pass(std::string_view reason) {
    static constexpr std::array kReasons = {kQuarantineUnknownFormat,  kQuarantineUnknownQuestionnaire, kQuarantineUnknownCenter,
                                            kQuarantineUnknownCounter, kQuarantineUnknownOfficer,       kQuarantineUnknownProcedure,
                                            kQuarantineUnknownField};
    return std::find(kReasons.begin(), kReasons.end(), reason) != kReasons.end();
}

const survey::Center* Reference::center(const survey::CenterId& id) const {
    const auto found =
        std::find_if(centers.begin(), centers.end(), [&](const survey::Center& c) { return c.id == id; });
    return found == centers.end() ? nullptr : &*found;
}

StoreResult<Reference> load_reference(Reader& reader) {
    const auto unreadable = [](const std::string& what, const Faults& faults) {
        return unexpected(BackendStoreError{BackendStoreErrorKind::newer,
                                            "store: " + what + " can't be read: " + survey::describe(faults),
                                            "start the version of hailong-backend that imported it"});
    };
    Reference reference;
    const auto revision = reader.documents_revision();
    if (!revision) return unexpected(revision.error());
    reference.revision = *revision;
    const auto questionnaires = reader.questionnaires();
    if (!questionnaires) return unexpected(questionnaires.error());
    for (const std::string& json : *questionnaires) {
        auto questionnaire = survey::parse_questionnaire(json);
        if (!questionnaire) return unreadable("a questionnaire", questionnaire.error());
        const auto added = reference.questionnaires.add(std::move(*questionnaire));
        if (!added) return unreadable("a questionnaire", added.error());
    }
    const auto ids = reader.centers();
    if (!ids) return unexpected(ids.error());
    for (const survey::CenterId& id : *ids) {
        const auto json = reader.center(id);
        if (!json) return unexpected(json.error());
        auto center = survey::parse_center(json->value_or(""));
        if (!center) return unreadable("the center " + id.text, center.error());
        if (center->id != id) {
            return unexpected(BackendStoreError{BackendStoreErrorKind::corrupt,
                                                "store: the document of the center " + id.text + " is of another one",
                                                "import the center again with `hailong-backend init`"});
        }
        reference.centers.push_back(std::move(*center));
    }
    return reference;
}

Read read_record(std::string_view bytes, const survey::KioskId& kiosk, std::int64_t seq) {
    auto record = survey::decode(bytes);
    if (!record) {
        const Faults& faults = record.error();
        const bool format = std::any_of(faults.begin(), faults.end(),
                                        [](const survey::Fault& fault) { return fault.place == "format"; });
        return {std::nullopt, quarantine(format ? kQuarantineUnknownFormat : kQuarantineUnreadable, survey::describe(faults))};
    }
    if (record->kiosk != kiosk || record->seq != seq) {
        return {std::move(*record), quarantine(kQuarantineWrongPlace, "it says it is record " + std::to_string(record->seq) +
                                                                " of \"" + record->kiosk.text + "\"")};
    }
    return {std::move(*record), {}};
}

survey::TimeEvidence time_evidence_of(const BatchHeader& header, survey::UtcTime received, const TimeFloor& floor,
                               std::int64_t seq) {
    return {received, header.boot, header.sent_monotonic, floor.before(seq)};
}

bool names_text(const survey::Response& response, const survey::ItemId& item) {
    const survey::Answer* answer = survey::answer_to(response.answers, item);
    return answer != nullptr && answer->text.has_value();
}

StoreResult<bool> is_copy(const StoredRecord& record, Reader& reader) {
    if (record.quarantine_reason != kQuarantineDuplicateId || !record.id) return false;
    return reader.holds_id_before(record.kiosk, record.seq, *record.id);
}

namespace {

/// What the documents say of it; what it says of its time is another matter.
Quarantine validate_content(const survey::Response& response, const survey::CenterId& center_id, const Reference& reference) {
    const survey::QuestionnaireRef& ref = response.questionnaire;
    const survey::Questionnaire* questionnaire = reference.questionnaires.find(ref);
    if (questionnaire == nullptr) {
        return quarantine(kQuarantineUnknownQuestionnaire, ref.id.text + " version " + std::to_string(ref.version));
    }
    const survey::Context& context = response.context;
    const survey::Center* center = reference.center(center_id);
    if (center == nullptr || context.center != center_id) {
        return quarantine(kQuarantineUnknownCenter,
                     "the terminal stands at \"" + center_id.text + "\", not at \"" + context.center.text + "\"");
    }
    if (auto found = unless_known(context.counter, center->counter(context.counter), kQuarantineUnknownCounter))
        return *found;
    if (auto found = unless_known(context.officer, center->officer(context.officer), kQuarantineUnknownOfficer))
        return *found;
    if (auto found = unless_known(context.procedure, center->procedure(context.procedure), kQuarantineUnknownProcedure)) {
        return *found;
    }
    if (auto found = unless_known(context.field, center->field(context.field), kQuarantineUnknownField)) return *found;
    const Faults faults = survey::validate(response, *questionnaire);
    if (!faults.empty()) return quarantine(kQuarantineInvalid, survey::describe(faults));
    return {};
}

}  // namespace

Validation validate(const survey::Response& response, const survey::CenterId& center, const Reference& reference,
                const std::optional<survey::TimeEvidence>& evidence) {
    Validation result;
    result.time = evidence ? survey::resolve_time(response, *evidence)
                          : survey::ResolvedTime{response.finished.utc, survey::TimeTrust::trusted};
    result.quarantined = validate_content(response, center, reference);
    if (result.quarantined.counts() && !survey::parse_date(survey::to_string(survey::local_date(result.time.counted_at)))) {
        result.quarantined =
            quarantine(kQuarantineInvalid, "finished: leads to no day of the years 1970 to 9999; check the terminal's clock");
    }
    return result;
}

}  // namespace hailong::sync
