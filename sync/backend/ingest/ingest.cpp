#include "sync/backend/ingest/ingest.h"

#include <algorithm>
#include <utility>

#include "sync/backend/comments/copies.h"
#include "sync/backend/ingest/claims.h"
#include "sync/backend/ingest/machine_starts.h"
#include "sync/backend/ingest/skips.h"

namespace hailong::sync {
namespace {

using survey::Digest;

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
    Intake(PreparedBatch& prepared, const Terminal& terminal, const Reference& reference, Transaction& transaction,
           CenterSheets& sheets)
        : prepared_(prepared), terminal_(terminal), reference_(reference), transaction_(transaction), sheets_(sheets) {}

    StoreResult<IngestAnswer> run() {
        if (header().kiosk != terminal_.kiosk) {
            return refused(problem(ProblemKind::forbidden, "the token belongs to \"" + terminal_.kiosk.text + "\""));
        }
        bring_up_to_date();
        if (!prepared_.is_signed) return badly_signed();
        const auto stored = read_overlap();
        if (!stored) return unexpected(stored.error());
        const std::string misplaced = find_misplaced();
        if (!misplaced.empty()) return refused(problem(ProblemKind::malformed, misplaced));
        const std::int64_t before = header().first_seq - 1;
        if (before > terminal_.last_seq) {
            skips_ = tiles(header().skipped, terminal_.last_seq + 1, before);
            if (skips_.empty()) return refused(gap(terminal_.last_seq + 1, header().first_seq));
        } else {
            const auto value = stored_at(before);
            if (!value) return unexpected(value.error());
            if (*value != header().previous_hash) return altered(before, header().previous_hash, *value);
        }
        if (!prepared_.is_chained) {
            return refused(problem(ProblemKind::chain_mismatch, "the records do not lead to last_hash"));
        }
        const std::int64_t last = std::min(prepared_.last_seq(), terminal_.last_seq);
        for (std::int64_t seq = header().first_seq; seq <= last; ++seq) {
            const auto value = stored_at(seq);
            if (!value) return unexpected(value.error());
            const Digest& sent = prepared_.values[prepared_.index_of(seq)];
            if (*value != sent) return altered(seq, sent, *value);
        }
        return take(std::max<std::int64_t>(0, last - header().first_seq + 1));
    }

  private:
    static StoreResult<IngestAnswer> refused(Problem problem) { return IngestAnswer(unexpected(std::move(problem))); }

    const Batch& batch() const { return prepared_.batch; }
    const BatchHeader& header() const { return prepared_.batch.header; }

    /// What was prepared holds only for the documents, the key and the center that it was prepared with; and a store
    /// that went back behind it needs records that were not read then.
    void bring_up_to_date() {
        const Terminal& then = prepared_.terminal;
        if (prepared_.revision == reference_.revision && then.kiosk == terminal_.kiosk && then.key == terminal_.key &&
            then.center == terminal_.center && then.last_seq <= terminal_.last_seq) {
            return;
        }
        prepared_ = prepare(std::move(prepared_.batch), terminal_, reference_, prepared_.received);
    }

    void note(IncidentKind kind, std::string detail, std::string evidence) {
        incidents_.push_back({prepared_.received, terminal_.kiosk, kind, std::move(detail), std::move(evidence)});
    }
    StoreResult<void> keep_incidents() {
        return incidents_.empty() ? StoreResult<void>() : transaction_.incidents().add(incidents_);
    }
    StoreResult<IngestAnswer> refused_with_incident(Problem problem) {
        const auto kept = keep_incidents();
        if (!kept) return unexpected(kept.error());
        return refused(std::move(problem));
    }

    /// Somebody else's batch, or one that was changed on the way. Kept once a day: whoever repeats it fills no disk.
    StoreResult<IngestAnswer> badly_signed() {
        const std::string day = survey::to_string(survey::local_date(prepared_.received));
        note(IncidentKind::bad_signature, "on " + day + " a batch came that the terminal's key did not sign",
             batch().header_bytes);
        return refused_with_incident(problem(
            ProblemKind::bad_signature, terminal_.key
                                            ? "the batch is not signed with the key of \"" + terminal_.kiosk.text + "\""
                                            : "\"" + terminal_.kiosk.text + "\" has no key: enrol it"));
    }

