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
    Problem result = problem(ProblemKind::gap, "the batch starts at " + std::to_string(first) + ", held is up to " +
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

/// One batch on its way in. The steps return early with a store error; `problem` is the protocol's refusal.
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

    Stored<IngestAnswer> run() {
        if (header_.kiosk != terminal_.kiosk) {
            return refused(problem(ProblemKind::forbidden, "the token belongs to \"" + terminal_.kiosk.text + "\""));
        }
        if (header_.first_seq > terminal_.last_seq + 1) {
            return refused(gap(terminal_.last_seq + 1, header_.first_seq));
        }
        const auto before = held_at(header_.first_seq - 1);
        if (!before) return unexpected(before.error());
        if (*before != header_.previous_hash) {
            return altered(header_.first_seq - 1, header_.previous_hash, *before, batch_.header_bytes);
        }
        values_ = chain_values(batch_);
        if (values_.empty() || values_.back() != header_.last_hash) {
            return refused(problem(ProblemKind::chain_mismatch, "the records do not lead to last_hash"));
        }
        const auto duplicates = count_duplicates();
        if (!duplicates) return unexpected(duplicates.error());
        if (*duplicates != kAltered) return take_in(static_cast<std::size_t>(*duplicates));
        return altered(altered_seq_, value_at(altered_seq_), altered_held_, bytes_at(altered_seq_));
    }

  private:
    static constexpr std::int64_t kAltered = -1;

    static Stored<IngestAnswer> refused(Problem problem) { return IngestAnswer(unexpected(std::move(problem))); }

    const Digest& value_at(std::int64_t seq) const {
        return values_[static_cast<std::size_t>(seq - header_.first_seq)];
    }
    const std::string& bytes_at(std::int64_t seq) const {
        return batch_.records[static_cast<std::size_t>(seq - header_.first_seq)];
    }

    Stored<Digest> held_at(std::int64_t seq) {
        if (seq == terminal_.last_seq) return terminal_.last_hash;
        auto held = transaction_.hash_at(terminal_.kiosk, seq);
        if (!held) return unexpected(held.error());
        if (!*held) {
            return unexpected(BackendStoreError{
                BackendStoreErrorKind::corrupt,
                "store: record " + std::to_string(seq) + " of " + terminal_.kiosk.text + " is missing",
                "run `hailong-backend verify`, then restore the last backup"});
        }
        return **held;
    }

    /// How many records at the start of the batch are held with the same chain value; kAltered at the first that
    /// differs.
    Stored<std::int64_t> count_duplicates() {
        const auto count = static_cast<std::int64_t>(batch_.records.size());
        const std::int64_t last = std::min(header_.first_seq + count - 1, terminal_.last_seq);
        for (std::int64_t seq = header_.first_seq; seq <= last; ++seq) {
            const auto held = held_at(seq);
            if (!held) return unexpected(held.error());
            if (*held != value_at(seq)) {
                altered_seq_ = seq;
                altered_held_ = *held;
                return kAltered;
            }
        }
        return std::max<std::int64_t>(0, last - header_.first_seq + 1);
    }

    /// A record that is held already came with other bytes: nothing is taken, people must look.
    Stored<IngestAnswer> altered(std::int64_t seq, const Digest& sent, const Digest& held,
                                 const std::string& evidence) {
        Problem result = problem(ProblemKind::altered, "record " + std::to_string(seq) + " is held with chain value " +
                                                           to_hex(held) + ", sent with " + to_hex(sent));
        result.seq = seq;
        const auto noted = transaction_.add_incident({received_, terminal_.kiosk, "altered", result.detail, evidence});
        if (!noted) return unexpected(noted.error());
        return refused(std::move(result));
    }

    Stored<IngestAnswer> take_in(std::size_t duplicates) {
        Ingested result;
        result.receipt.kiosk = terminal_.kiosk;
        result.receipt.received = received_;
        result.receipt.duplicates = static_cast<std::int64_t>(duplicates);
        result.receipt.accepted = static_cast<std::int64_t>(batch_.records.size() - duplicates);
        Terminal after = terminal_;
        for (std::size_t i = duplicates; i < batch_.records.size(); ++i) {
            const auto taken = take_record(i, result);
            if (!taken) return unexpected(taken.error());
            after.last_seq = header_.first_seq + static_cast<std::int64_t>(i);
            after.last_hash = values_[i];
        }
        if (result.receipt.accepted > 0) {
            const auto kept = transaction_.add_batch(
                {terminal_.kiosk, header_.first_seq, header_.count, batch_.header_bytes, batch_.signature, received_});
            if (!kept) return unexpected(kept.error());
        }
        after.reported_collected = header_.counters.collected;
        after.last_seen = received_;
        const auto put = transaction_.put_terminal(after);
        if (!put) return unexpected(put.error());
        result.receipt.last_seq = after.last_seq;
        result.receipt.last_hash = after.last_hash;
        return IngestAnswer(std::move(result));
    }

    Stored<void> take_record(std::size_t index, Ingested& result) {
        HeldRecord held;
        held.kiosk = terminal_.kiosk;
        held.seq = header_.first_seq + static_cast<std::int64_t>(index);
        held.hash = values_[index];
        held.bytes = batch_.records[index];
        held.received = received_;
        Read read = read_record(held.bytes, held.kiosk, held.seq);
        if (read.record) held.id = read.record->response.id;
        if (read.aside.counts()) {
            const auto known = transaction_.holds_id(*held.id);
            if (!known) return unexpected(known.error());
            read.aside = *known ? Aside{std::string(kAsideDuplicateId), "its id is held already"}
                                : judge(read.record->response, terminal_.center, reference_);
        }
        held.aside_reason = read.aside.reason;
        held.aside_detail = read.aside.detail;
        if (read.aside.counts()) {
            const survey::Response& response = read.record->response;
            for (const TallyRow& row :
                 tally_rows(response, *reference_.questionnaires.find(response.questionnaire), terminal_.center)) {
                sheet_.add(row.key, row.tally);
            }
        } else {
            result.set_aside += 1;
            if (result.receipt.set_aside.size() < kSetAsideListedMax) {
                result.receipt.set_aside.push_back({held.seq, held.aside_reason, held.aside_detail});
            }
        }
        return transaction_.add_record(held);
    }

    const Batch& batch_;
    const BatchHeader& header_;
    const Terminal& terminal_;
    const Reference& reference_;
    const UtcTime received_;
    WriteTransaction& transaction_;
    TallySheet& sheet_;
    std::vector<Digest> values_;
    std::int64_t altered_seq_ = 0;
    Digest altered_held_;
};

}  // namespace

