#include "sync/backend/ingest/correct_times.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>
#include <vector>

#include "sync/backend/ingest/tallies.h"
#include "sync/backend/ingest/validate.h"

namespace hailong::sync {
namespace {

using Refusal = Expected<CorrectedTimes, std::string>;

/// Records read at once.
constexpr std::size_t kPage = 1'000;

std::string named(const TimeCorrection& one) {
    return "batches " + std::to_string(one.first_batch) + " to " + std::to_string(one.last_batch);
}

/// Why it can't be recorded beside those in effect; empty when it can.
std::string refusal_of(const TimeCorrection& correction, const std::vector<TimeCorrection>& in_effect,
                       std::int64_t newest_batch) {
    if (correction.first_batch < 1 || correction.last_batch < correction.first_batch ||
        correction.last_batch > newest_batch) {
        return "there are no " + named(correction) + ": the store has batches 1 to " + std::to_string(newest_batch);
    }
    if (std::chrono::abs(correction.ahead) > kCorrectionMax) return "no clock is wrong by more than a century";
    const auto is_same = [&](const TimeCorrection& one) {
        return one.first_batch == correction.first_batch && one.last_batch == correction.last_batch;
    };
    for (const TimeCorrection& one : in_effect) {
        if (one.last_batch < correction.first_batch || one.first_batch > correction.last_batch) continue;
        if (!is_same(one)) {
            return named(one) +
                   " are corrected already; correct the same ones again, or take that back with "
                   "--seconds-ahead=0 first";
        }
    }
    if (correction.ahead.count() == 0 && std::none_of(in_effect.begin(), in_effect.end(), is_same)) {
        return named(correction) + " have no correction that could be taken back";
    }
    return {};
}

/// The records of one terminal, resolved anew from the first that a correction may touch.
class Anew {
  public:
    Anew(const Reference& reference, Transaction& transaction, CorrectedTimes& result)
        : reference_(reference), transaction_(transaction), result_(result) {}

    /// The inner error is a sentence.
    StoreResult<Expected<void, std::string>> resolve(Terminal terminal, const std::vector<StoredBatch>& batches,
                                                     std::size_t first) {
        // Of batches that overlap, the one kept first brought what both span.
        const std::int64_t known = first == 0 ? 0 : batches[first - 1].first_seq + batches[first - 1].count - 1;
        const std::int64_t start = std::max(batches[first].first_seq, known + 1);
        const auto before = transaction_.records().counted_before(terminal.kiosk, start, 1);
        if (!before) return unexpected(before.error());
        const auto until = transaction_.records().unsigned_until(terminal.kiosk);
        if (!until) return unexpected(until.error());
        unsigned_until_ = *until;
        TimeFloor floor(*before);
        std::size_t at = first;
        for (std::int64_t next = start; next > 0;) {
            const auto page = transaction_.records().page(terminal.kiosk, next, kPage);
            if (!page) return unexpected(page.error());
            std::vector<ResolvedRecord> moved;
            for (const StoredRecord& stored : *page) {
                while (at + 1 < batches.size() && batches[at].first_seq + batches[at].count <= stored.seq)
                    ++at;
                auto looked = look_at(stored, terminal, batches[at], floor, moved);
                if (!looked) return looked;
            }
            const auto kept = transaction_.records().resolve_anew(moved);
            if (!kept) return unexpected(kept.error());
            result_.records += static_cast<std::int64_t>(moved.size());
            next = page->size() < kPage ? 0 : page->back().seq + 1;
        }
        if (floor.last() == terminal.last_counted) return Expected<void, std::string>();
        terminal.last_counted = floor.last();
        const auto put = transaction_.terminals().put(terminal);
        if (!put) return unexpected(put.error());
        return Expected<void, std::string>();
    }

    /// What was counted goes off one day and onto another; once, at the end.
    StoreResult<void> move_tallies() {
        const auto gone = transaction_.tallies().subtract(off_);
        return gone ? write_tallies(onto_, transaction_) : gone;
    }
    [[nodiscard]] const CenterSheets& off() const { return off_; }
    [[nodiscard]] const CenterSheets& onto() const { return onto_; }

