#include "sync/backend/ingest/ingest.h"

#include <algorithm>
#include <utility>

namespace hailong::sync {
namespace {

using survey::Digest;
using survey::UtcTime;

Problem problem(ProblemKind kind, std::string detail) {
    Problem result;
    result.kind = kind;
    result.detail = std::move(detail);
    return result;
}

Problem gap(std::int64_t wanted, std::int64_t first) {
    Problem result = problem(ProblemKind::gap, "the batch starts at " + std::to_string(first) + ", stored is up to " +
                                                   std::to_string(wanted - 1));
    result.wanted_seq = wanted;
    return result;
}

/// The chain values that the batch's bytes lead to, one a record, from the previous hash it claims.
std::vector<Digest> chain_values(const Batch& batch) {
    std::vector<Digest> values;
    values.reserve(batch.records.size());
    Digest value = batch.header.previous_hash;
    for (const std::string& bytes : batch.records) {
        value = survey::chain(value, bytes);
        values.push_back(value);
    }
    return values;
}

/// Numbers, both included, that are now known to stand for no record.
using Range = survey::Skip;

std::string described(const Range& range) {
    return range.first_seq == range.last_seq
               ? "number " + std::to_string(range.first_seq) + " stands"
               : "numbers " + std::to_string(range.first_seq) + " to " + std::to_string(range.last_seq) + " stand";
}

/// The parts of `skipped` that tile `first` to `last` without a hole; empty when they do not.
std::vector<Range> tiles(const std::vector<survey::Skip>& skipped, std::int64_t first, std::int64_t last) {
    std::vector<Range> result;
    std::int64_t next = first;
    for (const survey::Skip& range : skipped) {
        if (range.last_seq < next || range.first_seq > last) continue;
        if (range.first_seq > next) return {};
        result.push_back({next, std::min(range.last_seq, last), range.reason});
        next = result.back().last_seq + 1;
    }
    if (next <= last) return {};
    return result;
}

/// The batch as received, but for its texts: texts that are erased must not live on as evidence.
std::string evidence_of(const Batch& batch) {
    std::string text = batch.header_bytes + '\n';
    for (const std::string& record : batch.records) {
        if (text.size() + record.size() + 1 > kEvidenceBytesMax) return text;
        text += record + '\n';
    }
    return text + "{\"signature\":\"" + survey::key_text(batch.signature) + "\"}\n";
}

/// One batch on its way in. The steps return early with a store error; a Problem is the protocol's refusal.
class Intake {
  public:
    Intake(const Batch& batch, const Terminal& terminal, const Reference& reference, UtcTime received,
           WriteTransaction& transaction, TallySheet& sheet)
        : batch_(batch),
          header_(batch.header),
          terminal_(terminal),
          reference_(reference),
          received_(received),
          transaction_(transaction),
          sheet_(sheet) {}

    StoreResult<IngestAnswer> run() {
        if (header_.kiosk != terminal_.kiosk) {
            return refused(problem(ProblemKind::forbidden, "the token belongs to \"" + terminal_.kiosk.text + "\""));
        }
        if (!terminal_.key || !is_signed_by(batch_.header_bytes, batch_.signature, *terminal_.key)) {
            return badly_signed();
        }
        const auto misplaced = find_misplaced();
        if (!misplaced) return unexpected(misplaced.error());
        if (!misplaced->empty()) return refused(problem(ProblemKind::malformed, *misplaced));
        if (header_.first_seq > terminal_.last_seq + 1) {
            skips_ = tiles(header_.skipped, terminal_.last_seq + 1, header_.first_seq - 1);
            if (skips_.empty()) return refused(gap(terminal_.last_seq + 1, header_.first_seq));
        } else {
            const auto before = stored_at(header_.first_seq - 1);
            if (!before) return unexpected(before.error());
            if (*before != header_.previous_hash) return altered(header_.first_seq - 1, header_.previous_hash, *before);
        }
        values_ = chain_values(batch_);
        if (values_.empty() || values_.back() != header_.last_hash) {
            return refused(problem(ProblemKind::chain_mismatch, "the records do not lead to last_hash"));
        }
        const auto duplicates = count_duplicates();
        if (!duplicates) return unexpected(duplicates.error());
        if (*duplicates != kAltered) return take(static_cast<std::size_t>(*duplicates));
        return altered(altered_seq_, value_at(altered_seq_), altered_stored_);
    }

  private:
    static constexpr std::int64_t kAltered = -1;

