#include "sync/backend/audit/recount.h"

#include <algorithm>
#include <array>

namespace hailong::sync {
namespace {

using survey::Uuid;

std::string described(const survey::CenterId& center, const survey::TallyKey& key) {
    return "tally of " + center.text + ", " + (key.grain == survey::Grain::day ? "day " : "month of ") +
           survey::to_string(key.date) + ", " + key.questionnaire.id.text + " version " +
           std::to_string(key.questionnaire.version) + ", " + std::string(survey::name(key.subject.kind)) +
           (key.subject.id.empty() ? "" : " " + key.subject.id) + (key.flagged ? ", flagged" : "");
}

std::string described(const TerminalDay& day) {
    return std::to_string(day.stored) + " stored, " + std::to_string(day.counted) + " counted, " +
           std::to_string(day.quarantined) + " quarantined, " + std::to_string(day.copies) + " copies";
}

std::string described(const Totals& totals) {
    return std::to_string(totals.stored) + " stored, " + std::to_string(totals.counted) + " counted, " +
           std::to_string(totals.quarantined) + " quarantined, " + std::to_string(totals.copies) + " copies";
}

std::string text_of(const Quarantine& quarantine) {
    return std::string(quarantine.reason ? name(*quarantine.reason) : "counted");
}

}  // namespace

void Recount::look_at(const AuditedRecord& record) {
    const StoredRecord& stored = record.stored;
    const survey::Response* response = record.read.response();
    const std::optional<Uuid> id = response != nullptr ? std::optional(response->id) : std::nullopt;
    const bool was_unreadable = !stored.id && stored.quarantine_reason == QuarantineReason::unknown_format;
    if (id != stored.id && !was_unreadable) {
        findings_.difference(record.name + ": the id stored is not the one in its bytes");
    }
    const TerminalDay more = terminal_day(stored, stored.id ? response : nullptr, record.is_copy);
    days_.try_emplace(more.day, TerminalDay{more.kiosk, more.day}).first->second += more;
    totals_.stored += 1;
    totals_.copies += more.copies;
    Validation now{record.read.quarantined, {}};
    if (now.quarantined.counts()) now = validate(*response, record.terminal.center, reference_, record.evidence);
    if (!stored.quarantine_reason) {
        check_counted(record, now);
    } else {
        check_quarantined(record, now.quarantined);
    }
}

void Recount::check_counted(const AuditedRecord& record, const Validation& now) {
    const survey::Response* response = record.read.response();
    findings_.report.counted += 1;
    totals_.counted += 1;
    if (response != nullptr) counted_ids_.push_back(response->id);
    const survey::Questionnaire* questionnaire =
        response != nullptr ? reference_.questionnaires.find(response->questionnaire) : nullptr;
    if (questionnaire == nullptr || (!now.quarantined.counts() && !may_pass(*now.quarantined.reason))) {
        findings_.difference(record.name + ": is counted, but should be quarantined as " + text_of(now.quarantined) +
                             ": " + now.quarantined.detail);
        return;
    }
    if (!now.quarantined.counts()) {
        findings_.note(record.name + ": counts, but would be " + text_of(now.quarantined) +
                       " today: " + now.quarantined.detail);
    }
    survey::ResolvedTime time = now.time;
    if (record.former_evidence) {
        const survey::ResolvedTime former = survey::resolve_time(*response, *record.former_evidence);
        if (former == survey::ResolvedTime{record.stored.counted_at, record.stored.trust}) time = former;
    }
    check_time(record, time);
    count(*response, *questionnaire, time, expected_[record.terminal.center]);
}

void Recount::check_time(const AuditedRecord& record, const survey::ResolvedTime& time) {
    const StoredRecord& stored = record.stored;
    if (stored.counted_at != time.counted_at || stored.trust != time.trust) {
        findings_.difference(record.name + ": is counted at " + survey::to_rfc3339(stored.counted_at) + " (" +
                             std::string(survey::name(stored.trust)) + "), the evidence says " +
                             survey::to_rfc3339(time.counted_at) + " (" + std::string(survey::name(time.trust)) + ")");
    }
    switch (time.trust) {
        case survey::TimeTrust::trusted:
            break;
        case survey::TimeTrust::corrected:
            findings_.report.corrected += 1;
            break;
        case survey::TimeTrust::doubtful:
            findings_.report.doubtful += 1;
            break;
    }
    // Why it was quarantined stays with a record that was reprocessed, and with no other.
    if (stored.reprocessed.has_value() == stored.quarantine_detail.empty()) {
        findings_.difference(record.name + ": what is stored of its reprocessing contradicts itself");
    } else if (stored.reprocessed.value_or(record.received) < record.received - kOwnClockTolerance) {
        findings_.contradicting_times(record.name + ": was reprocessed before it came");
    }
}

void Recount::check_quarantined(const AuditedRecord& record, const Quarantine& now) {
    const StoredRecord& stored = record.stored;
    const QuarantineReason reason = *stored.quarantine_reason;
    const std::string word(sync::name(reason));
    const std::string& name = record.name;
    findings_.report.quarantined += 1;
    totals_.quarantined += 1;
    if (const survey::Response* response = record.read.response()) {
        quarantined_ids_.push_back(response->id);
        if (reason == QuarantineReason::duplicate_id) repeated_.emplace_back(response->id, name);
    }
    if (stored.reprocessed || stored.counted_at != survey::UtcTime{} || stored.trust != survey::TimeTrust::doubtful) {
        findings_.difference(name + ": is quarantined, but has a time that it was counted or reprocessed at");
    }
    if (reason == QuarantineReason::other) {
        findings_.difference(name + ": is quarantined for something that is no reason");
        return;
    }
    // Of what the documents decide the explanation is the same for ever.
    if (now.reason == reason && may_pass(reason) && reason != QuarantineReason::unknown_format &&
        now.detail != stored.quarantine_detail) {
        findings_.difference(name + ": is quarantined with another explanation than \"" + now.detail + "\"");
    }
    if (reason == QuarantineReason::duplicate_id) return;
    if (!now.counts() && !may_pass(reason) && now.reason != reason) {
        findings_.difference(name + ": is quarantined as " + word + ", but it is " + text_of(now));
    }
    if (!now.counts()) return;
    if (may_pass(reason)) {
        findings_.note(name + ": was quarantined as " + word + "; with what is known today it could be counted");
    } else {
        findings_.difference(name + ": is quarantined as " + word + " without cause");
    }
}

void Recount::check_ids() {
    std::sort(counted_ids_.begin(), counted_ids_.end());
    std::sort(quarantined_ids_.begin(), quarantined_ids_.end());
    for (auto at = std::adjacent_find(counted_ids_.begin(), counted_ids_.end()); at != counted_ids_.end();
         at = std::adjacent_find(at + 1, counted_ids_.end())) {
        findings_.difference("the id " + to_string(*at) + " is counted more than once");
    }
    for (const auto& [id, name] : repeated_) {
        const auto quarantined = std::equal_range(quarantined_ids_.begin(), quarantined_ids_.end(), id);
        if (quarantined.second - quarantined.first > 1) continue;
        if (std::binary_search(counted_ids_.begin(), counted_ids_.end(), id)) continue;
        findings_.difference(name + ": is quarantined as duplicate_id without cause");
    }
}

StoreResult<void> Recount::compare_tallies(TallyReader& reader) {
    const auto centers = reader.centers();
    if (!centers) return unexpected(centers.error());
    for (const survey::CenterId& center : *centers) {
        survey::TallySheet expected = std::move(expected_[center]);
        expected_.erase(center);
        const auto rows = reader.of_center(center);
        if (!rows) return unexpected(rows.error());
        for (const TallyRow& row : *rows) {
            findings_.report.tally_rows += 1;
            const auto found = expected.find(row.key);
            if (found == expected.end()) {
                findings_.difference(described(center, row.key) + ": no record counts for it");
                continue;
            }
            if (found->second != row.tally) {
                findings_.difference(described(center, row.key) + ": holds " + to_text(row.tally) +
                                     ", the records make " + to_text(found->second));
            }
            expected.erase(found);
        }
        if (!expected.empty()) expected_.emplace(center, std::move(expected));
    }
    for (const auto& [center, sheet] : expected_) {
        for (const auto& [key, tally] : sheet)
            findings_.difference(described(center, key) + ": is missing, the records make " + to_text(tally));
    }
    return {};
}

StoreResult<void> Recount::compare_sums(const Terminal& terminal, TerminalReader& reader) {
    const auto days = reader.days_of(terminal.kiosk);
    if (!days) return unexpected(days.error());
    compare_days(*days);
    // What was skipped is compared by whoever walks the chain.
    totals_.skipped = terminal.totals.skipped;
    totals_.lost = terminal.totals.lost;
    if (totals_ != terminal.totals) {
        findings_.difference(terminal.kiosk.text + ": its totals say " + described(terminal.totals) +
                             "; the records make " + described(totals_));
    }
    days_.clear();
    totals_ = {};
    return {};
}

/// collected is the terminal's word: reconcile compares it.
void Recount::compare_days(const std::vector<TerminalDay>& stored) {
    for (const TerminalDay& day : stored) {
        const auto found = days_.find(day.day);
        TerminalDay expected = found == days_.end() ? TerminalDay{day.kiosk, day.day} : found->second;
        expected.collected = day.collected;
        if (expected != day) {
            findings_.difference(day.kiosk.text + " on " + survey::to_string(day.day) + ": the day says " +
                                 described(day) + "; the records make " + described(expected));
        }
        if (found != days_.end()) days_.erase(found);
    }
    for (const auto& [date, day] : days_) {
        findings_.difference(day.kiosk.text + " on " + survey::to_string(date) +
                             ": the day is missing; the records make " + described(day));
    }
}

}  // namespace hailong::sync