  private:
    Expected<void, std::string> look_at(const StoredRecord& stored, const Terminal& terminal, const StoredBatch& batch,
                                        TimeFloor& floor, std::vector<ResolvedRecord>& moved) {
        if (stored.quarantine_reason) return {};
        const Read read = read_record(stored.bytes, stored.kiosk, stored.seq);
        const survey::Response* response = read.response();
        const survey::Questionnaire* questionnaire =
            response != nullptr ? reference_.questionnaires.find(response->questionnaire) : nullptr;
        if (questionnaire == nullptr) {
            return unexpected("record " + std::to_string(stored.seq) + " of " + stored.kiosk.text +
                              " is counted but can't be read; run `hailong-backend verify` first");
        }
        survey::ResolvedTime time{stored.counted_at, stored.trust};
        if (stored.seq > unsigned_until_) time = resolve(stored, *response, batch, floor);
        if (!survey::is_in_range(survey::local_date(time.counted_at))) {
            return unexpected("it would put record " + std::to_string(stored.seq) + " of " + stored.kiosk.text +
                              " on no day of the years 1970 to 9999");
        }
        if (!stored.reprocessed) floor.counted(stored.seq, time);
        const survey::ResolvedTime before{stored.counted_at, stored.trust};
        if (time == before) return {};
        moved.push_back({stored.kiosk, stored.seq, time});
        count(*response, *questionnaire, before, off_[terminal.center]);
        count(*response, *questionnaire, time, onto_[terminal.center]);
        return {};
    }

    [[nodiscard]] survey::ResolvedTime resolve(const StoredRecord& stored, const survey::Response& response,
                                               const StoredBatch& batch, const TimeFloor& floor) const {
        const BatchHeader header = decode_header(batch.header_bytes).value_or(BatchHeader{});
        const ReceiptTime receipt = receipt_time(reference_.corrections, batch.number, stored.received);
        return survey::resolve_time(response, time_evidence_of(header, receipt, floor, stored.seq));
    }

