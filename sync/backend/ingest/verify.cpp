#include "sync/backend/ingest/verify.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace hailong::sync {
namespace {

using survey::Digest;
using survey::Uuid;

/// Reasons that depend on the documents of the day: with a later center or questionnaire the record could count.
bool may_pass(std::string_view reason) {
    static constexpr std::array kReasons = {kAsideUnknownFormat,  kAsideUnknownQuestionnaire, kAsideUnknownCenter,
                                            kAsideUnknownCounter, kAsideUnknownOfficer,       kAsideUnknownProcedure,
                                            kAsideUnknownField};
    return std::find(kReasons.begin(), kReasons.end(), reason) != kReasons.end();
}

std::string described(const TallyKey& key) {
    return "tally of " + key.center.text + ", " + (key.grain == Grain::day ? "day " : "month of ") +
           survey::to_string(key.date) + ", " + key.questionnaire.id.text + " version " +
           std::to_string(key.questionnaire.version) + ", " + std::string(survey::name(key.subject.kind)) +
           (key.subject.id.empty() ? "" : " " + key.subject.id) + (key.flagged ? ", flagged" : "");
}

class Recount {
  public:
    explicit Recount(const Reference& reference) : reference_(reference) {}

    Stored<VerifyReport> run(Reader& reader) {
        const auto terminals = reader.terminals();
        if (!terminals) return unexpected(terminals.error());
        for (const Terminal& terminal : *terminals) {
            const auto walked = walk(reader, terminal);
            if (!walked) return unexpected(walked.error());
        }
        check_ids();
        const auto compared = compare_tallies(reader);
        if (!compared) return unexpected(compared.error());
        return std::move(report_);
    }

  private:
    void difference(std::string sentence) {
        report_.difference_count += 1;
        if (report_.differences.size() < kDifferencesMax) report_.differences.push_back(std::move(sentence));
    }
    void note(std::string sentence) {
        if (report_.notes.size() < kDifferencesMax) report_.notes.push_back(std::move(sentence));
    }

    Stored<void> walk(Reader& reader, const Terminal& terminal) {
        report_.terminals += 1;
        std::int64_t last_seq = 0;
        Digest value = survey::kChainStart;
        const auto walked = reader.each_record(terminal.kiosk, [&](const HeldRecord& record) {
            report_.records += 1;
            const std::string name = "record " + std::to_string(record.seq) + " of " + terminal.kiosk.text;
            if (record.seq != last_seq + 1) {
                difference(terminal.kiosk.text + ": records " + std::to_string(last_seq + 1) + " to " +
                           std::to_string(record.seq - 1) + " are missing");
            } else if (survey::chain(value, record.bytes) != record.hash) {
                difference(name + ": its bytes, or those before it, do not lead to the chain value held");
            }
            value = record.hash;  // go on from what is held, so that one change is told once
            check_judgement(record, terminal, name);
            last_seq = record.seq;
            return true;
        });
        if (!walked) return walked;
        if (last_seq != terminal.last_seq || value != terminal.last_hash) {
            difference(terminal.kiosk.text + ": the terminal's head says record " + std::to_string(terminal.last_seq) +
                       " with chain value " + to_hex(terminal.last_hash) + ", the records end at " +
                       std::to_string(last_seq) + " with " + to_hex(value));
        }
        return {};
    }

    /// Whether the record is rightly counted or rightly set aside; recounts it when it is counted.
    void check_judgement(const HeldRecord& record, const Terminal& terminal, const std::string& name) {
        const Read read = read_record(record.bytes, record.kiosk, record.seq);
        const std::optional<Uuid> id = read.record ? std::optional(read.record->response.id) : std::nullopt;
        if (id != record.id) difference(name + ": the id held is not the one in its bytes");
        Aside now = read.aside;
        if (now.counts()) now = judge(read.record->response, terminal.center, reference_);
        if (record.aside_reason.empty()) {
            check_counted(name, read, now, terminal.center);
        } else {
            check_aside(name, record.aside_reason, id, now);
        }
    }

    void check_counted(const std::string& name, const Read& read, const Aside& now, const survey::CenterId& center) {
        report_.counted += 1;
        if (read.record) counted_ids_.push_back(read.record->response.id);
        const survey::Questionnaire* questionnaire =
            read.record ? reference_.questionnaires.find(read.record->response.questionnaire) : nullptr;
        if (questionnaire == nullptr || (!now.counts() && !may_pass(now.reason))) {
            difference(name + ": is counted, but should be set aside as " + now.reason + ": " + now.detail);
            return;
        }
        if (!now.counts()) note(name + ": counts, but would be " + now.reason + " today: " + now.detail);
        for (const TallyRow& row : tally_rows(read.record->response, *questionnaire, center)) {
            expected_[row.key] += row.tally;
        }
    }

    void check_aside(const std::string& name, const std::string& reason, const std::optional<Uuid>& id,
                     const Aside& now) {
        report_.aside += 1;
        if (id) aside_ids_.push_back(*id);
        if (id && reason == kAsideDuplicateId) repeated_.emplace_back(*id, name);
        if (!now.counts() || reason == kAsideDuplicateId) return;
        if (may_pass(reason)) {
            note(name + ": was set aside as " + reason + "; with what is known today it could be counted");
        } else {
            difference(name + ": is set aside as " + reason + " without cause");
        }
    }

    /// A counted id stands once; a record set aside as duplicate_id has a twin.
    void check_ids() {
        std::sort(counted_ids_.begin(), counted_ids_.end());
        std::sort(aside_ids_.begin(), aside_ids_.end());
        for (auto at = std::adjacent_find(counted_ids_.begin(), counted_ids_.end()); at != counted_ids_.end();
             at = std::adjacent_find(at + 1, counted_ids_.end())) {
            difference("the id " + to_string(*at) + " is counted more than once");
        }
        for (const auto& [id, name] : repeated_) {
            const auto aside = std::equal_range(aside_ids_.begin(), aside_ids_.end(), id);
            if (aside.second - aside.first > 1) continue;
            if (std::binary_search(counted_ids_.begin(), counted_ids_.end(), id)) continue;
            difference(name + ": is set aside as duplicate_id without cause");
        }
    }

    Stored<void> compare_tallies(Reader& reader) {
        const auto read = reader.each_tally([&](const TallyRow& row) {
            report_.tally_rows += 1;
            const auto expected = expected_.find(row.key);
            if (expected == expected_.end()) {
                difference(described(row.key) + ": no record counts for it");
                return true;
            }
            if (expected->second != row.tally) {
                difference(described(row.key) + ": holds " + to_text(row.tally) + ", the records make " +
                           to_text(expected->second));
            }
            expected_.erase(expected);
            return true;
        });
        if (!read) return read;
        for (const auto& [key, tally] : expected_)
            difference(described(key) + ": is missing, the records make " + to_text(tally));
        return {};
    }

    const Reference& reference_;
    VerifyReport report_;
    std::vector<Uuid> counted_ids_;
    std::vector<Uuid> aside_ids_;
    std::vector<std::pair<Uuid, std::string>> repeated_;  // set aside as duplicate_id: id and name
    std::map<TallyKey, survey::Tally> expected_;
};

}  // namespace

Stored<VerifyReport> verify(Reader& reader, const Reference& reference) {
    return Recount(reference).run(reader);
}

}  // namespace hailong::sync