    static StoreResult<IngestAnswer> refused(Problem problem) { return IngestAnswer(unexpected(std::move(problem))); }

    std::int64_t last_seq() const { return header_.first_seq + static_cast<std::int64_t>(batch_.records.size()) - 1; }
    const Digest& value_at(std::int64_t seq) const {
        return values_[static_cast<std::size_t>(seq - header_.first_seq)];
    }
    const std::string& bytes_at(std::int64_t seq) const {
        return batch_.records[static_cast<std::size_t>(seq - header_.first_seq)];
    }

    StoreResult<void> note(std::string_view kind, std::string detail, std::string evidence) {
        return transaction_.add_incident(
            {received_, terminal_.kiosk, std::string(kind), std::move(detail), std::move(evidence)});
    }

    /// Somebody else's batch, or one that was changed on the way. Kept once a day: whoever repeats it fills no disk.
    StoreResult<IngestAnswer> badly_signed() {
        const std::string day = survey::to_string(survey::local_date(received_));
        const auto noted =
            note(kIncidentBadSignature, "on " + day + " a batch came that the terminal's key did not sign",
                 batch_.header_bytes);
        if (!noted) return unexpected(noted.error());
        return refused(problem(ProblemKind::bad_signature,
                               terminal_.key
                                   ? "the batch is not signed with the key of \"" + terminal_.kiosk.text + "\""
                                   : "\"" + terminal_.kiosk.text + "\" has no key: enrol it"));
    }

    /// A sentence about the first record or sealed that stands where none can be; empty when there is none.
    StoreResult<std::string> find_misplaced() {
        for (const survey::SealedText& sealed : batch_.texts) {
            if (sealed.seq < header_.first_seq || sealed.seq > last_seq()) {
                return "a sealed text belongs to record " + std::to_string(sealed.seq) + ", which is not in the batch";
            }
        }
        const auto skips = transaction_.skips(terminal_.kiosk);
        if (!skips) return unexpected(skips.error());
        for (const StoredSkip& skip : *skips) {
            if (skip.first_seq <= last_seq() && skip.last_seq >= header_.first_seq) {
                return described(Range{skip.first_seq, skip.last_seq}) +
                       " for no record, as the terminal said; the batch brings records there";
            }
        }
        return std::string();
    }

    StoreResult<Digest> stored_at(std::int64_t seq) {
        if (seq == terminal_.last_seq) return terminal_.last_hash;
        auto stored = transaction_.hash_at(terminal_.kiosk, seq);
        if (!stored) return unexpected(stored.error());
        if (!*stored) {
            return unexpected(BackendStoreError{
                BackendStoreErrorKind::corrupt,
                "store: record " + std::to_string(seq) + " of " + terminal_.kiosk.text + " is missing",
                "run `hailong-backend verify`, then restore the last backup"});
        }
        return **stored;
    }

    /// How many records at the start of the batch are stored with the same chain value; kAltered at the first that
    /// differs.
    StoreResult<std::int64_t> count_duplicates() {
        const std::int64_t last = std::min(last_seq(), terminal_.last_seq);
        for (std::int64_t seq = header_.first_seq; seq <= last; ++seq) {
            const auto stored = stored_at(seq);
            if (!stored) return unexpected(stored.error());
            if (*stored != value_at(seq)) {
                altered_seq_ = seq;
                altered_stored_ = *stored;
                return kAltered;
            }
        }
        return std::max<std::int64_t>(0, last - header_.first_seq + 1);
    }

    /// A record that is stored already came with other bytes, signed by the same key: nothing is taken, people must look.
    StoreResult<IngestAnswer> altered(std::int64_t seq, const Digest& sent, const Digest& stored) {
        Problem result = problem(ProblemKind::altered, "record " + std::to_string(seq) + " is stored with chain value " +
                                                           to_hex(stored) + ", sent with " + to_hex(sent));
        result.seq = seq;
        const auto noted = note(kIncidentForked, result.detail, evidence_of(batch_));
        if (!noted) return unexpected(noted.error());
        return refused(std::move(result));
    }