    const Reference& reference_;
    Transaction& transaction_;
    CorrectedTimes& result_;
    std::int64_t unsigned_until_ = 0;
    CenterSheets off_;
    CenterSheets onto_;
};

/// Every answer counts once for the whole visit on its day.
std::int64_t answers_in(const survey::TallySheet& sheet, survey::Date day) {
    std::int64_t answers = 0;
    for (const auto& [key, tally] : sheet) {
        const bool is_visit = key.grain == survey::Grain::day && key.subject.kind == survey::SubjectKind::visit;
        if (is_visit && key.date == day) answers += tally.responses;
    }
    return answers;
}

StoreResult<void> fill_days(const Anew& anew, TallyReader& tallies, CorrectedTimes& result) {
    for (const CenterSheets* sheets : {&anew.off(), &anew.onto()}) {
        for (const auto& [center, sheet] : *sheets) {
            for (const auto& [key, tally] : sheet) {
                if (key.grain == survey::Grain::day) result.days[center].try_emplace(key.date);
            }
        }
    }
    for (auto& [center, days] : result.days) {
        for (auto& [day, counts] : days) {
            const auto rows =
                tallies.find({center, survey::Grain::day, day, day, survey::SubjectKind::visit, std::nullopt});
            if (!rows) return unexpected(rows.error());
            for (const TallyRow& row : *rows)
                counts.second += row.tally.responses;
            counts.first = counts.second;
            if (const auto onto = anew.onto().find(center); onto != anew.onto().end()) {
                counts.first -= answers_in(onto->second, day);
            }
            if (const auto off = anew.off().find(center); off != anew.off().end()) {
                counts.first += answers_in(off->second, day);
            }
        }
        std::erase_if(days, [](const auto& day) { return day.second.first == day.second.second; });
    }
    return {};
}

/// Why the clocks speak against it; empty when they do not.
StoreResult<std::string> why_clocks_contradict(const TimeCorrection& correction, const Reference& reference,
                                               std::vector<TimeCorrection> others, Snapshot& snapshot) {
    if (correction.ahead.count() == 0) return std::string();
    Reference one = reference;
    one.corrections = std::move(others);
    const auto receipts = read_receipts(one, snapshot);
    if (!receipts) return unexpected(receipts.error());
    return contradiction_of(*receipts, correction.first_batch, correction.last_batch, correction.ahead,
                            correction.recorded);
}

StoreResult<void> keep_trace(const TimeCorrection& correction, const CorrectedTimes& result, Transaction& transaction) {
    const std::string what = correction.ahead.count() == 0
                                 ? "the correction of " + named(correction) + " was taken back"
                                 : named(correction) + " were received while this machine's clock stood " +
                                       described_error(correction.ahead);
    const std::array incidents = {Incident{correction.recorded,
                                           {},
                                           IncidentKind::times,
                                           what + ": " + std::to_string(result.records) +
                                               " answers are dated anew; recorded by " + correction.by + " at " +
                                               survey::to_rfc3339(correction.recorded) + ": " + correction.reason,
                                           {}}};
    return transaction.incidents().add(incidents);
}

}  // namespace

std::string described_error(survey::milliseconds ahead) {
    const auto seconds = std::chrono::round<std::chrono::seconds>(std::chrono::abs(ahead)).count();
    const auto days = seconds / 86'400;
    std::array<char, 16> time{};
    std::snprintf(time.data(), time.size(), "%d:%02d:%02d", static_cast<int>(seconds / 3'600 % 24),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    return (days == 0 ? std::string() : std::to_string(days) + (days == 1 ? " day " : " days ")) + time.data() +
           (ahead.count() < 0 ? " behind" : " ahead");
}

StoreResult<Refusal> correct_times(const TimeCorrection& correction, Transaction& transaction) {
    const auto before = load_reference(transaction);
    if (!before) return unexpected(before.error());
    const auto terminals = transaction.terminals().page({}, std::numeric_limits<std::size_t>::max());
    if (!terminals) return unexpected(terminals.error());
    std::vector<std::vector<StoredBatch>> batches;
    std::int64_t newest = 0;
    for (const Terminal& terminal : *terminals) {
        auto own = transaction.records().batches(terminal.kiosk);
        if (!own) return unexpected(own.error());
        if (!own->empty()) newest = std::max(newest, own->back().number);
        batches.push_back(std::move(*own));
    }
    if (std::string why = refusal_of(correction, before->corrections, newest); !why.empty()) {
        return Refusal(unexpected(std::move(why)));
    }
    std::vector<TimeCorrection> others = before->corrections;
    std::erase_if(others, [&](const TimeCorrection& one) { return correction.covers(one.first_batch); });
    const auto why = why_clocks_contradict(correction, *before, std::move(others), transaction);
    if (!why) return unexpected(why.error());
    if (!why->empty()) return Refusal(unexpected(*why));

    const auto added = transaction.documents().add_time_correction(correction);
    if (!added) return unexpected(added.error());
    const auto reference = load_reference(transaction);
    if (!reference) return unexpected(reference.error());
    CorrectedTimes result;
    Anew anew(*reference, transaction, result);
    for (std::size_t i = 0; i < terminals->size(); ++i) {
        const std::vector<StoredBatch>& own = batches[i];
        result.batches += std::count_if(own.begin(), own.end(),
                                        [&](const StoredBatch& one) { return correction.covers(one.number); });
        const auto first = std::find_if(own.begin(), own.end(),
                                        [&](const StoredBatch& one) { return one.number >= correction.first_batch; });
        if (first == own.end()) continue;
        const auto resolved = anew.resolve((*terminals)[i], own, static_cast<std::size_t>(first - own.begin()));
        if (!resolved) return unexpected(resolved.error());
        if (!*resolved) return Refusal(unexpected(resolved->error()));
    }
    const auto moved = anew.move_tallies();
    if (!moved) return unexpected(moved.error());
    const auto filled = fill_days(anew, transaction.tallies(), result);
    if (!filled) return unexpected(filled.error());
    const auto kept = keep_trace(correction, result, transaction);
    if (!kept) return unexpected(kept.error());
    return Refusal(std::move(result));
}

}  // namespace hailong::sync
