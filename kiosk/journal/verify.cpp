// Journal::verify: everything that can be recomputed.
#include <algorithm>
#include <set>
#include <utility>

#include "kiosk/journal/record_rows.h"
#include "kiosk/journal/state.h"
#include "kiosk/journal/state_rows.h"

namespace hailong::kiosk {
namespace {

using survey::Digest;
using survey::Grain;
using survey::TallyKey;
using survey::TallySheet;
using survey::sqlite::Connection;
using survey::sqlite::Damage;
using survey::sqlite::Query;
using survey::sqlite::Transaction;

std::string described(const survey::Subject& subject) {
    return std::string(survey::name(subject.kind)) + (subject.id.empty() ? "" : " \"" + subject.id + "\"");
}

class Verifier {
  public:
    Verifier(Connection& file, const survey::KioskId& kiosk) : file_(file), kiosk_(kiosk) {}

    [[nodiscard]] std::vector<std::string> run() {
        verify_structure();
        verify_keys();
        ResponseCounts counts = verify_records();
        verify_texts();
        for (const auto& [group, responses] : read_without_record(file_))
            counts[group] += responses;
        verify_days(std::move(counts));
        verify_months();
        return std::move(faults_);
    }

  private:
    [[nodiscard]] bool is_full() const { return faults_.size() >= Journal::kVerifyFaultsMax; }
    void add(std::string fault) {
        if (!is_full()) faults_.push_back(std::move(fault));
    }
    void verify_structure();
    void verify_keys();
    [[nodiscard]] ResponseCounts verify_records();
    void verify_record(const JournalEntry& entry, const survey::Uuid& id, ResponseCounts& counts);
    void verify_texts();
    void verify_days(ResponseCounts missing);
    void verify_month(const std::string& month, TallySheet days);
    void verify_months();