void TallySheet::add(const TallyKey& key, const survey::Tally& tally) {
    rows_[key] += tally;
}

void TallySheet::add(const TallySheet& other) {
    for (const auto& [key, tally] : other.rows_)
        add(key, tally);
}

Stored<void> TallySheet::flush(WriteTransaction& transaction) {
    for (const auto& [key, tally] : rows_) {
        const auto added = transaction.add_tally({key, tally});
        if (!added) return added;
    }
    rows_.clear();
    return {};
}

Stored<IngestAnswer> ingest(const Batch& batch, const Terminal& terminal, const Reference& reference, UtcTime received,
                            WriteTransaction& transaction, TallySheet& sheet) {
    return Intake(batch, terminal, reference, received, transaction, sheet).run();
}

std::vector<TallyRow> tally_rows(const survey::Response& response, const survey::Questionnaire& questionnaire,
                                 const survey::CenterId& center) {
    TallyKey key;
    key.center = center;
    key.questionnaire = questionnaire.ref;
    key.flagged = !response.flags.empty();
    const survey::Date day = survey::local_date(response.finished.utc);
    const survey::Date month = day.year() / day.month() / std::chrono::day{1};
    std::vector<TallyRow> rows;
    for (survey::Contribution& part : survey::contributions(response, questionnaire)) {
        key.subject = std::move(part.subject);
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