    /// What is stored of the numbers from the one before the batch on; nothing is asked when the batch goes on behind
    /// the last record.
    StoreResult<void> read_overlap() {
        if (header().first_seq > terminal_.last_seq) return {};
        const std::int64_t last = std::min(prepared_.last_seq(), terminal_.last_seq);
        const auto values = transaction_.records().chain_values(terminal_.kiosk, header().first_seq - 1, last);
        if (!values) return unexpected(values.error());
        for (const ChainValue& value : *values)
            stored_.emplace(value.seq, value.hash);
        if (terminal_.totals.skipped == 0) return {};
        auto skips = transaction_.records().skips(terminal_.kiosk);
        if (!skips) return unexpected(skips.error());
        // Nobody knows what the chain came to within the skipped; behind the last of them it goes on from what was
        // said.
        for (const StoredSkip& skip : *skips)
            stored_.emplace(skip.last_seq, skip.previous_hash);
        stored_skips_ = std::move(*skips);
        return {};
    }

    /// A sentence about the first record or sealed text that stands where none can be; empty when there is none.
    std::string find_misplaced() const {
        for (const survey::SealedText& sealed : batch().texts) {
            if (sealed.seq < header().first_seq || sealed.seq > prepared_.last_seq()) {
                return "a sealed text belongs to record " + std::to_string(sealed.seq) + ", which is not in the batch";
            }
        }
        for (const StoredSkip& skip : stored_skips_) {
            if (skip.first_seq <= prepared_.last_seq() && skip.last_seq >= header().first_seq) {
                return described(skip.first_seq, skip.last_seq) + " for no record (" +
                       std::string(survey::name(skip.reason)) +
                       "), as the terminal said in a later batch; this one is older and brings records there. Nothing "
                       "of it was taken, and nothing that is stored changed";
            }
        }
        return {};
    }

    StoreResult<Digest> stored_at(std::int64_t seq) const {
        if (seq == 0) return survey::kChainStart;
        if (seq == terminal_.last_seq) return terminal_.last_hash;
        const auto found = stored_.find(seq);
        if (found != stored_.end()) return found->second;
        return unexpected(StoreError{
            StoreErrorKind::corrupt,
            "store: record " + std::to_string(seq) + " of " + terminal_.kiosk.text + " is missing", kDamagedRemedy});
    }

    /// A record that is stored already came with other bytes, signed by the same key: nothing is taken, people must
    /// look.
    StoreResult<IngestAnswer> altered(std::int64_t seq, const Digest& sent, const Digest& stored) {
        Problem result =
            problem(ProblemKind::altered, "record " + std::to_string(seq) + " is stored with chain value " +
                                              to_hex(stored) + ", sent with " + to_hex(sent));
        result.seq = seq;
        const auto whose = described_sender(header(), terminal_, transaction_.terminals());
        if (!whose) return unexpected(whose.error());
        note(IncidentKind::forked, result.detail + "; " + *whose, evidence_of(batch()));
        return refused_with_incident(std::move(result));
    }

    StoreResult<IngestAnswer> take(std::int64_t duplicates) {
        Terminal after = terminal_;
        const std::int64_t accepted = static_cast<std::int64_t>(batch().records.size()) - duplicates;
        if (accepted > 0) {
            for (const auto step : {&Intake::add_batch, &Intake::add_records}) {
                const auto added = (this->*step)();
                if (!added) return unexpected(added.error());
            }
            add_up(after);
        } else {
            prepared_.addition = {};
        }
        // An old batch, from an offline bundle or delayed on the way, knows less than what was said since.
        if (prepared_.last_seq() >= terminal_.last_seq) take_counters(after);
        after.last_seen = prepared_.received;
        const auto noted = note_start(accepted > 0, after);
        if (!noted) return unexpected(noted.error());
        for (const auto step : {&Intake::keep_texts, &Intake::keep_days, &Intake::keep_incidents}) {
            const auto kept = (this->*step)();
            if (!kept) return unexpected(kept.error());
        }
        const auto put = transaction_.terminals().put(after);
        if (!put) return unexpected(put.error());
        if (!prepared_.addition.tallies.empty()) survey::add(sheets_[after.center], prepared_.addition.tallies);
        return IngestAnswer(answer(after, accepted, duplicates));
    }