    Connection& file_;
    const survey::KioskId& kiosk_;
    std::vector<std::string> faults_;
};

void Verifier::verify_structure() {
    Query row(file_, "PRAGMA integrity_check(10)");
    while (row.step()) {
        if (row.view_at(0) != "ok") add("file: " + row.text_at(0));
    }
}

void Verifier::verify_keys() {
    for (const auto read : {&read_text_key, &read_ticket_key}) {
        try {
            (void)read(file_);
        } catch (const Damage& damage) {
            add(damage.what());
        }
    }
}

/// Everything but its place in the chain. Counts it where it can be read.
void Verifier::verify_record(const JournalEntry& entry, const survey::Uuid& id, ResponseCounts& counts) {
    const std::string place = "seq " + std::to_string(entry.seq) + ": ";
    const auto record = survey::decode(entry.bytes);
    if (!record) {
        add(place + "the record can't be read: " + survey::describe(record.error()));
        return;
    }
    if (record->seq != entry.seq) add(place + "the record says seq " + std::to_string(record->seq));
    if (record->kiosk != kiosk_) add(place + "the record says terminal " + record->kiosk.text);
    if (record->response.id != id) add(place + "the record says id " + survey::to_string(record->response.id));
    counts[group_of(record->response)] += 1;
}

ResponseCounts Verifier::verify_records() {
    ResponseCounts counts;
    const ChainHead base = read_base(file_);
    const std::vector<Skip> skips = read_skips(file_);
    auto skip = skips.begin();
    std::int64_t expected_seq = base.seq + 1;
    Digest before = base.hash;
    // Past the skips that begin at or before the number expected.
    const auto pass_skips = [&] {
        for (; skip != skips.end() && skip->first_seq <= expected_seq; ++skip) {
            if (skip->last_seq < expected_seq) continue;
            expected_seq = skip->last_seq + 1;
            before = survey::kChainStart;
        }
    };
    Query row(file_, "SELECT seq, hash, bytes, id FROM records ORDER BY seq");
    while (row.step() && !is_full()) {
        const JournalEntry entry = entry_at(row);
        pass_skips();
        if (entry.seq < expected_seq) {
            add("seq " + std::to_string(entry.seq) +
                ": stands under a number that is skipped or not in this file any more");
        } else if (entry.seq > expected_seq) {
            add("seq " + std::to_string(expected_seq) + ": missing; the next record is seq " +
                std::to_string(entry.seq));
        }
        if (survey::chain(before, entry.bytes) != entry.hash) {
            add("seq " + std::to_string(entry.seq) + ": the record's bytes do not match its chain value");
        }
        verify_record(entry, row.bytes_at<survey::Uuid>(3), counts);
        before = entry.hash;  // so that one changed record is blamed alone
        expected_seq = std::max(expected_seq, entry.seq + 1);
    }
    pass_skips();
    if (const std::int64_t delivered = read_delivered(file_); delivered >= expected_seq) {
        add("seq " + std::to_string(delivered) + ": confirmed by the backend, but missing here");
    }
    return counts;
}

void Verifier::verify_texts() {
    Query row(file_, "SELECT seq, item FROM sealed_texts WHERE seq NOT IN (SELECT seq FROM records)");
    while (row.step() && !is_full()) {
        add("seq " + std::to_string(row.integer_at(0)) + ": the text of \"" + row.text_at(1) +
            "\" stands beside no record");
    }
}

/// `missing`: how many responses the days should count.
void Verifier::verify_days(ResponseCounts missing) {
    Query row(file_, "SELECT day, questionnaire, version, flagged, subject_kind, subject_id, tally FROM day_tallies");
    while (row.step() && !is_full()) {
        const std::string day = row.text_at(0);
        const auto key = maybe_key_at(row, Grain::day);
        if (!key) {
            add("tally of " + day + ": stands under no day or subject");
            continue;
        }
        // Other subjects' tallies only have to be readable: the next response of that day adds to them.
        const auto counted = survey::parse_tally(row.view_at(6));
        if (!counted) {
            add("tally of " + day + ": can't be read: " + survey::describe(counted.error()));
            continue;
        }
        if (key->subject.kind != survey::SubjectKind::visit) continue;
        const survey::QuestionnaireRef& ref = key->questionnaire;
        const auto found = missing.find(group_of(*key));
        const std::int64_t recounted = found == missing.end() ? 0 : found->second;
        if (found != missing.end()) missing.erase(found);
        if (counted->responses != recounted) {
            add("tally of " + day + ", " + ref.id.text + " version " + std::to_string(ref.version) + ": counts " +
                std::to_string(counted->responses) + " responses, the records say " + std::to_string(recounted));
        }
    }
    for (const auto& [group, count] : missing) {
        add("tally of " + survey::to_string(group.date) + ": missing; the records say " + std::to_string(count) +
            " responses");
    }
}

/// `days`: what the days of this month add up to.
void Verifier::verify_month(const std::string& month, TallySheet days) {
    Query row(file_,
              "SELECT month, questionnaire, version, flagged, subject_kind, subject_id, tally FROM month_tallies "
              "WHERE month = ?");
    row.text(month);
    while (row.step() && !is_full()) {
        const auto key = maybe_key_at(row, Grain::month);
        if (!key) {
            add("tally of " + month + ": stands under no month or subject");
            continue;
        }
        const auto counted = survey::parse_tally(row.view_at(6));
        if (!counted) {
            add("tally of " + month + ": can't be read: " + survey::describe(counted.error()));
            continue;
        }
        if (!is_sum_of_days(*key)) continue;
        const auto found = days.find(*key);
        if (found == days.end() || found->second != *counted) {
            add("tally of " + month + ": " + described(key->subject) + " is not the sum of its days");
        }
        if (found != days.end()) days.erase(found);
    }
    for (const auto& [key, tally] : days)
        add("tally of " + month + ": " + described(key.subject) + " is missing, its days are there");
}

/// One month in memory at a time.
void Verifier::verify_months() {
    std::set<std::string> checked;
    std::string month;
    TallySheet days;
    const auto check_month = [&] {
        if (!month.empty() && checked.insert(month).second) verify_month(month, std::exchange(days, {}));
    };
    Query row(file_,
              "SELECT day, questionnaire, version, flagged, subject_kind, subject_id, tally FROM day_tallies "
              "ORDER BY day");
    while (row.step()) {
        auto key = maybe_key_at(row, Grain::day);
        const auto counted = survey::parse_tally(row.view_at(6));
        if (!key || !counted) return;  // said already
        TallyKey sum = survey::month_key(std::move(*key));
        if (month_text(sum.date) != month) check_month();
        month = month_text(sum.date);
        days[std::move(sum)] += *counted;
    }
    check_month();
    Query months(file_, "SELECT DISTINCT month FROM month_tallies");
    while (months.step()) {
        const std::string text = months.text_at(0);
        if (checked.count(text) == 0) verify_month(text, {});
    }
}

}  // namespace

StoreResult<std::vector<std::string>> Journal::verify() const {
    return state_->database->run("be verified", [&] {
        // One state: the kiosk may append meanwhile.
        const Transaction same_state(state_->file(), Transaction::Kind::read);
        return Verifier(state_->file(), state_->kiosk).run();
    });
}

void Journal::interrupt() const noexcept {
    state_->file().interrupt();
}

}  // namespace hailong::kiosk
