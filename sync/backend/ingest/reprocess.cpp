#include "sync/backend/ingest/reprocess.h"

#include <map>
#include <utility>
#include <vector>

#include "sync/backend/comments/copies.h"

namespace hailong::sync {
namespace {

using survey::UtcTime;

/// What the batches of one terminal said of its records' times. Asks the store once for each batch and for each row of
/// consecutive numbers. REQUIRES: asked in order of seq.
class StoredEvidence {
  public:
    StoredEvidence(const survey::KioskId& kiosk, const Reference& reference, RecordReader& reader)
        : kiosk_(kiosk), reference_(reference), reader_(reader) {}

    /// Empty when the record came before batches were signed, so that its time stands as it was claimed.
    StoreResult<std::optional<survey::TimeEvidence>> of(const StoredRecord& record) {
        if (!unsigned_until_) {
            const auto until = reader_.unsigned_until(kiosk_);
            if (!until) return unexpected(until.error());
            unsigned_until_ = *until;
        }
        if (record.seq <= *unsigned_until_) return std::optional<survey::TimeEvidence>();
        for (const auto step : {&StoredEvidence::read_header, &StoredEvidence::read_floor}) {
            const auto read = (this->*step)(record.seq);
            if (!read) return unexpected(read.error());
        }
        const ReceiptTime receipt = receipt_time(reference_.corrections, batch_number_, record.received);
        return std::optional(time_evidence_of(header_, receipt, floor_, record.seq));
    }

  private:
    StoreResult<void> read_header(std::int64_t seq) {
        if (seq <= header_until_) return {};
        const auto batch = reader_.batch_of(kiosk_, seq);
        if (!batch) return unexpected(batch.error());
        // A header that is gone or can't be read says nothing of a start or a clock; verify tells of it.
        header_ = *batch ? decode_header((*batch)->header_bytes).value_or(BatchHeader{}) : BatchHeader{};
        batch_number_ = *batch ? (*batch)->number : 0;
        header_until_ = *batch ? (*batch)->first_seq + (*batch)->count - 1 : seq;
        return {};
    }

    /// Records that are quarantined, or were until now, leave the floor as it is for the ones behind them.
    StoreResult<void> read_floor(std::int64_t seq) {
        if (seq != floor_until_ + 1) {
            const auto last = reader_.counted_before(kiosk_, seq, seq - kTimeFloorRecordsMax);
            if (!last) return unexpected(last.error());
            floor_ = TimeFloor(*last);
        }
        floor_until_ = seq;
        return {};
    }

    const survey::KioskId kiosk_;
    const Reference& reference_;
    RecordReader& reader_;
    std::optional<std::int64_t> unsigned_until_;
    BatchHeader header_;
    std::int64_t batch_number_ = 0;  // of the same
    std::int64_t header_until_ = 0;  // the last record that it brought
    TimeFloor floor_;
    std::int64_t floor_until_ = -1;  // the last record that it holds for
};

/// One step: records of several terminals, in order.
class Step {
  public:
    Step(const Reference& reference, UtcTime now, Transaction& transaction, CenterSheets& sheets)
        : reference_(reference), now_(now), transaction_(transaction), sheets_(sheets) {}

    /// True when it counts from now on.
    StoreResult<bool> look_at(const StoredRecord& stored) {
        if (!may_pass(stored.quarantine_reason.value_or(QuarantineReason::other))) return false;
        const Read read = read_record(stored.bytes, stored.kiosk, stored.seq);
        if (!read.quarantined.counts()) return false;
        const auto turned = turn_to(stored.kiosk);
        if (!turned) return unexpected(turned.error());
        if (!terminal_) return false;
        const Quarantine content = validate_content(*read.response(), terminal_->center, reference_);
        if (!content.counts()) return false;
        const auto evidence = evidence_->of(stored);
        if (!evidence) return unexpected(evidence.error());
        const Validation validation = with_time(content, *read.response(), *evidence);
        if (!validation.quarantined.counts()) return false;
        return keep(stored, *read.response(), validation.time);
    }

    /// What is kept once for each terminal and day.
    StoreResult<void> finish() {
        const auto put = put_terminal();
        if (!put) return put;
        std::vector<TerminalDay> days;
        for (const auto& [key, day] : days_)
            days.push_back(day);
        return days.empty() ? StoreResult<void>() : transaction_.terminals().add_days(days);
    }