    Ingested answer(const Terminal& after, std::int64_t accepted, std::int64_t duplicates) {
        Ingested result;
        result.receipt.kiosk = after.kiosk;
        result.receipt.last_seq = after.last_seq;
        result.receipt.last_hash = after.last_hash;
        result.receipt.accepted = accepted;
        result.receipt.duplicates = duplicates;
        result.receipt.quarantined = std::move(prepared_.addition.quarantined);
        result.receipt.received = prepared_.received;
        result.quarantined = static_cast<std::int64_t>(result.receipt.quarantined.size());
        return result;
    }

    /// The batch itself, and what it says is skipped before its first record.
    StoreResult<void> add_batch() {
        const auto kept =
            transaction_.records().add_batch({terminal_.kiosk, header().first_seq, header().count, batch().header_bytes,
                                              batch().signature, prepared_.received});
        if (!kept || skips_.empty()) return kept;
        std::vector<StoredSkip> skips;
        for (const survey::Skip& range : skips_) {
            const bool is_last = range.last_seq + 1 == header().first_seq;
            skips.push_back({terminal_.kiosk, range.first_seq, range.last_seq, range.reason,
                             is_last ? header().previous_hash : survey::kChainStart, prepared_.received});
            note(IncidentKind::skipped,
                 described(range.first_seq, range.last_seq) +
                     " for no record: " + std::string(survey::name(range.reason)),
                 batch().header_bytes);
        }
        return transaction_.records().add_skips(skips);
    }

    StoreResult<void> add_records() {
        Addition& addition = prepared_.addition;
        const std::int64_t first = std::max(header().first_seq, terminal_.last_seq + 1);
        if (addition.first_seq != first || addition.not_before != terminal_.last_counted) {
            addition = resolve(prepared_, reference_, first, terminal_.last_counted, {});
        }
        auto refused = transaction_.records().add(addition.records);
        if (!refused) return unexpected(refused.error());
        if (refused->empty()) return {};
        const auto duplicates = duplicates_among(*refused);
        if (!duplicates) return unexpected(duplicates.error());
        addition = resolve(prepared_, reference_, first, terminal_.last_counted, *duplicates);
        refused = transaction_.records().add(addition.records);
        if (!refused) return unexpected(refused.error());
        if (refused->empty()) return {};
        return unexpected(
            StoreError{StoreErrorKind::corrupt, "store: its index of ids contradicts itself", kDamagedRemedy});
    }

    /// The records at `indexes` of the addition: their ids are stored already, or stand before them.
    StoreResult<std::vector<Duplicate>> duplicates_among(const std::vector<std::size_t>& indexes) {
        std::vector<StoredRecord> records;
        std::vector<survey::Uuid> ids;
        for (const NewRecord& added : prepared_.addition.records)
            records.push_back(added.record);
        for (const std::size_t index : indexes) {
            records[index].quarantine_reason = QuarantineReason::duplicate_id;
            ids.push_back(*records[index].id);
        }
        const auto places = transaction_.records().find_ids(ids);
        if (!places) return unexpected(places.error());
        const std::set<std::int64_t> copies = copies_among(records, *places);
        std::vector<Duplicate> duplicates;
        duplicates.reserve(indexes.size());
        brings_duplicates_ = true;
        for (const std::size_t index : indexes)
            duplicates.push_back({records[index].seq, copies.contains(records[index].seq)});
        return duplicates;
    }

    void add_up(Terminal& after) const {
        after.last_seq = prepared_.last_seq();
        after.last_hash = prepared_.values.back();
        after.last_counted = prepared_.addition.last_counted;
        after.totals += prepared_.addition.totals;
        for (const survey::Skip& range : skips_) {
            const std::int64_t count = range.last_seq - range.first_seq + 1;
            after.totals.skipped += count;
            if (is_lost(range.reason)) after.totals.lost += count;
        }
    }

    void take_counters(Terminal& after) {
        std::vector<survey::Date> with_records;
        for (const auto& [day, added] : prepared_.addition.days)
            with_records.push_back(day);
        const BelievedCounters counters =
            believed(header().counters, terminal_, after.last_seq, with_records, prepared_.received);
        for (Incident& one :
             claim_incidents(counters.doubts, terminal_.kiosk, prepared_.received, batch().header_bytes)) {
            incidents_.push_back(std::move(one));
        }
        if (counters.is_sum_believed) after.reported_collected = header().counters.collected;
        for (const auto& [day, collected] : counters.days) {
            TerminalDay& known =
                prepared_.addition.days.try_emplace(day, TerminalDay{terminal_.kiosk, day}).first->second;
            known.collected = collected;
        }
    }

