#include "sync/backend/ingest/prepare.h"

#include <algorithm>
#include <utility>

#include "sync/backend/ingest/tallies.h"
#include "sync/backend/store/packing.h"

namespace hailong::sync {
namespace {

using survey::Digest;

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

/// The first number of the batch that is not stored.
std::int64_t first_new(const BatchHeader& header, const Terminal& terminal) {
    return std::max(header.first_seq, terminal.last_seq + 1);
}

std::vector<PreparedRecord> read_records(const PreparedBatch& prepared, const Reference& reference) {
    const Batch& batch = prepared.batch;
    std::set<std::int64_t> with_text;
    for (const survey::SealedText& text : batch.texts)
        with_text.insert(text.seq);
    const std::int64_t first = first_new(batch.header, prepared.terminal);
    std::vector<PreparedRecord> records(batch.records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        const std::int64_t seq = batch.header.first_seq + static_cast<std::int64_t>(i);
        const bool is_new = seq >= first;
        if (!is_new && !with_text.contains(seq)) continue;
        records[i].read = read_record(batch.records[i], prepared.terminal.kiosk, seq);
        if (!is_new || !records[i].read.quarantined.counts()) continue;
        records[i].content = validate_content(*records[i].read.response(), prepared.terminal.center, reference);
    }
    return records;
}

/// One record on its way into an addition.
class Resolution {
  public:
    Resolution(const PreparedBatch& prepared, const Reference& reference, std::int64_t first_seq,
               const std::optional<CountedAt>& not_before)
        : prepared_(prepared),
          reference_(reference),
          receipt_(receipt_time(reference.corrections, {}, prepared.received)),
          floor_(not_before) {
        result_.first_seq = first_seq;
        result_.not_before = not_before;
        if (first_seq <= prepared.last_seq()) {
            result_.records.reserve(static_cast<std::size_t>(prepared.last_seq() - first_seq + 1));
        }
    }

    void add(std::int64_t seq, const Duplicate* duplicate) {
        const std::size_t index = prepared_.index_of(seq);
        const PreparedRecord& record = prepared_.records[index];
        const survey::Response* response = record.read.response();
        NewRecord added;
        StoredRecord& stored = added.record;
        stored.kiosk = prepared_.terminal.kiosk;
        stored.seq = seq;
        stored.hash = prepared_.values[index];
        stored.bytes = prepared_.batch.records[index];
        stored.received = prepared_.received;
        if (response != nullptr) stored.id = response->id;
        added.packed = pack(stored.bytes, PackedKind::record);
        added.id_decides = record.read.quarantined.counts() && duplicate == nullptr;
        Validation validation{record.read.quarantined, {}};
        if (validation.quarantined.counts()) {
            validation =
                with_time(record.content, *response, time_evidence_of(prepared_.batch.header, receipt_, floor_, seq));
        }
        if (duplicate != nullptr) {
            validation.quarantined = Quarantine{QuarantineReason::duplicate_id, "its id is stored already"};
        }
        place(stored, response, std::move(validation));
        const TerminalDay more = terminal_day(stored, response, duplicate != nullptr && duplicate->is_copy);
        result_.days.try_emplace(more.day, TerminalDay{more.kiosk, more.day}).first->second += more;
        result_.totals.copies += more.copies;
        result_.records.push_back(std::move(added));
    }

    Addition take() {
        result_.last_counted = floor_.last();
        return std::move(result_);
    }

  private:
    void place(StoredRecord& stored, const survey::Response* response, Validation validation) {
        result_.totals.stored += 1;
        if (!validation.quarantined.counts()) {
            stored.quarantine_reason = validation.quarantined.reason;
            stored.quarantine_detail = std::move(validation.quarantined.detail);
            result_.totals.quarantined += 1;
            result_.quarantined.push_back({stored.seq, *stored.quarantine_reason, stored.quarantine_detail});
            return;
        }
        stored.counted_at = validation.time.counted_at;
        stored.trust = validation.time.trust;
        result_.totals.counted += 1;
        floor_.counted(stored.seq, validation.time);
        count(*response, *reference_.questionnaires.find(response->questionnaire), validation.time, result_.tallies);
    }

    const PreparedBatch& prepared_;
    const Reference& reference_;
    const ReceiptTime receipt_;
    TimeFloor floor_;
    Addition result_;
};

}  // namespace

bool is_large(const Batch& batch) {
    std::size_t bytes = 0;
    for (const std::string& record : batch.records)
        bytes += record.size();
    for (const survey::SealedText& text : batch.texts)
        bytes += text.bytes.size();
    return bytes > kLargeBatchBytes;
}

PreparedBatch prepare(Batch batch, const Terminal& terminal, const Reference& reference, survey::UtcTime received) {
    PreparedBatch prepared;
    prepared.batch = std::move(batch);
    prepared.received = received;
    prepared.revision = reference.revision;
    prepared.terminal = terminal;
    const BatchHeader& header = prepared.batch.header;
    prepared.is_signed = header.kiosk == terminal.kiosk && terminal.key &&
                         is_signed_by(prepared.batch.header_bytes, prepared.batch.signature, *terminal.key);
    if (!prepared.is_signed) return prepared;
    prepared.values = chain_values(prepared.batch);
    prepared.is_chained = !prepared.values.empty() && prepared.values.back() == header.last_hash;
    if (!prepared.is_chained) return prepared;
    prepared.records = read_records(prepared, reference);
    prepared.addition = resolve(prepared, reference, first_new(header, terminal), terminal.last_counted, {});
    return prepared;
}

Addition resolve(const PreparedBatch& prepared, const Reference& reference, std::int64_t first_seq,
                 const std::optional<CountedAt>& not_before, const std::vector<Duplicate>& duplicates) {
    Resolution resolution(prepared, reference, first_seq, not_before);
    auto duplicate = duplicates.begin();
    for (std::int64_t seq = first_seq; seq <= prepared.last_seq(); ++seq) {
        while (duplicate != duplicates.end() && duplicate->seq < seq)
            ++duplicate;
        const bool is_duplicate = duplicate != duplicates.end() && duplicate->seq == seq;
        resolution.add(seq, is_duplicate ? &*duplicate : nullptr);
    }
    return resolution.take();
}

std::vector<survey::Uuid> ids_with_texts(const PreparedBatch& prepared) {
    std::vector<survey::Uuid> ids;
    for (const NewRecord& added : prepared.addition.records) {
        const survey::Response* response = prepared.records[prepared.index_of(added.record.seq)].read.response();
        const bool has_texts =
            response != nullptr && std::any_of(response->answers.begin(), response->answers.end(),
                                               [](const survey::Answer& answer) { return answer.text.has_value(); });
        if (has_texts) ids.push_back(response->id);
    }
    return ids;
}

}  // namespace hailong::sync
