#include "sync/backend/ingest/validate.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "survey/base/utf8.h"

namespace hailong::sync {
namespace {

using survey::Faults;

Quarantine quarantine(QuarantineReason reason, std::string_view detail) {
    return {reason, std::string(survey::shortened(detail, kQuarantineDetailBytesMax))};
}

template <class Id, class Known>
std::optional<Quarantine> unless_known(const Id& id, const Known* known, QuarantineReason reason) {
    if (id.empty() || known != nullptr) return std::nullopt;
    return quarantine(reason, "the center has no \"" + id.text + "\"");
}

std::vector<survey::Uuid> duplicate_ids(std::span<const StoredRecord> records) {
    std::vector<survey::Uuid> ids;
    for (const StoredRecord& record : records) {
        if (record.id && record.quarantine_reason == QuarantineReason::duplicate_id) ids.push_back(*record.id);
    }
    return ids;
}

}  // namespace

bool may_pass(QuarantineReason reason) {
    switch (reason) {
        case QuarantineReason::unknown_format:
        case QuarantineReason::unknown_questionnaire:
        case QuarantineReason::unknown_center:
        case QuarantineReason::unknown_counter:
        case QuarantineReason::unknown_officer:
        case QuarantineReason::unknown_procedure:
        case QuarantineReason::unknown_field:
            return true;
        case QuarantineReason::unreadable:
        case QuarantineReason::wrong_place:
        case QuarantineReason::duplicate_id:
        case QuarantineReason::invalid:
        case QuarantineReason::other:
            return false;
    }
    return false;
}

Read read_record(std::string_view bytes, const survey::KioskId& kiosk, std::int64_t seq) {
    auto record = survey::decode(bytes);
    if (!record) {
        const Faults& faults = record.error();
        const bool format = std::any_of(faults.begin(), faults.end(),
                                        [](const survey::Fault& fault) { return fault.place == "format"; });
        return {std::nullopt, quarantine(format ? QuarantineReason::unknown_format : QuarantineReason::unreadable,
                                         survey::describe(faults))};
    }
    if (record->kiosk != kiosk || record->seq != seq) {
        Quarantine wrong =
            quarantine(QuarantineReason::wrong_place,
                       "it says it is record " + std::to_string(record->seq) + " of \"" + record->kiosk.text + "\"");
        return {std::move(*record), std::move(wrong)};
    }
    return {std::move(*record), {}};
}

survey::TimeEvidence time_evidence_of(const BatchHeader& header, const ReceiptTime& receipt, const TimeFloor& floor,
                                      std::int64_t seq) {
    return {receipt.received, header.boot, header.sent_monotonic, floor.before(seq), receipt.clock_errors};
}

bool names_text(const survey::Response& response, const survey::ItemId& item) {
    const survey::Answer* answer = survey::answer_to(response.answers, item);
    return answer != nullptr && answer->text.has_value();
}

bool may_name_text(const Read& read, const survey::ItemId& item) {
    return !read.record || names_text(read.record->response, item);
}

Quarantine validate_content(const survey::Response& response, const survey::CenterId& center_id,
                            const Reference& reference) {
    const survey::QuestionnaireRef& ref = response.questionnaire;
    const survey::Questionnaire* questionnaire = reference.questionnaires.find(ref);
    if (questionnaire == nullptr) {
        return quarantine(QuarantineReason::unknown_questionnaire,
                          ref.id.text + " version " + std::to_string(ref.version));
    }
    const survey::Context& context = response.context;
    const survey::Center* center = reference.center(center_id);
    if (center == nullptr || context.center != center_id) {
        return quarantine(QuarantineReason::unknown_center,
                          "the terminal stands at \"" + center_id.text + "\", not at \"" + context.center.text + "\"");
    }
    if (auto found = unless_known(context.counter, center->counter(context.counter), QuarantineReason::unknown_counter))
        return *found;
    if (auto found = unless_known(context.officer, center->officer(context.officer), QuarantineReason::unknown_officer))
        return *found;
    if (auto found =
            unless_known(context.procedure, center->procedure(context.procedure), QuarantineReason::unknown_procedure))
        return *found;
    if (auto found = unless_known(context.field, center->field(context.field), QuarantineReason::unknown_field))
        return *found;
    const Faults faults = survey::validate(response, *questionnaire);
    if (!faults.empty()) return quarantine(QuarantineReason::invalid, survey::describe(faults));
    return {};
}

Validation with_time(const Quarantine& content, const survey::Response& response,
                     const std::optional<survey::TimeEvidence>& evidence) {
    Validation result{content, evidence ? survey::resolve_time(response, *evidence)
                                        : survey::ResolvedTime{response.finished.utc, survey::TimeTrust::trusted}};
    if (result.quarantined.counts() && !survey::is_in_range(survey::local_date(result.time.counted_at))) {
        result.quarantined =
            quarantine(QuarantineReason::invalid,
                       "finished: leads to no day of the years 1970 to 9999; check the terminal's clock");
    }
    return result;
}

Validation validate(const survey::Response& response, const survey::CenterId& center, const Reference& reference,
                    const std::optional<survey::TimeEvidence>& evidence) {
    return with_time(validate_content(response, center, reference), response, evidence);
}

bool is_lost(survey::SkipReason reason) {
    return reason == survey::SkipReason::damaged || reason == survey::SkipReason::pruned;
}

StoreResult<std::set<std::int64_t>> copies_among(std::span<const StoredRecord> records, RecordReader& reader) {
    const std::vector<survey::Uuid> ids = duplicate_ids(records);
    if (ids.empty()) return std::set<std::int64_t>{};
    const auto places = reader.find_ids(ids);
    if (!places) return unexpected(places.error());
    return copies_among(records, *places);
}

std::set<std::int64_t> copies_among(std::span<const StoredRecord> records, std::span<const IdPlace> stored) {
    std::map<survey::Uuid, std::int64_t> first_seq;  // that this terminal sent the id under
    const auto note = [&](const survey::Uuid& id, std::int64_t seq) {
        const auto [at, is_new] = first_seq.emplace(id, seq);
        if (!is_new) at->second = std::min(at->second, seq);
    };
    for (const IdPlace& place : stored) {
        if (!records.empty() && place.kiosk == records.front().kiosk) note(place.id, place.seq);
    }
    std::set<std::int64_t> copies;
    for (const StoredRecord& record : records) {
        if (!record.id) continue;
        note(*record.id, record.seq);
        if (record.quarantine_reason == QuarantineReason::duplicate_id && first_seq.at(*record.id) < record.seq) {
            copies.insert(record.seq);
        }
    }
    return copies;
}

}  // namespace hailong::sync
