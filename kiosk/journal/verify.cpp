// Journal::verify: everything that can be recomputed.
#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include <SQLiteCpp/Transaction.h>

#include "kiosk/journal/state.h"

namespace hailong::kiosk {

using survey::Digest;

namespace {

std::string described(const survey::Subject& subject) {
    return std::string(survey::name(subject.kind)) + (subject.id.empty() ? "" : " \"" + subject.id + "\"");
}

}  // namespace

void Journal::State::verify_records(std::vector<std::string>& faults, ResponseCounts& counts) {
    SQLite::Statement row(sqlite(), "SELECT seq, hash, bytes, id FROM records ORDER BY seq");
    const ChainHead base_here = read_base();
    const std::vector<Skip> all_skips = read_skips();
    auto skip = all_skips.begin();
    std::int64_t expected_seq = base_here.seq + 1;
    Digest before = base_here.hash;
    // Past the skips that begin at or before the number expected.
    const auto pass_skips = [&] {
        for (; skip != all_skips.end() && skip->first_seq <= expected_seq; ++skip) {
            if (skip->last_seq < expected_seq) continue;
            expected_seq = skip->last_seq + 1;
            before = survey::kChainStart;
        }
    };
    while (row.executeStep() && faults.size() < kVerifyFaultsMax) {
        const JournalEntry entry{row.getColumn(0).getInt64(), digest_of(row.getColumn(1)),
                                 row.getColumn(2).getString()};
        const std::string place = "seq " + std::to_string(entry.seq) + ": ";
        pass_skips();
        if (entry.seq < expected_seq) {
            faults.push_back(place + "stands under a number that is skipped or not in this file any more");
        } else if (entry.seq > expected_seq) {
            faults.push_back("seq " + std::to_string(expected_seq) + ": missing; the next record is seq " +
                             std::to_string(entry.seq));
        }
        if (survey::chain(before, entry.bytes) != entry.hash) {
            faults.push_back(place + "the record's bytes do not match its chain value");
        }
        const auto record = survey::decode(entry.bytes);
        if (!record) {
            faults.push_back(place + "the record can't be read: " + survey::describe(record.error()));
        } else {
            if (record->seq != entry.seq)
                faults.push_back(place + "the record says seq " + std::to_string(record->seq));
            if (record->kiosk != kiosk) faults.push_back(place + "the record says terminal " + record->kiosk.text);
            const auto id = row.getColumn(3);
            if (id.getBytes() != 16 || std::memcmp(id.getBlob(), record->response.id.bytes.data(), 16) != 0) {
                faults.push_back(place + "the record says id " + survey::to_string(record->response.id));
            }
            counts[group_of(record->response)] += 1;
        }
        before = entry.hash;  // so that one changed record is blamed alone
        expected_seq = std::max(expected_seq, entry.seq + 1);
    }
    pass_skips();
    if (read_delivered() >= expected_seq) {
        faults.push_back("seq " + std::to_string(read_delivered()) + ": confirmed by the backend, but missing here");
    }
}

void Journal::State::verify_texts(std::vector<std::string>& faults) {
    SQLite::Statement row(sqlite(), "SELECT seq, item FROM boxes WHERE seq NOT IN (SELECT seq FROM records)");
    while (row.executeStep() && faults.size() < kVerifyFaultsMax) {
        faults.push_back("seq " + std::to_string(row.getColumn(0).getInt64()) + ": the words of \"" +
                         row.getColumn(1).getString() + "\" stand beside no record");
    }
}

void Journal::State::verify_ticket_key(std::vector<std::string>& faults) {
    try {
        (void)read_ticket_key();
    } catch (const Damage& damage) {
        faults.emplace_back(damage.what());
    }
}

void Journal::State::add_gone(ResponseCounts& counts) {
    SQLite::Statement row(sqlite(), "SELECT day, questionnaire, version, flagged, responses FROM gone_responses");
    while (row.executeStep()) {
        counts[{row.getColumn(0).getString(),
                {survey::QuestionnaireId{row.getColumn(1).getString()}, row.getColumn(2).getInt64()},
                row.getColumn(3).getInt() != 0}] += row.getColumn(4).getInt64();
    }
}

void Journal::State::verify_tallies(std::vector<std::string>& faults, const ResponseCounts& counts) {
    ResponseCounts missing = counts;
    SQLite::Statement row(sqlite(), std::string("SELECT ") + kDayColumns + " FROM day_tallies");
    while (row.executeStep() && faults.size() < kVerifyFaultsMax) {
        const std::string day = row.getColumn(0).getString();
        const auto key = key_of(row, Grain::day);
        if (!key) {
            faults.push_back("tally of " + day + ": stands under no day or subject");
            continue;
        }
        // Other subjects' tallies only have to be readable: the next response of that day adds to them.
        const auto counted = survey::parse_tally(tally_text(row));
        if (!counted) {
            faults.push_back("tally of " + day + ": can't be read: " + survey::describe(counted.error()));
            continue;
        }
        if (key->subject.kind != survey::SubjectKind::visit) continue;
        const survey::QuestionnaireRef& ref = key->questionnaire;
        const auto found = missing.find({day, ref, key->flagged});
        const std::int64_t recounted = found == missing.end() ? 0 : found->second;
        if (found != missing.end()) missing.erase(found);
        if (counted->responses != recounted) {
            faults.push_back("tally of " + day + ", " + ref.id.text + " version " + std::to_string(ref.version) +
                             ": counts " + std::to_string(counted->responses) + " responses, the records say " +
                             std::to_string(recounted));
        }
    }
    for (const auto& [key, count] : missing) {
        if (faults.size() >= kVerifyFaultsMax) return;
        faults.push_back("tally of " + std::get<0>(key) + ": missing; the records say " + std::to_string(count) +
                         " responses");
    }
}

/// `days`: what the days of this month add up to.
void Journal::State::verify_month(std::vector<std::string>& faults, const std::string& month, Tallies days) {
    SQLite::Statement row(sqlite(), std::string("SELECT ") + kMonthColumns + " FROM month_tallies WHERE month = ?");
    row.bind(1, month);
    while (row.executeStep() && faults.size() < kVerifyFaultsMax) {
        const auto key = key_of(row, Grain::month);
        if (!key) {
            faults.push_back("tally of " + month + ": stands under no month or subject");
            continue;
        }
        const auto counted = survey::parse_tally(tally_text(row));
        if (!counted) {
            faults.push_back("tally of " + month + ": can't be read: " + survey::describe(counted.error()));
            continue;
        }
        if (key->subject.kind == survey::SubjectKind::officer) continue;
        const auto found = days.find(*key);
        if (found == days.end() || found->second != *counted) {
            faults.push_back("tally of " + month + ": " + described(key->subject) + " is not the sum of its days");
        }
        if (found != days.end()) days.erase(found);
    }
    for (const auto& [key, tally] : days) {
        if (faults.size() >= kVerifyFaultsMax) return;
        faults.push_back("tally of " + month + ": " + described(key.subject) + " is missing, its days are there");
    }
}

/// One month in memory at a time.
void Journal::State::verify_months(std::vector<std::string>& faults) {
    std::set<std::string> checked;
    std::string month;
    Tallies days;
    const auto check_month = [&] {
        if (!month.empty() && checked.insert(month).second) verify_month(faults, month, std::exchange(days, {}));
    };
    SQLite::Statement row(sqlite(), std::string("SELECT ") + kDayColumns + " FROM day_tallies ORDER BY day");
    while (row.executeStep()) {
        auto key = key_of(row, Grain::day);
        const auto counted = survey::parse_tally(tally_text(row));
        if (!key || !counted) return;  // said already
        TallyKey sum = month_key(std::move(*key));
        if (sum.date != month) check_month();
        month = sum.date;
        days[std::move(sum)] += *counted;
    }
    check_month();
    SQLite::Statement months(sqlite(), "SELECT DISTINCT month FROM month_tallies");
    while (months.executeStep()) {
        const std::string text = months.getColumn(0).getString();
        if (checked.count(text) == 0) verify_month(faults, text, {});
    }
}

Expected<std::vector<std::string>, StoreError> Journal::verify() const {
    using Sentences = std::vector<std::string>;
    return state_->database.run<Sentences>("be verified", [&]() -> Expected<Sentences, StoreError> {
        // One read transaction: the kiosk may append meanwhile.
        SQLite::Transaction same_state(state_->sqlite());
        Sentences faults;
        SQLite::Statement structure(state_->sqlite(), "PRAGMA integrity_check(10)");
        while (structure.executeStep()) {
            const std::string line = structure.getColumn(0).getString();
            if (line != "ok") faults.push_back("file: " + line);
        }
        const auto key = text_key();
        if (!key) faults.push_back(key.error().what);
        state_->verify_ticket_key(faults);
        ResponseCounts counts;
        state_->verify_records(faults, counts);
        state_->verify_texts(faults);
        state_->add_gone(counts);
        state_->verify_tallies(faults, counts);
        state_->verify_months(faults);
        return faults;
    });
}

}  // namespace hailong::kiosk