  private:
    StoreResult<void> turn_to(const survey::KioskId& kiosk) {
        if (evidence_ && kiosk == kiosk_) return {};
        const auto put = put_terminal();
        if (!put) return put;
        auto terminal = transaction_.terminals().terminal(kiosk);
        if (!terminal) return unexpected(terminal.error());
        kiosk_ = kiosk;
        terminal_ = std::move(*terminal);
        evidence_.emplace(kiosk, reference_, transaction_.records());
        return {};
    }

    StoreResult<void> put_terminal() {
        if (!is_changed_) return {};
        is_changed_ = false;
        return transaction_.terminals().put(*terminal_);
    }

    StoreResult<bool> keep(const StoredRecord& stored, const survey::Response& response,
                           const survey::ResolvedTime& time) {
        StoredRecord after = stored;
        after.id = response.id;
        after.quarantine_reason.reset();
        after.counted_at = time.counted_at;
        after.trust = time.trust;
        after.reprocessed = now_;
        const auto taken = transaction_.records().reprocess(after);
        if (!taken && taken.error().kind == StoreErrorKind::conflict) return false;  // its id is counted already
        if (!taken) return unexpected(taken.error());
        if (!stored.id) {
            const auto awaited = erase_awaited(reference_.awaited_erasures, {&response.id, 1}, transaction_);
            if (!awaited) return unexpected(awaited.error());
            const auto erased = erase_copies({&response.id, 1}, now_, transaction_);
            if (!erased) return unexpected(erased.error());
        }
        move_day(stored, after, response);
        terminal_->totals.quarantined -= 1;
        terminal_->totals.counted += 1;
        is_changed_ = true;
        count(response, *reference_.questionnaires.find(response.questionnaire), time, sheets_[terminal_->center]);
        return true;
    }

    /// The two days that it touches: off the one it was quarantined on, onto the one it belongs to.
    void move_day(const StoredRecord& before, const StoredRecord& after, const survey::Response& response) {
        TerminalDay from = terminal_day(before, before.id ? &response : nullptr, false);
        from.stored = -from.stored;
        from.quarantined = -from.quarantined;
        for (const TerminalDay& more : {from, terminal_day(after, &response, false)}) {
            days_.try_emplace({more.kiosk, more.day}, TerminalDay{more.kiosk, more.day}).first->second += more;
        }
    }

    const Reference& reference_;
    const UtcTime now_;
    Transaction& transaction_;
    CenterSheets& sheets_;
    survey::KioskId kiosk_;             // that is looked at
    std::optional<Terminal> terminal_;  // empty: not known
    bool is_changed_ = false;
    std::optional<StoredEvidence> evidence_;
    std::map<std::pair<survey::KioskId, survey::Date>, TerminalDay> days_;
};

}  // namespace

StoreResult<ReprocessStep> reprocess(const ReprocessPlace& from, const Reference& reference, UtcTime now,
                                     std::size_t count_max, Transaction& transaction, CenterSheets& sheets) {
    const auto page = transaction.records().quarantined_after(from.kiosk, from.seq, count_max);
    if (!page) return unexpected(page.error());
    ReprocessStep result;
    result.next = from;
    result.is_done = page->size() < count_max;
    Step step(reference, now, transaction, sheets);
    for (const StoredRecord& stored : *page) {
        const auto counts = step.look_at(stored);
        if (!counts) return unexpected(counts.error());
        result.looked_at += 1;
        if (*counts) result.reprocessed += 1;
        result.next = {stored.kiosk, stored.seq};
    }
    const auto finished = step.finish();
    if (!finished) return unexpected(finished.error());
    return result;
}

StoreResult<ReprocessStep> reprocess_all(Store& store, UtcTime now) {
    ReprocessStep sum;
    while (!sum.is_done) {
        const auto step = with_tallies(store, [&](Transaction& transaction, CenterSheets& sheets) {
            const auto reference = load_reference(transaction);
            if (!reference) return StoreResult<ReprocessStep>(unexpected(reference.error()));
            return reprocess(sum.next, *reference, now, kReprocessStepRecords, transaction, sheets);
        });
        if (!step) return unexpected(step.error());
        sum = {step->next, step->is_done, sum.looked_at + step->looked_at, sum.reprocessed + step->reprocessed};
    }
    return sum;
}

}  // namespace hailong::sync
