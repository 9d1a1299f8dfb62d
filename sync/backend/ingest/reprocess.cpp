#include "sync/backend/ingest/reprocess.h"

#include <utility>

namespace hailong::sync {
namespace {

using survey::UtcTime;

/// The two days that taking `record` in touches: off the pile it was on, onto the one it belongs to.
StoreResult<void> move_day(const StoredRecord& before, const StoredRecord& after, const survey::Response& response,
                      WriteTransaction& transaction) {
    TerminalDay from = terminal_day(before, before.id ? &response : nullptr, false);
    from.stored = -from.stored;
    from.quarantined = -from.quarantined;
    const auto left = transaction.add_terminal_day(from);
    if (!left) return left;
    return transaction.add_terminal_day(terminal_day(after, &response, false));
}

/// Whether it counts by now; when it does, everything but the tallies is written.
StoreResult<bool> take_one(const StoredRecord& stored, const Reference& reference, UtcTime now, WriteTransaction& transaction,
                      TallySheet& sheet) {
    if (!may_pass(stored.quarantine_reason)) return false;
    const Read read = read_record(stored.bytes, stored.kiosk, stored.seq);
    if (!read.quarantined.counts()) return false;
    const auto terminal = transaction.terminal(stored.kiosk);
    if (!terminal) return unexpected(terminal.error());
    const auto evidence = time_evidence_of(stored, transaction);
    if (!evidence) return unexpected(evidence.error());
    const survey::Response& response = read.record->response;
    const Validation validation = validate(response, (*terminal)->center, reference, *evidence);
    if (!validation.quarantined.counts()) return false;
    StoredRecord after = stored;
    after.id = response.id;
    after.quarantine_reason.clear();
    after.counted_at = validation.time.counted_at;
    after.trust = validation.time.trust;
    after.reprocessed = now;
    const auto taken = transaction.reprocess(after);
    if (!taken && taken.error().kind == BackendStoreErrorKind::conflict) return false;  // its id is counted already
    if (!taken) return unexpected(taken.error());
    const auto moved = move_day(stored, after, response, transaction);
    if (!moved) return unexpected(moved.error());
    const survey::Questionnaire& questionnaire = *reference.questionnaires.find(response.questionnaire);
    for (const TallyRow& row : tally_rows(response, questionnaire, (*terminal)->center, validation.time))
        sheet.add(row.key, row.tally);
    return true;
}

}  // namespace

StoreResult<std::optional<survey::TimeEvidence>> time_evidence_of(const StoredRecord& record, Reader& reader) {
    const auto none = std::optional<survey::TimeEvidence>();
    const auto unsigned_until = reader.unsigned_until(record.kiosk);
    if (!unsigned_until) return unexpected(unsigned_until.error());
    if (record.seq <= *unsigned_until) return none;
    const auto batch = reader.batch_of(record.kiosk, record.seq);
    if (!batch) return unexpected(batch.error());
    const auto last = reader.counted_before(record.kiosk, record.seq, record.seq - kTimeFloorRecordsMax);
    if (!last) return unexpected(last.error());
    const TimeFloor floor = *last ? TimeFloor(**last) : TimeFloor();
    const auto header = *batch ? decode_header((*batch)->header_bytes) : decode_header({});
    // A header that is gone or can't be read says nothing of a start or a clock; verify tells of it.
    return std::optional(time_evidence_of(header.value_or(BatchHeader{}), record.received, floor, record.seq));
}

StoreResult<ReprocessStep> reprocess(const ReprocessPlace& from, const Reference& reference, UtcTime now, std::size_t count_max,
                           WriteTransaction& transaction, TallySheet& sheet) {
    const auto page = transaction.quarantined_after(from.kiosk, from.seq, count_max);
    if (!page) return unexpected(page.error());
    ReprocessStep step;
    step.next = from;
    step.is_done = page->size() < count_max;
    for (const StoredRecord& stored : *page) {
        const auto taken = take_one(stored, reference, now, transaction, sheet);
        if (!taken) return unexpected(taken.error());
        step.looked_at += 1;
        if (*taken) step.reprocessed += 1;
        step.next = {stored.kiosk, stored.seq};
    }
    return step;
}

StoreResult<ReprocessStep> reprocess_all(Store& store, UtcTime now) {
    ReprocessStep sum;
    while (!sum.is_done) {
        auto transaction = store.write();
        if (!transaction) return unexpected(transaction.error());
        const auto reference = load_reference(**transaction);
        if (!reference) return unexpected(reference.error());
        TallySheet sheet;
        const auto step = reprocess(sum.next, *reference, now, kReprocessStepRecords, **transaction, sheet);
        if (!step) return unexpected(step.error());
        const auto flushed = sheet.flush(**transaction);
        if (!flushed) return unexpected(flushed.error());
        const auto committed = (*transaction)->commit();
        if (!committed) return unexpected(committed.error());
        sum = {step->next, step->is_done, sum.looked_at + step->looked_at, sum.reprocessed + step->reprocessed};
    }
    return sum;
}

}  // namespace hailong::sync