    StoreResult<IngestAnswer> take(std::size_t duplicates) {
        Ingested result;
        result.receipt.kiosk = terminal_.kiosk;
        result.receipt.received = received_;
        result.receipt.duplicates = static_cast<std::int64_t>(duplicates);
        result.receipt.accepted = static_cast<std::int64_t>(batch_.records.size() - duplicates);
        Terminal after = terminal_;
        const auto begun = result.receipt.accepted > 0 ? begin_new(duplicates) : StoreResult<void>();
        if (!begun) return unexpected(begun.error());
        for (std::size_t i = duplicates; i < batch_.records.size(); ++i) {
            const auto taken = take_record(i, result);
            if (!taken) return unexpected(taken.error());
            after.last_seq = header_.first_seq + static_cast<std::int64_t>(i);
            after.last_hash = values_[i];
        }
        // An old batch, from a stick or delayed on the way, knows less than what was said since.
        if (last_seq() >= terminal_.last_seq) take_counters(after);
        for (const auto step : {&Intake::keep_texts, &Intake::keep_days, &Intake::note_start}) {
            const auto kept = (this->*step)();
            if (!kept) return unexpected(kept.error());
        }
        after.last_seen = received_;
        const auto put = transaction_.put_terminal(after);
        if (!put) return unexpected(put.error());
        result.receipt.last_seq = after.last_seq;
        result.receipt.last_hash = after.last_hash;
        return IngestAnswer(std::move(result));
    }

    /// Before the first new record: the batch itself, what it says is skipped, and the time of the record before.
    StoreResult<void> begin_new(std::size_t duplicates) {
        const auto kept = transaction_.add_batch(
            {terminal_.kiosk, header_.first_seq, header_.count, batch_.header_bytes, batch_.signature, received_});
        if (!kept) return kept;
        for (const Range& range : skips_) {
            const auto skipped = keep_skip(range);
            if (!skipped) return skipped;
        }
        const std::int64_t first = header_.first_seq + static_cast<std::int64_t>(duplicates);
        const auto last = transaction_.counted_before(terminal_.kiosk, first, first - kTimeFloorRecordsMax);
        if (!last) return unexpected(last.error());
        if (*last) floor_ = TimeFloor(**last);
        return {};
    }

    /// Nobody knows what the chain came to within the skipped; behind the last of them it goes on from what is claimed.
    StoreResult<void> keep_skip(const Range& range) {
        const bool is_last = range.last_seq + 1 == header_.first_seq;
        const std::string reason(name(range.reason));
        const auto added = transaction_.add_skip({terminal_.kiosk, range.first_seq, range.last_seq, reason,
                                                  is_last ? header_.previous_hash : survey::kChainStart, received_});
        if (!added) return added;
        return note(kIncidentSkipped, described(range) + " for no record: " + reason, batch_.header_bytes);
    }

    StoreResult<void> take_record(std::size_t index, Ingested& result) {
        StoredRecord stored;
        stored.kiosk = terminal_.kiosk;
        stored.seq = header_.first_seq + static_cast<std::int64_t>(index);
        stored.hash = values_[index];
        stored.bytes = batch_.records[index];
        stored.received = received_;
        Read read = read_record(stored.bytes, stored.kiosk, stored.seq);
        const survey::Response* response = read.record ? &read.record->response : nullptr;
        if (response != nullptr) stored.id = response->id;
        Validation validation{read.quarantined, {}};
        if (validation.quarantined.counts()) {
            const auto known = transaction_.holds_id(*stored.id);
            if (!known) return unexpected(known.error());
            validation = validate(*response, terminal_.center, reference_, time_evidence_of(header_, received_, floor_, stored.seq));
            if (*known) validation.quarantined = Quarantine{std::string(kQuarantineDuplicateId), "its id is stored already"};
        }
        stored.quarantine_reason = validation.quarantined.reason;
        stored.quarantine_detail = validation.quarantined.detail;
        if (validation.quarantined.counts()) {
            stored.counted_at = validation.time.counted_at;
            stored.trust = validation.time.trust;
            count(*response, validation.time);
            floor_.counted(stored.seq, stored.counted_at);
        } else {
            result.quarantined += 1;
            result.receipt.quarantined.push_back(
                {stored.seq, parse_quarantine_reason(stored.quarantine_reason).value_or(QuarantineReason::other),
                 stored.quarantine_detail});
        }
        const auto copy = is_copy(stored, transaction_);
        if (!copy) return unexpected(copy.error());
        const TerminalDay more = terminal_day(stored, response, *copy);
        day_at(more.day) += more;
        return transaction_.add_record(stored);
    }

    void count(const survey::Response& response, const survey::ResolvedTime& time) {
        const survey::Questionnaire& questionnaire = *reference_.questionnaires.find(response.questionnaire);
        for (const TallyRow& row : tally_rows(response, questionnaire, terminal_.center, time))
            sheet_.add(row.key, row.tally);
    }