    StoreResult<void> keep_days() {
        std::vector<TerminalDay> days;
        days.reserve(prepared_.addition.days.size());
        for (const auto& [date, day] : prepared_.addition.days)
            days.push_back(day);
        return days.empty() ? StoreResult<void>() : transaction_.terminals().add_days(days);
    }

    /// Of what comes: what was erased under another number of its response, or before the store was put back. Whoever
    /// erases reaches all places that are stored by then, so only what is new under a second number is asked for.
    StoreResult<void> erase_known_texts() {
        const std::vector<survey::Uuid> ids = ids_with_texts(prepared_);
        if (!ids.empty() && !reference_.awaited_erasures.empty()) {
            const auto erased = erase_awaited(reference_.awaited_erasures, ids, transaction_);
            if (!erased) return erased;
        }
        if (ids.empty() || !brings_duplicates_) return {};
        const auto erased = erase_copies(ids, prepared_.received, transaction_);
        if (!erased) return unexpected(erased.error());
        return {};
    }

    /// Beside records that were stored before, too: a backend that lost its texts gets them again.
    StoreResult<void> keep_texts() {
        const auto erased = erase_known_texts();
        if (!erased) return erased;
        std::vector<StoredText> texts;
        std::vector<const survey::SealedText*> strays;
        for (const survey::SealedText& sealed : batch().texts) {
            // What can't be read yet may name it.
            if (may_name_text(prepared_.records[prepared_.index_of(sealed.seq)].read, sealed.item)) {
                texts.push_back({{terminal_.kiosk, sealed.seq, sealed.item}, sealed.bytes, prepared_.received});
            } else {
                strays.push_back(&sealed);
            }
        }
        // One for all of them: a batch can bring thousands, and people look at the newest incidents.
        if (!strays.empty()) {
            const survey::SealedText& first = *strays.front();
            note(IncidentKind::stray_text,
                 "record " + std::to_string(first.seq) + " names no text for \"" + first.item.text +
                     "\": a sealed text for it was not kept" +
                     (strays.size() > 1 ? ", nor were " + std::to_string(strays.size() - 1) + " others of its batch"
                                        : std::string()),
                 {});
        }
        return texts.empty() ? StoreResult<void>() : transaction_.texts().add(texts);
    }

    StoreResult<void> note_start(bool brings_new, Terminal& after) {
        const auto came_back = keep_start(header(), brings_new, prepared_.received, after, transaction_.terminals());
        if (!came_back) return unexpected(came_back.error());
        if (*came_back) {
            note(IncidentKind::cloned,
                 "the machine's start " + header().boot + " came back after another: two machines take turns",
                 batch().header_bytes);
        }
        return {};
    }

    PreparedBatch& prepared_;
    const Terminal& terminal_;
    const Reference& reference_;
    Transaction& transaction_;
    CenterSheets& sheets_;
    std::map<std::int64_t, Digest> stored_;  // chain values around where the batch begins and overlaps
    std::vector<StoredSkip> stored_skips_;   // all, where the batch could overlap one
    std::vector<survey::Skip> skips_;        // new ones, before the first record
    std::vector<Incident> incidents_;
    bool brings_duplicates_ = false;  // of responses that are stored under another number
};

}  // namespace

StoreResult<IngestAnswer> ingest(PreparedBatch& prepared, const Terminal& terminal, const Reference& reference,
                                 Transaction& transaction, CenterSheets& sheets) {
    return Intake(prepared, terminal, reference, transaction, sheets).run();
}

StoreResult<IngestAnswer> take(PreparedBatch& prepared, const Reference& reference, Transaction& transaction,
                               CenterSheets& sheets) {
    const auto terminal = transaction.terminals().terminal(prepared.terminal.kiosk);
    if (!terminal) return unexpected(terminal.error());
    if (!*terminal) {
        return IngestAnswer(unexpected(problem(ProblemKind::unauthorized, "there is no such terminal any more")));
    }
    return ingest(prepared, **terminal, reference, transaction, sheets);
}

}  // namespace hailong::sync