    TerminalDay& day_at(survey::Date day) {
        return days_.try_emplace(day, TerminalDay{terminal_.kiosk, day}).first->second;
    }
    void take_counters(Terminal& after) {
        after.reported_collected = header_.counters.collected;
        for (const auto& [day, collected] : header_.counters.days)
            day_at(day).collected = collected;
    }

    StoreResult<void> keep_days() {
        for (const auto& [date, day] : days_) {
            const auto added = transaction_.add_terminal_day(day);
            if (!added) return added;
        }
        return {};
    }

    /// Beside records that were stored before, too: a backend that lost its texts gets them again.
    StoreResult<void> keep_texts() {
        for (const survey::SealedText& sealed : batch_.texts) {
            const Read read = read_record(bytes_at(sealed.seq), terminal_.kiosk, sealed.seq);
            // What can't be read yet may name them.
            const bool is_stray = read.record && !names_text(read.record->response, sealed.item);
            const auto kept = is_stray
                                  ? note(kIncidentStrayText,
                                         "record " + std::to_string(sealed.seq) + " names no texts for \"" +
                                             sealed.item.text + "\": a sealed for them was not kept",
                                         {})
                                  : transaction_.add_text({terminal_.kiosk, sealed.seq, sealed.item, sealed.bytes, received_});
            if (!kept) return kept;
        }
        return {};
    }

    /// A batch on a stick says nothing about which machine runs now: its monotonic time is left out.
    StoreResult<void> note_start() {
        if (header_.boot.empty() || !header_.sent_monotonic) return {};
        const auto is_back = transaction_.note_boot(terminal_.kiosk, header_.boot, received_);
        if (!is_back) return unexpected(is_back.error());
        if (!*is_back) return {};
        return note(kIncidentCloned,
                    "the machine's start " + header_.boot + " came back after another: two machines take turns",
                    batch_.header_bytes);
    }

    const Batch& batch_;
    const BatchHeader& header_;
    const Terminal& terminal_;
    const Reference& reference_;
    const UtcTime received_;
    WriteTransaction& transaction_;
    TallySheet& sheet_;
    std::vector<Digest> values_;
    std::vector<Range> skips_;  // new ones, before the first record
    TimeFloor floor_;
    std::map<survey::Date, TerminalDay> days_;
    std::int64_t altered_seq_ = 0;
    Digest altered_stored_;
};

}  // namespace

void TallySheet::add(const TallyKey& key, const survey::Tally& tally) {
    rows_[key] += tally;
}

void TallySheet::add(const TallySheet& other) {
    for (const auto& [key, tally] : other.rows_)
        add(key, tally);
}

StoreResult<void> TallySheet::flush(WriteTransaction& transaction) {
    for (const auto& [key, tally] : rows_) {
        const auto added = transaction.add_tally({key, tally});
        if (!added) return added;
    }
    rows_.clear();
    return {};
}

StoreResult<IngestAnswer> ingest(const Batch& batch, const Terminal& terminal, const Reference& reference, UtcTime received,
                            WriteTransaction& transaction, TallySheet& sheet) {
    return Intake(batch, terminal, reference, received, transaction, sheet).run();
}

std::vector<TallyRow> tally_rows(const survey::Response& response, const survey::Questionnaire& questionnaire,
                                 const survey::CenterId& center, const survey::ResolvedTime& time) {
    TallyKey key;
    key.center = center;
    key.questionnaire = questionnaire.ref;
    key.flagged = !response.flags.empty();
    const survey::Date day = survey::local_date(time.counted_at);
    const survey::Date month = day.year() / day.month() / std::chrono::day{1};
    std::vector<TallyRow> rows;
    for (survey::Contribution& part : survey::contributions(response, questionnaire)) {
        // Only the terminal counts these apart: no figure here is made of them, and a store that was filled before they
        // were counted must still verify.
        if (part.subject.kind == survey::SubjectKind::began) continue;
        key.subject = std::move(part.subject);
        if (time.trust == survey::TimeTrust::corrected) part.tally.corrected = 1;
        if (time.trust == survey::TimeTrust::doubtful) part.tally.doubtful = 1;
        if (key.subject.kind == survey::SubjectKind::officer) {
            key.grain = Grain::month;
            key.date = month;
            rows.push_back({key, part.tally});
        }
        key.grain = Grain::day;
        key.date = day;
        rows.push_back({key, std::move(part.tally)});
    }
    return rows;
}

}  // namespace hailong::sync
